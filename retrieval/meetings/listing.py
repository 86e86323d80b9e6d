"""Meetings of all articles → a list: each once, those to come first, filtered. Pure."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..days import Day
from ..languages.countries import country_codes, name_key
from ..languages.terms import fold
from ..meeting import Meeting, MeetingStatus


@dataclass(frozen=True, slots=True)
class MeetingFilter:
    """Which meetings to list: those with a day from `start` to `end`, both included, whose place
    has `place` in one of its names, or is in the country of that name, and whose article is in
    `language` (ISO 639-1). None filters nothing. What they are `about` a `Library` alone can tell.

    A meeting whose year is not known passes where neither `start` nor `end` is set.
    """

    start: datetime.date | None = None
    end: datetime.date | None = None
    place: str | None = None
    language: str | None = None
    about: str | None = None

    def passes(self, meeting: Meeting) -> bool:
        """Whether a meeting is among those to list, whatever it is about."""
        quotes = (meeting.evidence, *meeting.others)
        if self.language and all(quote.language != self.language for quote in quotes):
            return False
        if self.place and not _is_in(meeting, self.place):
            return False
        if self.start is None and self.end is None:
            return True
        first, last = first_day(meeting), last_day(meeting)
        if first is None or last is None:
            return False
        return (self.start is None or last >= self.start) and (
            self.end is None or first <= self.end
        )


def _is_in(meeting: Meeting, place: str) -> bool:
    """Whether a place is in a name of the meeting's. That of a country must be its country's, or
    the whole name ("Đức" is Germany, and no part of "Thủ Đức"), or where its country is not known
    words of it ("Universidad de Chile"), of more than three letters as Vietnamese syllables are."""
    names, key = (meeting.place or "", *meeting.place_names), name_key(place)
    if not (country := country_codes().get(key)):
        return any(key in name_key(name) for name in names)
    if meeting.country or len(key) <= 3:
        return meeting.country == country or key in map(name_key, names)
    return any(re.search(rf"\b{re.escape(fold(place))}\b", fold(name)) for name in names)


def first_day(meeting: Meeting) -> datetime.date | None:
    """The day on which a meeting begins; None if its year is unknown."""
    return meeting.date.date() if meeting.date else None


def last_day(meeting: Meeting) -> datetime.date | None:
    """The day on which a meeting ends; None if its year is unknown."""
    return meeting.end_date.date() if meeting.end_date else first_day(meeting)


def is_upcoming(meeting: Meeting, today: datetime.date) -> bool:
    """Whether a meeting was announced, called off or put off, and its day is not over."""
    last = last_day(meeting)
    return meeting.status is not MeetingStatus.HELD and last is not None and last >= today


def article_day(meeting: Meeting) -> str | None:
    """The day of the article, by which a meeting of an unknown year is sorted; None if it has
    none, or the meeting has a year."""
    return None if first_day(meeting) else meeting.evidence.date


def list_meetings(
    meetings: Iterable[Meeting],
    only: MeetingFilter | None = None,
    today: datetime.date | None = None,
) -> list[Meeting]:
    """The meetings: those to come, the next one first; then the others, newest first, of which
    one of an unknown year has the day of its article, and comes last if that has none.

    `today` is that of the machine if none is given.
    """
    now = today or datetime.date.today()
    merged = _passing(merge_meetings(meetings), only)
    return sorted(merged, key=lambda meeting: _order(meeting, now))


def _passing(meetings: Iterable[Meeting], only: MeetingFilter | None) -> list[Meeting]:
    return [meeting for meeting in meetings if only is None or only.passes(meeting)]


class MeetingList:
    """A list of meetings that is made anew only for another origin, or on another day."""

    def __init__(self) -> None:
        self._made: tuple[object, datetime.date, list[Meeting]] | None = None

    def listed(
        self, meetings: Iterable[Meeting], origin: object, only: MeetingFilter | None
    ) -> list[Meeting]:
        """The meetings that an object reports, listed as `list_meetings` does."""
        today, made = datetime.date.today(), self._made
        if made is None or made[0] is not origin or made[1] != today:
            self._made = made = origin, today, list_meetings(meetings, today=today)
        return _passing(made[2], only)


def merge_meetings(meetings: Iterable[Meeting]) -> list[Meeting]:
    """The meetings; one that several articles tell of is there once and quotes them all. Whether
    it was held is what the latest of them says."""
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
    if a.date is None or a.date.year is None:
        return False
    if a.status is b.status and (a.place is None or b.place is None):
        return False
    is_update = a.status is not b.status and _is_same_name(a.name, b.name)
    return is_update or _is_same_name(a.place, b.place) or _is_same_name(a.chair, b.chair)


def _is_same_name(a: str | None, b: str | None) -> bool:
    return a is not None and b is not None and name_key(a) == name_key(b)


def _merge(first: Meeting, further: Meeting) -> Meeting:
    """The meeting of both, told by the article that has it held, or else by the later one."""
    if _age(further) > _age(first):
        first, further = further, first
    others = (*first.others, further.evidence, *further.others)
    if first.place is None:
        first = replace(
            first,
            place=further.place,
            country=further.country,
            coordinates=further.coordinates,
            place_names=further.place_names,
        )
    return replace(
        first,
        chair=first.chair or further.chair,
        others=others,
        # A calendar has it since the first article was indexed.
        uid=min(first, further, key=lambda meeting: (meeting.created, meeting.uid)).uid,
        created=min(first.created, further.created),
        modified=max(first.modified, further.modified),
    )


def _age(meeting: Meeting) -> tuple[bool, str]:
    return meeting.status is MeetingStatus.HELD, meeting.evidence.date or ""


def _order(meeting: Meeting, today: datetime.date) -> tuple[int, Sequence[int], str]:
    """A key that sorts those to come, then those of a known day, then those of none."""
    day = meeting.end_date or meeting.date
    if is_upcoming(meeting, today):
        assert meeting.date  # noqa: S101 - `is_upcoming` needs it
        return 0, (meeting.date.year or 0, meeting.date.month, meeting.date.day), meeting.name
    if written := article_day(meeting):
        day = Day.parse(written)
    if day is None or day.year is None:
        return 2, (-day.month, -day.day) if day else (1,), meeting.name
    return 1, (-day.year, -day.month, -day.day), meeting.name
