"""TOML of which some lines are broken → what the others say. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from io import StringIO
from itertools import islice
from typing import Any, NamedTuple

_LINE = re.compile(r"[^\n]*(?:\n|\Z)")
_HEAD = re.compile(r"\s*\[{1,2}[\w\"']")


class TomlTables(NamedTuple):
    """The tables of a text; of each key of the root the line in which it first stands; the numbers
    of the lines that cannot be read, and why the whole cannot be if no line is to blame."""

    tables: dict[str, Any]
    lines: dict[str, int]
    broken: list[int]
    reason: str | None = None


class _Part(NamedTuple):
    """Lines from one table's head up to the next, and the number of the first."""

    line: int
    text: str


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
        return TomlTables(tomllib.loads(text), lines, [])
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        reason = str(error) or type(error).__name__
    tables: dict[str, Any] = {}
    broken: list[int] = []
    for part in parts:
        table = _loads(part.text)
        if table is None:
            table = _table_of_lines(part, broken)
        _merge(tables, table)
    return TomlTables(tables, lines, broken, None if broken else reason)


def line_of_key(text: str, head: int, key: str) -> int:
    """The line of a text in TOML where a key of a table has its value.

    Args:
        text: all of it.
        head: the line of the table's head, from 1, which is returned where the key has no line of
            its own, as in a table on one line.
        key: the key.
    """
    value = re.compile(rf"\s*([\"']?){re.escape(key)}\1\s*[=.]")
    for number, line in enumerate(islice(StringIO(text, newline=None), head, None), head + 1):
        if value.match(line):
            return number
        if _HEAD.match(line):
            break
    return head


def _parts(text: str) -> Iterator[_Part]:
    collected, start = list[str](), 1
    for number, line in enumerate(_LINE.findall(text), 1):
        # What only looks like a head may go on with a list.
        if line.lstrip().startswith("[") and _loads(line) is not None and collected:
            yield _Part(start, "".join(collected))
            collected, start = [], number
        collected.append(line)
    yield _Part(start, "".join(collected))


def _table_of_lines(part: _Part, broken: list[int]) -> dict[str, Any]:
    """What the lines of a table say that can be read; the others' numbers go to `broken`."""
    table: dict[str, Any] = {}
    lines = _LINE.findall(part.text)
    first = _loads(lines[0])
    head = lines[0] if first is not None and lines[0].lstrip().startswith("[") else ""
    for number, line in enumerate(lines, part.line):
        read = _loads(line) if line is lines[0] and head else _loads(f"{head}\n{line}")
        if read is None:
            broken.append(number)
            if _HEAD.match(line):
                break  # Of what the lines below speak, nobody knows.
        else:
            _merge(table, read, same_table=True)
    return table


def _loads(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _merge(into: dict[str, Any], more: dict[str, Any], *, same_table: bool = False) -> None:
    """Put the values of one table into another; what stands there as a table, too, is merged, and
    lists of tables are joined, unless both are `same_table`."""
    for key, value in more.items():
        there = into.get(key)
        if isinstance(there, dict) and isinstance(value, dict):
            _merge(there, value, same_table=same_table)
        elif isinstance(there, list) and isinstance(value, list):
            if same_table and there and value and isinstance(there[-1], dict):
                there[-1].update(value[-1])
            else:
                there += value
        else:
            into[key] = value
