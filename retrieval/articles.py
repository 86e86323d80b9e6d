"""File → Article: its text, and what is known of an article beyond its words.

Front matter goes before what `sources.toml` says, that before what a page or a PDF says in its
head (a template or a program wrote it), and that before what the text lets one see.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from . import languages
from .days import Day
from .errors import CorpusError
from .formats import PLAIN, SUFFIXES, Content, Extractor, file_bytes
from .formats import read as read_bytes
from .front_matter import front_matter
from .language import detect
from .models import Article, Failure, GivenMeeting, Kind, Note, Source
from .paragraphs import Paragraph, paragraphs

SOURCES_FILE = "sources.toml"
SYNONYMS_FILE = "synonyms.txt"
OTHER_DOCUMENTS = (".doc", ".docx", ".odt", ".rtf", ".epub")
"""What people take for an article, and Passage does not read."""

TITLE_LENGTH = 100
"""The most characters of a title that is taken from running text."""

_DATES = ("date", "end_date")
_HEADER_DATE = re.compile(r"\s*date\s*:?\s*(\d{4}-\d{2}-\d{2})\b[ \t]*", re.IGNORECASE)
_URL_DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})([-/]?)(\d{2})\2(\d{2})(?!\d)")
_URL = re.compile(r"https?://[^\s<>\"]+")
_HEADING_MARK = re.compile(r"^#{1,6}\s+|\s+#+\s*$")


@dataclass(frozen=True, slots=True)
class Sources:
    """What `sources.toml` says of the files beside it, by path."""

    entries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Sources:
        """Read the folder's `sources.toml`; an absent one says nothing.

        Raises:
            ValueError: the file is not TOML, not UTF-8, or an entry is not a table.
        """
        path = folder / SOURCES_FILE
        if not path.is_file():
            return cls()
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        if wrong := [name for name, entry in data.items() if not isinstance(entry, dict)]:
            raise ValueError(f"{wrong[0]!r} is not a table")
        return cls(data)

    def of(self, path: str) -> Mapping[str, Any]:
        return self.entries.get(path, {})

    def sha256(self, path: str) -> str | None:
        """The hash of what is said of a file; None if nothing is."""
        said = self.of(path)
        return _sha256(json.dumps(said, default=str, sort_keys=True).encode()) if said else None


@dataclass(frozen=True, slots=True)
class Scan:
    """A folder as read: articles in order of their paths, the files that failed, notes on those
    that did not, and the paths of those that are as they were known to be."""

    articles: tuple[Article, ...]
    failed: tuple[Failure, ...]
    notes: tuple[Note, ...] = ()
    unchanged: tuple[str, ...] = ()


def scan(folder: Path, known: Mapping[str, Source] = MappingProxyType({})) -> Scan:
    """Read every article below a folder, but for those `known`, by path, that have not changed.

    An article has changed where its file has, or what `sources.toml` says of it.

    Raises:
        CorpusError: the folder is missing, or holds no article that can be read.
    """
    if not folder.is_dir():
        raise CorpusError(f"There is no folder of articles at {folder}; set PASSAGE_SEEDS_DIR.")
    articles: list[Article] = []
    unchanged: list[str] = []
    paths: dict[str, str] = {}
    failed: list[Failure] = []
    notes: list[Note] = []
    try:
        sources = Sources.read(folder)
    except (OSError, ValueError, RecursionError) as error:
        failed.append(Failure(SOURCES_FILE, f"it cannot be read ({error}), so it is left aside"))
        sources = Sources()
    home = folder.resolve()
    with Extractor() as extractor:
        for file in _files(folder):
            path = file.relative_to(folder).as_posix()
            try:
                if not file.resolve().is_relative_to(home):
                    raise ValueError("it leads outside the folder of articles")
                data = _bytes(file, path)
                sha256, beside = _sha256(data), sources.sha256(path)
                if sha256 in paths:
                    raise ValueError(f"it has the same text as {paths[sha256]}")
                one = known.get(path)
                if one and (one.sha256, one.beside) == (sha256, beside):
                    unchanged.append(path)
                else:
                    content = read_bytes(data, file.suffix, extractor)
                    articles.append(of_content(content, path, sources.of(path), sha256, beside))
                    if content.encoding:
                        notes.append(Note(path, f"read as {content.encoding}"))
            except (OSError, ValueError) as error:
                # A name that is not UTF-8 can be said only in part.
                failed.append(Failure(os.fsencode(path).decode("utf-8", "replace"), _reason(error)))
            else:
                paths[sha256] = path
    if not paths:
        first = f" ({failed[0].article}: {failed[0].reason})" if failed else ""
        raise CorpusError(f"No article in {folder} can be read{first}.")
    return Scan(tuple(articles), tuple(failed), tuple(notes), tuple(unchanged))


def _bytes(file: Path, path: str) -> bytes:
    """What is in a file, as far as one may be read.

    Raises:
        OSError: the file cannot be read.
        ValueError: its name cannot be written down, or it is no file or none of those read.
    """
    path.encode("utf-8")
    if file.suffix.lower() in OTHER_DOCUMENTS:
        raise ValueError(f"it is none of {', '.join(SUFFIXES)}; save it as one of them")
    if file.is_dir():
        raise ValueError("it is a link to a folder, which is not followed")
    if file.exists() and not file.is_file():
        raise ValueError("it is no file")  # A pipe would be waited for without end.
    return file_bytes(file)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


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
    return of_content(read_bytes(data, Path(path).suffix), path, {}, _sha256(data))


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


def _files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        of_kind = file.suffix.lower() in (*SUFFIXES, *OTHER_DOCUMENTS)
        of_kind = of_kind and file != folder / SYNONYMS_FILE
        # A link to a folder is named; a folder is gone into.
        if not hidden and (file.is_symlink() if file.is_dir() else of_kind):
            yield file


def _reason(error: Exception) -> str:
    match error:
        case UnicodeEncodeError():
            return "its name is not UTF-8"
        case OSError():
            return f"it cannot be read ({error.strerror or error})"
        case _:
            return str(error)


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
    mark = re.compile(rf"\W*+(?:{'|'.join(map(re.escape, languages.words('source')))})\b", re.I)
    for place, part in enumerate(parts):
        if place == 0 and _URL.fullmatch(text, part.start, part.end):
            return _address(text[part.start : part.end])
        named = part.kind is Kind.FURNITURE and mark.match(text, part.start, part.end)
        if named and (found := _URL.search(text, part.start, part.end)):
            return _address(found[0].rstrip(".,;)]"))
    return None
