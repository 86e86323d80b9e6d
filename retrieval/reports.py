"""What is said of the index and of its files: the state, a reload, what could not be read."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import Trouble


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not become an article, and why."""

    article: str
    reason: str
    trouble: Trouble = Trouble.NOTHING_TO_QUOTE


@dataclass(frozen=True, slots=True)
class Note:
    """What is worth knowing of a file that became an article, as "read as Windows-1252"."""

    article: str
    text: str
    trouble: Trouble = Trouble.ENCODING


@dataclass(frozen=True, slots=True)
class Reload:
    """What a reload did. `seconds` is wall time; `embedded` counts texts given to the model;
    `notes` are on files that were read anew; `unpinned` has the questions whose pins ended; `anew`:
    another version of Passage, or another model, had made the index before."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    failed: tuple[Failure, ...]
    articles: int
    passages: int
    embedded: int
    seconds: float
    notes: tuple[Note, ...] = ()
    unpinned: tuple[str, ...] = ()
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the index. `indexed_at` is ISO 8601 in UTC; sizes count."""

    articles: int
    passages: int
    languages: dict[str, int]
    model: str
    dimension: int
    indexed_at: str
    store: str
