"""What of the articles and meetings a channel has been told, and what is news to it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import TypeAdapter

from retrieval import MAIN_CORPUS, Meeting, Source, list_meetings, read_json, write_json

TOLD_FILE = "news.json"


@dataclass(frozen=True, slots=True)
class News:
    """What there is to tell: articles that are new, newest first; meetings that are new, and
    those of which a fact has changed."""

    articles: Sequence[Source]
    new: Sequence[Meeting]
    changed: Sequence[Meeting]

    def __bool__(self) -> bool:
        return bool(self.articles or self.new or self.changed)


@dataclass(frozen=True, slots=True)
class Told:
    """What a channel has been told.

    `articles` are the paths and addresses (or else hashes) of the articles that were there at any
    time: one that is moved or edited, or comes back, is not new. `meetings` are the hashes of the
    facts of those that were there, by uid. `at` is the time of the last digest in seconds since
    1970. `corpora` are the names of those that these are of.
    """

    articles: frozenset[str] = frozenset()
    meetings: dict[str, str] = field(default_factory=dict)
    at: float = 0.0
    corpora: frozenset[str] = frozenset()

    def with_corpora(
        self, corpora: frozenset[str], sources: Sequence[Source], meetings: Sequence[Meeting]
    ) -> Told:
        """Return that what these corpora have counts as told too."""
        articles = (_keys(each) for each in sources if each.corpus in corpora)
        facts = {_key(each): _facts(each) for each in meetings if each.evidence.corpus in corpora}
        return replace(
            self,
            articles=self.articles.union(*articles),
            meetings=self.meetings | facts,
            corpora=corpora | self.corpora,
        )

    def news(self, sources: Sequence[Source], meetings: Sequence[Meeting]) -> News:
        """Return what of this is not told."""
        return News(
            [source for source in sources if self.articles.isdisjoint(_keys(source))],
            list_meetings(each for each in meetings if _key(each) not in self.meetings),
            list_meetings(
                each
                for each in meetings
                if self.meetings.get(_key(each), _facts(each)) != _facts(each)
            ),
        )


_TOLD = TypeAdapter(Told)


def read_told(folder: Path) -> Told | None:
    """Return what is remembered in a folder; None where that is nothing, or damaged."""
    return read_json(folder / TOLD_FILE, _TOLD)


def write_told(folder: Path, told: Told) -> None:
    """Write what is to be remembered. Raises OSError."""
    write_json(folder / TOLD_FILE, _TOLD, told)


def _keys(source: Source) -> set[str]:
    return {_within(source.corpus) + key for key in (source.path, source.url or source.sha256)}


def _key(meeting: Meeting) -> str:
    return _within(meeting.evidence.corpus) + meeting.uid


def _within(corpus: str) -> str:
    return "" if corpus == MAIN_CORPUS else f"{corpus}: "


def _facts(meeting: Meeting) -> str:
    """A hash of what people are told of a meeting, but for the words that say so."""
    days = meeting.date, meeting.end_date, meeting.status
    facts = repr((*map(str, days), meeting.name, meeting.place, meeting.chair))
    return hashlib.sha256(facts.encode(errors="surrogatepass")).hexdigest()[:16]
