"""What would answer a question, by its first words: a number, a time, or whatever. Pure.

After Li & Roth, "Learning Question Classifiers", COLING 2002, of whose classes only those are
kept that a passage can be seen to lack.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import cache

from babel import Locale

from .languages import LANGUAGES


class Expected(Enum):
    """What a question asks for."""

    NUMBER = "number"
    TIME = "time"


_DAY_OR_YEAR = r"\b(?:1\d{3}|20\d{2})\b|\b\d{1,2}[./-]\d{1,2}\b"


def expected(question: str, language: str) -> Expected | None:
    """What a question in a language asks for; None if anything might answer it."""
    if _asking(language, "asks_number").search(question):
        return Expected.NUMBER
    if _asking(language, "asks_time").search(question):
        return Expected.TIME
    return None


def holds(text: str, language: str, kind: Expected) -> bool:
    """Whether a text in a language has a number, in digits or words, or a year, day or month."""
    return bool(_evidence(language, kind).search(text))


@cache
def _asking(language: str, kind: str) -> re.Pattern[str]:
    known = LANGUAGES.get(language)
    return _any(getattr(known, kind) if known else ())


@cache
def _evidence(language: str, kind: Expected) -> re.Pattern[str]:
    known = LANGUAGES.get(language)
    if kind is Expected.NUMBER:
        return re.compile(
            r"\d|" + _any(tuple(known.numbers.split()) if known else ()).pattern, re.IGNORECASE
        )
    months = Locale(language).months["format"]["wide"].values() if known else ()
    # In Vietnamese a month's name is a word and its number.
    names = [re.sub(r"\d+", "", name).strip() for name in months]
    # In their own case: "may" is no month.
    return re.compile(f"{_DAY_OR_YEAR}|{_any(tuple(filter(None, names))).pattern}")


def _any(words: tuple[str, ...]) -> re.Pattern[str]:
    longest = sorted(set(words), key=len, reverse=True)
    return re.compile(
        rf"\b(?:{'|'.join(map(re.escape, longest))})\b" if words else "(?!)", re.IGNORECASE
    )
