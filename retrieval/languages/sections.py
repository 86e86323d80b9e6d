"""References to sections of laws and statutes: "§ 12", "Article 53", "Điều 5", "第五十三条"."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from . import language_words
from .terms import without_diacritics

MAX_REFERENCE = 60
"""A reference at the beginning of a text is looked for in so many characters."""

_NUMBER = r"(\d{1,4}(?:\.\d{1,3}){0,3}[a-z]?|[〇零一二三四五六七八九十百千]{1,9})"
_MARKS = re.compile(r"[\s#>*_(\[\"“„«»]*")


def sections_named(text: str) -> frozenset[str]:
    """Return the numbers of the sections that a text refers to, as "12a" and "53"; in which
    language, and whether it says "article" or "section", makes no difference."""
    return frozenset(map(_number, _references().finditer(_folded(text))))


def section_at_start(text: str) -> str | None:
    """Return the number of the section that a text or a heading begins with, as `sections_named`
    has it; None where it begins otherwise."""
    folded = _folded(text[:MAX_REFERENCE])
    marks = _MARKS.match(folded)
    match = _references().match(folded, marks.end() if marks else 0)
    return _number(match) if match else None


@cache
def _references() -> re.Pattern[str]:
    """References to a section in the words of all languages, each with a group for its number."""
    forms = []
    for words in language_words("page.sections"):
        before, after = (re.escape(_folded(part)) for part in words.split("…"))
        starts = r"(?<![^\W_])" if before[:1].isalpha() and before != before.upper() else ""
        ends = "" if after else r"(?![^\W_ºª])"
        forms.append(f"{starts}{before}{_NUMBER}{after}{ends}".replace(r"\ ", r"\s{0,2}"))
    return re.compile("|".join(forms))


def _folded(text: str) -> str:
    return without_diacritics(text.casefold())


def _number(match: re.Match[str]) -> str:
    """The number of a reference in ASCII, whatever digits it is written in."""
    number = str(match[match.lastindex or 0])
    if not number.isnumeric():
        return number
    total = last = 0
    for value in map(int, map(unicodedata.numeric, number)):
        total, last = (
            (total + (last or 1) * value, 0) if value >= 10 else (total, 10 * last + value)
        )
    return str(total + last)
