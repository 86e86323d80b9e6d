"""What the model says of possible meetings → those that are listed. Pure.

Apart from what finds them (`possible`): it needs no words of a language, which take long to load.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..arrays import Floats
from ..days import Day
from ..meeting import Meeting, MeetingStatus, PossibleMeeting

LEAST_ODDS, VETO = 1.5, -5.0
"""The least log odds with which a meeting is listed; and those below which one that the rules take
for announced is not. Chosen on sets that the model had not learnt from (docs/measurements.md)."""

_COLUMNS = (MeetingStatus.HELD, MeetingStatus.ANNOUNCED)
"""What the columns of `MeetingReader.read` are of."""


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
