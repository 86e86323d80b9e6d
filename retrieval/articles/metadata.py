"""File → Article: its text, and what is known of an article beyond its words.

Front matter goes before what `sources.toml` says, that before what a page or a PDF says in its
head (a template or a program wrote it), and that before what the text lets one see.
"""

from __future__ import annotations

import datetime
import hashlib
import re
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..days import Day
from ..languages import language_words
from ..languages.detection import detect
from ..models import Article, GivenMeeting, Kind, Source
from .formats import PLAIN, Content
from .formats import read as read_bytes
from .front_matter import front_matter
from .paragraphs import Paragraph, paragraphs

TITLE_LENGTH = 100
"""The most characters of a title that is taken from running text."""

_DATES = ("date", "end_date")
_HEADER_DATE = re.compile(r"\s*date\s*:?\s*(\d{4}-\d{2}-\d{2})\b[ \t]*", re.IGNORECASE)
_URL_DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})([-/]?)(\d{2})\2(\d{2})(?!\d)")
_URL = re.compile(r"https?://[^\s<>\"]+")
_HEADING_MARK = re.compile(r"^#{1,6}\s+|\s+#+\s*$")


def of_content(
    content: Content, path: str, known: Mapping[str, Any], sha256: str, beside: str | None = None
) -> Article:
    """An article of what its file holds. See `parse`."""
    facts = ("title", "date", "url", "language")
    own = {fact: said for fact in facts if (said := getattr(content, fact))}
    return parse(content.text, path, {**own, **known}, sha256, beside)


def of_bytes(data: bytes, path: str) -> Article:
    """An article of a file's bytes alone; `path` says what kind of file it is.

    Raises:
        ValueError: it holds nothing that can be quoted, or its front matter is broken.
    """
    return of_content(
        read_bytes(data, Path(path).suffix), path, {}, hashlib.sha256(data).hexdigest()
    )


def body_of(text: str, path: str) -> tuple[dict[str, Any], int]:
    """The front matter of a file's text and where the text proper begins. Raises ValueError.

    Only plain files have front matter: what is taken out of a page or a PDF begins at once.
    """
    return front_matter(text) if Path(path).suffix.lower() in PLAIN else ({}, 0)


def parse(
    text: str, path: str, known: Mapping[str, Any], sha256: str, beside: str | None = None
) -> Article:
    """An article from its text. `known` is what is said of it beside front matter; `sha256` and
    `beside` are as in Source.

    Raises:
        ValueError: it has no prose, its front matter is broken, or a meeting in it is.
    """
    front, body = body_of(text, path)
    said = {**known, **{key: value for key, value in front.items() if value not in (None, "")}}
    parts = paragraphs(text, body)
    prose = " ".join(text[p.start : p.end] for p in parts if p.kind is Kind.PROSE)
    if not prose:
        raise ValueError("it holds no prose that could be quoted")
    own = _address(said.get("url"))
    url = own or _source_line(text, parts)
    header = _HEADER_DATE.match(text, body)
    date = _date(said.get("date")) or _date(header[1] if header else None) or url_date(url)
    title = " ".join(str(said.get("title") or "").split()) or _title(text, parts)
    language = str(said.get("language") or "").lower()[:2] or detect(prose)
    # What a text names as its source has words of its own, and often another language.
    original = url is not None and bool(said.get("original", own is None))
    source = Source(path, sha256, title, language, date, url, beside, original)
    given = tuple(map(_meeting, said["meetings"])) if "meetings" in said else None
    return Article(source, text, body, given)


def _meeting(said: object) -> GivenMeeting:
    """A meeting as front matter or `sources.toml` gives it. Raises ValueError."""
    if not isinstance(said, dict):
        raise ValueError("its meetings are not tables of name, date, end_date, place, chair, words")
    known = {key: str(said[key]) for key in ("name", "place", "chair", "words") if said.get(key)}
    if unknown := set(said) - {*known, *_DATES, "name", "place", "chair", "words"}:
        raise ValueError(f"a meeting has no {min(unknown)!r}")
    try:
        days = {key: Day.parse(str(said[key])) for key in _DATES if said.get(key)}
    except ValueError as error:
        raise ValueError("the date of a meeting is not YYYY-MM-DD or --MM-DD") from error
    return GivenMeeting(
        name=known.get("name", ""),
        date=days.get("date"),
        end_date=days.get("end_date"),
        place=known.get("place"),
        chair=known.get("chair"),
        words=known.get("words"),
    )


def _title(text: str, parts: tuple[Paragraph, ...]) -> str:
    first = next((p for p in parts if p.kind is Kind.HEADING), None)
    first = first or next(p for p in parts if p.kind is Kind.PROSE)
    line = text[first.start : min(first.end, first.start + 10 * TITLE_LENGTH)]
    line = _HEADING_MARK.sub("", _HEADER_DATE.sub("", line))
    return textwrap.shorten(line, TITLE_LENGTH, placeholder=" …") or line[:TITLE_LENGTH]


def _date(value: object) -> str | None:
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    try:
        return datetime.date.fromisoformat(str(value)[:10]).isoformat() if value else None
    except ValueError:
        return None


def url_date(url: str | None) -> str | None:
    """The date in an address such as /2024/12/19/ or -20241219-."""
    for year, _, month, day in _URL_DATE.findall(url or ""):
        if date := _date(f"{year}-{month}-{day}"):
            return date
    return None


def _address(value: object) -> str | None:
    """The value, if it is an http(s) address that names a host and no user."""
    url = str(value or "").strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    plain = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    return url if plain and not re.search(r"[\s<>\"]", url) else None


def _source_line(text: str, parts: tuple[Paragraph, ...]) -> str | None:
    """The address in a line such as "Source: https://…", or in a first line of its own."""
    mark = re.compile(
        rf"\W*+(?:{'|'.join(map(re.escape, language_words('page.sources')))})\b", re.I
    )
    for place, part in enumerate(parts):
        if place == 0 and _URL.fullmatch(text, part.start, part.end):
            return _address(text[part.start : part.end])
        named = part.kind is Kind.FURNITURE and mark.match(text, part.start, part.end)
        if named and (found := _URL.search(text, part.start, part.end)):
            return _address(found[0].rstrip(".,;)]"))
    return None
