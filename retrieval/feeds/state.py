"""What is remembered of the sources that are followed, in a file of the data folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from ..atomic import atomic_write
from .listing import SourceList

STATE_FILE = "feeds.json"


@dataclass
class ItemState:
    """An article that a source has listed; times are in seconds since 1970.

    `path` is that of its file below the folder of articles, None before it is fetched; `tries`
    counts fetches in a row that failed, the last of them as `failure` says, `missing` where it was
    a 404; `withdrawn` says that the source has taken it back. `etag`, `modified` and `updated` are
    what came with it last.
    """

    path: str | None = None
    etag: str | None = None
    modified: str | None = None
    updated: str = ""
    visited: float = 0.0
    tries: int = 0
    missing: bool = False
    failure: str | None = None
    withdrawn: bool = False


@dataclass
class KeptList:
    """A list as it came last, with what its server wants to be asked with next time."""

    content: SourceList
    etag: str | None = None
    modified: str | None = None


@dataclass
class FeedState:
    """A source: when it is fetched again, when it was last and why that failed, if it did; in how
    many looks in a row it did; how many articles the last look brought, and what is worth knowing
    of it; its lists by address; its articles by address."""

    due: float = 0.0
    fetched: float | None = None
    failure: str | None = None
    failures: int = 0
    new: int = 0
    note: str | None = None
    lists: dict[str, KeptList] = field(default_factory=dict)
    items: dict[str, ItemState] = field(default_factory=dict)


_STATES = TypeAdapter(dict[str, FeedState])


def read_states(data_dir: Path) -> dict[str, FeedState]:
    """Return what is remembered, by the sources' names; nothing of a file that is damaged: an
    article's file has the same name when it is fetched anew."""
    try:
        return _STATES.validate_json((data_dir / STATE_FILE).read_bytes())
    except (OSError, ValueError):
        return {}


def write_states(data_dir: Path, states: dict[str, FeedState]) -> None:
    """Write what is to be remembered. Raises OSError."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with atomic_write(data_dir / STATE_FILE) as stream:
        stream.write(_STATES.dump_json(states))
