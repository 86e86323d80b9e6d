"""Meetings of all articles → a list: each once, newest first, filtered. Pure."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..languages.countries import country_codes, name_key
from ..meeting import Meeting


@dataclass(frozen=True, slots=True)
class MeetingFilter:
    """Which meetings to list: those with a day from `start` to `end`, both included, whose place
    has `place` in one of its names or is in the country of that name, and whose article is in
    `language` (ISO 639-1). None filters nothing.

    A meeting whose year is not known passes where neither `start` nor `end` is set.
    """

    start: datetime.date | None = None
    end: datetime.date | None = None
    place: str | None = None
    language: str | None = None

    def passes(self, meeting: Meeting) -> bool:
        """Whether a meeting is among those to list."""
        quotes = (meeting.evidence, *meeting.others)
        if self.language and all(quote.language != self.language for quote in quotes):
            return False
        if self.place and not _is_in(meeting, name_key(self.place)):
            return False
        if self.start is None and self.end is None:
            return True
        first = meeting.date.date() if meeting.date else None
        last = meeting.end_date.date() if meeting.end_date else first
        if first is None or last is None:
            return False
        return (self.start is None or last >= self.start) and (
            self.end is None or first <= self.end
        )


def _is_in(meeting: Meeting, place: str) -> bool:
    """Whether the key of a place is in that of a name of the meeting's, or of its country's."""
    names = (meeting.place or "", *meeting.place_names)
    return any(place in name_key(name) for name in names) or (
        meeting.country is not None and country_codes().get(place) == meeting.country
    )


def list_meetings(meetings: Iterable[Meeting], only: MeetingFilter | None = None) -> list[Meeting]:
    """The meetings, newest first; those of an unknown year come last, by month and day."""
    merged = merge_meetings(meetings)
    return sorted((each for each in merged if only is None or only.passes(each)), key=_age)


def merge_meetings(meetings: Iterable[Meeting]) -> list[Meeting]:
    """The meetings; one that several articles report is there once and quotes them all."""
    merged: list[Meeting] = []
    by_day = defaultdict[object, list[int]](list)  # Only those of the same days can be the same.
    for meeting in meetings:
        same_day = by_day[meeting.date, meeting.end_date]
        for index in same_day:
            if _is_same(meeting, merged[index]):
                merged[index] = _merge(merged[index], meeting)
                break
        else:
            same_day.append(len(merged))
            merged.append(meeting)
    return merged


def _is_same(a: Meeting, b: Meeting) -> bool:
    """Whether two articles report the same meeting, given that it is of the same days.

    Where either names no place, or the year is not known, they are kept apart: a list with a
    meeting twice is better than one that lost a meeting.
    """
    if a.evidence.article == b.evidence.article:
        return False
    if a.date is None or a.date.year is None or a.place is None or b.place is None:
        return False
    return _is_same_name(a.place, b.place) or _is_same_name(a.chair, b.chair)


def _is_same_name(a: str | None, b: str | None) -> bool:
    return a is not None and b is not None and name_key(a) == name_key(b)


def _merge(first: Meeting, further: Meeting) -> Meeting:
    others = (*first.others, further.evidence, *further.others)
    return replace(first, chair=first.chair or further.chair, others=others)


def _age(meeting: Meeting) -> tuple[int, Sequence[int], str]:
    """A key that sorts newest first by the last day: known years, unknown ones, no day at all."""
    day = meeting.end_date or meeting.date
    if day is None:
        return 2, (), meeting.name
    return 0 if day.year else 1, (-(day.year or 0), -day.month, -day.day), meeting.name
