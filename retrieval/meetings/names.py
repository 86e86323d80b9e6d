"""The name of a meeting, as its article words it. Pure."""

from __future__ import annotations

import re

from ..models import Span
from .wording import Wording

MAX_BEFORE, MAX_AFTER = 6, 16
"""The most words of a name before and after its noun."""

_WORD = re.compile(r"[^\s]+")
_BREAK = re.compile(r"[,;:.!?()\n\"“”„»«]")


def name(text: str, noun: Span, breaks: list[Span], words: Wording) -> str:
    """The noun phrase around an event noun. `breaks` are spans that are no part of it."""
    start, end = _left(text, noun, breaks, words), _right(text, noun, breaks, words)
    purpose = words["names", "purpose"].match(text, noun[1] + 1)
    if (start, end) == noun and purpose:  # "conference to hand over the office"
        end = _right(text, (noun[0], purpose.end()), breaks, words, linked=True)
    return " ".join(text[start:end].split()).strip(" -–—'’")


def subject(text: str, verb: Span, breaks: list[Span], words: Wording) -> str:
    """What stands before a verb, back to a mark, a date or a place; empty if that is long."""
    start = max([0, *(e for _, e in breaks if e <= verb[0])])
    marks = [match.end() for match in _BREAK.finditer(text, start, verb[0])]
    said = text[max([start, *marks]) : verb[0]].split()
    while said and words["names", "before"].fullmatch(said[0]):
        said = said[1:]
    return " ".join(said) if 1 <= len(said) <= MAX_BEFORE else ""


def _left(text: str, noun: Span, breaks: list[Span], words: Wording) -> int:
    start = noun[0]
    before = list(_WORD.finditer(text, 0, noun[0]))[-MAX_BEFORE:]
    for word in reversed(before):
        if (
            _BREAK.search(text, word.start(), start)
            or words["names", "before"].fullmatch(word[0])
            or words["events", "held"].fullmatch(word[0])
            or any(word.start() < e and s < word.end() for s, e in breaks)
        ):
            break
        start = word.start()
    return start


def _right(
    text: str, noun: Span, breaks: list[Span], words: Wording, *, linked: bool = False
) -> int:
    end = noun[1]
    for n, word in enumerate(_WORD.finditer(text, noun[1])):
        stop = (
            n == MAX_AFTER
            or _BREAK.search(text, end, word.start() + 1)
            or any(word.start() < e and s < word.end() for s, e in breaks)
            or words["names", "stop"].match(text, word.start())
            or words["events", "held"].match(text, word.start())
        )
        # "of the Provincial and City offices", but not "of the offices and said".
        if words["names", "joins"].fullmatch(word[0]) and not _joins(text, word, words):
            break
        linked = linked or bool(words["names", "after"].match(text, word.start()))
        if stop or not (linked or words.adjective_after):
            break
        cut = _BREAK.search(text, word.start(), word.end())
        end = cut.start() if cut else word.end()
        if cut:
            break
    # No name ends in a word that only joins.
    last = re.compile(r"\s+(\S+)$")
    while (tail := last.search(text[noun[1] : end])) and (
        words["names", "before"].fullmatch(tail[1]) or words["names", "after"].fullmatch(tail[1])
    ):
        end = noun[1] + tail.start()
    return end


def _joins(text: str, word: re.Match[str], words: Wording) -> bool:
    """Whether a word stands between two that begin with a capital, or before a preposition."""
    before, after = text[: word.start()].split()[-1:], text[word.end() :].split(maxsplit=1)[:1]
    if after and words["places", "in"].fullmatch(after[0]):
        return True
    return all(part and part[0][0].isupper() for part in (before, after))
