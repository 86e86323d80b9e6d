"""Meetings of all articles → a list: each once, newest first, only those that are wanted. Pure."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..days import Day
from ..languages.terms import fold
from ..models import Meeting


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which meetings: those with a day from `start` to `end`, both included, whose place has
    `place` in its name, and whose article is in `language` (ISO 639-1). None asks for nothing.

    A meeting whose year is not known is wanted where no day is asked for.
    """

    start: datetime.date | None = None
    end: datetime.date | None = None
    place: str | None = None
    language: str | None = None


def listed(meetings: Iterable[Meeting], wanted: Wanted | None = None) -> list[Meeting]:
    """The meetings, newest first; those of an unknown year come last, by month and day."""
    chosen = [one for one in merged(meetings) if wanted is None or _is_wanted(one, wanted)]
    return sorted(chosen, key=_age)


def merged(meetings: Iterable[Meeting]) -> list[Meeting]:
    """The meetings with those of several articles as one, which quotes them all."""
    found: list[Meeting] = []
    places = defaultdict[object, list[int]](list)  # Only those of one day can be the same.
    for meeting in meetings:
        day = (meeting.date, meeting.end_date)
        for place in places[day]:
            if _same(meeting, found[place]):
                found[place] = _joined(found[place], meeting)
                break
        else:
            places[day].append(len(found))
            found.append(meeting)
    return found


def _same(one: Meeting, other: Meeting) -> bool:
    """Whether two articles report the same meeting: the same days in the same place.

    Where one of them names no place, or its year is not known, they are kept apart: a list with
    a meeting twice is better than one that lost a meeting.
    """
    if one.evidence.article == other.evidence.article:
        return False
    if one.date is None or one.date.year is None or one.place is None or other.place is None:
        return False
    return _alike(one.place, other.place) or _alike(one.chair, other.chair)


def _alike(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and _plain(one) == _plain(other)


def _plain(name: str) -> str:
    """A name without accents, case and spaces: "Hà Nội" is Hanoi."""
    return "".join(fold(name).split())


def _joined(one: Meeting, other: Meeting) -> Meeting:
    return replace(
        one,
        chair=one.chair or other.chair,
        others=(*one.others, other.evidence, *other.others),
    )


def _is_wanted(meeting: Meeting, wanted: Wanted) -> bool:
    if wanted.language and wanted.language not in _languages(meeting):
        return False
    if wanted.place and _plain(wanted.place) not in _plain(meeting.place or ""):
        return False
    if wanted.start is None and wanted.end is None:
        return True
    first = meeting.date.date() if meeting.date else None
    last = meeting.end_date.date() if meeting.end_date else first
    if first is None or last is None:
        return False
    return (wanted.start is None or last >= wanted.start) and (
        wanted.end is None or first <= wanted.end
    )


def _languages(meeting: Meeting) -> set[str]:
    return {quote.language for quote in (meeting.evidence, *meeting.others)}


def _age(meeting: Meeting) -> tuple[int, Sequence[int], str]:
    """Sorts by the last day, backwards: known years, then unknown ones, then no day at all."""
    day: Day | None = meeting.end_date or meeting.date
    if day is None:
        return 2, (), meeting.name
    known = 0 if day.year else 1
    return known, (-(day.year or 0), -day.month, -day.day), meeting.name
