"""Reports → the meetings that are an article's own news, each with all that reports it. Pure."""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from ..days import Day, YearFrom
from .published import Published
from .reports import Reader, Report
from .statements import Statement
from .years import When, in_year

OLD, VERY_OLD = 100, 400
"""Days before the article, or, where its day is not known, before the newest meeting in it, from
which on a meeting is looked back upon."""

RECENT, RECENT_MONTH, LEAD = 7, 35, 6
"""Days before an article, or before the end of the month that it is of, and statements, within
which a meeting that is only told of is its news."""

MAX_REPORTS = 1_000
"""No article is read for more."""

SIBLINGS = 60
"""Days within which a day without a year is of the year of one that the article states."""


def told(said: Sequence[Statement], reader: Reader) -> list[Report]:
    """What the statements of an article report, its own news or not."""
    reports = (report for one in said for report in reader.reports(one))
    return list(islice(reports, MAX_REPORTS)) or _undated(said, reader)


def _undated(said: Sequence[Statement], reader: Reader) -> list[Report]:
    """What one of the first statements reports, on the day that a neighbour tells."""
    dates = [reader.dates(one) for one in said[: LEAD + 1]]
    for place, one in enumerate(said[:LEAD]):
        near = [*dates[max(0, place - 2) : place][::-1], *dates[place + 1 : place + 2]]
        found = list(reader.reports(one, [mention for group in near for mention in group]))
        if found:
            return found
    return []


def own(found: Sequence[Report], day: Published, stated: Sequence[datetime.date]) -> list[Report]:
    """Those that are the article's own news: neither to come nor looked back upon.

    `stated` are the days that the article tells with their years.
    """
    if minutes := [report for report in found if report.minutes]:
        return minutes[:1]  # Minutes are of one meeting.
    today = max((date for one in day.days if (date := one.date())), default=None)
    found = _with_siblings(found, stated)
    newest = today or max((date for one in found if (date := _date(one))), default=None)
    old = OLD if today and not day.whole_month else VERY_OLD
    fresh = [
        report
        for report in found
        if not (date := _date(report))
        or not newest
        or (date <= newest and (newest - date).days <= old)
    ]
    fresh = [report for report in fresh if report.firm or _is_news(report, day, fresh)]
    known = [report for report in fresh if report.when]
    return known or fresh


def _is_news(report: Report, day: Published, others: Sequence[Report]) -> bool:
    """Whether a meeting that is only told of is told as news: it is of these days, or, where no
    day is known, of the first sentences."""
    date, today = _date(report), max((d for one in day.days if (d := one.date())), default=None)
    if date and today:
        return (today - date).days <= (RECENT_MONTH if day.whole_month else RECENT)
    return report.statement.place < LEAD and not any(one.firm for one in others)


def _with_siblings(found: Sequence[Report], stated: Sequence[datetime.date]) -> list[Report]:
    """Gives a year to those without one that lie close to days whose year is known."""
    dates = sorted({*stated, *(date for report in found if (date := _date(report)))})
    years = sorted({date.year + step for date in dates for step in (-1, 0, 1)})
    result: list[Report] = []
    for report in found:
        when = report.when
        if when and when.first.year is None and years:
            near = [year for year in years if _is_near(in_year(when.first, year), dates)]
            if len(near) == 1:
                (year,) = near
                turned = (when.first.month, when.first.day) > (when.last.month, when.last.day)
                dated = When(
                    in_year(when.first, year),
                    in_year(when.last, year + turned),
                    YearFrom.CONTEXT,
                )
                result.append(replace(report, when=dated))
                continue
        result.append(report)
    return result


def _is_near(day: Day, dates: Sequence[datetime.date]) -> bool:
    """Whether one of the sorted dates is within SIBLINGS days of a day."""
    date, days = day.date(), datetime.timedelta(days=SIBLINGS)
    return date is not None and bisect_left(dates, date - days) < bisect_right(dates, date + days)


def _date(report: Report) -> datetime.date | None:
    return report.when.first.date() if report.when else None


def grouped(found: Sequence[Report]) -> list[list[Report]]:
    """The reports of one meeting together, the best first."""
    groups: list[list[Report]] = []
    for report in found:
        for group in groups:
            if any(_same(report, other) for other in group):
                group.append(report)
                break
        else:
            groups.append([report])
    for group in groups:
        group.sort(key=lambda report: (report.by_verb, report.statement.place))
    return groups


def _same(one: Report, other: Report) -> bool:
    """Whether two reports are of one meeting: their days meet."""
    if one.when is None or other.when is None:
        return one.when is other.when
    a, b = one.when, other.when
    return _key(a.first) <= _key(b.last) and _key(b.first) <= _key(a.last)


def _key(day: Day) -> tuple[int, int, int]:
    return (day.year or 0, day.month, day.day)
