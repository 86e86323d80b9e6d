"""A date as worded → the days that it means, and where their year comes from. Pure.

Where more than one year is possible, the year stays unknown: a wrong date is worse than none.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..days import Day, YearFrom
from ..formats.lines import ends_sentence
from ..languages.meeting_words import MeetingWords
from ..languages.phrase_patterns import Pattern
from .counted_days import counted_day, fitting_days
from .date_ranges import DateRange, Period, as_day, in_year, range_in_year, weekday_of
from .dates import DateMention, find_dates, is_full, without_addresses
from .published import MAX_LINE, Published
from .verbs import is_headline

YEAR_END, YEAR_BEGIN = 10, 3
"""A year is reviewed and the next one planned from October on, or up to March."""

YEAR_REACH = 70
"""A year belongs to the nearest word of review or of plan within so many characters, or to none."""

LABEL_REACH = 60
"""The most characters of what stands before a date and says what it is of."""

OWN_HEAD, OWN_REACH = 300, 100
"""The characters at the head of a text whose first day, in a line that is no sentence, tells the
year of those within so many days of it, where nothing says when the text was published."""

HALF_YEAR = 182
"""The most days between the old day and the new one of a meeting that is put off."""

_YEAR = re.compile(r"(?<![\w./-])((?:19|20)\d\d)(?![\w/]|-\d|\.\d|\s*[-–—]\s*(?:19|20)\d\d)")
_SECOND_WORD = re.compile(r"\s*\S{1,20}\s+([^\W\d_]+)")
_SENTENCE_END = re.compile(r"[.!?;]\s")
_SPAN = re.compile(r"(?:19|20)\d\d\s*[-–—/]\s*(?:19|20)?\d\d")


@dataclass(frozen=True, slots=True)
class YearCues:
    """The years that a text looks back on (`past`), those that it plans for (`planned`), and all
    that it names but those that it plans for (`named`). `first` is the first day at its head."""

    past: frozenset[int] = frozenset()
    planned: frozenset[int] = frozenset()
    named: frozenset[int] = frozenset()
    first: datetime.date | None = None

    def near(self, day: Day, weekday: int | None) -> int | None:
        """The year in which a day is near the first one of the text; None if it is near it in
        none."""
        for year in range(self.first.year - 1, self.first.year + 2) if self.first else ():
            date = in_year(day, year).date()
            if date and self.first and abs((date - self.first).days) <= OWN_REACH:
                return year if weekday in (None, date.weekday()) else None
        return None

    def by_weekday(self, day: Day, weekday: int | None) -> int | None:
        """The one of the two latest years in which the day is of a weekday; None if both are."""
        newest = max(self.named, default=None)
        if weekday is None or newest is None:
            return None
        years = [
            year
            for year in self.named & {newest, newest - 1}
            if weekday_of(in_year(day, year)) == weekday
        ]
        return years[0] if len(years) == 1 else None

    def at_turn(self, day: Day) -> int | None:
        """The year of a day between the review of a year and the plan of the next one; None if it
        may be another.

        What is planned for one year alone is planned at the end of the year before it.
        """
        pairs = [year for year in self.past if year + 1 in self.planned]
        if not pairs and not self.past and len(self.planned) == 1:
            (planned,) = self.planned
            return planned - 1 if day.month >= YEAR_END else None
        if len(pairs) != 1:
            return None
        if day.month >= YEAR_END:
            return pairs[0]
        return pairs[0] + 1 if day.month <= YEAR_BEGIN else None


def find_year_cues(text: str, words: MeetingWords) -> YearCues:
    """The years that a text looks back on and plans for."""
    text = without_addresses(text)
    spans = {at for match in _SPAN.finditer(text) for at in range(*match.span())}
    past, planned, named = set[int](), set[int](), set[int]()
    for match in _YEAR.finditer(text):
        if match.start() in spans:
            continue
        before = text[max(0, match.start() - YEAR_REACH) : match.start()]
        before = _SENTENCE_END.split(before)[-1]
        after = _SENTENCE_END.split(text[match.end() : match.end() + YEAR_REACH // 2])[0]
        review = _distance(words.dates.review, before, after)
        plan = _distance(words.dates.plan, before, after)
        if review <= plan:
            named.add(int(match[1]))
        if review < plan:
            past.add(int(match[1]))
        elif plan < review:
            planned.add(int(match[1]))
    return YearCues(frozenset(past), frozenset(planned), frozenset(named), _own_day(text, words))


def _own_day(text: str, words: MeetingWords) -> datetime.date | None:
    """The first day of a text, if it is stated with its year in a line that is no sentence: what
    a sentence tells, and a life in brackets, may be of any time."""
    own = next(iter(find_dates(text[:OWN_HEAD], words)), None)
    if own is None or not is_full(own) or is_unrelated(text, own, words):
        return None
    before = text[: own.start].rpartition("\n")[2]
    line = before + text[own.start :].partition("\n")[0]
    is_told = ends_sentence(line) or is_headline(line, words)
    if len(line) > MAX_LINE or is_told or before.count("(") > before.count(")"):
        return None
    first, last = own.readings[0]
    return first.date() if first == last else None


def _distance(cue: Pattern, before: str, after: str) -> int:
    """How far the nearest cue is; what follows counts only if nothing came before."""
    distances = [len(before) - match.end() for match in cue.finditer(before)]
    if distances:
        return min(distances)
    return YEAR_REACH + min((m.start() for m in cue.finditer(after)), default=YEAR_REACH)


def recurs(text: str, mention: DateMention, words: MeetingWords) -> bool:
    """Whether a date comes again and again: "on Mondays of every month", "the last Sunday in
    March"."""
    if words.dates.recurring.match(text, mention.end + 1):
        return True
    behind = _SECOND_WORD.match(text, mention.end) if mention.is_last else None
    return bool(mention.is_weekday and behind and behind[1].lower() in words.months)


def is_unrelated(text: str, mention: DateMention, words: MeetingWords) -> bool:
    """Whether a date is that of a birth, a law, an update."""
    if mention.since is not None or any(first != last for first, last in mention.readings):
        return False
    before = text[max(0, mention.start - LABEL_REACH) : mention.start]
    cues = [*words.dates.unrelated.finditer(before), *words.dates.updated.finditer(before)]
    return any(not before[match.end() :].strip(" (:") for match in cues)


def resolve(
    mention: DateMention,
    published: Published,
    cues: YearCues,
    *,
    ahead: bool = False,
    period: Period | None = None,
) -> DateRange | None:
    """The days that a date means; None where they cannot be known.

    They lie before the day of the article or, with `ahead`, from it on; those without a year in the
    `period` of the title, if that has them. "Thurs 9/2/23" is the reading that is a Thursday.
    """
    if ahead:
        return _after(mention, published) or resolve(mention, published, cues, period=period)
    if mention.readings:
        if period and not mention.readings[0][0].year and not mention.readings[0][1].year:
            first, last = mention.readings[0]
            if year := period.year(first, mention.weekday, published):
                return range_in_year(first, last, year, YearFrom.CONTEXT)
        each = [_resolve_range(*pair, mention, published, cues) for pair in mention.readings]
    elif period and mention.day_of_month is not None and mention.weekday is not None:
        found = map(as_day, fitting_days(mention, period.days()))
        each = [
            DateRange(day, day, YearFrom.CONTEXT) for day in found if not published.is_before(day)
        ]
    elif published.is_month and mention.day_of_month is None:
        return None
    else:
        own = (as_day(cues.first),) if cues.first and mention.day_of_month is not None else ()
        days = filter(None, (_counted(mention, today) for today in published.days or own))
        each = [
            DateRange(day, day, (published.year_from or YearFrom.CONTEXT) if day.year else None)
            for day in days
        ]
    ranges = {one for one in each if one and weekday_of(one.first) == mention.weekday} or set(each)
    return ranges.pop() if len(ranges) == 1 else None


def _resolve_range(
    first: Day, last: Day, mention: DateMention, published: Published, cues: YearCues
) -> DateRange:
    if first.year or last.year:
        wrong = mention.weekday is not None and weekday_of(first) not in (None, mention.weekday)
        return DateRange(first, last, YearFrom.WEEKDAY if wrong else YearFrom.STATED)
    if days := [day for day in published.days if day.year]:
        each = (_before(first, last, day, mention.weekday) for day in days)
        ranges = {days for days in each if days and published.gives_year(days[0])}
        begin, end = ranges.pop() if len(ranges) == 1 else (first, last)
        return DateRange(begin, end, published.year_from if begin.year else None)
    year = cues.at_turn(last) or cues.by_weekday(first, mention.weekday)
    year = year or cues.near(first, mention.weekday)
    if year and published.is_before(in_year(first, year)):
        year = None
    if year and (mention.weekday is None or weekday_of(in_year(first, year)) == mention.weekday):
        return range_in_year(first, last, year, YearFrom.CONTEXT)
    return DateRange(first, last, None)


def _before(first: Day, last: Day, day: Day, weekday: int | None) -> tuple[Day, Day] | None:
    """The latest such days that began by `day`; if the weekday is not theirs, none."""
    limit = day.date()
    if limit is None or day.year is None:
        return None
    for year in (day.year, day.year - 1):
        begin = in_year(first, year)
        date = begin.date()
        if date is None or date > limit:
            continue
        if weekday is not None and date.weekday() != weekday:
            return None
        turned = (first.month, first.day) > (last.month, last.day)
        return begin, in_year(last, year + turned)
    return None


def _after(mention: DateMention, published: Published) -> DateRange | None:
    """The days without a year, or the weekday, that come next."""
    dates = [date for day in published.days if (date := day.date())]
    if len(dates) != 1:
        return None
    today = dates[0]
    if not mention.readings:
        date = None if published.is_month else counted_day(mention, today, ahead=True)
        return DateRange(as_day(date), as_day(date), published.year_from) if date else None
    first, last = mention.readings[0]
    if first.year or last.year:
        return None
    for year in (today.year, today.year + 1):
        date = in_year(last, year).date()
        if date and date >= today:
            return DateRange(in_year(first, year), in_year(last, year), published.year_from)
    return None


def _counted(mention: DateMention, today: Day) -> Day | None:
    """The day that counts from the day of the article: "yesterday", "on Tuesday"."""
    date = today.date()
    if date is None:
        return today if mention.offset == 0 else None
    counted = counted_day(mention, date, ahead=False)
    return as_day(counted) if counted else None


def in_year_of_new_day(days: DateRange, dates: Sequence[DateMention]) -> DateRange:
    """Days without a year in that of the one full date beside them: "is put off from 17 September
    to 8 October 2025"; the same days if there is none or it is too far away."""
    full = [date.readings[0][0] for date in dates if is_full(date)]
    new = full[0].date() if len(full) == 1 else None
    for year in (new.year, new.year - 1, new.year + 1) if new and not days.first.year else ():
        old = in_year(days.first, year).date()
        if old and new and abs((new - old).days) <= HALF_YEAR:
            return range_in_year(days.first, days.last, year, YearFrom.CONTEXT)
    return days
