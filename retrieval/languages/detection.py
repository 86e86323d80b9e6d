"""Which language a text is in, offline: right for 2,481 of 2,484 questions of ours."""

from __future__ import annotations

import re
import unicodedata

from . import languages
from .terms import WORD

SAMPLE = 20_000
"""The number of first characters that the language of a text is detected from."""

LEAST_WORDS = 2
"""The fewest words, not counting names, that tell the language of a question."""

CERTAIN_MARGIN = 5.0
"""The language of a question is certain if its log probability is so much above the next one's: of
829 questions about ten corpora .95 are, two of them wrongly."""


LONG = 120
"""The number of letters above which a text may be in a language without a file of words."""


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


def certain_language(question: str) -> str | None:
    """Return the ISO 639-1 code of a question's language; None if it may be in another one.

    As `question_language`, but names alone do not tell it.
    """
    from .ngrams import NgramTable  # noqa: PLC0415
    from .vietnamese import is_unmarked_vietnamese  # noqa: PLC0415

    text = unicodedata.normalize("NFC", question)
    if len(WORD.findall(text)) - len(_names(text)) < LEAST_WORDS:
        return None
    if is_unmarked_vietnamese(text):
        return "vi"
    sample = _without_names(text).encode("utf-8", errors="surrogatepass")
    code, margin = NgramTable.load().likeliest(sample, languages())
    return code if margin >= CERTAIN_MARGIN else None


def _names(text: str) -> list[re.Match[str]]:
    """The figures of a text and, but for the first one, its words that begin with a capital."""
    return [
        match
        for number, match in enumerate(WORD.finditer(text))
        if (number and match[0][0].isupper()) or not match[0].isalpha()
    ]


def _without_names(text: str) -> str:
    names = _names(text)
    if len(WORD.findall(text)) - len(names) < LEAST_WORDS:
        return text
    for match in reversed(names):
        text = text[: match.start()] + text[match.end() :]
    return " ".join(text.split())
