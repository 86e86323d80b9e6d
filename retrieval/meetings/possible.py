"""Statements that the rules pass over → the meetings that they may tell of, for the model to say.

"More than 120 people packed the gallery on Monday evening" names no meeting. Each day that an
article mentions may be that of one: `MeetingReader` reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..days import YearFrom
from ..meeting import MeetingStatus, Mention
from ..models import Kind
from .coming_days import ComingDays
from .reports import OLD, Report, ReportReader
from .statements import Statement

MAX_MENTIONS = 200
"""The first days of an article that are read."""

_OF_ARTICLE = (YearFrom.HEADER, YearFrom.URL)
_WORD = re.compile(r"[^\W\d_]{3}")


def find_mentions(
    title: str,
    statements: Sequence[Statement],
    reader: ReportReader,
    coming: ComingDays,
) -> Iterator[tuple[Report, MeetingStatus, Mention]]:
    """The days that the statements of an article mention, each as the report that it would be of a
    meeting that was held or is to come; of no other days than those whose year is known. Where the
    article's own day gives the year, they are of that year or near that day."""
    heading = before = ""
    published = coming.published
    year = published.newest.year if published.newest else None
    for statement in statements:
        told = ((*each, MeetingStatus.HELD) for each in reader.told_days(statement))
        planned = coming.planned(statement.text, is_off=False)
        ahead = ((*each, MeetingStatus.ANNOUNCED) for each in planned)
        for date, days, status in (*told, *ahead):
            around = f"{statement.text[: date.start]} {statement.text[date.end :]}"
            age = published.age(days.first)
            is_sure = days.year_from not in _OF_ARTICLE or (
                age is None or abs(age) <= OLD or days.first.year == year
            )
            if days.first.year and is_sure and _WORD.search(around):
                mention = Mention(title, heading, before, statement.text, *date.span, age)
                report = Report(statement, (0, 1), date, days, by_verb=True)
                yield report, status, mention
        before = statement.text
        if statement.kind is Kind.HEADING:
            heading = statement.text
