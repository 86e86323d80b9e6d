"""Hits → Answer, or "the articles do not answer this"; and what needs no hits: a question that is
none, and what people say to the bot that asks nothing of the articles, as a greeting. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import dropwhile
from operator import attrgetter

from ..articles.paragraphs import is_label
from ..errors import QuestionError
from ..languages import Language, Words, language_words, languages
from ..languages.detection import detect, question_language
from ..languages.terms import folded_phrases, folded_words, leading_phrases
from ..models import MAX_QUESTION, MAX_QUOTES, Answer, Hit, Kind, Outcome, Passage, Quote, Span
from ..quotes.quoting import quote_of
from ..search.query import BOT_NAMES, searchable
from ..search.weights import ANSWER, READING

Widen = Callable[[Hit], Hit]
"""Returns a hit with what of its surroundings is quoted with its passage (see `window`)."""

NEAREST_ARTICLES = 3

CALL, THANKS, ABOUT = "call", "thanks", "about"

_LISTS = {
    ABOUT: ("small_talk.about",),
    THANKS: ("small_talk.thanks",),
    CALL: ("small_talk.phrases", "small_talk.calls", "questions.introductions"),
}
"""The lists of phrases for each kind; of a text of several kinds the first one counts."""


def cleaned(question: str) -> str:
    """The question with its white space made plain.

    Raises:
        QuestionError: it is empty, too long, or holds no words.
    """
    # Half a surrogate pair is no character, and nothing below could write it down.
    text = " ".join(question.encode("utf-8", "ignore").decode("utf-8").split())
    if not text:
        raise QuestionError("Please ask a question: there was nothing to read.", "empty")
    if len(text) > MAX_QUESTION:
        raise QuestionError(
            f"Your question is too long: {len(text)} characters; I take at most {MAX_QUESTION}.",
            "too_long",
            limit=MAX_QUESTION,
            length=len(text),
        )
    if not any(map(_is_word, text.split())):
        raise QuestionError(
            "I found no words to search for. Please write your question in words.", "no_words"
        )
    return text


def _is_word(text: str) -> bool:
    """Whether what stands between blanks can be looked for: not a number, and no letter alone of a
    script with capitals, in which words have more. "§ 5?" is a question: the sign counts as one."""
    core = text.strip("?!.,;:…¿¡\"'()")
    return any(c.isalpha() or c == "§" for c in core) and (
        len(core) > 1 or core == "§" or core.lower() == core.upper()
    )


def talk_kind(text: str) -> str | None:
    """Return the kind of small talk that a text is, or None if it is something else.

    CALL is a greeting, or asks for help and leaves out with what; THANKS thanks; ABOUT asks who
    the bot is or what it can do. Names of the bot and "everyone" may stand anywhere.
    """
    return next(iter(_kinds_of(text)), None)


def small_talk(question: str) -> Answer | None:
    """The answer to small talk; None where the articles are to be asked."""
    if talk_kind(question) is None:
        return None
    return Answer(question, language_told(question) or detect(question), Outcome.SMALL_TALK)


def language_told(text: str) -> str | None:
    """Return the ISO 639-1 code of the language that a member's text is in without doubt.

    That of small talk is that of the phrases. It is None where the text does not tell, such as one
    of names alone.
    """
    if kinds := _kinds_of(text):
        codes = next(iter(kinds.values()))
        return next(iter(codes)) if len(codes) == 1 else None
    language, is_certain = question_language(searchable(text))
    return language if is_certain else None


def _kinds_of(text: str) -> dict[str, frozenset[str]]:
    """The kinds of phrases that a text consists of, in the order of _LISTS, each with the languages
    that have them; empty if the text has other words."""
    words, phrases = folded_words(text), _phrases(tuple(languages().values()))
    leading = leading_phrases(words, phrases)
    if sum(map(len, leading)) < len(words):
        return {}
    kinds: dict[str, frozenset[str]] = {}
    for phrase in leading:
        for kind, codes in phrases[phrase].items():
            kinds[kind] = kinds.get(kind, codes) & codes
    return {kind: kinds[kind] for kind in _LISTS if kind in kinds}


@lru_cache(maxsize=1)
def _phrases(spoken: tuple[Language, ...]) -> dict[Words, dict[str, frozenset[str]]]:
    """The folded words of each phrase, with its kinds and the codes of the languages of each; of
    names of the bot and of "everyone" without any."""
    addressees = (*BOT_NAMES, *language_words("small_talk.addressees"))
    phrases: dict[Words, dict[str, frozenset[str]]]
    phrases = {words: {} for words in folded_phrases(addressees)}
    for kind, lists in _LISTS.items():
        for language in spoken:
            words = (word for name in lists for word in attrgetter(name)(language))
            for phrase in folded_phrases(words):
                kinds = phrases.setdefault(phrase, {})
                kinds[kind] = kinds.get(kind, frozenset()) | {language.code}
    return phrases


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
