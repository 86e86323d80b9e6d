"""TOML of which some lines are broken → what the others say."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import reason_of

_LINE = re.compile(r"[^\n]*(?:\n|\Z)")
_HEAD = re.compile(r"\s*\[{1,2}[\w\"']")


class TomlTables(NamedTuple):
    """The tables of a text; of each key of the root the line in which it first stands; the numbers
    of the lines that cannot be read, and why the whole cannot be if no line is to blame."""

    text: str
    tables: dict[str, Any]
    lines: dict[str, int]
    broken: list[int]
    reason: str | None = None

    @property
    def faults(self) -> list[str]:
        """What cannot be read, and what becomes of it."""
        named = [f"line {line} cannot be read" for line in self.broken]
        return named + ([self.reason] if self.reason else [])

    def line_of(self, table: str, key: str) -> int:
        """Return the line in which a key of a table has its value; that of the table's head where
        the key has no line of its own, as in a table on one line."""
        head = self.lines.get(table, 1)
        value = re.compile(rf"\s*([\"']?){re.escape(key)}\1\s*[=.]")
        for number, line in enumerate(islice(_LINE.findall(self.text), head, None), head + 1):
            if value.match(line):
                return number
            if _HEAD.match(line):
                break
        return head


class _Part(NamedTuple):
    """Lines from one table's head up to the next, and the number of the first."""

    line: int
    text: str


def read_toml(file: Path) -> TomlTables:
    """Return what a file says; an absent one says nothing. What is broken is in its `faults`."""
    reason = None
    try:
        if file.is_file():
            return parse_toml(file.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        reason = f"it cannot be read ({reason_of(error)}), so it is left aside"
    return TomlTables("", {}, {}, [], reason)


def parse_toml(text: str) -> TomlTables:
    """What a text in TOML says. Where it is broken, what can be read of it is kept: each table by
    itself, and of a table that is broken each line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    parts = list(_parts(text))
    lines: dict[str, int] = {}
    for part in parts:
        for number, line in enumerate(_LINE.findall(part.text), part.line):
            for key in _loads(line) or {}:
                lines.setdefault(key, number)
            if line.lstrip().startswith("["):
                break  # The lines below are keys of its table.
    try:
        return TomlTables(text, tomllib.loads(text), lines, [])
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        reason = f"it is broken ({error}); what can be read is kept"
    tables: dict[str, Any] = {}
    broken: list[int] = []
    for part in parts:
        table = _loads(part.text)
        _merge(tables, _of_readable_lines(part, broken) if table is None else table)
    return TomlTables(text, tables, lines, broken, None if broken else reason)


def _parts(text: str) -> Iterator[_Part]:
    collected, start = list[str](), 1
    for number, line in enumerate(_LINE.findall(text), 1):
        # What only looks like a head may go on with a list.
        if line.lstrip().startswith("[") and _loads(line) is not None and collected:
            yield _Part(start, "".join(collected))
            collected, start = [], number
        collected.append(line)
    yield _Part(start, "".join(collected))


def _of_readable_lines(part: _Part, broken: list[int]) -> dict[str, Any]:
    """What the lines of a table say that can be read, of a key the last; the others' numbers go to
    `broken`."""
    lines = _LINE.findall(part.text)
    head = ""
    if lines[0].lstrip().startswith("[") and _loads(lines[0]) is not None:
        head = lines[0]
    readable: dict[str, str] = {}
    for number, line in enumerate(lines, part.line):
        if line is head:
            continue
        if _loads(f"{head}\n{line}") is not None:
            readable[line.partition("=")[0].strip(" \t\"'")] = line
            continue
        broken.append(number)
        if _HEAD.match(line):
            break  # Of what the lines below speak, nobody knows.
    table = _loads("".join([head, *readable.values()]))
    if table is None:  # "x = 1" beside "x.y = 2".
        broken.append(part.line)
    return table or {}


def _loads(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _merge(into: dict[str, Any], more: dict[str, Any]) -> None:
    """Put the values of one table into another. What stands there as a table, too, is merged, and
    lists of tables are joined."""
    for key, value in more.items():
        there = into.get(key)
        if isinstance(there, dict) and isinstance(value, dict):
            _merge(there, value)
        elif isinstance(there, list) and isinstance(value, list):
            there += value
        else:
            into[key] = value
