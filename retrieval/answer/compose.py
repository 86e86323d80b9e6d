"""Hits → Answer, or "the articles do not answer this". Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import dropwhile

from ..articles.paragraphs import is_label
from ..languages.terms import folded_words
from ..models import MAX_QUOTES, Answer, Hit, Kind, Outcome, Passage, Quote, Span
from ..quotes.quoting import quote_of
from ..search.weights import ANSWER, READING

Widen = Callable[[Hit], Hit]
"""Returns a hit with what of its surroundings is quoted with its passage (see `window`)."""

NEAREST_ARTICLES = 3


def chosen(hits: Sequence[Hit], count: int) -> list[Hit]:
    """Return the first `count` hits of which none repeats another."""
    selected = list[Hit]()
    for hit in hits:
        if len(selected) < count and not any(_repeats(hit, earlier) for earlier in selected):
            selected.append(hit)
    return selected


def compose(
    question: str,
    language: str,
    hits: Sequence[Hit],
    widen: Widen = lambda hit: hit,
    *,
    told: Collection[str] | None = None,
) -> Answer:
    """The answer to a question from its ranked hits.

    `widen` adds what is quoted with a passage; a caption, heading or label that it adds nothing to
    is never the first quote. A standing question has `told`, the `words_key` of each quote that was
    shown: only hits of the chance `ANSWER.standing` answer it.
    """
    if told is not None:
        sure = (hit for hit in hits if hit.score >= ANSWER.standing)
        hits = [hit for hit in sure if words_key(quote(hit)) not in told]
    answering = dropwhile(
        lambda hit: hit.score >= ANSWER.threshold and stands_alone(widen(hit).passage), hits
    )
    ranked = chosen(list(answering), MAX_QUOTES)
    least = max([ANSWER.threshold, *(ANSWER.share_of_best * hit.score for hit in ranked)])
    fit = [hit for hit in ranked if hit.score >= least]
    answer = _answer(question, language, _widened(fit, widen))
    if answer.outcome is not Outcome.NOT_FOUND:
        return answer
    if sum(hit.score for hit in hits[: READING.hits]) < ANSWER.closeness:
        return answer
    nearest = dict[str, Hit]()
    for hit in hits:
        if hit.score >= ANSWER.nearest:
            nearest.setdefault(hit.passage.source.title, hit)
    return replace(answer, nearest=tuple(map(quote, nearest.values()))[:NEAREST_ARTICLES])


def compose_more(
    question: str,
    language: str,
    hits: Sequence[Hit],
    widen: Widen = lambda hit: hit,
    *,
    seen: Sequence[Quote],
) -> Answer:
    """Return an answer with the next quotes after those `seen`, whatever their score.

    The quotes seen are recognised by their words, for their offsets may have changed. See `compose`
    for the other arguments.
    """
    shown = [
        passage
        for passage in (hit.passage for hit in hits)
        if any(passage.text in q.text for q in seen if q.article == passage.source.path)
    ]
    indexed = {(hit.passage.source.path, hit.passage.source.sha256) for hit in hits}
    quoted = [(passage.source.path, passage.start, passage.end) for passage in shown]
    quoted += [(q.article, q.start, q.end) for q in seen if (q.article, q.sha256) in indexed]
    further = [hit for hit in chosen(hits, len(hits)) if hit.passage not in shown]
    return _answer(question, language, _widened(further, widen, quoted))


def words_key(quote: Quote) -> str:
    """A hash of the words of the sentence that answers, wherever it stands."""
    first, last = (offset - quote.start for offset in quote.answer)
    words = " ".join(folded_words(quote.text[first:last]))
    return hashlib.blake2b(words.encode(errors="replace"), digest_size=8).hexdigest()


def _widened(
    hits: Sequence[Hit], widen: Widen, before: Sequence[tuple[str, int, int]] = ()
) -> list[Hit]:
    """The first of these hits that say what is not quoted before them, at most `MAX_QUOTES`: each
    widened where that repeats nothing, else itself, else the rest of it. `before` has what was
    quoted, each as an article's path with start and end."""
    selected, quoted = list[Hit](), list(before)
    for hit in hits:
        path = hit.passage.source.path
        spans = [(start, end) for article, start, end in quoted if article == path]
        wide = widen(hit)
        form = wide if not spans or _without(wide, spans) == wide else _without(hit, spans)
        if form is not None:
            selected.append(form)
            quoted.append((path, form.passage.start, form.passage.end))
        if len(selected) == MAX_QUOTES:
            break
    return selected


def _without(hit: Hit, spans: Sequence[Span]) -> Hit | None:
    """A hit without its sentences that lie in other quotes, which are at its ends; None where the
    one that answers does."""
    passage = hit.passage
    kept_sentences = [
        (first, last)
        for first, last in passage.sentences
        if not any(first < end and start < last for start, end in spans)
    ]
    if len(kept_sentences) == len(passage.sentences):
        return hit
    if hit.answer not in kept_sentences:
        return None
    start, end = kept_sentences[0][0], kept_sentences[-1][1]
    text = passage.text[start - passage.start : end - passage.start]
    remainder = replace(passage, start=start, end=end, text=text, sentences=tuple(kept_sentences))
    return replace(hit, passage=remainder)


def _answer(question: str, language: str, hits: Sequence[Hit]) -> Answer:
    """The answer that quotes these hits, those of one article in a row."""
    paths = [hit.passage.source.path for hit in hits]
    in_rows = sorted(hits, key=lambda hit: paths.index(hit.passage.source.path))
    outcome = Outcome.QUOTED if hits else Outcome.NOT_FOUND
    return Answer(question, language, outcome, tuple(map(quote, in_rows)))


def quote(hit: Hit) -> Quote:
    """The quote that a hit becomes: its passage, whole."""
    passage = hit.passage
    return quote_of(passage.source, passage.start, passage.text, hit.answer, round(hit.score, 4))


def _repeats(hit: Hit, earlier: Hit) -> bool:
    a, b = hit.passage, earlier.passage
    if a.source.path == b.source.path and a.start < b.end and b.start < a.end:
        return True
    return has_same_words(a.text, b.text)


def has_same_words(text: str, other: str) -> bool:
    """Return whether two texts have so many words in common that both together say nothing more."""
    words, other_words = _folded_words(text), _folded_words(other)
    return len(words & other_words) >= ANSWER.same_words * len(words | other_words)


@lru_cache(maxsize=1_000)
def _folded_words(text: str) -> frozenset[str]:
    return frozenset(folded_words(text))


def stands_alone(passage: Passage) -> bool:
    """Return whether a passage is no more than a caption, or a heading or label in a line."""
    return passage.kind is Kind.CAPTION or (len(passage.sentences) == 1 and is_label(passage.text))
