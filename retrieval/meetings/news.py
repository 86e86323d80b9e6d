"""Reports → the meetings that are an article's own news, each with all its reports. Pure."""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

from ..days import Day, YearFrom
from ..languages.meeting_words import MeetingWords
from .date_ranges import in_year, range_in_year
from .headings import announces
from .published import RECENT, Published
from .references import find_references
from .reports import OLD, VERY_OLD, Report, ReportReader
from .statements import Statement

HISTORY = 1_500
"""Days within which all full dates lie of an article that has no day of its own and tells news."""

RECENT_MONTH = 35
"""Days before the end of the month that an article is of within which a meeting that is told of in
passing is its news."""

LEAD = 6
"""The number of first statements in which such a meeting is news where no day is known."""

NEAR = 3
"""The statements above one of them that may have its day."""

MAX_REPORTS = 1_000
"""No article is read for more."""

NEAR_DAYS = 60
"""Days within which a day without a year is of the year of another meeting of the article."""


def find_reports(
    statements: Sequence[Statement], words: MeetingWords, reader: ReportReader
) -> list[Report]:
    """The reports in the statements of an article, of its own news or not.

    The meeting of a title or heading is none if one of the first statements announces it.
    """
    each = (report for statement in statements for report in reader.reports(statement))
    reports = list(islice(each, MAX_REPORTS)) or _lead_report(statements, words, reader)
    reports += find_references(statements, reports, words, reader)
    told = [report for report in reports if not report.is_heading]
    if told != reports and any(announces(each, words) for each in statements[1 : LEAD + 1]):
        reports = told
    return reports


def _lead(
    statements: Sequence[Statement], words: MeetingWords, reader: ReportReader
) -> Sequence[Statement]:
    """The first statements, up to one that says that a meeting is to come."""
    for n, each in enumerate(statements[:LEAD], 1):
        if words.events.future.search(each.text) and reader.named(each.text):
            return statements[:n]
    return statements[:LEAD]


def _lead_report(
    statements: Sequence[Statement], words: MeetingWords, reader: ReportReader
) -> list[Report]:
    """The report in one of the first statements, on the day of a neighbouring statement."""
    dates = [reader.dates(statement) for statement in statements[: LEAD + 1]]
    for n, statement in enumerate(_lead(statements, words, reader)):
        near = [*dates[max(0, n - NEAR) : n][::-1], *dates[n + 1 : n + 2]]
        if reports := list(reader.reports(statement, [date for each in near for date in each])):
            return reports
    return []


def select_news(
    reports: Sequence[Report], published: Published, stated: Iterable[datetime.date]
) -> list[Report]:
    """The reports of the article's own news: neither to come nor looked back upon.

    `stated` are the dates that the article gives with their years.
    """
    first = next((report for report in reports if report.is_title), None)
    if first:  # Minutes are of one meeting.
        same = [report for report in reports if _is_same_meeting(report, first)]
        return [first, *(report for report in same if report is not first)]
    today = published.newest
    if not today and _tells_history(reports, stated):
        return []
    reports = [
        report
        for report in _with_years_of_near_dates(reports)
        if not (report.days and published.is_before(report.days.first))
    ]
    newest = today or max((date for each in reports if (date := _date(each))), default=None)
    max_age = OLD if today and not published.is_month else VERY_OLD
    fresh = [
        report
        for report in reports
        if not (date := _date(report))
        or not newest
        or date in (report.statement.period or ())
        or (newest - date).days <= max_age
    ]
    news = [each for each in fresh if each.says_held or _is_recent(each, published)]
    return [report for report in news if report.days] or news


def _tells_history(reports: Sequence[Report], stated: Iterable[datetime.date]) -> bool:
    """Whether an article of no day tells what was: the meetings in its sentences are of far apart
    days, as are those of an encyclopaedia."""
    dates = [*stated, *(date for report in reports if (date := _date(report)))]
    is_prose = not any(report.is_heading for report in reports)
    return is_prose and bool(dates) and (max(dates) - min(dates)).days > HISTORY


def _is_recent(report: Report, published: Published) -> bool:
    """Whether a meeting that is told of in passing is told as news: it is of these days or of the
    period that the text is of, or, where no day is known, of the first sentences."""
    date, today = _date(report), published.newest
    if date and date in (report.statement.period or ()):
        return True
    if date and today:
        return (today - date).days <= (RECENT_MONTH if published.is_month else RECENT)
    return report.statement.index < LEAD


def _with_years_of_near_dates(reports: Sequence[Report]) -> Sequence[Report]:
    """The reports; days without a year close to that of another meeting are of its year."""
    if not any(report.days and report.days.first.year is None for report in reports):
        return reports
    dates = sorted({date for report in reports if (date := _date(report))})
    years = sorted({date.year + step for date in dates for step in (-1, 0, 1)})
    result: list[Report] = []
    for report in reports:
        days = report.days
        if days and days.first.year is None:
            near = [year for year in years if _is_near(in_year(days.first, year), dates)]
            near = [year for year in near if _fits(report, in_year(days.first, year))]
            if len(near) == 1:
                dated = range_in_year(days.first, days.last, near[0], YearFrom.CONTEXT)
                report = replace(report, days=dated)  # noqa: PLW2901
        result.append(report)
    return result


def _fits(report: Report, day: Day) -> bool:
    """Whether a day is of the weekday that the report states, if it states any."""
    date, weekday = day.date(), report.date.weekday
    return weekday is None or (date is not None and date.weekday() == weekday)


def _is_near(day: Day, dates: Sequence[datetime.date]) -> bool:
    """Whether one of the sorted dates is within NEAR_DAYS of a day."""
    date, days = day.date(), datetime.timedelta(days=NEAR_DAYS)
    return date is not None and bisect_left(dates, date - days) < bisect_right(dates, date + days)


def _date(report: Report) -> datetime.date | None:
    return report.days.first.date() if report.days else None


def group_by_meeting(reports: Sequence[Report]) -> list[list[Report]]:
    """The reports of each meeting together, the best first."""
    groups: list[list[Report]] = []
    for report in reports:
        for group in groups:
            if any(_is_same_meeting(report, other) for other in group):
                group.append(report)
                break
        else:
            groups.append([report])
    for group in groups:
        group.sort(key=lambda report: (report.by_verb, report.statement.index))
    return groups


def _is_same_meeting(a: Report, b: Report) -> bool:
    """Whether the days of two reports overlap."""
    if a.days is None or b.days is None:
        return a.days is b.days
    return _order(a.days.first) <= _order(b.days.last) and _order(b.days.first) <= _order(
        a.days.last
    )


def _order(day: Day) -> tuple[int, int, int]:
    return day.year or 0, day.month, day.day
