"""Paragraph → sentences, with offsets: the only importer of sentencex.

sentencex is Wikimedia's splitter; it knows the abbreviations of many languages.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

import sentencex

from ..languages import language_of
from ..languages.sections import MAX_REFERENCE, section_at_start
from ..models import MAX_QUOTE, Span
from .plain_view import stripped

WINDOW = 8_000
"""The most characters that sentencex is given at once; a tenth of them where more than MAX_MARKS
are quotation marks and brackets, for each that is not closed costs it a look at all the rest."""

MAX_MARKS = 400

ABBREVIATION_REACH = 12
"""Characters at the end of a sentence in which an abbreviation is looked for."""

MIN_CLAUSE = 60
"""A sentence that is too long to quote is not cut closer to its ends than this."""

_MARK = re.compile(r"""[`'"«»‘‚“„‛‟‹《「『(（<{\[]""")
_LETTER = re.compile(r"\w")
_ORDINAL_END = re.compile(r"(?<!\w)\d{1,2}\.$")
_ITEM_NUMBER = re.compile(r"(?:\S\s+)?(?:\(?\d{1,3}(?:\.\d{1,3}){0,3}|[IVXL]{1,6})[.)]")
_ENUMERATION = re.compile("[，；]")
"""What stands before a section in a sentence that lists some; "、" only lists their numbers."""
_CLAUSE_ENDS = (
    re.compile(r"[;؛]\s+|；"),
    re.compile(r"[,:،–—]\s+|[，：、﹐､]"),
    re.compile(r"\s+"),
)
"""Where a sentence is cut that is too long to quote: what parts clauses best comes first. Marks of
scripts without spaces have none behind them."""


def sentences(text: str, start: int, end: int, language: str) -> list[Span]:
    """The sentences of text[start:end], as spans of the text without white space around them.

    A sentence of more than MAX_QUOTE characters is given as its clauses, since it could not be
    quoted otherwise.
    """
    joined: list[Span] = []
    ordinals = language_of(language).ordinal_dot
    abbreviation = _abbreviation_end(language)
    for offsets in _boundaries(text, start, end, language):
        first, last = stripped(text, *offsets)
        if first == last:
            continue
        if joined:
            start_above, end_above = joined[-1]
            # An ordinal or an abbreviation, and the character before it.
            tail = text[max(start_above, end_above - ABBREVIATION_REACH) : end_above]
            goes_on = (
                (ordinals and _ORDINAL_END.search(tail))
                or abbreviation.search(tail)
                or (len(joined) == 1 and _ITEM_NUMBER.fullmatch(tail))
            )
            if goes_on or not _LETTER.search(text, first, last):
                joined[-1] = (start_above, last)
                continue
        joined.append((first, last))
    return [clause for span in joined for clause in clauses(text, *span)]


@cache
def _abbreviation_end(language: str) -> re.Pattern[str]:
    """What ends with an abbreviation of a language and its full stop; nothing if it has none."""
    abbreviations = language_of(language).abbreviations
    words = "|".join(map(re.escape, abbreviations)) or r"(?!)"
    return re.compile(rf"(?<![\w.])(?:{words})\.$")


def _boundaries(text: str, start: int, end: int, language: str) -> Iterator[Span]:
    """The sentences of text[start:end] as sentencex sees them, window by window.

    The last sentence of a window begins the next one; one that fills its window is cut at a space.
    """
    while start < end:
        flat = re.sub(r"[\r\n]", " ", text[start : min(start + WINDOW, end)])
        if len(_MARK.findall(flat)) > MAX_MARKS:
            flat = flat[: WINDOW // 10]
        spans = [
            (start + boundary["start_index"], start + boundary["end_index"])
            for boundary in sentencex.get_sentence_boundaries(language, flat)
        ]
        if start + len(flat) < end:
            spans = spans[:-1] or [(start, start + (flat.rfind(" ") + 1 or len(flat)))]
        yield from spans
        start = spans[-1][1]


def clauses(text: str, start: int, end: int, most: int = MAX_QUOTE) -> Iterator[Span]:
    """Cut text[start:end] until no piece has more than `most` characters: before each section that
    it lists ("…，第5条规定…"), and at a semicolon, else a comma, else a space, else between two
    characters of a script that puts none between words."""
    if end - start > most:
        for mark in _ENUMERATION.finditer(text, start, end):
            if section_at_start(text[mark.end() : mark.end() + MAX_REFERENCE]):
                yield from _pieces(text, start, mark.end(), most)
                start = mark.end()
    yield from _pieces(text, start, end, most)


def _pieces(text: str, start: int, end: int, most: int) -> Iterator[Span]:
    while end - start > most:
        cut = _cut(text, start, end, most)
        first, last = stripped(text, start, cut)
        if first < last:
            yield first, last
        start, _ = stripped(text, cut, end)
    start, end = stripped(text, start, end)
    if start < end:
        yield start, end


def _cut(text: str, start: int, end: int, most: int) -> int:
    pieces = -(-(end - start) // most)
    even = start + (end - start) // pieces
    least = min(MIN_CLAUSE, most // 4)
    low, high = start + least, min(start + most, end - least)
    for pattern in _CLAUSE_ENDS:
        ends = (match.end() for match in pattern.finditer(text, start, high + 1))
        cuts = [cut for cut in ends if low <= cut <= high]
        if cuts:
            return min(cuts, key=lambda cut: abs(cut - even))
    cut = min(start + most, end)
    # Never within a number, a word in letters with case, or a letter of several characters.
    while cut > low and _is_within(text, cut):
        cut -= 1
    return cut if cut > low else start + most


def _is_within(text: str, cut: int) -> bool:
    """Whether two characters belong together: those of a number or of a word, or a letter and what
    stands above or below it."""
    left, right = text[cut - 1], text[cut : cut + 1]
    if unicodedata.category(right or " ")[0] == "M" or (left + right).isdigit():
        return True
    return left.isalpha() and right.isalpha() and (left.lower() != left.upper())
