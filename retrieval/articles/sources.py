"""The file `sources.toml` of a folder of articles: what it says of each of them."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from ..errors import Trouble
from ..formats.lenient_toml import read_toml
from ..reports import Failure, Note
from .metadata import FACTS, is_readable, shortened

SOURCES_FILE = "sources.toml"

MAX_NAMED = 20
"""Of broken lines, and of what is said of no file, so many are named."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What `sources.toml` says of the files beside it, by path (NFC: a file's name is spelt by
    the system that it came from). `lines` are those in which each path first stands, `failed` and
    `notes` what in the file cannot be read."""

    entries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    failed: tuple[Failure, ...] = ()
    notes: tuple[Note, ...] = ()

    @classmethod
    def read(cls, folder: Path) -> Sources:
        """Read the folder's `sources.toml`; an absent one says nothing. What is broken in it is
        named in `failed`, and the rest is kept."""
        toml = read_toml(folder / SOURCES_FILE)
        failed = list(map(_failure, toml.faults))
        entries: dict[str, Mapping[str, Any]] = {}
        lines: dict[str, int] = {}
        notes: list[Note] = []
        for key, entry in toml.tables.items():
            name, line = _name(key), toml.lines.get(key, 1)
            if isinstance(entry, dict):
                entries[name] = {**entries.get(name, {}), **entry}
                lines.setdefault(name, line)
                notes += (
                    _note(f"{fault} ({key}, line {toml.line_of(key, fact)})")
                    for fact, fault in islice(_faults(entry), MAX_NAMED - len(notes))
                )
            else:
                failed.append(_failure(f"line {line} cannot be read: {key!r} is not a table"))
        return cls(entries, lines, tuple(failed[:MAX_NAMED]), tuple(notes))

    def of(self, path: str) -> Mapping[str, Any]:
        return self.entries.get(_name(path), {})

    def sha256(self, path: str) -> str | None:
        """The hash of what is said of a file; None if nothing is."""
        entry = self.of(path)
        if not entry:
            return None
        text = json.dumps(entry, default=str, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def missing(self, paths: Collection[str]) -> Iterator[Note]:
        """A note on each path of which it speaks and that is none of the folder's."""
        names = set(map(_name, paths))
        lost = [name for name in self.entries if name not in names]
        for name in lost[:MAX_NAMED]:
            yield _note(f"it speaks of {name} (line {self.lines[name]}), which is not there")
        if lost[MAX_NAMED:]:
            yield _note(f"it speaks of {len(lost) - MAX_NAMED} more files that are not there")


def _faults(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is said of a file and cannot be read, or is no fact of an article: its key, and why."""
    language = str(entry.get("language", ""))
    for key, value in entry.items():
        if key not in FACTS:
            yield key, f"{shortened(key)!r} is none of {', '.join(FACTS)}"
        elif value not in (None, "") and not is_readable(key, value, language):
            yield key, f"its {key} cannot be read: {shortened(value)}"


def _name(path: str) -> str:
    return unicodedata.normalize("NFC", path)


def _failure(reason: str) -> Failure:
    return Failure(SOURCES_FILE, reason, Trouble.LIST)


def _note(text: str) -> Note:
    return Note(SOURCES_FILE, text, Trouble.LIST)
