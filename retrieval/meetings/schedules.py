"""Lists of the days on which people will meet: "Meeting dates 2024" above them. Pure."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import takewhile
from operator import itemgetter

from ..days import YearFrom
from ..formats.lines import ends_sentence
from ..languages.meeting_words import MeetingWords
from ..languages.phrase_patterns import Pattern, phrase_pattern
from .dates import DateMention, find_dates
from .headings import noun_spans
from .published import Published, has_days_alone
from .reports import Report
from .statements import Statement
from .years import DateRange, YearCues, range_in_year, resolve

MAX_HEAD = 90
"""A line of more characters heads no list."""

MIN_DAYS = 2
"""A list has so many days."""

_YEAR = re.compile(r"(?<![\d/–-])(?:19|20)\d\d(?!\d|\s?[/–-]\s?\d)")


def find_schedules(
    statements: Sequence[Statement], words: MeetingWords, published: Published, cues: YearCues
) -> Iterator[tuple[Report, Statement]]:
    """The meetings whose days a list has, each as the line above the list that says what it is of,
    and the line with its day, which is after that of `published`.

    The line above names a meeting: below "dates" alone may be those of anything.
    """
    for n, head in enumerate(statements):
        schedule = words.events.schedule.search(head.text)
        if not schedule or len(head.text) > MAX_HEAD or words.events.minutes.search(head.text):
            continue
        if words.events.past.search(head.text) or _last(words).search(head.text):
            continue
        is_head = head.text.endswith(":") or not ends_sentence(head.text)
        nouns = noun_spans(head.text, words)
        nouns += [match.span() for match in words.events.meets.finditer(head.text)]
        if not nouns and _is_compound(schedule[0], words):
            nouns = [schedule.span()]
        lines = takewhile(
            itemgetter(1), ((each, _days(each, words)) for each in statements[n + 1 :])
        )
        days = [(line, date) for line, dates in lines for date in dates]
        if is_head and nouns and len(days) >= MIN_DAYS:
            for line, date, found in _resolved(head, days, published, cues):
                yield Report(head, nouns[0], date, found, says_held=False), line


@cache
def _last(words: MeetingWords) -> Pattern:
    return phrase_pattern(words.dates.last)


def _is_compound(schedule: str, words: MeetingWords) -> bool:
    """Whether a word such as "Sitzungstermine" begins with one for a meeting."""
    return any(words.events.nouns.fullmatch(schedule, 0, end) for end in range(len(schedule)))


def _days(line: Statement, words: MeetingWords) -> Sequence[DateMention]:
    """The days that a line has if it says no more than them and times; else none."""
    dates = find_dates(line.text, words)
    if line.text.startswith("#") or any(len(date.readings) != 1 for date in dates):
        return ()
    return dates if has_days_alone(line.text, words) else ()


def _resolved(
    head: Statement,
    days: Sequence[tuple[Statement, DateMention]],
    published: Published,
    cues: YearCues,
) -> Iterator[tuple[Statement, DateMention, DateRange]]:
    """The days that are to come. Those without a year are of the one that the line above names, as
    long as they follow one another."""
    years = _YEAR.findall(head.text)
    before = datetime.date.min
    for line, mention in days:
        first, last = mention.readings[0]
        if first.year or len(years) != 1:
            found = resolve(mention, published, cues, ahead=True)
        else:
            found = range_in_year(first, last, int(years[0]), YearFrom.CONTEXT)
        date = found.first.date() if found else None
        if date is None or date <= before or mention.weekday not in (None, date.weekday()):
            return
        before = date
        if found and published.may_announce(found.first, stated=bool(first.year or years)):
            yield line, mention, found
