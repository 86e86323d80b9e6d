"""What is remembered of the sources that are followed, in a file of the data folder, and what that
says to people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from ..articles.copies import address_key
from ..articles.scan import FEEDS_FILE
from ..files import locked, read_json, write_json
from .entries import FeedEntry, read_entries
from .listing import SourceList

FOLDER = "feeds"
"""The folder of fetched articles, below the folder of articles; each source has its own in it."""

FEEDS_STATE = "feeds.json"

UNINDEXED = ".feeds-not-indexed"
"""The file of the data folder that is there from a look that changes a file until its reload, so
that a crash between the two leaves nothing unindexed."""


@dataclass
class ItemState:
    """An article that a source has listed; times are in seconds since 1970.

    `path` is that of its file below the folder of articles, None before it is fetched; `tries`
    counts fetches in a row that failed, the last of them as `failure` says, which is of the kind
    `trouble` (`FetchError`); `missing` is since when its page is a 404 or another one, or the
    sitemap lacks it; `withdrawn` says that the source has taken it back, `from_feed` that its text
    is that of the feed, for its page could not be had. `etag`, `modified` and `updated` are what
    came with it last, `came` is when its page did.
    """

    path: str | None = None
    etag: str | None = None
    modified: str | None = None
    updated: str = ""
    visited: float = 0.0
    came: float = 0.0
    tries: int = 0
    missing: float = 0.0
    failure: str | None = None
    trouble: str | None = None
    withdrawn: bool = False
    from_feed: bool = False


@dataclass
class KeptList:
    """A list as it came last, when that was, and with what its server wants to be asked then."""

    content: SourceList
    etag: str | None = None
    modified: str | None = None
    came: float = 0.0


@dataclass
class FeedState:
    """A source: when its list is fetched again, when it was last, and why that failed, if it did,
    and of what kind that is; in how many looks in a row it did; how many articles the last look
    brought, and what is worth knowing of it; its lists by address; its articles by address."""

    due: float = 0.0
    fetched: float | None = None
    failure: str | None = None
    trouble: str | None = None
    failures: int = 0
    new: int = 0
    note: str | None = None
    lists: dict[str, KeptList] = field(default_factory=dict)
    items: dict[str, ItemState] = field(default_factory=dict)


@dataclass
class FollowedState:
    """All that is remembered: the sources by name; hosts that are to be left alone, each until a
    time in seconds since 1970."""

    sources: dict[str, FeedState] = field(default_factory=dict)
    hosts: dict[str, float] = field(default_factory=dict)


_STATE = TypeAdapter(FollowedState)


def feeds_lock(data_dir: Path) -> AbstractContextManager[bool]:
    """Hold the lock of whoever fetches what is followed, or keeps others from it: see `locked`."""
    return locked(data_dir / ".feeds.lock")


def read_state(data_dir: Path) -> FollowedState:
    """Return what is remembered; nothing of a file that is damaged: an article's file has the same
    name when it is fetched anew."""
    return read_json(data_dir / FEEDS_STATE, _STATE) or FollowedState()


def write_state(data_dir: Path, state: FollowedState) -> None:
    """Write what is to be remembered. Raises OSError."""
    data_dir.mkdir(parents=True, exist_ok=True)
    write_json(data_dir / FEEDS_STATE, _STATE, state)


def known_sources(
    folder: Path, entries: Iterable[FeedEntry], stored: Mapping[str, FeedState]
) -> dict[str, FeedState]:
    """Return what is remembered of sources, by the names of their entries. Of one without an entry,
    which may be broken or come back, it stays as long as there are files of it, of any as long as
    their folder is there."""
    names = {entry.name for entry in entries}
    states = {name: FeedState() for name in names} | dict(stored)
    for name, state in [*states.items()]:
        files = [folder / item.path for item in state.items.values() if item.path]
        if files and not any(file.parent.exists() for file in files):
            states[name] = FeedState()
        if name not in names and not any(file.exists() for file in files):
            del states[name]
    return states


def keep_tracked(state: FeedState, listed: Collection[str]) -> None:
    """Let articles keep their files where only the tracking of their addresses has changed."""
    before = {address_key(url): url for url in state.items if url not in listed}
    for url in [url for url in listed if url not in state.items]:
        if was := before.pop(address_key(url), None):
            state.items[url] = state.items.pop(was)


def mark_unindexed(data_dir: Path) -> None:
    """Record that a file is about to change that is to be indexed. Raises OSError."""
    (data_dir / UNINDEXED).touch()


def has_unindexed(data_dir: Path) -> bool:
    """Return whether a look has changed a file that no reload has taken in since."""
    return (data_dir / UNINDEXED).exists()


def mark_indexed(data_dir: Path) -> None:
    """Record that a reload has taken in what the looks before it have changed. Raises OSError."""
    (data_dir / UNINDEXED).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class FeedReport:
    """A source: when it was fetched last (seconds since 1970), why the last look failed, if it did;
    what is worth knowing; how many articles that look brought and how many there are; which failed
    (address and reason), and the addresses of those that it has withdrawn. `trouble` is the kind of
    the failure (`FetchError`), `troubles` are those of the articles that failed."""

    name: str
    url: str | None
    fetched: float | None
    failure: str | None
    note: str | None
    new: int
    articles: int
    failed: tuple[tuple[str, str], ...]
    withdrawn: tuple[str, ...]
    trouble: str | None = None
    troubles: tuple[str | None, ...] = ()


def articles_left(folder: Path, data_dir: Path) -> list[str]:
    """Return a sentence on each source that is no longer in `feeds.toml` and has left articles."""
    entries, faults = read_entries(folder)
    states = known_sources(folder, entries, read_state(data_dir).sources)
    left = states.keys() - {entry.name for entry in entries}
    return [
        f"{FEEDS_FILE} has no {name} any more; its articles in {folder / FOLDER / name} are quoted "
        "until you delete them."
        for name in sorted(left)
        if not faults  # It may be an entry that cannot be read.
    ]


def feed_reports(folder: Path, data_dir: Path) -> tuple[list[FeedReport], list[str]]:
    """Return what is known of each source, and a sentence on each entry that cannot be read."""
    entries, faults = read_entries(folder)
    states = read_state(data_dir).sources
    return [_report(entry, states.get(entry.name, FeedState())) for entry in entries], faults


def _report(entry: FeedEntry, state: FeedState) -> FeedReport:
    items = state.items.items()
    return FeedReport(
        entry.name,
        entry.url,
        state.fetched,
        state.failure,
        state.note,
        state.new,
        sum(item.path is not None and not item.withdrawn for _, item in items),
        tuple((url, item.failure) for url, item in items if item.failure),
        tuple(url for url, item in items if item.withdrawn),
        state.trouble if state.failure else None,
        tuple(item.trouble for _, item in items if item.failure),
    )
