"""What is known of the sources that are followed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .entries import FeedEntry, read_entries
from .state import FeedState, read_states


@dataclass(frozen=True, slots=True)
class FeedReport:
    """A source: when it was fetched last (seconds since 1970), why the last look failed, if it did;
    what is worth knowing; how many articles that look brought and how many there are; which failed
    (address and reason), and the addresses of those that it has withdrawn."""

    name: str
    url: str | None
    fetched: float | None
    failure: str | None
    note: str | None
    new: int
    articles: int
    failed: tuple[tuple[str, str], ...]
    withdrawn: tuple[str, ...]


def feed_reports(folder: Path, data_dir: Path) -> tuple[list[FeedReport], list[str]]:
    """Return what is known of each source, and a sentence on each entry that cannot be read."""
    entries, faults = read_entries(folder)
    states = read_states(data_dir)
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
    )
