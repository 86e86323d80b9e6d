"""Whether a question goes on from the one before it ("And in Hanoi?"), and what is found for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..embedding.onnx_encoder import PassageReader
from ..languages import language_words
from ..languages.terms import accented_words
from ..models import Hit
from .query import Turn
from .reranker import reread
from .searcher import Searcher
from .synonyms import ExpandedQuery
from .weights import FOLLOW_UP

_AROUND = "¿¡?!.,;:…\"'“”„«»()"
_WITHIN = str.maketrans("", "", "'’-")


def searched_after(
    searcher: Searcher,
    reader: PassageReader | None,
    alone: ExpandedQuery,
    limit: int,
    before: Turn | None,
) -> tuple[ExpandedQuery, list[Hit]]:
    """Return the best passages for a question that may go on from the one `before`, as the reader
    has them, if there is one; with the question as it was searched for.

    It goes on if it opens so ("And …") or if its words, read behind those of the question before,
    match the best passage better by `FOLLOW_UP.gain` in MaxSim than alone; and if it is too short
    for a subject of its own. If it is not ("And who …?" may ask of another subject), or if it is a
    place or a time alone ("In Hanoi?"), the chance that its best passage answers must be no lower
    than alone, for the search and for the reader. Nothing is rewritten; passages of the article
    that was quoted before have a head start.
    """

    def read(query: ExpandedQuery, hits: Sequence[Hit]) -> list[Hit]:
        return reread(reader, query.asked, query.language, hits) if reader else list(hits)

    hits = searcher.search(alone, limit)
    if before is None or not hits:
        return alone, read(alone, hits)
    lead = before._replace(question=searcher.parse(before.question).text)
    behind = replace(alone, lead=lead)
    hits_behind = searcher.search(behind, limit)
    if not hits_behind:
        return alone, read(alone, hits)
    gain = hits_behind[0].rank_score - hits[0].rank_score
    is_likely = gain >= FOLLOW_UP.gain or opens_as_follow_up(alone.text)
    if is_likely and names_no_subject(alone.text):
        return behind, read(behind, hits_behind)
    may_go_on = is_likely or is_place_or_time(alone.text)
    if not may_go_on or hits_behind[0].score < hits[0].score:
        return alone, read(alone, hits)
    hits, hits_behind = read(alone, hits), read(behind, hits_behind)
    return (behind, hits_behind) if hits_behind[0].score >= hits[0].score else (alone, hits)


def opens_as_follow_up(text: str) -> bool:
    """Return whether a question begins with words that go on from something ("and", "was ist
    mit"), told with their diacritics: a Spanish "con" is no Vietnamese "còn"; or is nothing but a
    word that questions begin with ("When?")."""
    openers = map(accented_words, language_words("questions.openers"))
    return _opening(text) > 0 or accented_words(text) in openers


def names_no_subject(text: str) -> bool:
    """Return whether a question is too short for a subject of its own: of at most `FOLLOW_UP.bare`
    words ("And when?"), or twice as many if none but the first is like a name ("And where was it
    held?"), or a place or a time."""
    others = text.split()[1:]
    is_named = any(map(_is_name, others))
    return len(others) < FOLLOW_UP.bare * (1 if is_named else 2) or is_place_or_time(text)


def is_place_or_time(text: str) -> bool:
    """Return whether a question is a place or a time alone ("In Hanoi?"); behind the opening of a
    follow-up with a few words that are no names ("Und in der Schweiz?", "Còn ngày 7 tháng 2?")."""
    opening = _opening(text)
    first, *rest = text.split()[opening:] or [""]
    spoken = f" {' '.join(accented_words(text))} "
    return (
        first.strip(_AROUND).lower() in language_words("questions.prepositions")
        and 0 < len(rest) < 2 * FOLLOW_UP.bare
        and sum(not _is_name(word) for word in rest) < (FOLLOW_UP.bare if opening else 1)
        and not any(f" {opener} " in spoken for opener in language_words("questions.openers"))
    )


def _opening(text: str) -> int:
    """How many words the longest opening of a follow-up has that a question begins with, or 0."""
    words = accented_words(text)
    openings = map(accented_words, language_words("questions.continuations"))
    return max((len(each) for each in openings if words[: len(each)] == each), default=0)


def _is_name(word: str) -> bool:
    """Whether a word has a capital, a digit or a sign within, as a name or a date has."""
    core = word.strip(_AROUND).translate(_WITHIN)
    return bool(core) and not (core.isalpha() and core.islower())
