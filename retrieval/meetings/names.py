"""The name of a meeting, as its article words it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..languages.meeting_words import MeetingWords
from ..models import Span

MAX_BEFORE, MAX_AFTER = 6, 16
"""The most words of a name before and after its noun."""

MAX_PRONOUN = 3
"""No pronoun that is taken for who met has more letters; "EU" has two capitals."""

_YEAR = re.compile(r"(?:19|20)\d\d")
_WORD = re.compile(r"[^\s]+")
_BREAK = re.compile(r"[,;:.!?()\n\"“”„»«]")
_LETTER = re.compile(r"[^\W_]")
_MARKS = " -–—'’#*_|:,;([\"“”„"
_LAST_WORD = re.compile(r"\s+(\S+)$")


def noun_phrase(text: str, noun: Span, breaks: Sequence[Span], words: MeetingWords) -> str:
    """The noun phrase around the noun of a meeting. `breaks` are spans that are no part of it."""
    start, end = _left(text, noun, breaks, words), _right(text, noun, breaks, words)
    for phrase in (words.names.before, words.events.held):  # "tổ chức" is two words.
        start = max([start, *(m.end() + 1 for m in phrase.finditer(text, start, noun[0]))])
    purpose = words.names.purpose.match(text, noun[1] + 1)
    if (start, end) == noun and purpose:  # "conference to hand over the office"
        end = _right(text, (noun[0], purpose.end()), breaks, words, linked=True)
    return " ".join(text[start:end].split()).strip(_MARKS)


def is_bare(name: str, words: MeetingWords) -> bool:
    """Whether a name is "meeting" or "it" alone: "Sitzung", but not "Sondersitzung"."""
    nouns = words.events.nouns
    if nouns.fullmatch(name):
        return not nouns.fullmatch(name[1:])
    return len(name) <= MAX_PRONOUN and name[1:].islower()


def heading_name(text: str, date: Span, words: MeetingWords) -> str:
    """A title or heading without its marks and the date in it; empty if it has nothing else."""
    before, after = text[: date[0]].split(), text[date[1] :].split()
    while before and (words.names.before.fullmatch(before[-1]) or not _LETTER.search(before[-1])):
        before.pop()
    while after and not _LETTER.search(after[0]):
        after.pop(0)
    return " ".join([*before, *after]).strip(_MARKS)


def subject_before(text: str, verb: Span, breaks: Sequence[Span], words: MeetingWords) -> str:
    """What stands before a verb, back to a mark or one of the `breaks`; empty if that is long."""
    start = max([0, *(end for _, end in breaks if end <= verb[0])])
    marks = [match.end() for match in _BREAK.finditer(text, start, verb[0])]
    subject = text[max([start, *marks]) : verb[0]].split()
    while subject and words.names.before.fullmatch(subject[0]):
        subject = subject[1:]
    while subject and _is_auxiliary(subject[-1], words):  # "The council will | is to" meet.
        subject = subject[:-1]
    return " ".join(subject) if 1 <= len(subject) <= MAX_BEFORE else ""


def _is_auxiliary(word: str, words: MeetingWords) -> bool:
    return bool(words.names.stop.fullmatch(word) or words.events.future.fullmatch(word))


def _left(text: str, noun: Span, breaks: Sequence[Span], words: MeetingWords) -> int:
    start = noun[0]
    before = list(_WORD.finditer(text, 0, noun[0]))[-MAX_BEFORE:]
    for word in reversed(before):
        if (
            _BREAK.search(text, word.start(), start)
            or words.names.before.fullmatch(word[0])
            or words.events.held.fullmatch(word[0])
            or _overlaps(word, breaks)
        ):
            break
        start = word.start()
    return start


def _right(
    text: str, noun: Span, breaks: Sequence[Span], words: MeetingWords, *, linked: bool = False
) -> int:
    end = noun[1]
    for count, word in enumerate(_WORD.finditer(text, noun[1])):
        # "of the Provincial and City offices", but not "of the offices and said".
        if words.names.joins.fullmatch(word[0]) and not _joins_name(text, word, words):
            break
        linked = linked or bool(words.names.after.match(text, word.start()))
        if (
            count == MAX_AFTER
            or not (linked or words.names.adjective_after)
            or _BREAK.search(text, end, word.start() + 1)
            or _overlaps(word, breaks)
            or words.names.stop.match(text, word.start())
            or words.events.held.match(text, word.start())
            or words.events.future.match(text, word.start())
        ):
            break
        cut = _BREAK.search(text, word.start(), word.end())
        end = cut.start() if cut else word.end()
        if cut:
            break
    # No name ends in a word that only joins.
    while (last := _LAST_WORD.search(text[noun[1] : end])) and (
        words.names.before.fullmatch(last[1]) or words.names.after.fullmatch(last[1])
    ):
        end = noun[1] + last.start()
    return end


def _overlaps(word: re.Match[str], breaks: Sequence[Span]) -> bool:
    return any(word.start() < end and start < word.end() for start, end in breaks)


def _joins_name(text: str, word: re.Match[str], words: MeetingWords) -> bool:
    """Whether a word stands between two that begin with a capital, or before a preposition."""
    before, after = text[: word.start()].split()[-1:], text[word.end() :].split(maxsplit=1)[:1]
    if after and words.places.prepositions.fullmatch(after[0]):
        return True
    return all(part and part[0][0].isupper() for part in (before, after))
