"""The day that counts from that of an article: "yesterday", "on Tuesday", "next week on Friday",
"Wednesday the 12th", "the 25th of this month". Pure."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from functools import cache

from ..languages.meeting_words import MeetingWords
from ..languages.phrase_patterns import NEVER, Pattern, alternatives
from ..models import Span
from .dates import DAYS_OF_MONTH, DateMention

WEEK = 7


def counted_day(mention: DateMention, today: datetime.date, *, ahead: bool) -> datetime.date | None:
    """The day that a date without a month means, as of `today`: with `ahead` from then on, else
    before; None if there is none."""
    if mention.offset is not None:
        return today + datetime.timedelta(days=mention.offset)
    if mention.day_of_month is not None:
        steps = range(1, DAYS_OF_MONTH) if ahead else range(0, -DAYS_OF_MONTH, -1)
        days = (today + datetime.timedelta(days=step) for step in steps)
        if mention.weekday is None:
            first = today.replace(day=1)
            days = (first + datetime.timedelta(days=step) for step in range(DAYS_OF_MONTH))
        return next(fitting_days(mention, days), None)
    if mention.weekday is None:
        return None
    step = mention.weekday - today.weekday()
    if mention.weeks:
        step += WEEK * mention.weeks
    elif ahead:
        step = step % WEEK or (WEEK if mention.is_next else 0)
    else:
        step = -(-step % WEEK or (WEEK if mention.is_last else 0))
    return today + datetime.timedelta(days=step)


def fitting_days(mention: DateMention, days: Iterable[datetime.date]) -> Iterator[datetime.date]:
    """Those of some days that are the stated day of the month, and of the stated weekday."""
    for day in days:
        if day.day == mention.day_of_month and mention.weekday in (None, day.weekday()):
            yield day


def steps_in(text: str, words: MeetingWords) -> Iterator[tuple[Span, int]]:
    """Where a text counts days from another one ("the next day", "three days before"), and how
    many."""
    for match in _step_pattern(words).finditer(text):
        index = match.lastindex or 0
        days, number = [*words.dates.following.values()][index - 1], match[index].lower()
        if number:
            days *= int(number) if number.isdecimal() else _numbers(words).index(number) + 1
        yield match.span(), days


def _numbers(words: MeetingWords) -> list[str]:
    return [*(words.dates.numbers or words.dates.day_words)]


@cache
def _step_pattern(words: MeetingWords) -> Pattern:
    """The pattern of the phrases that count days, each with a group of its own: the number."""
    if not words.dates.following:
        return NEVER
    numbers = alternatives(_numbers(words))
    phrases = (
        re.escape(phrase).replace("N", rf"(\d{{1,2}}|{numbers})").replace(r"\ ", r"\s+")
        + ("" if "N" in phrase else "()")
        for phrase in words.dates.following
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})(?!\w)", re.IGNORECASE)
