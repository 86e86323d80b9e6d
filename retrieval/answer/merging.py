"""What several libraries say → one answer, one list. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import attrgetter

from ..models import MAX_QUOTES, Answer, Outcome, Quote, Source
from ..search.weights import ANSWER
from .compose import NEAREST_ARTICLES, has_same_words


def merged(answers: Sequence[Answer], *, further: bool = False) -> Answer:
    """Return the answer of libraries that were asked the same, each a corpus of its own.

    Their scores are chances, so that they compare. The rules are those of `compose`: nothing that
    repeats another quote, and none much weaker than the best; with `further`, which is for what
    `compose_more` has made, however weak.

    Args:
        answers: at least one. The quotes of each have its corpus.
        further: whether the asker wants the next quotes, whatever their score.
    """
    best = max(answers, key=_strength)
    if len(answers) == 1:
        return best
    quotes = _best([quote for answer in answers for quote in answer.quotes], MAX_QUOTES)
    if not further:
        scores = [quote.score for quote in quotes if not quote.pinned]
        least = ANSWER.share_of_best * max(scores, default=0.0)
        quotes = [quote for quote in quotes if quote.score >= least]
    rows = [(quote.corpus, quote.article) for quote in quotes]
    quotes.sort(key=lambda quote: rows.index((quote.corpus, quote.article)))
    near = {quote.title: quote for answer in answers for quote in reversed(answer.nearest)}
    days = [answer.indexed_on for answer in answers if answer.indexed_on]
    return replace(
        best,
        quotes=tuple(quotes),
        nearest=() if quotes else tuple(_best([*near.values()], NEAREST_ARTICLES)),
        out_of_date=tuple(path for answer in answers for path in answer.out_of_date),
        indexed_on=min(days, default=None),
    )


def newest_first(sources: Iterable[Source]) -> list[Source]:
    """Return articles by day, the newest first, then by title; those without a day last."""
    by_title = sorted(sources, key=attrgetter("title"))
    return sorted(by_title, key=lambda source: source.date or "", reverse=True)


def _best(quotes: Sequence[Quote], count: int) -> list[Quote]:
    """The likeliest quotes, none of which repeats another."""
    chosen = list[Quote]()
    for quote in sorted(quotes, key=attrgetter("score"), reverse=True):
        if not any(has_same_words(quote.text, other.text) for other in chosen):
            chosen.append(quote)
    return chosen[:count]


def _strength(answer: Answer) -> tuple[bool, bool, float]:
    """A key that is greatest for the answer that says most."""
    scores = [quote.score for quote in (*answer.quotes, *answer.nearest)]
    out_of_date = answer.outcome is Outcome.OUT_OF_DATE
    return answer.answered, out_of_date, max(scores, default=0.0)
