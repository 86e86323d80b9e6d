"""What people say to the bot that asks nothing of the articles, as a greeting; and the language
that a member writes in. Neither needs a model."""

from __future__ import annotations

from functools import lru_cache
from operator import attrgetter

from ..languages import Language, Words, language_words, languages
from ..languages.detection import detect
from ..languages.terms import folded_phrases, folded_words, leading_phrases
from ..models import Answer, Outcome
from ..search.query import BOT_NAMES, said_in

CALL, THANKS, ABOUT = "call", "thanks", "about"

_LISTS = {
    ABOUT: ("small_talk.about",),
    THANKS: ("small_talk.thanks",),
    CALL: ("small_talk.phrases", "small_talk.calls", "questions.introductions"),
}
"""The lists of phrases for each kind; of a text of several kinds the first one counts."""


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
    _, language, is_certain = said_in(text)
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
