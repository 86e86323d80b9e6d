"""Titles and headings that name a meeting and its day, and announcements below them. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise

from ..formats.lines import ends_sentence
from ..languages.meeting_words import MeetingWords
from ..languages.phrase_patterns import Pattern, phrase_pattern
from ..models import Kind, Span
from .dates import DateMention, ends_with, find_dates, is_full
from .published import HEAD_LINES
from .statements import Statement
from .verbs import past_verbs

TITLE_AT = 3
"""The last of the first statements that may be a title, below what a website has above it."""

MAX_FIELD_LABEL = 40
"""The most characters of the label before what it is of."""

CUE_REACH = 40
"""A word such as "will" or "since" governs so many characters behind it, within its clause."""

CLOSE_TO_CUE = 25
"""The most characters between "cancelled" and the meeting that it is said of."""

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\](?!\()")
_CLAUSE_END = re.compile(r"[:;]|\w\.\s")
_ITEM = re.compile(r"[-–—•*]\s")
_LETTER = re.compile(r"[^\W\d_]")


def find_heading(
    statement: Statement, nouns: Sequence[Span], dates: Sequence[DateMention], words: MeetingWords
) -> tuple[Span, list[DateMention]] | None:
    """The noun and the full dates of a title or heading that names a meeting, if it is one.

    What it names in brackets is another meeting, and a date behind "published" is the article's.
    """
    text, events = statement.text, words.events
    is_title = statement.index <= (TITLE_AT if text[:1].isalpha() else 1) and not (
        statement.index > 0 and _ITEM.match(text)
    )
    full = [
        date
        for date in dates
        if is_full(date) and not ends_with(words.dates.published, text[: date.start].rstrip(" :"))
    ]
    if (
        not (full and (is_title or statement.kind is Kind.HEADING))
        or ends_sentence(text)
        or events.future.search(text)
        or events.approved.search(text)
    ):
        return None
    asides = [match.span() for match in _BRACKETS.finditer(text)]
    nouns = [noun for noun in nouns if not any(gap(noun, aside) < 0 for aside in asides)]
    return (nouns[-1], full) if nouns else None


def announces(statement: Statement, words: MeetingWords) -> bool:
    """Whether a statement says of the meeting of its heading that it is to come: it names a
    meeting, not the next one, and no day."""
    text = statement.text
    cues = [match.span() for match in words.events.future.finditer(text)]
    if not cues or find_dates(text, words):
        return False
    nexts = [match.end() for match in _next(words).finditer(text)]
    nexts += [end for _, end in cues]
    nouns = [noun for noun in noun_spans(text, words) if not {noun[0] - 1, noun[1]} & {*nexts}]
    return any(cue < noun or gap(cue, noun) == 1 for noun in nouns for cue in cues)


def gap(a: Span, b: Span) -> int:
    """The characters between two spans; below 0 where they overlap."""
    return max(a[0], b[0]) - min(a[1], b[1])


def governs(text: str, cue: Span, span: Span) -> bool:
    """Whether "will" is near a meeting or a date and in its clause."""
    between = text[min(cue[1], span[1]) : max(cue[0], span[0])]
    return gap(cue, span) <= CUE_REACH and not _CLAUSE_END.search(between)


@cache
def _next(words: MeetingWords) -> Pattern:
    return phrase_pattern(words.dates.next)


def says_next(text: str, words: MeetingWords) -> bool:
    """Whether a text speaks of what is next."""
    return _next(words).search(text) is not None


def invites(statement: Statement, words: MeetingWords) -> bool:
    """Whether a statement is a title or one of the first lines that begins with "agenda" or
    "invitation"."""
    agenda = words.events.agenda.search(statement.text)
    if agenda is None or statement.index <= 0:
        return agenda is not None
    is_line = statement.index < HEAD_LINES and not ends_sentence(statement.text)
    return is_line and not _LETTER.search(statement.text, 0, agenda.start())


def find_invited(statements: Sequence[Statement], words: MeetingWords) -> set[int]:
    """The indices of the lines that name a meeting to which the one above invites: "invites you"
    above "to the AGM"."""
    return {
        below.index
        for above, below in pairwise(statements)
        for match in [words.events.invited.search(above.text)]
        if match and not ends_sentence(above.text) and noun_spans(below.text, words)
        if all(gap(verb, match.span()) < 0 for verb in past_verbs(above.text, words))
    }


def names_next(text: str, words: MeetingWords) -> Span | None:
    """Where a text begins with a label that says that it is of the next meeting: "Next call: 3
    May"; None if it does not."""
    label, colon, _ = text[:MAX_FIELD_LABEL].partition(":")
    start = len(label) - len(label.lstrip(" -*#•"))
    cues = (_next(words), words.events.future)
    return (start, len(label)) if colon and any(cue.search(label) for cue in cues) else None


def find_next(text: str, words: MeetingWords) -> Span | None:
    """Where a text begins with what is next: "The next one is on 3 May"."""
    match = _next(words).search(text, 0, MAX_FIELD_LABEL)
    before = text[: match.start()].strip(" -*#•") if match else "?"
    is_begin = not before or words.events.determiners.fullmatch(before)
    return match.span() if match and is_begin else None


def calls_off(title: str, words: MeetingWords) -> bool:
    """Whether a title says that a meeting will not be held: "Session cancelled", "Suspendida la
    sesión", but not "Council cancels the fair"."""
    nouns = noun_spans(title, words)
    for cue in words.events.cancelled.finditer(title):
        is_object = words.events.determiners.match(title[cue.end() :].lstrip())
        if any(0 < noun[0] - cue.end() <= CLOSE_TO_CUE for noun in nouns):
            return True
        if not is_object and any(noun[1] < cue.start() for noun in nouns):
            return True
    return False


@lru_cache(maxsize=1_000)  # Whoever reads a statement asks first whether it names a meeting.
def noun_spans(text: str, words: MeetingWords) -> list[Span]:
    """Where a text names a meeting, or something that is called like one."""
    spans = [match.span() for match in words.events.nouns.finditer(text)]
    if words.nouns_capitalised:  # "Wir treffen uns".
        return [span for span in spans if text[span[0]].isupper()]
    return spans
