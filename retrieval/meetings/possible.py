"""Statements that the rules pass over → the meetings that they may tell of, for the model to say.

"More than 120 people packed the gallery on Monday evening" names no meeting. Each day that an
article mentions may be that of one: `MeetingReader` reads it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from ..meeting import MeetingStatus, Mention
from ..models import Kind
from .coming_days import ComingDays
from .date_ranges import DateRange
from .dates import DateMention
from .reports import OLD, VERY_OLD, Report, ReportReader
from .statements import Statement

MAX_MENTIONS = 200
"""The first days of an article that are read."""

MENTION_REACH = 250
"""The most characters of a text around a day that are read of it."""

_WORD = re.compile(r"[^\W\d_]{3}")


def find_mentions(
    title: str,
    statements: Sequence[Statement],
    reader: ReportReader,
    coming: ComingDays,
) -> Iterator[tuple[Report, MeetingStatus, Mention]]:
    """The days that the statements of an article mention, each as the report that it would be of a
    meeting that was held or is to come; of no other days than those whose year is known. Where the
    article's own day gives the year, they are of that year, or of the one that has just ended, or
    near that day."""
    heading = before = ""
    alone = "", (0, 0)
    published = coming.published
    place = published.dateline_place or ""
    for statement, below in zip_longest(statements, statements[1:]):
        after = below.text if below and below.kind is not Kind.HEADING else ""
        for date, days, status in _told(statement, reader, coming):
            text, (start, end) = statement.text, date.span
            if start == end:  # Its day stands alone above it.
                text, (start, end) = f"{alone[0]} {text}", alone[1]
            if not _WORD.search(f"{text[:start]} {text[end:]}"):
                alone = text, date.span
                continue
            first = max(0, start - MENTION_REACH)
            mention = Mention(
                title[:MENTION_REACH],
                place,
                heading[:MENTION_REACH] if heading != title else "",
                before[-MENTION_REACH:],
                text[first : end + MENTION_REACH],
                after[:MENTION_REACH],
                start - first,
                end - first,
                published.age(days.first),
            )
            yield Report(statement, (0, 1), date, days, by_verb=True), status, mention
        before = statement.text
        if statement.kind is Kind.HEADING:
            heading = statement.text


def _told(
    statement: Statement, reader: ReportReader, coming: ComingDays
) -> Iterator[tuple[DateMention, DateRange, MeetingStatus]]:
    """The dates of a statement that are known, with their days and what a meeting then would be."""
    published = coming.published
    today = published.newest
    years = {today.year, (today - datetime.timedelta(OLD)).year} if today else set[int]()
    told = ((*each, MeetingStatus.HELD) for each in reader.told_days(statement))
    planned = ((*each, MeetingStatus.ANNOUNCED) for each in coming.told(statement))
    for date, days, status in (*told, *planned):
        age = published.age(days.first)
        is_near = age is None or abs(age) <= OLD or days.first.year in years
        is_new = age is None or age <= VERY_OLD
        if days.first.year and is_new and (is_near or days.year_from is not published.year_from):
            yield date, days, status
