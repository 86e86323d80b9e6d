"""What stands before an article's text and says what is known of it: read and written.

YAML between lines of `---` (Jekyll, Hugo), TOML between `+++` and JSON (Hugo), `Title: …` lines
(Pelican, MultiMarkdown), and `.. title: …` in a comment or without one (Nikola).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import yaml

from ..errors import FileError, Trouble
from .lenient_toml import parse_toml

MAX_LENGTH = 50_000
"""The most characters of front matter; the reader of YAML takes seconds for a million."""

TOO_LONG = f"its front matter is longer than {MAX_LENGTH:,} characters"

FIELDS = frozenset({
    "title", "date", "slug", "tags", "category", "categories", "lang", "language", "locale",
    "author", "authors", "summary", "status", "modified", "updated", "keywords", "description",
    "template", "save_as", "url", "link", "canonical_url", "permalink", "type", "subtitle",
    "translation", "published", "layout", "draft",
})  # fmt: skip
"""The names of lines that are front matter where no mark is around them."""

_BLOG_FIELDS = frozenset({"slug", "tags", "category", "categories", "status", "modified"})
"""Beside one of these a title's lines may have any names."""

_ENDS = {
    "---": ("---", "..."),
    "+++": ("+++",),
    "<!--": ("-->",),
    "{": ("}",),
}
"""What ends front matter, by what begins it."""

_DASHES = re.compile(r"-{3,}")
_START = re.compile(r"\ufeff?(?:[ \t]*(?:\r\n?|\n))*")
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_LINE_END = re.compile(r"\r\n?|\n")
_FIELD = re.compile(r"([\"']?)(?!https?:)([\w][\w .-]{0,60})\1[ \t]*:(?=\s|$)[ \t]*(.*)", re.DOTALL)
_DOTTED = re.compile(r"\.\.[ \t]+(?=[\w-]+:)")
_GOES_ON = re.compile(r"[ \t]|-\s|#|$")
_JSON_FIELD = re.compile(r"\s*\"[^\"]+\"\s*:")
_RESERVED = tuple("[{&*!|>%")
"""What begins a value of YAML that is no plain text."""


class FrontMatter(NamedTuple):
    """The fields before an article's text, by name in lower case, where the text begins, and the
    numbers of the lines that cannot be read."""

    fields: dict[str, Any]
    body: int
    unread: tuple[int, ...] = ()


class _Loader(yaml.SafeLoader):
    """Without references, with which a few lines can stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("references are not read")
        return super().compose_node(parent, index)


def front_matter(text: str) -> FrontMatter:
    """The front matter of an article, which is empty if it has none. Raises FileError where it is
    too long to be read."""
    start = next(_START.finditer(text)).end()
    lines = _LINE.findall(text[start : start + MAX_LENGTH])
    block = (_marked(text, lines, start) or _unmarked(lines)) if lines else None
    if block is None:
        return FrontMatter({}, 0)
    kind, count, inner = block
    fields, unread = _READERS[kind](inner)
    first = line_number(text, start) + (kind not in ("{", ""))
    body = start + sum(map(len, lines[:count]))
    named = tuple(number + first for number in unread)
    return FrontMatter({str(key).lower(): value for key, value in fields.items()}, body, named)


def line_number(text: str, offset: int) -> int:
    """The number of the line that an offset is in, counted from 1."""
    return len(_LINE_END.findall(text, 0, offset)) + 1


_Block = tuple[str, int, list[str]]
"""What begins it, how many lines it is, and the lines that have fields."""


def _marked(text: str, lines: list[str], start: int) -> _Block | None:
    """Front matter between two marks."""
    kind = _kind(lines[0])
    if kind not in _ENDS:
        return None
    if kind == "{" and (length := _length_of_json("".join(lines))):
        count = len(_LINE.findall("".join(lines)[:length]))
        return kind, count, lines[:count]
    closing = (at for at, line in enumerate(lines[1:], 1) if _closed(line) in _ENDS[kind])
    last = next(closing, None)
    if last is None and kind == "---":  # Somebody has forgotten to close it.
        end = next((at for at, line in enumerate(lines) if not line.strip()), len(lines))
        fields = [_field(line)[0] for line in lines[1:end] if not _GOES_ON.match(line)]
        if "title" in fields and all(fields):
            return kind, end, lines[1:end]
    if last is None:
        if len(text) - start > MAX_LENGTH and _has_fields(kind, lines[1:20]):
            raise FileError(TOO_LONG, Trouble.FRONT_MATTER)
        return None
    inner = lines[: last + 1] if kind == "{" else lines[1:last]
    # Two rules may stand around the first words of a text.
    fits = not "".join(inner).strip() or _has_fields(kind, inner)
    return (kind, last + 1, inner) if fits else None


def _kind(line: str) -> str:
    """What a first line says of the front matter below it: one of `_ENDS`, or something else."""
    mark = line.strip()
    return "{" if mark.startswith("{") else _closed(line)


def _closed(line: str) -> str:
    """What a line closes: lines of dashes are the same in all lengths."""
    return "---" if _DASHES.fullmatch(line.strip()) else line.strip()


def _length_of_json(text: str) -> int:
    """The length of the object that a text begins with, if nothing follows in its line."""
    try:
        value, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return 0
    return end if value and not text[end:].strip(" \t")[:1].strip() else 0


def _has_fields(kind: str, lines: Sequence[str]) -> bool:
    """Whether at least half of the lines look like fields, or go on with one."""
    full = [line for line in lines if line.strip()]
    if kind == "<!--":
        names = [name for name, _ in map(_field, full)]
        return all(names) and bool({"title", "date"} & set(names))
    if kind == "{":
        return any(map(_JSON_FIELD.match, full))
    if kind == "+++":
        return any("=" in line for line in full)
    fields = sum(bool(_FIELD.match(line)) for line in full)
    others = sum(not _GOES_ON.match(line) and not _FIELD.match(line) for line in full)
    if 0 < fields < others:  # Of long values in quotes most lines look like none.
        return isinstance(whole := _loaded("".join(lines)), dict) and len(FIELDS & set(whole)) > 1
    return fields > 0


def _unmarked(lines: list[str]) -> _Block | None:
    """The lines of fields that a text begins with, up to the first empty one."""
    count = next((at for at, line in enumerate(lines) if not line.strip()), len(lines))
    block = lines[:count]
    fields = [_field(line)[0] for line in block]
    goes_on = all(name or line[0].isspace() for name, line in zip(fields, block, strict=True))
    if not goes_on or not any(fields[:1]):
        return None
    names = {*fields} - {""}
    # A form, as minutes begin with, is none: its fields are what is asked for.
    is_blog = bool(_DOTTED.match(block[0]) or _BLOG_FIELDS & names) or names <= FIELDS
    return ("", count, block) if "title" in names and is_blog else None


def _field(line: str) -> tuple[str, str]:
    """The name of a line's field in lower case, "" if it has none, and its value."""
    match = _FIELD.match(_DOTTED.sub("", line.lstrip() if line.lstrip()[:2] == ".." else line))
    return (match[2].lower(), match[3].strip()) if match else ("", "")


_Fields = tuple[dict[str, Any], list[int]]
"""Fields, and the lines that cannot be read, counted from 0."""


def _read_plain(lines: Sequence[str]) -> _Fields:
    """Fields of one value a line; one that is indented goes on with the last."""
    fields: dict[str, Any] = {}
    name = ""
    for line in lines:
        field, value = _field(line)
        if field:
            name, fields[field] = field, value
        elif name and line.strip():
            fields[name] = f"{fields[name]} {line.strip()}"
    return fields, []


def _read_yaml(lines: Sequence[str]) -> _Fields:
    """Fields of YAML; where it is broken, of each that can be read by itself."""
    whole = _loaded("".join(lines))
    if isinstance(whole, dict):
        return whole, []
    fields, unread = dict[str, Any](), list[int]()
    for first, entry in _entries(lines):
        loaded = _loaded("".join(entry).expandtabs(2))
        match = _FIELD.match(entry[0])
        if isinstance(loaded, dict):
            fields |= loaded
        elif match and len(entry) == 1 and not match[3].startswith(_RESERVED):
            fields[match[2]] = match[3].strip().strip("\"'")
        elif "".join(entry).strip():
            unread.append(first)
    return fields, unread


def _entries(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Each field's lines, and the number of the first."""
    entry, first = list[str](), 0
    for number, line in enumerate(lines):
        if entry and not _GOES_ON.match(line):
            yield first, entry
            entry, first = [], number
        entry.append(line)
    while entry and not entry[-1].strip():
        entry.pop()
    yield first, entry


def _loaded(text: str) -> object:
    try:
        front = yaml.load(text, _Loader)  # noqa: S506 (it is a SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    return {} if front is None else front


def _read_toml(lines: Sequence[str]) -> _Fields:
    toml = parse_toml("".join(lines))
    broken = toml.broken or ([1] if toml.reason else [])
    return toml.tables, [number - 1 for number in broken]


def _read_json(lines: Sequence[str]) -> _Fields:
    """Fields of JSON; where it is broken, of each line that has one, as YAML has it."""
    try:
        return json.JSONDecoder().raw_decode("".join(lines))[0], []
    except (ValueError, RecursionError):
        return _read_yaml([line.strip().strip("{},") + "\n" for line in lines])


_READERS = {
    "---": _read_yaml,
    "+++": _read_toml,
    "{": _read_json,
    "<!--": _read_plain,
    "": _read_plain,
}


def with_front_matter(fields: Mapping[str, str | None], text: str) -> str:
    """The text with its fields before it, as `front_matter` reads them; None is left out."""
    stated = {key: value for key, value in fields.items() if value}
    front = yaml.safe_dump(stated, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{front}---\n\n{text.strip()}\n"
