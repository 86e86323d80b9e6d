"""Which meetings are about what somebody says: by the passages that report them, compared once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from ..languages.terms import folded_words
from ..meeting import Meeting
from .searcher import Searcher
from .synonyms import ExpandedQuery
from .weights import MEETINGS_ABOUT

Closeness: TypeAlias = "tuple[float, list[tuple[Meeting, float]]]"
"""The best MaxSim of a passage for some words, and meetings with theirs; one that is surely about
them has infinity."""

SHORT_WORD = 3
"""A word of up to so many letters must stand in a meeting as it is, a longer one may begin one."""


def closeness(searcher: Searcher, query: ExpandedQuery, meetings: Sequence[Meeting]) -> Closeness:
    """Return how close meetings come to a query.

    A meeting's is the MaxSim of the passage with its evidence. It is infinite where its name or
    evidence holds all words of the query, or where that passage, or any of an article that reports
    no other meeting, has `MEETINGS_ABOUT.sure`. Raises StoreError.
    """
    quotes = [(meeting.evidence, *meeting.others) for meeting in meetings]
    count = Counter(path for each in quotes for path in {quote.article for quote in each})
    passages: dict[str, list[tuple[int, int, float]]] = {path: [] for path in count}
    best, words = 0.0, folded_words(query.text)
    for passage, maxsim in searcher.compared(query, count.keys()):
        passages[passage.source.path].append((passage.start, passage.end, maxsim))
        best = max(best, maxsim)
    close = []
    for meeting, told in zip(meetings, quotes, strict=True):
        value = float("inf") if _says(meeting, words) else 0.0
        for quote in told:
            for start, end, maxsim in passages[quote.article]:
                is_evidence = start < quote.end and quote.start < end
                if maxsim >= MEETINGS_ABOUT.sure and (is_evidence or count[quote.article] == 1):
                    value = float("inf")
                elif is_evidence:
                    value = max(value, maxsim)
        close.append((meeting, value))
    return best, close


def closest(corpora: Iterable[Closeness]) -> list[Meeting]:
    """Return the meetings of some corpora that come close enough to what was asked of all."""
    found = list(corpora)
    best = max((best for best, _ in found), default=0.0)
    least = max(MEETINGS_ABOUT.least, best - MEETINGS_ABOUT.behind)
    return [meeting for _, close in found for meeting, value in close if value >= least]


def _says(meeting: Meeting, words: Sequence[str]) -> bool:
    """Whether a meeting's name or evidence holds all of these folded words."""
    said = folded_words(f"{meeting.name} {meeting.evidence.text}")
    return bool(words) and all(
        any(other == word or (len(word) > SHORT_WORD and other.startswith(word)) for other in said)
        for word in words
    )
