"""The days that statements tell of by what stands above them: "on the 14th" below "March", what is
written below "Monday, 3 June", "three days later". Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from ..days import Day
from ..languages.meeting_words import MeetingWords
from ..languages.phrase_patterns import Pattern, alternatives, phrase_pattern
from ..models import Kind
from .counted_days import WEEK, counted_day, steps_in
from .date_ranges import DateRange, Period, as_day
from .dates import DateMention, find_dates
from .published import has_days_alone
from .statements import Statement

MONTH_REACH = 12
"""The most characters of a paragraph before the month that it is of: "In the month of May"."""

ENTRY_REACH = 3
"""The statements below a day that stands alone and tell of it."""

SUNDAY = 6
MAX_CHAIN = 100
"""The days counted each from the one before it, behind one that is stated."""

SHORT_MONTH = 3
"""A month of so many letters is another word in lower case: "may", "mar"."""


@dataclass(slots=True)
class _Above:
    """What stands above a statement: the month of its part, the last one that its paragraph names,
    the last date, and the day that stands alone, with its period and the number of statements below
    it; and how many days were counted from others since one was stated."""

    label: int | None = None
    month: int | None = None
    last: DateMention | None = None
    entry: DateMention | None = None
    period: Period | None = None
    below: int = 0
    chain: int = 0

    def base(self, date: DateMention | None) -> DateMention | None:
        """The date, for another one to count from; none at the end of a chain."""
        self.chain += 1
        return date if self.chain <= MAX_CHAIN else None


def with_told(statements: Sequence[Statement], words: MeetingWords) -> list[Statement]:
    """The statements, each with the dates that it tells of."""
    above, labels, paragraph = _Above(), month_labels(statements, words), -1
    result = list[Statement]()
    alone = [has_days_alone(each.text, words) for each in statements]
    is_diary = sum(alone) > 1
    for n, each in enumerate(statements):
        is_heading = each.kind is Kind.HEADING
        if each.paragraph != paragraph:
            paragraph, above.month = each.paragraph, None
        if is_heading or n in labels:
            above.label = labels.get(n)
        base = above.entry or above.last
        told = list(_told(each.text, above, words))
        if told and alone[n] and is_diary:
            if told[0].is_weekday:
                told[0] = replace(told[0], base=above.base(base))
            above.entry, above.period, above.below = told[0], each.period, 0
        elif is_heading:
            above.entry = None
        elif above.entry and not told and above.below < ENTRY_REACH:
            told = [replace(above.entry, start=0, end=0)]
            each = replace(each, period=above.period)  # noqa: PLW2901
        above.below += 1
        above.last = told[-1] if told else above.last
        result.append(replace(each, told=tuple(told)))
    return result


def month_labels(statements: Sequence[Statement], words: MeetingWords) -> dict[int, int]:
    """The months with which headings and paragraphs begin, by the index of the statement: that of
    what stands below."""
    labels = dict[int, int]()
    paragraph = -1
    for n, each in enumerate(statements):
        if each.paragraph != paragraph or each.kind is Kind.HEADING:
            month = next(_named_months(each.text, words), None)
            if month and month[0].start() <= MONTH_REACH:
                labels[n] = month[1]
        paragraph = each.paragraph
    return labels


def resolve_told(
    mention: DateMention, resolve: Callable[[DateMention], DateRange | None]
) -> DateRange | None:
    """The days that a date means, which may count from another one."""
    if mention.since is not None and mention.weekday is not None:
        last = resolve_told(replace(mention, since=None), resolve)
        begin = last and last.moved((mention.since - mention.weekday) % -WEEK)
        return replace(begin, last=last.last) if begin and last else None
    if mention.base is None:
        days = resolve(mention)
        if mention.day_of_month is not None and not (days and days.first.year):
            return resolve(replace(mention, readings=()))  # It is of the article's month.
        return days
    base = resolve_told(mention.base, resolve)
    if base is None:
        return None
    if mention.offset is not None:
        days = base if mention.offset > 0 else replace(base, last=base.first)
        return days.moved(mention.offset)
    first = base.first.date()
    date = counted_day(mention, first, ahead=True) if first else None
    return DateRange(as_day(date), as_day(date), base.year_from) if date else None


def _told(text: str, above: _Above, words: MeetingWords) -> Iterator[DateMention]:
    """The dates of a text; a day of the month is of the month that is named before it."""
    months = {match.span(): month for match, month in _named_months(text, words)}
    bare = {match.span(): match for match in _bare_days(words).finditer(text)}
    steps = dict(steps_in(text, words))
    dates = {date.span: date for date in _with_ranges(text, words)}
    for each in _weekends(words).finditer(text):
        dates[each.span()] = DateMention(*each.span(), weekday=SUNDAY, since=SUNDAY - 1)
    taken = [*dates]
    for start, end in [*bare, *steps, *months]:
        if not any(start < other[1] and other[0] < end for other in taken):
            taken.append((start, end))
    for span in sorted(taken):
        month, date = above.month or above.label, dates.get(span)
        if match := bare.get(span):
            date = _bare_date(match, month, words) if month else None
        elif days := steps.get(span):
            base = above.base(above.last)
            date = DateMention(*span, offset=days, base=base) if base else None
        elif span in months:
            above.month = months[span]
        elif date and date.is_weekday and _is_thereafter(text, date, words):
            date = replace(date, base=above.base(above.last))
        elif date and date.day_of_month is not None and month:
            pair = _days(month, date.day_of_month, date.day_of_month)
            date = replace(date, readings=(pair,)) if pair else date
        if date:
            above.last = date
            if date.readings:
                above.month, above.chain = date.readings[0][1].month, 0
            yield date


def _with_ranges(text: str, words: MeetingWords) -> list[DateMention]:
    """The dates of a text; two weekdays are one date where they are the first and the last of some
    days: "from Monday to Wednesday"."""
    dates = list[DateMention]()
    for last in find_dates(text, words):
        first = dates[-1] if dates else last
        if first.is_weekday and last.is_weekday and first.since is None:
            to = _to(words).fullmatch(text, first.end, last.start)
            days = ((last.weekday or 0) - (first.weekday or 0)) % WEEK
            if to and (days == 1 or not words.names.joins.search(to[0])):
                dates[-1] = replace(last, start=first.start, since=first.weekday)
                continue
        dates.append(last)
    return dates


def _is_thereafter(text: str, date: DateMention, words: MeetingWords) -> bool:
    """Whether a weekday counts from another date: "the following Monday", "am Montag darauf"."""
    cue = _thereafter(words)
    return bool(cue.search(text[date.start : date.end]) or cue.match(text, date.end + 1))


def _bare_date(match: re.Match[str], month: int, words: MeetingWords) -> DateMention | None:
    first, last = int(match["d1"]), int(match["d2"] or match["d1"])
    if match["to"] and last != first + 1 and words.names.joins.search(match["to"]):
        last = first  # "On the 5th and the 12th": of these, the first.
    days = _days(month, first, last) if first <= last else None
    return DateMention(*match.span(), (days,)) if days else None


def _named_months(text: str, words: MeetingWords) -> Iterator[tuple[re.Match[str], int]]:
    """Where a text names months, but those of its dates; "may" and "mar" are also other words."""
    dates = [date.span for date in find_dates(text, words)]
    for match in _months(words).finditer(text):
        name = " ".join(match[0].split())
        is_name = words.dates.weekdays_capitalised and name[0].isupper()
        if (len(name) > SHORT_MONTH or is_name) and not any(
            match.start() < end and start < match.end() for start, end in dates
        ):
            yield match, words.months[name.lower()]


def _days(month: int, first: int, last: int) -> tuple[Day, Day] | None:
    try:
        return Day(month, first), Day(month, last)
    except ValueError:
        return None


@cache
def _to(words: MeetingWords) -> Pattern:
    to, lead = alternatives([*words.dates.range, "-", "\N{EN DASH}"]), words.dates.before_day
    return re.compile(rf"\s*{to}\s*(?:{alternatives(lead)}\s+)?", re.IGNORECASE)


@cache
def _weekends(words: MeetingWords) -> Pattern:
    return phrase_pattern(words.dates.weekend)


@cache
def _thereafter(words: MeetingWords) -> Pattern:
    return phrase_pattern(words.dates.thereafter)


@cache
def _months(words: MeetingWords) -> Pattern:
    return phrase_pattern(words.months)


@cache
def _bare_days(words: MeetingWords) -> Pattern:
    """A day of the month, or the first and the last, without the month: "the 3rd and 4th"."""
    dates = words.dates
    lead, to = alternatives(dates.bare_day), alternatives([*dates.range, "-", "\N{EN DASH}"])
    ending = f"(?:{'|'.join(map(re.escape, dates.bare_endings))})"
    noun = r"(?(to)|(?!\s+(?-i:[^\W\d_a-zäöü])))" if words.nouns_capitalised else ""
    return re.compile(
        rf"{lead}\s+(?P<d1>\d{{1,2}}){ending}"
        rf"(?:\s*(?P<to>{to})\s*(?:{lead}\s+)?(?P<d2>\d{{1,2}}){ending})?"
        rf"(?![\w/%:-]|[.,]\d|\s*%|\s+{alternatives([*dates.of, 'por'])}\s){noun}",
        re.IGNORECASE,
    )
