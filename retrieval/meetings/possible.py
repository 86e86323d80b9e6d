"""Statements that the rules pass over → the meetings that they may tell of, for the model to say.

"More than 120 people packed the gallery on Monday evening" names no meeting. Each day that an
article mentions may be that of one: `MeetingReader` reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..arrays import Floats
from ..days import Day
from ..meeting import Meeting, MeetingStatus, Mention, PossibleMeeting
from ..models import Kind
from .coming_days import ComingDays
from .published import Published
from .reports import Report, ReportReader
from .statements import Statement

MAX_MENTIONS = 200
"""The first days of an article that are read."""

LEAST_ODDS, VETO = 1.5, -5.0
"""The least log odds with which a meeting is listed; and those below which one that the rules have
found is not. Chosen on sets that the model had not learnt from (docs/measurements.md)."""

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
    meeting that was held or is to come; of no other days than those whose year is known."""
    heading = before = ""
    for statement in statements:
        told = ((*each, MeetingStatus.HELD) for each in reader.told_days(statement))
        planned = coming.planned(statement.text, is_off=False)
        ahead = ((*each, MeetingStatus.ANNOUNCED) for each in planned)
        for date, days, status in (*told, *ahead):
            around = f"{statement.text[: date.start]} {statement.text[date.end :]}"
            if days.first.year and _WORD.search(around):
                age = published.age(days.first)
                mention = Mention(title, heading, before, statement.text, *date.span, age)
                report = Report(statement, (0, 1), date, days, by_verb=True)
                yield report, status, mention
        before = statement.text
        if statement.kind is Kind.HEADING:
            heading = statement.text


def with_likely(
    meetings: Sequence[Meeting], possible: Sequence[PossibleMeeting], odds: Floats
) -> list[Meeting]:
    """Return the meetings of an article, as the rules have found them and `MeetingReader.read` has
    read the possible ones: without those of days of which no mention tells of one, and with those
    possible ones that are likely, of each other day the likeliest."""
    values = [
        float(row[_COLUMNS.index(each.meeting.status)])
        for each, row in zip(possible, odds, strict=True)
    ]
    best = dict[tuple[Day | None, MeetingStatus], float]()
    for value, each in zip(values, possible, strict=True):
        key = each.meeting.date, each.meeting.status
        best[key] = max(value, best.get(key, value))
    listed = [each for each in meetings if best.get((each.date, each.status), 0.0) >= VETO]
    days = {each.date for each in meetings}
    for value, each in sorted(zip(values, possible, strict=True), key=lambda pair: -pair[0]):
        if value >= LEAST_ODDS and each.meeting.date not in days:
            listed.append(each.meeting)
            days.add(each.meeting.date)
    return listed
