"""A question behind another: whether it goes on from it, and its hits.

Nothing is rewritten: the words of a follow-up are read by the model behind those of the question
before, and passages of the article that was quoted have a head start.
"""

from __future__ import annotations

from dataclasses import replace

from ..languages import language_words
from ..languages.terms import accented_words
from ..models import Hit
from .query import Turn
from .searcher import Searcher
from .synonyms import ExpandedQuery
from .weights import FOLLOW_UP


def opens_as_follow_up(text: str) -> bool:
    """Return whether a question begins with words that go on from something ("and", "was ist
    mit"), told with their diacritics: a Spanish "con" is no Vietnamese "còn"."""
    words = accented_words(text)
    openings = map(accented_words, language_words("questions.continuations"))
    return any(words[: len(opening)] == opening for opening in openings)


def search(
    searcher: Searcher, query: ExpandedQuery, language: str, limit: int, before: Turn | None
) -> tuple[ExpandedQuery, list[Hit]]:
    """Return the hits of a question in `language`, with the question as it was searched for.

    It is a follow-up if it opens as one, or if its words, read behind those of the question
    `before`, match the best passage better by `FOLLOW_UP.gain` in MaxSim than alone.

    Raises:
        StoreError: see `Searcher.search`.
    """
    hits = searcher.search(query, language, limit)
    if before is None:
        return query, hits
    (lead, *_), _ = searcher.read(before.question)
    behind = replace(query, lead=before._replace(question=lead))
    hits_behind = searcher.search(behind, language, limit)
    best, best_behind = (max((hit.rank_score for hit in h), default=0) for h in (hits, hits_behind))
    if opens_as_follow_up(query.text) or best_behind - best >= FOLLOW_UP.gain:
        return behind, hits_behind
    return query, hits
