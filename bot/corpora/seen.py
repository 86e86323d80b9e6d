"""Some corpora as one: what a member sees who is given these, and nothing else."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, TypeAlias, TypeVar

import retrieval
from retrieval import (
    MAIN_CORPUS,
    Answer,
    Context,
    Hit,
    Meeting,
    MeetingFilter,
    Pin,
    Quote,
    Source,
    Status,
    StoreError,
    Turn,
    closest,
    list_meetings,
    merged,
    newest_first,
)

Asker: TypeAlias = "retrieval.Library | SeenCorpora"
"""What answers questions: one corpus, or several as one."""

log = logging.getLogger(__name__)

Result = TypeVar("Result")


class SeenCorpora:
    """Answers as a `Library` does, from these corpora: see there for the methods. Its articles and
    quotes say of which they are; a quote of another corpus is one whose article is gone."""

    def __init__(self, library: Callable[[str], retrieval.Library], names: frozenset[str]) -> None:
        """`library` opens the corpus of a name; `names` are those of the corpora."""
        self._library = library
        self._names = names
        self.pins = SeenPins(library, names)

    @property
    def embedder(self) -> Any:
        """The model, which all corpora share."""
        return self._library(MAIN_CORPUS).embedder

    def ask(self, question: str, before: Turn | None = None) -> Answer:
        """Ask each corpus, and return the best of their quotes."""
        return merged(self._each(lambda name, of: of.ask(question, _within(name, before))))

    def more(self, question: str, seen: Sequence[Quote], before: Turn | None = None) -> Answer:
        """Return the next quotes, the best of all corpora first."""

        def further(name: str, of: retrieval.Library) -> Answer:
            shown = [quote for quote in seen if quote.corpus == name]
            return of.more(question, shown, _within(name, before))

        return merged(self._each(further), further=True)

    def ask_new(self, question: str, new: Collection[str], told: Collection[str] = ()) -> Answer:
        """Ask the new articles of each corpus, and return the best of their quotes."""
        return merged(self._each(lambda _, of: of.ask_new(question, new, told)))

    def search(self, question: str, limit: int = 10) -> list[Hit]:
        """Return the likeliest passages of all corpora."""
        hits = chain(*self._each(lambda _, of: of.search(question, limit)))
        return sorted(hits, key=lambda hit: -hit.score)[:limit]

    def sources(self) -> list[Source]:
        """Return the articles of all corpora, newest first."""
        return newest_first(chain(*self._each(lambda _, of: of.sources())))

    def meetings(self, only: MeetingFilter | None = None) -> list[Meeting]:
        """Return the meetings of all corpora, newest first."""
        if only and only.about:
            words = only.about
            return list_meetings(closest(self._each(lambda _, of: of.closeness(words))), only)
        return list_meetings(chain(*self._each(lambda _, of: of.meetings())), only)

    def holds(self, quote: Quote) -> bool:
        """Return whether the quote is of these corpora, and its file holds it."""
        return quote.corpus in self._names and self._library(quote.corpus).holds(quote)

    def context(self, quote: Quote) -> Context | None:
        """Return the paragraphs around a quote of these corpora."""
        if quote.corpus not in self._names:
            return None
        context = self._library(quote.corpus).context(quote)
        return context and replace(context, quote=_stamped(context.quote, quote.corpus))

    def renewed(self, quote: Quote, source: Source) -> Quote | None:
        """Return what stands for a quote in an article of these corpora."""
        if source.corpus not in self._names:
            return None
        return self._library(source.corpus).renewed(quote, source)

    def article(self, cited: Quote | Source) -> str | None:
        """Return the text of an article of these corpora."""
        return self._library(cited.corpus).article(cited) if cited.corpus in self._names else None

    def status(self) -> Status:
        """Return the state of all corpora: sums, and the day of the one indexed last."""
        each = self._each(lambda _, of: of.status())
        languages = sum((Counter(status.languages) for status in each), Counter[str]())
        return replace(
            max(each, key=lambda status: status.indexed_at),
            articles=sum(status.articles for status in each),
            passages=sum(status.passages for status in each),
            languages=dict(languages),
        )

    def _each(self, call: Callable[[str, retrieval.Library], Result]) -> list[Result]:
        """Call a function with each corpus, and return its results. One that has no index keeps
        silent, unless all do: then its StoreError is raised."""
        results, failure = list[Result](), None
        for name in sorted(self._names):
            try:
                results.append(_stamped(call(name, self._library(name)), name))
            except StoreError as error:
                log.warning("The corpus %s cannot be asked: %s", name, error)
                failure = error
        if not results and failure:
            raise failure
        return results


class SeenPins:
    """What is pinned to questions in these corpora. See `Pins` for the methods."""

    def __init__(self, library: Callable[[str], retrieval.Library], names: frozenset[str]) -> None:
        self._library = library
        self._names = sorted(names)

    def all(self) -> tuple[Pin, ...]:
        """Return the pins of all corpora."""
        return tuple(pin for name in self._names for pin in self._library(name).pins.all())

    def pin(self, question: str, quote: Quote) -> None:
        """Pin a quote of one of these corpora to a question, in that one."""
        self._library(quote.corpus).pins.pin(question, quote)

    def unpin(self, question: str) -> bool:
        """Unpin what is pinned to a question in any of the corpora."""
        return sum(self._library(name).pins.unpin(question) for name in self._names) > 0


def _stamped(value: Any, corpus: str) -> Any:
    """What a corpus has returned, with each quote and article in it saying of which it is."""
    match value:
        case list() | tuple():
            return type(value)(_stamped(each, corpus) for each in value)
        case Quote() | Source():
            return value if value.corpus == corpus else replace(value, corpus=corpus)
        case Hit():
            source = _stamped(value.passage.source, corpus)
            return replace(value, passage=replace(value.passage, source=source))
        case Answer():
            names: tuple[str, ...] = ("quotes", "nearest")
        case Meeting():
            names = ("evidence", "others")
        case _:
            names = ()
    stamped = {name: _stamped(getattr(value, name), corpus) for name in names}
    return replace(value, **stamped) if names else value


def _within(corpus: str, before: Turn | None) -> Turn | None:
    """The question before as a corpus may know it: without an article of another one."""
    return before if before is None or before.corpus == corpus else before._replace(article=None)
