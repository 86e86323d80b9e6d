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
from .date_patterns import range_marks
from .date_ranges import DateRange, Period, as_day, weekday_of
from .dates import DateMention, find_dates
from .published import has_days_alone
from .statements import Statement
from .years import is_unrelated

ENTRY_REACH = 3
"""The statements below a day that stands alone and tell of it."""

SUNDAY = 6
MAX_CHAIN = 100
"""The days counted each from the one before it, behind one that is stated."""

SHORT_MONTH = 3
"""A month of so many letters is another word in lower case: "may", "mar"."""

THEREAFTER_REACH = 30
"""The characters behind a weekday in which "darauffolgend" stands."""

_NO_WORD = re.compile(r"[\W_]*")
_LABEL_END = re.compile(r"[\s,]*(?:\d{4})?\s*(?:[.:\N{EN DASH}\N{EM DASH}]|-\s|\W*$)")
"""Behind a month above what is of it: "March. We met", "March 2023"."""

_NEXT_LETTER = re.compile(r"\s+(\w)")


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
    """The months that stand before paragraphs, or alone in headings and lines, by the index of the
    statement: that of what stands below."""
    labels = dict[int, int]()
    paragraph = -1
    for n, each in enumerate(statements):
        if each.paragraph != paragraph or each.kind is Kind.HEADING:
            _, month, is_label = next(_named_months(each.text, words), (None, 0, False))
            if is_label:
                labels[n] = month
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
    months = {span: month for span, month, _ in _named_months(text, words)}
    bare = {match.span(): match for match in _bare_days_in(text, words)}
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
                above.chain = 0
                if not is_unrelated(text, date, words):
                    above.month = date.readings[0][1].month
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


def _bare_days_in(text: str, words: MeetingWords) -> Iterator[re.Match[str]]:
    """Where a text has a day of the month alone; "am 3. Tisch" is none."""
    for match in _bare_days(words).finditer(text):
        letter = _NEXT_LETTER.match(text, match.end()) if words.nouns_capitalised else None
        if letter is None or not letter[1].isupper():
            yield match


def _bare_date(match: re.Match[str], month: int, words: MeetingWords) -> DateMention | None:
    first, last = int(match["d1"]), int(match["d2"] or match["d1"])
    if match["to"] and last != first + 1 and words.names.joins.search(match["to"]):
        last = first  # "On the 5th and the 12th": of these, the first.
    days = _days(month, first, last) if first <= last else None
    return DateMention(*match.span(), (days,)) if days else None


def _named_months(text: str, words: MeetingWords) -> Iterator[tuple[Span, int, bool]]:
    """Where a text names months, but those of its dates, and whether a month is the label of what
    follows. Else it stands behind a preposition: "Theresa May" and "Plaza de Mayo" name none."""
    dates = [date.span for date in find_dates(text, words)]
    begin = _NO_WORD.match(text)
    for match in _months(words).finditer(text):
        name = " ".join(match["month"].split())
        is_first = begin and match.start() <= begin.end()
        is_label = is_first and _LABEL_END.match(text, match.end() - name.endswith("."))
        is_name = words.dates.weekdays_capitalised and name[0].isupper()
        is_month = (len(name) > SHORT_MONTH or is_name) and (is_label or match["lead"])
        month = words.months.get(name.lower())
        span = match.span("month")
        if (
            month
            and is_month
            and not any(span[0] < end and start < span[1] for start, end in dates)
        ):
            yield span, month, bool(is_label)


def _days(month: int, first: int, last: int) -> tuple[Day, Day] | None:
    try:
        return Day(month, first), Day(month, last)
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
def _months(words: MeetingWords) -> Pattern:
    lead, names = alternatives(words.dates.in_month), [*words.months, *words.dates.this_month]
    return re.compile(rf"(?P<lead>{lead}\s+)?(?P<month>{alternatives(names)})", re.IGNORECASE)


@cache
def _bare_days(words: MeetingWords) -> Pattern:
    """A day of the month, or the first and the last, without the month: "the 3rd and 4th". What may
    also join a day to its month stands only before two: "del 3 al 4"."""
    dates, lead = words.dates, alternatives(words.dates.bare_day)
    last_lead = alternatives([*dates.bare_day, *dates.before_day])
    single = alternatives(word for word in dates.bare_day if word not in dates.of)
    ending = f"(?:{'|'.join(map(re.escape, dates.bare_endings))})"
    return re.compile(
        rf"(?:(?P<one>{single})|{lead})\s+(?P<d1>\d{{1,2}}){ending}"
        rf"(?:\s*(?P<to>{range_marks(words)})\s*(?:{last_lead}\s+)?(?P<d2>\d{{1,2}}){ending})?+"
        rf"(?(one)|(?(to)|(?!)))"
        rf"(?![\w/%:-]|[.,]\d|\s*%|\s+{alternatives([*dates.of, *dates.counted])})",
        re.IGNORECASE,
    )
