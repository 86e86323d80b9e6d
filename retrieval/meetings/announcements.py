"""Meetings that an article says are to come, or will not be held as planned. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..days import YearFrom
from ..languages.meeting_words import EventWords, MeetingWords
from ..meeting import MeetingStatus
from ..models import Kind
from .headings import gap, is_agenda, noun_spans
from .published import Published
from .reports import CUE_REACH, Report, ReportReader
from .statements import Statement
from .years import DateRange

MAX_STATEMENTS = 200
"""The number of an article's first statements in which announcements are looked for."""

MAX_GAP = 60
"""The most characters between a meeting that is to come and its date: a further one is another's,
as that of a registration."""


def find_announcements(
    statements: Sequence[Statement], words: MeetingWords, reader: ReportReader, published: Published
) -> Iterator[tuple[Report, MeetingStatus]]:
    """The meetings that an article announces, calls off or puts off, each day once.

    Their day is stated with its year or follows from the article's, and lies after it.
    """
    seen: set[DateRange] = set()
    for statement in statements[:MAX_STATEMENTS]:
        status = _status(statement, words.events) if noun_spans(statement.text, words) else None
        if status is None or statement.kind is Kind.TABLE:
            continue
        for report in reader.planned(statement):
            days, cues = report.days, words.events.future
            if days is None or days in seen:
                continue
            stated = days.year_from is YearFrom.STATED
            if not published.may_announce(days.first, stated=stated):
                continue
            text = statement.text
            near = any(gap(report.noun, cue.span()) <= CUE_REACH for cue in cues.finditer(text))
            if gap(report.noun, report.date.span) <= MAX_GAP and (
                near or is_agenda(statement, words.events) or status is not MeetingStatus.ANNOUNCED
            ):
                seen.add(days)
                yield report, status


def _status(statement: Statement, events: EventWords) -> MeetingStatus | None:
    """What a statement says of a meeting that has not been held; None if it says nothing."""
    text = statement.text
    if events.sport.search(text):
        return None
    if events.postponed.search(text):
        return MeetingStatus.POSTPONED
    if events.cancelled.search(text):
        return MeetingStatus.CANCELLED
    is_ahead = is_agenda(statement, events) or events.future.search(text)
    return MeetingStatus.ANNOUNCED if is_ahead else None
