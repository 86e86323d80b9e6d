"""The report of a reload for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeVar

from retrieval import Reload, Trouble

from ..ui.text import clean, one_line
from .checks import counted

Named = TypeVar("Named")

MAX_LISTED = 10
"""How many articles of a kind a report lists; `--json` lists all."""

BUILT_ANEW = (
    "Another version of Passage, or another model, had made the index: it is built anew, and all "
    "articles count as added."
)

FAILED = "! "
"""The mark of a file that could not be read."""


def report(reload: Reload) -> Iterator[tuple[str, str]]:
    """Yield the lines of a report, each as a mark and a text; the counts come last."""
    kinds = {
        "+ ": [one_line(path) for path in reload.added],
        "~ ": [one_line(path) for path in reload.changed],
        "- ": [one_line(path) for path in reload.removed],
        "· ": [f"{one_line(note.article)}: {note.text}" for note in reload.notes],
        "* ": [
            f"pinned no longer, as the passage has changed: {clean(question)}"
            for question in reload.unpinned
        ],
        FAILED: [f"{one_line(failure.article)}: {failure.reason}" for failure in reload.failed],
    }
    for mark, lines in kinds.items():
        listed, more = _first(lines, MAX_LISTED)
        yield from ((mark, line) for line in listed)
        if more:
            yield mark, f"and {more:,} more"
    if reload.anew:
        yield "", BUILT_ANEW
    changes = ("added", "changed", "removed", "unchanged", "failed")
    counts = (f"{len(getattr(reload, change)):,} {change}" for change in changes)
    yield "", ", ".join(counts) + "."
    yield (
        "",
        f"{counted(reload.articles, 'article')}, {counted(reload.passages, 'passage')}; "
        f"{counted(reload.embedded, 'text')} embedded in {reload.seconds:.1f} s.",
    )
    if found := troubles(reload):
        kinds_of_trouble = (f"{count:,} {kind}" for kind, count in found.items())
        yield "", f"Troubles: {', '.join(kinds_of_trouble)}."


def exit_status(reload: Reload) -> int:
    """Return the exit status of a reload: 1 where something in `sources.toml` cannot be read, for
    titles, dates and addresses may be missing. A file that is left out is named, and no error."""
    return int(any(failure.trouble is Trouble.LIST for failure in reload.failed))


def troubles(reload: Reload) -> dict[str, int]:
    """Return how many failures and notes of a report are of each kind of trouble."""
    failed = [failure.trouble.value for failure in reload.failed]
    noted = [note.trouble.value for note in reload.notes]
    return dict(Counter(failed + noted).most_common())


def _first(names: Sequence[Named], limit: int) -> tuple[Sequence[Named], int]:
    """Return the first `limit` names and how many more there are; one more is not cut off."""
    if len(names) <= limit + 1:
        return names, 0
    return names[:limit], len(names) - limit
