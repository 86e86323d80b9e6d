"""References to sections of laws and statutes: "§ 12", "Article 53", "Điều 5", "第五十三条"."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from . import language_words
from .terms import WORD, without_diacritics

MAX_REFERENCE = 60
"""A reference at the beginning of a text is looked for in so many characters."""

_NUMBER = r"(\d{1,4}(?:\.\d{1,3}){0,3}[a-z]?|[〇零一二三四五六七八九十百千]{1,9})"
# "Abs. 1", "第2項", "khoản 2", "lit. a": a part of a section, by a number or a letter.
_PART = re.compile(rf"(?:[^\W\d_]+\.?\s?)?(?:{_NUMBER}|\b[a-z]\b)[^\W\d_]{{0,3}}")
_MARKS = re.compile(r"[\s#>*_(\[\"“„«»]*")


def sections_named(text: str) -> frozenset[str]:
    """Return the numbers of the sections that a text refers to, as "12a" and "53"; in which
    language, and whether it says "article" or "section", makes no difference."""
    return frozenset(map(_number, _references().finditer(_folded(text))))


def names_only_sections(text: str) -> bool:
    """Return whether a text asks for nothing but what a section says, or a part of it: "Art. 5
    Abs. 2" and "What does § 12 say?", but not "Art. 5 GG"."""
    rest, count = _references().subn(" ", _folded(text))
    return count > 0 and _asking().issuperset(WORD.findall(_PART.sub(" ", rest)))


def section_at_start(text: str) -> str | None:
    """Return the number of the section that a text or a heading begins with, as `sections_named`
    has it; None where it begins otherwise."""
    match = _at_start(text)
    return _number(match) if match else None


def begins_alike(text: str, question: str) -> bool:
    """Return whether a text begins with a section that is written in a way that a question has:
    "第五条" and "第53条" are, "Article 5" and "Art. 5" are not."""
    match = _at_start(text)
    ways = {reference.lastindex for reference in _references().finditer(_folded(question))}
    return match is not None and match.lastindex in ways


def _at_start(text: str) -> re.Match[str] | None:
    folded = _folded(text[:MAX_REFERENCE])
    marks = _MARKS.match(folded)
    return _references().match(folded, marks.end() if marks else 0)


@cache
def _asking() -> frozenset[str]:
    """The words with which one asks what a section says."""
    return frozenset(map(_folded, language_words("questions.sections")))


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
