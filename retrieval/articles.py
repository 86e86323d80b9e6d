"""File → Article: decoding, front matter, and what is known of an article beyond its words.

What a file says of itself (front matter) goes before what `sources.toml` says of it, and that
before what the text lets one see.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from . import languages
from .days import Day
from .errors import CorpusError
from .language import detect
from .models import Article, Failure, GivenMeeting, Kind, Source
from .paragraphs import Paragraph, paragraphs

SOURCES_FILE = "sources.toml"
SUFFIXES = (".txt", ".md")
TITLE_LENGTH = 100
"""The most characters of a title that is taken from running text."""

_FRONT_MATTER = re.compile(
    r"\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE
)
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


@dataclass(frozen=True, slots=True)
class Scan:
    """A folder as read: articles in order of their paths, and the files that failed."""

    articles: tuple[Article, ...]
    failed: tuple[Failure, ...]


def scan(folder: Path) -> Scan:
    """Read every article below a folder.

    Raises:
        CorpusError: the folder is missing, or holds no article that can be read.
    """
    if not folder.is_dir():
        raise CorpusError(f"There is no folder of articles at {folder}; set PASSAGE_SEEDS_DIR.")
    articles: dict[str, Article] = {}
    failed: list[Failure] = []
    try:
        sources = Sources.read(folder)
    except (OSError, ValueError) as error:
        failed.append(Failure(SOURCES_FILE, f"it cannot be read ({error}), so it is left aside"))
        sources = Sources()
    home = folder.resolve()
    for file in _files(folder):
        path = file.relative_to(folder).as_posix()
        try:
            if not file.resolve().is_relative_to(home):
                raise ValueError("it leads outside the folder of articles")
            article = read(file, path, sources.of(path))
        except (OSError, ValueError) as error:
            failed.append(Failure(path, _reason(error)))
            continue
        if twin := articles.get(article.source.sha256):
            failed.append(Failure(path, f"it has the same text as {twin.source.path}"))
        else:
            articles[article.source.sha256] = article
    if not articles:
        raise CorpusError(f"No article in {folder} can be read" + _first_reason(failed) + ".")
    return Scan(tuple(articles.values()), tuple(failed))


def read(file: Path, path: str, known: Mapping[str, Any] | None = None) -> Article:
    """Read one file. `known` is its entry in `sources.toml`.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is empty, binary, not UTF-8, or its front matter is broken.
    """
    data = file.read_bytes()
    if not data.strip():
        raise ValueError("it is empty")
    if b"\0" in data:
        raise ValueError("it is not text")
    return parse(data.decode("utf-8"), path, known or {}, hashlib.sha256(data).hexdigest())


def parse(text: str, path: str, known: Mapping[str, Any], sha256: str) -> Article:
    """An article from its text. See `read` for errors."""
    front, body = front_matter(text)
    said = {**known, **{key: value for key, value in front.items() if value not in (None, "")}}
    parts = paragraphs(text, body)
    prose = " ".join(text[p.start : p.end] for p in parts if p.kind is Kind.PROSE)
    if not prose:
        raise ValueError("it holds no prose that could be quoted")
    url = _address(said.get("url")) or _source_line(text, parts)
    header = _HEADER_DATE.match(text, body)
    date = _date(said.get("date")) or _date(header[1] if header else None) or url_date(url)
    title = " ".join(str(said.get("title") or "").split()) or _title(text, parts)
    language = str(said.get("language") or "").lower()[:2] or detect(prose)
    beside = json.dumps(known["meetings"], default=str) if "meetings" in known else None
    source = Source(
        path,
        sha256,
        title,
        language,
        date,
        url,
        hashlib.sha256(beside.encode()).hexdigest() if beside else None,
    )
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
        if file.suffix.lower() in SUFFIXES and not hidden and not file.is_dir():
            yield file


def _reason(error: Exception) -> str:
    match error:
        case UnicodeDecodeError():
            return f"it is not UTF-8 (byte {error.start})"
        case OSError():
            return f"it cannot be read ({error.strerror or error})"
        case _:
            return str(error)


def _first_reason(failed: list[Failure]) -> str:
    return f" ({failed[0].article}: {failed[0].reason})" if failed else ""


def front_matter(text: str) -> tuple[dict[str, Any], int]:
    """The fields before an article's text, and where the text begins. Raises ValueError."""
    found = _FRONT_MATTER.match(text)
    if not found:
        return {}, 0
    try:
        front = yaml.safe_load(found[1])
    except yaml.YAMLError as error:
        raise ValueError("its front matter is not YAML") from error
    if front is not None and not isinstance(front, dict):
        raise ValueError("its front matter is not a list of fields")
    return {str(key).lower(): value for key, value in (front or {}).items()}, found.end()


def _title(text: str, parts: tuple[Paragraph, ...]) -> str:
    first = next((p for p in parts if p.kind is Kind.HEADING), None)
    first = first or next(p for p in parts if p.kind is Kind.PROSE)
    line = _HEADING_MARK.sub("", _HEADER_DATE.sub("", text[first.start : first.end]))
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
    mark = re.compile(rf"\W*(?:{'|'.join(map(re.escape, languages.words('source')))})\b", re.I)
    for place, part in enumerate(parts):
        line = text[part.start : part.end]
        if place == 0 and _URL.fullmatch(line):
            return _address(line)
        if part.kind is Kind.FURNITURE and mark.match(line) and (found := _URL.search(line)):
            return _address(found[0].rstrip(".,;)]"))
    return None
