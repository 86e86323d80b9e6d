"""Paragraph → sentences, with offsets: the only importer of sentencex.

sentencex is Wikimedia's splitter; it knows the abbreviations of many languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import sentencex

from ..languages import language_of
from ..models import MAX_QUOTE, Span

WINDOW = 8_000
"""The most characters that sentencex is given at once; a tenth of them where more than MAX_MARKS
are quotation marks and brackets, for each that is not closed costs it a look at all the rest."""

MAX_MARKS = 400

MIN_CLAUSE = 60
"""A sentence that is too long to quote is not cut closer to its ends than this."""

_MARK = re.compile(r"""[`'"«»‘‚“„‛‟‹《「『(（<{\[]""")
_LETTER = re.compile(r"\w")
_ORDINAL_END = re.compile(r"(?<!\w)\d{1,2}\.$")
_CLAUSE_ENDS = (re.compile(r";\s+"), re.compile(r"[,:–—]\s+"), re.compile(r"\s+"))


def sentences(text: str, start: int, end: int, language: str) -> list[Span]:
    """The sentences of text[start:end], as spans of the text without white space around them.

    A sentence of more than MAX_QUOTE characters is given as its clauses, since it could not be
    quoted otherwise.
    """
    found: list[Span] = []
    ordinals = language_of(language).numbers.ordinal_dot
    for offsets in _boundaries(text, start, end, language):
        first, last = _stripped(text, *offsets)
        if first == last:
            continue
        goes_on = found and (
            not _LETTER.search(text, first, last)
            or (ordinals and _ORDINAL_END.search(_tail(text, *found[-1])))
        )
        if goes_on:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return [clause for span in found for clause in _clauses(text, *span)]


def _tail(text: str, start: int, end: int) -> str:
    """The end of text[start:end], which an ordinal and the character before it fit in."""
    return text[max(start, end - 4) : end]


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


def _stripped(text: str, start: int, end: int) -> Span:
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end


def _clauses(text: str, start: int, end: int) -> Iterator[Span]:
    """Cut until each piece can be quoted: at a semicolon, else a comma, else a space."""
    while end - start > MAX_QUOTE:
        cut = _cut(text, start, end)
        yield _stripped(text, start, cut)
        start, _ = _stripped(text, cut, end)
    yield start, end


def _cut(text: str, start: int, end: int) -> int:
    pieces = -(-(end - start) // MAX_QUOTE)
    even = start + (end - start) // pieces
    low, high = start + MIN_CLAUSE, min(start + MAX_QUOTE, end - MIN_CLAUSE)
    for pattern in _CLAUSE_ENDS:
        ends = (match.end() for match in pattern.finditer(text, start, high + 1))
        cuts = [cut for cut in ends if low <= cut <= high]
        if cuts:
            return min(cuts, key=lambda cut: abs(cut - even))
    return start + MAX_QUOTE
