"""What a reload did, in lines for a terminal: all of it, or in one line as news."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retrieval import Reload

from ..ui.text import clean

SHOWN = 10
"""How many articles of a kind a report names; `--json` names all."""

IN_LINE = 3
"""How many of them the news name."""


def report(reload: Reload) -> Iterator[tuple[str, str]]:
    """The lines of a report, each as a mark and what stands behind it; counts come last."""
    kinds = {
        "+ ": [clean(path) for path in reload.added],
        "~ ": [clean(path) for path in reload.changed],
        "- ": [clean(path) for path in reload.removed],
        "· ": [f"{clean(note.article)}: {note.text}" for note in reload.notes],
        "! ": [f"{clean(failure.article)}: {failure.reason}" for failure in reload.failed],
    }
    for mark, lines in kinds.items():
        shown, more = _first(lines, SHOWN)
        yield from ((mark, line) for line in shown)
        if more:
            yield mark, f"and {more:,} more"
    counts = [
        f"{len(reload.added):,} added",
        f"{len(reload.changed):,} changed",
        f"{len(reload.removed):,} removed",
        f"{len(reload.unchanged):,} unchanged",
        f"{len(reload.failed):,} failed",
    ]
    yield "", ", ".join(counts) + "."
    yield (
        "",
        f"{reload.articles:,} articles, {reload.passages:,} passages; "
        f"{reload.embedded:,} texts embedded in {reload.seconds:.1f} s.",
    )


def news(reload: Reload, last: Reload | None = None) -> str:
    """What a reload did, in one line; empty where it did nothing.

    A failure that the last reload had too is no news.
    """
    notes = {note.article: f" ({note.text})" for note in reload.notes}
    failed = [failure for failure in reload.failed if last is None or failure not in last.failed]
    kinds = {
        "added": [clean(path) + notes.get(path, "") for path in reload.added],
        "changed": [clean(path) + notes.get(path, "") for path in reload.changed],
        "removed": [clean(path) for path in reload.removed],
        "failed": [f"{clean(failure.article)} ({failure.reason})" for failure in failed],
    }
    said = [f"{kind} {_enumerated(names)}" for kind, names in kinds.items() if names]
    return "; ".join([*said, f"{reload.seconds:.1f} s"]) if said else ""


def _enumerated(names: Sequence[str]) -> str:
    shown, more = _first(names, IN_LINE)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")


def _first(names: Sequence[str], limit: int) -> tuple[Sequence[str], int]:
    """So many of the names and how many more there are; all, if that takes no more room."""
    if len(names) <= limit + 1:
        return names, 0
    return names[:limit], len(names) - limit
