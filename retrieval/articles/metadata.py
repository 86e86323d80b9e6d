"""File → Article: its text, and what is known of an article beyond its words.

Front matter goes before what `sources.toml` says, that before what a page or a PDF says in its
head (a template or a program wrote it), and that before what the text lets one see.
"""

from __future__ import annotations

import datetime
import hashlib
import html
import re
import textwrap
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from mimetypes import MimeTypes
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..days import Day
from ..errors import FileError, Trouble
from ..formats.file_text import PLAIN, RST, Content
from ..formats.file_text import read as read_bytes
from ..formats.front_matter import FrontMatter, front_matter, line_number
from ..languages import language_words, languages
from ..languages.detection import detect
from ..models import Article, GivenMeeting, Kind, Source
from .dates import path_date, read_date, url_date
from .paragraphs import Paragraph, paragraphs
from .plain_view import plain

TITLE_LENGTH = 100
"""The most characters of a title that is taken from running text."""

OPENING = 100
"""Articles whose first so many letters differ, and whose addresses do, are not compared."""

MAX_SHOWN = 60
"""The most characters of a value that a note repeats."""

NAMES = {
    "title": (
        "title", "headline", "titel", "título", "titulo", "titre", "tiêu đề",
    ),
    "date": (
        "date", "published", "publish_date", "publishdate", "published_at", "date_published",
        "datepublished", "pubdate", "pub_date", "datum", "fecha", "ngày", "created", "created_at",
        "creation_date",
    ),
    "url": ("url", "canonical_url", "canonicalurl", "canonical", "permalink", "link"),
    "language": ("language", "lang", "locale", "sprache", "idioma", "langue", "ngôn ngữ"),
}  # fmt: skip
"""What exporters call a fact in front matter, the plainest name first."""

PATHS = ("path", "permalink", "slug", "url")
"""What front matter calls where an article is below the root of its site."""

FACTS = (*NAMES, "original", "meetings")
"""What can be said of an article."""

NEAR_AN_END = 2
"""Paragraphs of prose that may stand beyond a line that names the source of the article."""

_WORDS = (Kind.PROSE, Kind.TABLE)
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_].*)?")
_HEADER_DATE = re.compile(r"\s*date\s*:?\s*(\d{4}-\d{2}-\d{2})\b[ \t]*", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W_]+")
_NAME_LANGUAGE = re.compile(r".\.([a-z]{2})\.[a-z]+$")
_URL = re.compile(r"https?://[^\s<>\"]+")
_TYPES = MimeTypes()
_PAGES = ("text/", "application/pdf", "application/xhtml")
_HEADING_MARK = re.compile(r"^#{1,6}\s+|\s+#+\s*$")


def of_content(
    content: Content,
    path: str,
    known: Mapping[str, Any],
    sha256: str,
    metadata_sha256: str | None = None,
) -> Article:
    """An article of what its file holds. `known` is what `sources.toml` says of it; the hashes are
    as in Source.

    Raises:
        ValueError: it has no prose, its front matter is too long, or a meeting in it is broken.
    """
    text, (front, body, unread) = content.text, body_of(content.text, path)
    parts = paragraphs(text, body)
    prose = " ".join(text[p.start : p.end] for p in parts if p.kind in _WORDS)
    if not prose:
        raise FileError("it holds no prose that could be quoted")
    notes = [f"line {line} of its front matter cannot be read" for line in unread]
    in_head = {fact: value for fact in NAMES if (value := getattr(content, fact))}
    # The lines of a field list are not those of the front matter that it becomes.
    head = "" if path.lower().endswith(RST) else text[:body]
    stated = {**known, **dict(_facts(front, head, notes))}
    facts = {**in_head, **stated}
    given_url = address(facts.get("url"))
    url = given_url or _source_line(text, parts)
    header = _HEADER_DATE.match(text, body)
    language = _code(stated.get("language"))
    language = language or detect(prose, any_language=True, stated=_stated_language(content, path))
    date = read_date(facts.get("date"), language)
    date = date or read_date(header[1] if header else None) or url_date(url)
    below_root = " ".join(str(front.get(name, "")) for name in PATHS)
    date = date or url_date(below_root) or path_date(path)
    title = " ".join(str(facts.get("title") or "").split()) or _title(text, parts, path)
    title = plain(title, "")
    # What a text names as its source has words of its own, and often another language.
    original = url is not None and bool(facts.get("original", given_url is None))
    opening = opening_hash(plain(prose[:5_000], path))
    source = Source(path, sha256, title, language, date, url, metadata_sha256, original, opening)
    given = tuple(map(_meeting, facts["meetings"])) if "meetings" in facts else None
    return Article(source, text, body, given, tuple(notes), content.pages)


def of_bytes(data: bytes, path: str) -> Article:
    """An article of a file's bytes alone; `path` says what kind of file it is.

    Raises:
        ValueError: it holds nothing that can be quoted, or its front matter is broken.
    """
    content = read_bytes(data, Path(path).suffix)
    return of_content(content, path, {}, hashlib.sha256(data).hexdigest())


def body_of(text: str, path: str) -> FrontMatter:
    """The front matter of a file's text. Raises ValueError.

    Plain files and reStructuredText have front matter: what is taken out of others begins at once.
    """
    has_front = Path(path).suffix.lower() in (*PLAIN, RST)
    return front_matter(text) if has_front else FrontMatter({}, 0)


def _facts(front: Mapping[str, Any], head: str, notes: list[str]) -> Iterator[tuple[str, Any]]:
    """What front matter says of each fact. What it says in a way that cannot be read goes to
    `notes`, with its line."""
    language = next((str(front[name]) for name in NAMES["language"] if name in front), "")
    for fact, names in NAMES.items():
        values = {name: front[name] for name in names if front.get(name) not in (None, "")}
        readable = [value for value in values.values() if is_readable(fact, value, language)]
        if readable:
            yield fact, html.unescape(str(readable[0])) if fact == "title" else readable[0]
        # A path below the site's root is an address to its own program.
        # "published: true" says whether the article is to be published.
        elif unread := [
            (name, value)
            for name, value in values.items()
            if not isinstance(value, bool) and not (fact == "url" and str(value).startswith("/"))
        ]:
            name, value = unread[0]
            where = re.search(rf"(?i)(?:^|[\r\n])[^\w\r\n]*{re.escape(name)}\b", head)
            line = f" in line {line_number(head, where.end())}" if where else ""
            notes.append(f"its {name}{line} cannot be read: {shortened(value)}")
    for fact in ("original", "meetings"):
        if front.get(fact) not in (None, ""):
            yield fact, front[fact]


def is_readable(fact: str, value: object, language: str = "") -> bool:
    """Whether what is said of a fact of an article can be one."""
    match fact:
        case "title":
            return isinstance(value, (str, int, float, datetime.date))
        case "date":
            return read_date(value, _code(language)) is not None
        case "url":
            return address(value) is not None
        case "language":
            return bool(_code(value))
    return True


def shortened(value: object) -> str:
    """A value as a note repeats it: one line of a few characters."""
    text = " ".join(str(value)[:1_000].split())
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"


def _code(value: object) -> str:
    """The ISO 639-1 code of a value such as "de", "en_GB" or "Deutsch"; "" if it is none."""
    text = str(value or "").strip().lower()
    if match := _LANGUAGE.fullmatch(text):
        return match[1][:2]
    names = {language.name.lower(): code for code, language in languages().items()}
    return names.get(text, "")


def opening_hash(words: str) -> str | None:
    """The hash of an article's first letters, by which copies of it are found; None for few."""
    letters = "".join(_LETTERS.findall(words[: 4 * OPENING].casefold()))[:OPENING]
    return hashlib.sha256(letters.encode()).hexdigest()[:16] if len(letters) > OPENING / 2 else None


def _meeting(table: object) -> GivenMeeting:
    """A meeting as front matter or `sources.toml` gives it. Raises ValueError."""
    names = ("name", "date", "end_date", "place", "chair", "words")
    if not isinstance(table, dict):
        reason = f"its meetings are not tables of {', '.join(names)}"
        raise FileError(reason, Trouble.FRONT_MATTER)
    if unknown := set(table) - set(names):
        raise FileError(f"a meeting has no {min(unknown)!r}", Trouble.FRONT_MATTER)
    facts: dict[str, Any] = {"name": ""} | {key: str(fact) for key, fact in table.items() if fact}
    try:
        facts |= {key: Day.parse(facts[key]) for key in ("date", "end_date") if key in facts}
    except ValueError as error:
        reason = "the date of a meeting is not YYYY-MM-DD or --MM-DD"
        raise FileError(reason, Trouble.FRONT_MATTER) from error
    return GivenMeeting(**facts)


def _title(text: str, parts: tuple[Paragraph, ...], path: str) -> str:
    prose = next(p for p in parts if p.kind in _WORDS)
    headings = (p for p in parts if p.kind is Kind.HEADING)
    # What is a heading by its shape may head a part of the text.
    first = next((p for p in headings if p.start < prose.start or text[p.start] == "#"), prose)
    line = text[first.start : min(first.end, first.start + 10 * TITLE_LENGTH)]
    line = plain(_HEADING_MARK.sub("", _HEADER_DATE.sub("", line)), path).strip()
    return textwrap.shorten(line, TITLE_LENGTH, placeholder=" …") or line[:TITLE_LENGTH]


def _stated_language(content: Content, path: str) -> str:
    """The code of the language that a file's head says, or its name: `index.de.md`."""
    if content.language:
        return _code(content.language)
    match = _NAME_LANGUAGE.search(Path(path).name)
    return match[1] if match and match[1] in languages() else ""


def address(value: object) -> str | None:
    """The value, if it is an http(s) address that names a host and no user."""
    url = str(value or "").strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    plain = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    return url if plain and not re.search(r"[\s<>\"]", url) else None


def _source_line(text: str, parts: tuple[Paragraph, ...]) -> str | None:
    """The address of a page in a line such as "Source: https://…" near the beginning or the end, or
    in a first line of its own. What such a line names amid the text is a picture's or a table's."""
    if parts and _URL.fullmatch(text, parts[0].start, parts[0].end):
        return address(text[parts[0].start : parts[0].end])
    mark = re.compile(
        rf"\W*+(?:{'|'.join(map(re.escape, language_words('page.sources')))})\b\s*", re.I
    )
    prose = [part.start for part in parts if part.kind is Kind.PROSE]
    for part in parts:
        above = bisect_left(prose, part.start)
        if part.kind is not Kind.FURNITURE or min(above, len(prose) - above) > NEAR_AN_END:
            continue
        named = mark.match(text, part.start, part.end)
        words = text[named.end() : part.end] if named else ""
        # "Source code: https://…" names no source, "According to Reuters, https://…" does.
        if words[:1].islower() and not words.startswith("http"):
            continue
        url = _URL.search(words)
        source = address(url[0].rstrip(".,;)]")) if url else None
        if source and _is_page(source):
            return source
    return None


def _is_page(url: str) -> bool:
    """Whether an address may be that of a text, by its ending: not of a picture or an archive."""
    kind, encoding = _TYPES.guess_type(urlsplit(url).path)  # Hosts end in ".ai" and ".me", too.
    return not encoding and (kind or "text/").startswith(_PAGES)
