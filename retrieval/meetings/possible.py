"""Statements that the rules pass over → the meetings that they may tell of, for the model to say.

"More than 120 people packed the gallery on Monday evening" names no meeting. Each day that an
article mentions may be that of one: `MeetingReader` reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..arrays import Floats
from ..days import Day, YearFrom
from ..meeting import Meeting, MeetingStatus, Mention, PossibleMeeting
from ..models import Kind
from .coming_days import ComingDays
from .published import Published
from .reports import OLD, Report, ReportReader
from .statements import Statement

MAX_MENTIONS = 200
"""The first days of an article that are read."""

LEAST_ODDS, VETO = 1.5, -5.0
"""The least log odds with which a meeting is listed; and those below which one that the rules take
for announced is not. Chosen on sets that the model had not learnt from (docs/measurements.md)."""

_OF_ARTICLE = (YearFrom.HEADER, YearFrom.URL)
_WORD = re.compile(r"[^\W\d_]{3}")

_COLUMNS = (MeetingStatus.HELD, MeetingStatus.ANNOUNCED)
"""What the columns of `MeetingReader.read` are of."""


def find_mentions(
    title: str,
    statements: Sequence[Statement],
    reader: ReportReader,
    published: Published,
    coming: ComingDays,
) -> Iterator[tuple[Report, MeetingStatus, Mention]]:
    """The days that the statements of an article mention, each as the report that it would be of a
    meeting that was held or is to come; of no other days than those whose year is known. Where the
    article's own day gives the year, they are of that year or near that day."""
    heading = before = ""
    year = published.newest.year if published.newest else None
    for statement in statements:
        told = ((*each, MeetingStatus.HELD) for each in reader.told_days(statement))
        planned = coming.planned(statement.text, is_off=False)
        ahead = ((*each, MeetingStatus.ANNOUNCED) for each in planned)
        for date, days, status in (*told, *ahead):
            around = f"{statement.text[: date.start]} {statement.text[date.end :]}"
            age = published.age(days.first)
            is_sure = days.year_from not in _OF_ARTICLE or (
                age is None or abs(age) <= OLD or days.first.year == year
            )
            if days.first.year and is_sure and _WORD.search(around):
                mention = Mention(title, heading, before, statement.text, *date.span, age)
                report = Report(statement, (0, 1), date, days, by_verb=True)
                yield report, status, mention
        before = statement.text
        if statement.kind is Kind.HEADING:
            heading = statement.text


def with_likely(
    meetings: Sequence[Meeting], possible: Sequence[PossibleMeeting], odds: Sequence[Floats]
) -> list[Meeting]:
    """Return the meetings of an article, as the rules have found them and `MeetingReader.read` has
    read the possible ones: without those announced for days of which no mention tells of one, and
    with those possible ones that are likely, of each other day the likeliest."""
    values = [
        float(row[_COLUMNS.index(each.meeting.status)])
        for each, row in zip(possible, odds, strict=True)
    ]
    best = dict[Day | None, float]()
    for value, each in zip(values, possible, strict=True):
        if each.meeting.status is MeetingStatus.ANNOUNCED:
            best[each.meeting.date] = max(value, best.get(each.meeting.date, value))
    listed = [
        each
        for each in meetings
        if each.status is not MeetingStatus.ANNOUNCED or best.get(each.date, 0.0) >= VETO
    ]
    for value, each in sorted(zip(values, possible, strict=True), key=lambda pair: -pair[0]):
        if value >= LEAST_ODDS and not any(_covers(one, each.meeting) for one in listed):
            listed.append(each.meeting)
    return listed


def _covers(meeting: Meeting, other: Meeting) -> bool:
    """Whether a meeting is on the day on which another one begins."""
    ends = (meeting.date, meeting.end_date or meeting.date, other.date)
    first, last, day = (each and each.date() for each in ends)
    return bool(first and last and day and first <= day <= last)
