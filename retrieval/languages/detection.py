"""Which language a text is in, offline: right for 2,481 of 2,484 questions of ours."""

from __future__ import annotations

import unicodedata

from . import languages
from .terms import WORD

SAMPLE = 20_000
"""The language of a text is that of so many of its first characters."""

LEAST_WORDS = 2
"""So many words that are no names tell the language of a question."""


LONG = 120
"""Letters; a shorter text is in a language that has a file, for it tells too little of others."""


def detect(text: str, *, any_language: bool = False) -> str:
    """Return the ISO 639-1 code of a text's language: one of `languages()`, or, for `any_language`
    of a long text, one of all that the table of n-grams has."""
    sample = text[:SAMPLE]
    sample = unicodedata.normalize("NFC", sample.lower() if sample.isupper() else sample)
    # Imported here: numpy takes a tenth of a second, and a question may be refused before.
    from .ngrams import NgramTable  # noqa: PLC0415

    among = None if any_language and sum(map(str.isalpha, sample)) > LONG else languages()
    return NgramTable.load().language(sample.encode("utf-8", errors="surrogatepass"), among)


def question_language(question: str) -> str:
    """Return the ISO 639-1 code of a question's language.

    It is short, so names and figures in it, which may be of any language, do not count where enough
    other words are left; and it may be Vietnamese that was typed without its diacritics.
    """
    from .vietnamese import is_unmarked_vietnamese  # noqa: PLC0415

    text = unicodedata.normalize("NFC", question)
    return "vi" if is_unmarked_vietnamese(text) else detect(_without_names(text))


def _without_names(text: str) -> str:
    """The text without figures and, but for the first one, words that begin with a capital."""
    words = list(WORD.finditer(text))
    names = [
        match
        for number, match in enumerate(words)
        if (number and match[0][0].isupper()) or not match[0].isalpha()
    ]
    if len(words) - len(names) < LEAST_WORDS:
        return text
    for match in reversed(names):
        text = text[: match.start()] + text[match.end() :]
    return " ".join(text.split())
