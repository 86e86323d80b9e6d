"""A date as worded → the day that is meant, and where its year comes from. Pure.

Where more than one year is possible, the year stays unknown: a wrong date is worse than none.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from ..days import Day, YearFrom
from .dates import Mention
from .published import Published
from .wording import Pattern, Wording

YEAR_END, YEAR_BEGIN = 10, 3
"""A year is reviewed and the next one planned from October on, or up to March."""

MONTH = 31
REACH = 70
"""A year belongs to the nearest word of review or of plan so many characters away, or to none."""

_YEAR = re.compile(r"(?<![\w./-])((?:19|20)\d\d)(?![\w/]|-\d|\.\d|\s*[-–—]\s*(?:19|20)\d\d)")
_SENTENCE_END = re.compile(r"[.!?;]\s")
_SPAN = re.compile(r"(?:19|20)\d\d\s*[-–—/]\s*(?:19|20)?\d\d")


@dataclass(frozen=True, slots=True)
class When:
    """The days of a meeting; `last` is that of the end, the same where it is one day."""

    first: Day
    last: Day
    year_from: YearFrom | None


def resolve(
    mention: Mention, published: Published, reviewed: Reviewed, *, ahead: bool = False
) -> When | None:
    """The days that a mention means; None where they cannot be known.

    They lie before the day of the article or, with `ahead`, from it on.
    """
    if ahead:
        return _after(mention, published) or resolve(mention, published, reviewed)
    if not mention.readings and published.whole_month:
        return None
    if mention.readings:
        each = (_dated(*pair, mention, published, reviewed) for pair in mention.readings)
        whens = {when for when in each if when}
    else:
        days = (_counted(mention, day) for day in published.days)
        whens = {When(day, day, _origin(day, published)) for day in days if day}
    return whens.pop() if len(whens) == 1 else None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The years that a text looks back on, and those that it plans for."""

    past: frozenset[int] = frozenset()
    ahead: frozenset[int] = frozenset()
    named: frozenset[int] = frozenset()
    """All years that the text names, but those that it plans for."""

    def by_weekday(self, day: Day, weekday: int | None) -> int | None:
        """The one of the two latest years in which the day is of a weekday."""
        newest = max(self.named, default=None)
        if weekday is None or newest is None:
            return None
        found = {
            year
            for year in self.named & {newest, newest - 1}
            if _weekday(in_year(day, year)) == weekday
        }
        return found.pop() if len(found) == 1 else None

    def year(self, day: Day) -> int | None:
        """The year of a day at the turn from the one to the other; None if it may be another.

        What is planned for one year alone is planned at the end of the year before it.
        """
        pairs = [year for year in self.past if year + 1 in self.ahead]
        if not pairs and not self.past and len(self.ahead) == 1:
            (ahead,) = self.ahead
            return ahead - 1 if day.month >= YEAR_END else None
        if len(pairs) != 1:
            return None
        if day.month >= YEAR_END:
            return pairs[0]
        return pairs[0] + 1 if day.month <= YEAR_BEGIN else None


def reviewed(text: str, words: Wording) -> Reviewed:
    """What a text says that it looks back on and ahead to."""
    within = {at for match in _SPAN.finditer(text) for at in range(*match.span())}
    past, ahead, named = set[int](), set[int](), set[int]()
    for match in _YEAR.finditer(text):
        if match.start() in within:
            continue
        before = text[max(0, match.start() - REACH) : match.start()]
        before = _SENTENCE_END.split(before)[-1]
        after = _SENTENCE_END.split(text[match.end() : match.end() + REACH // 2])[0]
        review = _near(words["dates", "review"], before, after)
        plan = _near(words["dates", "plan"], before, after)
        if review <= plan:
            named.add(int(match[1]))
        if review < plan:
            past.add(int(match[1]))
        elif plan < review:
            ahead.add(int(match[1]))
    return Reviewed(frozenset(past), frozenset(ahead), frozenset(named))


def _near(cue: Pattern, before: str, after: str) -> int:
    """How far the nearest cue is; what follows counts only if nothing came before."""
    found = [len(before) - match.end() for match in cue.finditer(before)]
    return min(found, default=REACH + min((m.start() for m in cue.finditer(after)), default=REACH))


def _dated(
    first: Day, last: Day, mention: Mention, published: Published, looks: Reviewed
) -> When | None:
    if first.year or last.year:
        wrong = mention.weekday is not None and _weekday(first) not in (None, mention.weekday)
        return None if wrong else When(first, last, YearFrom.STATED)
    known = [day for day in published.days if day.year]
    if known:
        each = (_before(first, last, day, mention.weekday) for day in known)
        found = {pair for pair in each if pair}
        begin, end = found.pop() if len(found) == 1 else (first, last)
        return When(begin, end, published.year_from if begin.year else None)
    year = looks.year(last) or looks.by_weekday(first, mention.weekday)
    if year and (mention.weekday is None or _weekday(in_year(first, year)) == mention.weekday):
        turned = (first.month, first.day) > (last.month, last.day)
        return When(in_year(first, year - turned), in_year(last, year), YearFrom.CONTEXT)
    return When(first, last, None)


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


def _after(mention: Mention, published: Published) -> When | None:
    """The days without a year, or the weekday, that come next."""
    dates = [date for day in published.days if (date := day.date())]
    if len(dates) != 1 or published.whole_month:
        return None
    today = dates[0]
    if not mention.readings:
        step = ((mention.weekday or 0) - today.weekday()) % 7
        day = _day(today + datetime.timedelta(days=step))
        return When(day, day, published.year_from) if mention.weekday is not None else None
    first, last = mention.readings[0]
    if first.year or last.year:
        return None
    for year in (today.year, today.year + 1):
        date = in_year(last, year).date()
        if date and date >= today:
            return When(in_year(first, year), in_year(last, year), published.year_from)
    return None


def _counted(mention: Mention, today: Day) -> Day | None:
    """The day that counts from the day of the article: "yesterday", "on Tuesday"."""
    date = today.date()
    if mention.offset is not None:
        if date is None:
            return today if mention.offset == 0 else None
        return _day(date + datetime.timedelta(days=mention.offset))
    if date is None or mention.weekday is None:
        return None
    if mention.day is not None:
        days = (date - datetime.timedelta(days=back) for back in range(MONTH))
        fit = (d for d in days if (d.day, d.weekday()) == (mention.day, mention.weekday))
        return next(map(_day, fit), None)
    back = (date.weekday() - mention.weekday) % 7
    return _day(date - datetime.timedelta(days=back or (7 if mention.last else 0)))


def _origin(day: Day, published: Published) -> YearFrom | None:
    return published.year_from if day.year else None


def in_year(day: Day, year: int) -> Day:
    """The same day in a year; 29 February in a year without one is the 28th."""
    try:
        return Day(day.month, day.day, year)
    except ValueError:
        return Day(2, 28, year)


def _day(date: datetime.date) -> Day:
    return Day(date.month, date.day, date.year)


def _weekday(day: Day) -> int | None:
    date = day.date()
    return None if date is None else date.weekday()
