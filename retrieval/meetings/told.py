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
from ..models import Kind, Span
from .counted_days import WEEK, counted_day, steps_in
from .date_patterns import MAX_LISTED_DAYS, range_marks
from .date_ranges import DateRange, Period, as_day, weekday_of
from .dates import DateMention, find_dates, listed_days, names_year
from .named_months import Month, month_labels, named_months
from .published import has_days_alone
from .statements import Statement
from .years import is_unrelated

ENTRY_REACH = 3
"""The statements below a day that stands alone and tell of it."""

SUNDAY = 6
MAX_CHAIN = 100
"""The days counted each from the one before it, behind one that is stated."""

THEREAFTER_REACH = 30
"""The characters behind a weekday in which "darauffolgend" stands."""

_NEXT_LETTER = re.compile(r"\s+(\w)")


@dataclass(slots=True)
class _Above:
    """What stands above a statement: the month of its part, the last one that its paragraph names,
    the last date, and the day that stands alone, with its period and the number of statements below
    it; and how many days were counted from others since one was stated."""

    label: Month | None = None
    month: Month | None = None
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
        entry, told = above.entry, list(_told(each.text, above, words))
        if told and alone[n] and is_diary:
            if told[0].is_weekday:
                told[0] = replace(told[0], base=above.base(entry))
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
        return days if days and _is_right(days, mention) else None
    base = resolve_told(mention.base, resolve)
    if base is None:
        return None
    if mention.offset is not None:
        days = base if mention.offset > 0 else replace(base, last=base.first)
        return days.moved(mention.offset)
    first = base.first.date()
    date = counted_day(mention, first, ahead=True) if first else None
    return DateRange(as_day(date), as_day(date), base.year_from) if date else None


def _is_right(days: DateRange, mention: DateMention) -> bool:
    """Whether the year has such days: a 29 February, or a Sunday that is the 16th of a month."""
    if mention.day_of_month is not None and mention.weekday is not None:
        return weekday_of(days.first) == mention.weekday
    return not mention.readings or any(days.first.day == first.day for first, _ in mention.readings)


def _told(text: str, above: _Above, words: MeetingWords) -> Iterator[DateMention]:
    """The dates of a text; a day of the month is of the month that is named before it."""
    months = {span: month for span, month, _ in named_months(text, words)}
    has_month = bool(above.month or above.label or months)
    bare = {span: days for span, *days in _bare_days_in(text, words, has_month=has_month)}
    steps = dict(steps_in(text, words))
    dates = {date.span: date for date in _with_ranges(text, words)}
    for each in _weekends(words).finditer(text):
        dates[each.span()] = DateMention(
            *each.span(), weekday=SUNDAY, is_last=True, since=SUNDAY - 1
        )
    taken = [*dates]
    for start, end in [*bare, *steps, *months]:
        if not any(start < other[1] and other[0] < end for other in taken):
            taken.append((start, end))
    for span in sorted(taken):
        month, date = above.month or above.label, dates.get(span)
        if of_month := bare.get(span):
            date = _bare_date(span, month, *of_month)
        elif step := steps.get(span):
            base = above.base(above.last)
            date = DateMention(*span, offset=step, base=base) if base else None
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
                above.chain = 0
                if not is_unrelated(text, date, words):
                    last = date.readings[0][1]
                    above.month = Month(last.month, last.year)
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
    cue = _thereafter(words).search(text, date.start, date.end + THEREAFTER_REACH)
    is_genitive = text[date.end : date.end + 1] in {"'", "’"}  # "Following Monday's meeting".
    return bool(cue and cue.start() <= date.end + 1 and not is_genitive)


def _bare_days_in(
    text: str, words: MeetingWords, *, has_month: bool
) -> Iterator[tuple[Span, int, int]]:
    """Where a text has days of the month alone, first to last; "am 3. Tisch" is none, nor is what
    may be anything where no month is named, or another year is."""
    is_other = names_year(text)
    for match in _bare_days(words).finditer(text):
        may_be_any = is_other or match["item"] is not None or match["bracket"]
        if may_be_any and not has_month:
            continue
        letter = _NEXT_LETTER.match(text, match.end()) if words.nouns_capitalised else None
        if letter and letter[1].isupper():
            continue
        listed = [(match.span("d1"), int(match["d1"])), *listed_days(match)]
        listed += [(match.span("d2"), int(match["d2"]))] if match["to"] else []
        days = [day for _, day in listed]
        is_list = match["to"] and words.names.joins.search(match["to"])
        if not is_list or days == [*range(days[0], days[-1] + 1)]:
            yield match.span(), days[0], days[-1]
        else:
            yield from ((span, day, day) for span, day in listed)


def _bare_date(span: Span, month: Month | None, first: int, last: int) -> DateMention | None:
    """Days of a month that stand alone; one day is of the month of the article if none is named."""
    if not month:
        return DateMention(*span, day_of_month=first) if first == last else None
    days = _days(month, first, last)
    return DateMention(*span, (days,)) if days else None


def _days(month: Month, first: int, last: int) -> tuple[Day, Day] | None:
    if first > last:
        return None
    try:
        return Day(month.number, first, month.year), Day(month.number, last, month.year)
    except ValueError:
        return None


@cache
def _to(words: MeetingWords) -> Pattern:
    lead = alternatives(words.dates.before_day)
    return re.compile(rf"\s*{range_marks(words)}\s*(?:{lead}\s+)?", re.IGNORECASE)


@cache
def _weekends(words: MeetingWords) -> Pattern:
    return phrase_pattern(words.dates.weekend)


@cache
def _thereafter(words: MeetingWords) -> Pattern:
    return phrase_pattern(words.dates.thereafter)


@cache
def _bare_days(words: MeetingWords) -> Pattern:
    """A day of the month without it, the first and the last ("the 3rd and 4th"), or a list of days;
    below a month, also what begins an item ("- 13: ") and a list in brackets. What may also join a
    day to its month stands only before two: "del 3 al 4"."""
    dates, lead = words.dates, alternatives(words.dates.bare_day)
    last_lead = alternatives([*dates.bare_day, *dates.before_day])
    single = alternatives(word for word in dates.bare_day if word not in dates.of)
    ending = f"(?:{'|'.join(map(re.escape, dates.bare_endings))})"
    more = rf"(?P<more>(?:,\s*(?:{last_lead}\s+)?\d{{1,2}}{ending}){{0,{MAX_LISTED_DAYS}}}+)"
    others = [*dates.of, *dates.counted, *words.weekdays]
    return re.compile(
        rf"(?:(?P<one>{single}\s+|(?P<item>^\W*(?=\d{{1,2}}:\s)))|{lead}\s+|(?P<bracket>\())"
        rf"(?P<d1>\d{{1,2}}){ending}(?:{more},?\s*(?P<to>{range_marks(words)})\s*(?:{last_lead}\s+)?"
        rf"(?P<d2>\d{{1,2}}){ending})?+"
        rf"(?(one)|(?(to)|(?!)))(?:\s+{alternatives(dates.this_month)})?+"
        rf"(?![\w/%-]|[.:,]\d|\s*%|\s+{alternatives(others)})",
        re.IGNORECASE,
    )
