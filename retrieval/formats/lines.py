"""What a line of a text is by itself: where it breaks, how it begins and ends. Pure."""

from __future__ import annotations

import re
from collections import Counter

from ..models import Span

ENDING = 200
"""A sentence's end or a credit is looked for in so many of the last characters of a line."""

LIST_MARKS = "-*+•‣▪◦–—"
"""What an item of a list may begin with, as a class of characters."""

BREAKS = "\n\r\x0b\x0c\x85\u2028\u2029"
"""The characters that end a line, as a class."""

BLOCK_START = re.compile(
    rf"[{LIST_MARKS}]\s"
    r"|#{1,6}\s|\(?[a-z]\)\s|\(?[ivx]{1,5}\)\s|(?:[ivx]{2,5}|v|x)\.\s|§|>|\||!\["
    r"|</?(?:p|div|h[1-6]|[uo]l|li|table|t[rdh]|figure|figcaption|blockquote|section)[\s>]"
    r"|```|~~~|\+[-=]{2}|[-=*_~]{3,}[ \t]*(?:[\r\n]|$)"
    r"|\[\^[^\]\s]{1,60}\]:|:{3}|[!?]{3}\s|\{%|\{\{[<%]"
)
"""What an item, a heading, a row and whatever else begins a paragraph begin with, but a number."""

ITEM_NUMBER = re.compile(r"\(?\d{1,3}[.)]\s|\d{1,3}(?:\.\d{1,3})+\.?\s")
"""What a numbered item begins with."""

DATED = re.compile(r"[a-zà-ỹ]+(?::\s(?:\w{3,12},?\s)?\d[^\n\r]{2,40}\d|\s+\d{4}-\d\d-\d\d)")
"""The line that a program leaves below a title: "date 2020-11-03", "fecha: 3 de mayo de 2020"."""

_LEAVES_OPEN = re.compile(
    r"(?:und|oder|bzw|and|(?:or|et|ou)(?=\s{1,9}[^\W\d_]{1,40}-)|[^\W\d_](?!-))(?![^\W\d_])"
)
"""What stands behind a word whose second part a later one has ("Hin- / und Rückfahrt"), and is no
second part itself: its hyphen divides no word."""

_OF_SEVERAL = re.compile(r"[^\W\d_]{1,2}-[^\W\d_]")
"""The next part of a word of several that have hyphens ("vis- / à-vis", "up- / to-date")."""

_PART = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_BREAK = re.compile(r"\r{0,2}\n|[\r\x0b\x0c\x85\u2028]|(\u2029)")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»“)\]/.]*$")


def ends_sentence(text: str, start: int = 0, end: int | None = None) -> bool:
    """Return whether text[start:end], all without an `end`, ends as a sentence does: in a stop."""
    return bool(_SENTENCE_END.search(text[max(start, (end or len(text)) - ENDING) : end]))


def counted_words(text: str) -> Counter[str]:
    """Return how often each word stands in a text, for `between_parts`."""
    return Counter(_WORD.findall(text))


def between_parts(first: str, hyphen: str, text: str, at: int, words: Counter[str]) -> str:
    """Return what stands between the parts of a word that a line's end divides, the second of which
    begins at an offset of a text: nothing, or a hyphen where the word has one elsewhere, too, or
    where it has no end of its own."""
    if hyphen == "\xad":
        return ""
    if _LEAVES_OPEN.match(text, at):
        return "- "
    second = _PART.match(text, at)
    if not first or not second or _OF_SEVERAL.match(text, at):
        return "-"
    is_compound = words[f"{first}-{second[0]}"] > words[first + second[0]]
    return "-" if second[0][0].isupper() or is_compound else ""


def begins_paragraph(text: str, start: int = 0) -> bool:
    """Whether the line from an offset on is an item, a heading, a row or the like."""
    return bool(BLOCK_START.match(text, start) or ITEM_NUMBER.match(text, start))


def indented_line(text: str, end: int) -> Span:
    """Return where the words of the line begin that has text before an offset, and how far they are
    indented."""
    start = text.rfind("\n", 0, end) + 1
    indent = end - start - len(text[start:end].lstrip())
    return start + indent, indent


def breaks_between(text: str, start: int, end: int) -> int:
    """The number of line breaks in text[start:end]; the end of a paragraph counts as two."""
    if end - start == 1:  # As most are.
        return 2 if text[start] == "\u2029" else int(text[start] in BREAKS)
    return sum(2 if match[1] else 1 for match in _BREAK.finditer(text, start, end))
