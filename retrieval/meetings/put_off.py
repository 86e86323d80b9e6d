"""The days of a meeting that is put off: the old one in the year of the new one. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ..days import Day, YearFrom
from .dates import DateMention, is_full
from .years import DateRange, in_year, range_in_year

HALF_YEAR = 182
"""The most days between the old day and the new one."""


def in_year_of_new_day(days: DateRange, dates: Sequence[DateMention]) -> DateRange:
    """Days without a year in that of the one full date beside them: "is put off from 17 September
    to 8 October 2025"; the same days if there is none or it is too far away."""
    full = [date.readings[0][0] for date in dates if is_full(date)]
    if days.first.year or len(full) != 1 or full[0].year is None:
        return days
    for year in (full[0].year, full[0].year - 1, full[0].year + 1):
        if _is_close(in_year(days.first, year), full[0]):
            return range_in_year(days.first, days.last, year, YearFrom.CONTEXT)
    return days


def _is_close(old: Day, new: Day) -> bool:
    first, last = old.date(), new.date()
    return first is not None and last is not None and abs((last - first).days) <= HALF_YEAR
