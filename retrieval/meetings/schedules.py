"""Lists of the days on which people will meet: "Meeting dates 2024" above them. Pure."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import takewhile
from operator import itemgetter

from ..days import YearFrom
from ..formats.lines import ends_sentence
from ..languages.meeting_words import MeetingWords
from ..languages.phrase_patterns import Pattern, phrase_pattern
from ..models import Kind, Span
from .date_ranges import DateRange, range_in_year
from .dates import DateMention, find_dates
from .headings import noun_spans, says_next
from .published import Published, has_days_alone
from .reports import Report
from .statements import Statement
from .years import YearCues, resolve

MAX_HEAD = 90
"""A line of more characters heads no list."""

MAX_ROW = 200
"""A line of more characters is none of a calendar."""

MAX_WORDS_OF_LABEL = 5
"""The words of a line that says no more than "Our next meetings": what it is above is one each."""

MIN_DAYS = 2
"""A list has so many days."""

_LETTER = re.compile(r"[^\W\d_]")
_YEAR = re.compile(r"(?<![\d/–-])(?:19|20)\d\d(?!\d|\s?[/–-]\s?\d)")


def find_schedules(
    statements: Sequence[Statement], words: MeetingWords, published: Published, cues: YearCues
) -> Iterator[tuple[Report, Statement]]:
    """The meetings whose days a list has, each as the line above the list that says what it is of,
    or its own where that names a meeting, and the line with its day, which is after that of
    `published`.

    The line above names a meeting: below "dates" alone may be those of anything.
    """
    for n, head in enumerate(statements):
        if len(head.text) > MAX_HEAD:
            continue
        schedule, is_next = words.events.schedule.search(head.text), says_next(head.text, words)
        if not (schedule or is_next) or not _may_head(head, words):
            continue
        nouns = noun_spans(head.text, words)
        nouns += [match.span() for match in words.events.meets.finditer(head.text)]
        if schedule and not nouns and _is_compound(schedule[0], words):
            nouns = [schedule.span()]
        lines = takewhile(
            itemgetter(1), ((each, _days(each, words)) for each in statements[n + 1 :])
        )
        days = [(line, date) for line, dates in lines for date in dates]
        years = _YEAR.findall(head.text)
        if nouns and len(days) >= MIN_DAYS:
            for line, date, found in _resolved(days, years, published, cues):
                yield Report(head, nouns[0], date, found, says_held=False), line
            continue
        rows = list(_rows(statements[n + 1 :], words))
        # A weekday says whether the year of the title is that of the days.
        years = years or (_YEAR.findall(statements[0].text) if _have_weekdays(rows) else [])
        is_label = is_next and len(head.text.split()) <= MAX_WORDS_OF_LABEL
        if len(rows) >= MIN_DAYS:
            for line, date, found in _resolved(rows, years, published, cues):
                if noun := _row_noun(line, date, words):
                    report = Report(line, noun, date, found, is_heading=True, says_held=False)
                    yield report, line
                elif (
                    is_label
                    and not schedule
                    and nouns
                    and not words.events.cancelled.search(line.text)
                ):
                    yield Report(head, nouns[0], date, found, says_held=False), line


def _may_head(head: Statement, words: MeetingWords) -> bool:
    """Whether a line may stand above a list of days that are to come."""
    others = (words.events.minutes, words.events.past, _last(words))
    is_line = head.text.endswith(":") or not ends_sentence(head.text)
    is_other = any(each.search(head.text) for each in others)
    return is_line and not is_other


def _rows(
    statements: Sequence[Statement], words: MeetingWords
) -> Iterator[tuple[Statement, DateMention]]:
    """The lines that begin with a day, with their weekdays, as long as they follow one another."""
    for n, line in enumerate(statements):
        dates = find_dates(line.text, words)
        day = next((date for date in dates if len(date.readings) == 1), None)
        if n == 0 and line.kind is Kind.TABLE and not dates:
            continue  # It says what the columns have.
        if day is None or len(line.text) > MAX_ROW or line.kind is Kind.HEADING:
            return
        weekday = next((date for date in dates if date.is_weekday and date.end <= day.start), None)
        begin = weekday.start if weekday else day.start
        if _LETTER.search(line.text, 0, begin):
            return
        yield line, replace(day, weekday=weekday.weekday) if weekday else day


def _have_weekdays(rows: Sequence[tuple[Statement, DateMention]]) -> bool:
    return all(date.weekday is not None for _, date in rows)


def _row_noun(line: Statement, day: DateMention, words: MeetingWords) -> Span | None:
    """Where a line of a calendar says that there is a meeting on a day, not "tickets for" it."""
    events = words.events
    cues = (events.cancelled, events.minutes, events.sport, events.past, events.other_nouns)
    if any(cue.search(line.text) for cue in cues):
        return None
    noun = next((span for span in noun_spans(line.text, words) if span[0] >= day.end), None)
    return noun if noun and not words.names.after.search(line.text, day.end, noun[0]) else None


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
    days: Sequence[tuple[Statement, DateMention]],
    years: Sequence[str],
    published: Published,
    cues: YearCues,
) -> Iterator[tuple[Statement, DateMention, DateRange]]:
    """The days that are to come. Those without a year are of the one in `years`, as long as they
    follow one another."""
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
