"""The days of a meeting, and the period that a text is of. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from ..days import Day, YearFrom
from .published import Published


@dataclass(frozen=True, slots=True)
class DateRange:
    """The days of a meeting; `last` is the same as `first` where it is one day."""

    first: Day
    last: Day
    year_from: YearFrom | None

    def moved(self, days: int) -> DateRange | None:
        """The one day that is so many days after the last; None if its year is not known."""
        date = self.last.date()
        if date is None:
            return None
        day = as_day(date + datetime.timedelta(days=days))
        return DateRange(day, day, self.year_from)


@dataclass(frozen=True, slots=True)
class Period:
    """What a title says that its text is of, from one date to another of a year."""

    first: datetime.date
    last: datetime.date

    def __contains__(self, date: datetime.date) -> bool:
        return self.first <= date <= self.last

    def days(self) -> Iterator[datetime.date]:
        """Its days, in order."""
        count = (self.last - self.first).days + 1
        return (self.first + datetime.timedelta(days=step) for step in range(count))

    def year(self, day: Day, weekday: int | None, published: Published) -> int | None:
        """The year of a day if the period has it, it is of the weekday, if one is stated, and the
        article is not of before it."""
        for year in range(self.first.year, self.last.year + 1):
            there = in_year(day, year)
            date = there.date()
            fits = date and date in self and weekday in (None, date.weekday())
            if fits and not published.is_before(there):
                return year
        return None


def range_in_year(first: Day, last: Day, year: int, year_from: YearFrom) -> DateRange:
    """Days without a year in the year that they begin in."""
    turned = (first.month, first.day) > (last.month, last.day)
    return DateRange(in_year(first, year), in_year(last, year + turned), year_from)


def in_year(day: Day, year: int) -> Day:
    """The same day in a year; 29 February in a year without one is the 28th."""
    try:
        return Day(day.month, day.day, year)
    except ValueError:
        return Day(2, 28, year)


def as_day(date: datetime.date) -> Day:
    """A date as the day of a meeting."""
    return Day(date.month, date.day, date.year)


def weekday_of(day: Day) -> int | None:
    """The weekday of a day, Monday is 0; None if its year is not known."""
    date = day.date()
    return None if date is None else date.weekday()
