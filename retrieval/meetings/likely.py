"""What the model says of possible meetings → those that are listed. Pure.

Apart from what finds them (`possible`): it needs no words of a language, which take long to load.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..days import Day
from ..meeting import Meeting, MeetingStatus, MentionReading, PossibleMeeting

LEAST_ODDS, VETO = 1.5, -3.0
"""The least log odds with which a meeting is listed; and those below which one that the rules take
for announced is not. Chosen on sets that the model had not learnt from (docs/measurements.md)."""

LEAST_AT, NOT_AT = 0.5, -0.5
"""The least log odds with which a meeting was at a place; and those below which it was not where
the rules say. Chosen as those."""

_COLUMNS = (MeetingStatus.HELD, MeetingStatus.ANNOUNCED)
"""What the odds of a `MentionReading` are of."""


def with_likely(
    meetings: Sequence[Meeting],
    possible: Sequence[PossibleMeeting],
    readings: Sequence[MentionReading],
) -> list[Meeting]:
    """Return the meetings of an article, as the rules have found them and `MeetingReader.read` has
    read the possible ones: without those announced for days of which no mention tells of one, and
    with those possible ones that are likely, of each other day the likeliest. Each is at the place
    that is likely where its day is mentioned."""
    found = [
        _Found(reading.odds[_COLUMNS.index(each.meeting.status)], each, reading)
        for each, reading in zip(possible, readings, strict=True)
    ]
    found.sort(key=lambda each: -each.odds)
    best = dict[tuple[Day | None, MeetingStatus], _Found]()
    for each in found:
        best.setdefault((each.possible.meeting.date, each.possible.meeting.status), each)
    listed = list[Meeting]()
    for meeting in meetings:
        told = best.get((meeting.date, meeting.status))
        if told and told.odds < VETO and meeting.status is MeetingStatus.ANNOUNCED:
            continue
        listed.append(told.placed(meeting) if told else meeting)
    for each in found:
        meeting = each.possible.meeting
        if each.odds < LEAST_ODDS:
            continue
        at = next((n for n, one in enumerate(listed) if _overlap(one, meeting)), None)
        if at is None:
            listed.append(each.placed(meeting))
        elif meeting.end_date and meeting.evidence == listed[at].evidence:
            listed[at] = replace(listed[at], date=meeting.date, end_date=meeting.end_date)
    return listed


@dataclass(frozen=True, slots=True)
class _Found:
    """A possible meeting, the log odds that it is one, and what was read of it."""

    odds: float
    possible: PossibleMeeting
    reading: MentionReading

    def placed(self, meeting: Meeting) -> Meeting:
        """A meeting of this day at the likely place: a town rather than a building. Where none is
        likely it stays where it was, if that is not unlikely."""
        pairs = zip(self.reading.places, self.possible.places, strict=True)
        read = [(odds, each) for odds, each in pairs if odds is not None]
        likely = [(bool(each.coordinates), odds, each) for odds, each in read if odds >= LEAST_AT]
        if likely:
            return meeting.at(max(likely, key=lambda each: each[:2])[2])
        is_elsewhere = any(each.place == meeting.place and odds < NOT_AT for odds, each in read)
        return meeting.at(None) if is_elsewhere else meeting


def _overlap(meeting: Meeting, other: Meeting) -> bool:
    """Whether two meetings have a day in common."""
    ends = [day and day.date() for each in (meeting, other) for day in (each.date, each.end_date)]
    first, last, begin, end = ends
    if not first or not begin:
        return False
    return first <= (end or begin) and begin <= (last or first)
