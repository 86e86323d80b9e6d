"""Dates as a text words them: found, but their years not yet resolved. Pure.

A date is a day or a range of days, whose year is often not stated, or a day counted from another
("on Tuesday", "ayer"). Which year it is, `years` resolves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from ..days import Day
from ..languages.meeting_words import MeetingWords
from ..languages.phrase_patterns import Pattern
from ..models import Span
from .date_patterns import date_patterns

_ADDRESS = re.compile(
    r"https?://\S+|\bwww\.\S+|\]\([^)\s]{0,2000}\)|<[^<>]{1,500}>|(?<![^\s(])\.{0,2}/\S+",
    re.IGNORECASE,
)
_ADDRESS_MARK = re.compile(r"/|www\.|\]\(|<", re.IGNORECASE)
_JOINED = re.compile(r"(?<![\d/-])(\d{1,2})[-/]([^\W\d_]{3,})[-/](\d{4})(?!\d)")
"""A date whose month is in letters between marks: "3-May-2019"."""
_DIGIT = re.compile(r"\d")
_NOUN = re.compile(r"\s+[^\W\d_a-zäöü]")
_YEAR = re.compile(r"\b[12]\d{3}\b")
_NUMBER = re.compile(r"\d+")
SHORT_NAME, FULL_NAME = 4, 5
"""A name of a weekday of fewer letters is one only with a capital, and only beside a day."""
DAYS_OF_MONTH, SHORTEST_MONTH = 31, 28
BETWEEN_REACH = 40
"""The characters before two days in which "between" may stand."""


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date in a text, from offset `start` to `end`.

    `readings` are the (first, last) days that it may mean: none where it counts from another day,
    two where "03/11" may be either in November or in March. `weekday` (Monday is 0) is the stated
    weekday of the first day, `day_of_month` the day beside a weekday without a month ("miércoles
    13"), or that of this month if there is no weekday, and `offset` the days from today: that of
    "yesterday" is -1. `is_next` and `is_last` say whether the words themselves say that it is to
    come ("next Tuesday") or over ("last Tuesday"), and `weeks` the week that they say the weekday
    is of: next week is 1. It counts from the date `base`, if it has one, not from the article's.
    `since` is the first of two weekdays, `weekday` the last: "from Monday to Wednesday".
    """

    start: int
    end: int
    readings: tuple[tuple[Day, Day], ...] = ()
    weekday: int | None = None
    offset: int | None = None
    is_next: bool = False
    is_last: bool = False
    day_of_month: int | None = None
    weeks: int = 0
    base: DateMention | None = None
    since: int | None = None

    @property
    def span(self) -> Span:
        return self.start, self.end

    @property
    def is_weekday(self) -> bool:
        """Whether it is a weekday alone."""
        return not (self.readings or self.offset is not None or self.day_of_month is not None)


@lru_cache(maxsize=1_000)  # A sentence is searched for its date, its place and its name.
def find_dates(text: str, words: MeetingWords) -> tuple[DateMention, ...]:
    """The dates that a text mentions, but those in addresses, in order; none overlaps another."""
    text = _JOINED.sub(r"\1 \2 \3", without_addresses(text))
    dates: list[DateMention] = []
    for mention in _candidates(text, words):
        if not any(mention.start < other.end and other.start < mention.end for other in dates):
            dates.append(mention)
    return tuple(sorted(dates, key=lambda mention: mention.start))


def without_addresses(text: str) -> str:
    """The text with spaces for the characters of its addresses, paths and tags."""
    if not _ADDRESS_MARK.search(text):
        return text
    return _ADDRESS.sub(lambda match: " " * len(match[0]), text)


def _candidates(text: str, words: MeetingWords) -> Iterator[DateMention]:
    """All dates, those of the most specific patterns first."""
    patterns = date_patterns(words)
    days = patterns.days if _DIGIT.search(text) else ()
    if patterns.words.search(text):
        days = (*days, patterns.worded)
    for pattern in days:
        for match in pattern.finditer(text):
            if readings := tuple(_readings(match, words)):
                yield from _dates(match, readings, words)
    for match in patterns.day_of_month.finditer(text) if days else ():
        day, weekday = int(match["day"]), match["w"] or match["before"]
        is_two = match["w"] and match["before"]  # "Lunes 3, martes y jueves."
        is_day = not is_two and (match["nth"] or match["lead"] or match["before"])
        if not match["w"] and names_year(text):
            is_day = False  # "On the 5th of this month, says the chronicle of 1921."
        if day <= DAYS_OF_MONTH and is_day:
            yield DateMention(*match.span(), weekday=_weekday(weekday, words), day_of_month=day)
    for match in patterns.weekday.finditer(text):
        if mention := _weekday_mention(match, words):
            yield mention
    for match in patterns.relative.finditer(text):
        phrase = " ".join(match[0].lower().split())
        offset, before = words.dates.relative[phrase], text[: match.start()].rstrip()
        is_noun = words.nouns_capitalised and match[0][0].isupper()  # "Der Morgen um".
        if offset <= 0 or not (is_noun or ends_with(words.dates.before_morning, before)):
            yield DateMention(*match.span(), offset=offset, is_next=offset > 0)


def _dates(
    match: re.Match[str], readings: tuple[tuple[Day, Day], ...], words: MeetingWords
) -> Iterator[DateMention]:
    """The date of a match, or each of those that it joins and that do not follow one another: "on
    3, 10 and 17 May"."""
    part, weekday = match.groupdict(), _weekday(match["w"], words)
    (first, last), *others = readings
    more = listed_days(match) if part.get("more") else []
    days = [first.day, *(day for _, day in more), last.day]
    is_one = days == [*range(first.day, first.day + len(days))]
    is_one |= first.month != last.month and first.day >= SHORTEST_MONTH and last.day == 1
    before = match.string[max(0, match.start() - BETWEEN_REACH) : match.start()]
    is_one |= ends_with(words.dates.between, before.rstrip())
    is_one |= bool(more) and (first.month != last.month or days != sorted(set(days)))
    if others or first == last or is_one or not words.names.joins.search(part["to"]):
        yield DateMention(*match.span(), readings, weekday)
        return
    end = match.start("more" if more else "to")
    yield DateMention(match.start(), end, ((first, first),), weekday)
    for span, number in more:
        day = replace(first, day=number)
        yield DateMention(*span, ((day, day),))
    yield DateMention(match.end("to"), match.end(), ((last, last),))


def listed_days(match: re.Match[str]) -> list[tuple[Span, int]]:
    """The days of the month that a list has between its first and its last one (`more`)."""
    numbers = _NUMBER.finditer(match.string, *match.span("more"))
    return [(each.span(), int(each[0])) for each in numbers]


def names_year(text: str) -> bool:
    """Whether a text has a number that may be a year."""
    return bool(_YEAR.search(text))


def _weekday_mention(match: re.Match[str], words: MeetingWords) -> DateMention | None:
    """The date of a weekday; None where it is another word: "Mar del Plata", "The Sun", "sat"."""
    name, day, end = match["w"], match["day"], match.end()
    weeks = int(bool(match["next_week"] or match["in_next_week"]))
    weeks -= bool(match["last_week"] or match["in_last_week"])
    is_next, is_last = match["next"] or match["after"], match["last"] or match["past"]
    if words.dates.weekdays_capitalised and name.islower():
        is_ordinal = words.names.adjective_after  # "kỳ họp thứ tư tuần trước"
        is_counted = not is_ordinal and (weeks or match["nth"] or is_next or is_last)
        before = match.string[: match.start()].rstrip()
        if len(name) < SHORT_NAME or not (
            is_counted or ends_with(words.dates.before_weekday, before)
        ):
            return None
    # "Mittwoch 24 Menschen" and "last Friday, 26 for" have numbers of people.
    is_count = not (match["nth"] or match["lead"]) and (
        match["behind"] or (words.nouns_capitalised and _NOUN.match(match.string, end))
    )
    if day and (is_count or int(day) > DAYS_OF_MONTH):
        day, end = None, max(match.end("w"), match.end("behind"))
    if len(name) < FULL_NAME and not day:
        return None
    return DateMention(
        match.start(),
        end,
        weekday=_weekday(name, words),
        is_next=bool(is_next or weeks > 0),
        is_last=bool(is_last or weeks < 0),
        day_of_month=int(day) if day else None,
        weeks=weeks,
    )


def is_full(mention: DateMention) -> bool:
    """Whether a date is stated with its year."""
    return bool(mention.readings and mention.readings[0][0].year)


def ends_with(pattern: Pattern, text: str) -> bool:
    """Whether a match of the pattern ends where the text does."""
    return any(match.end() == len(text) for match in pattern.finditer(text))


def _readings(match: re.Match[str], words: MeetingWords) -> Iterator[tuple[Day, Day]]:
    part = match.groupdict()
    if "d" in part:
        if day := _day(part["d"], part["m"], part["y"], words):
            yield day, day
        return
    for order in words.dates.numeric_orders if part.get("mark") else ["dmy"]:
        first, last = (part.get("d1"), part.get("m1")), (part.get("d2"), part.get("m2"))
        if order == "mdy":
            first, last = first[::-1], last[::-1]
        if pair := _pair(first, last, part.get("y1"), part.get("y2"), words):
            yield pair


def _pair(
    first: tuple[str | None, str | None],
    last: tuple[str | None, str | None],
    first_year: str | None,
    last_year: str | None,
    words: MeetingWords,
) -> tuple[Day, Day] | None:
    """Both ends of a range, of which either may leave out what the other has; or one day twice."""
    if last[0] is None:
        day = _day(first[0], first[1], first_year or last_year, words)
        return (day, day) if day else None
    end = _day(last[0], last[1] or first[1], last_year or first_year, words)
    if first[0] is None or end is None:
        return (end, end) if end else None
    begin = _day(first[0], first[1] or last[1], first_year or last_year, words)
    if begin is None:
        return None
    if begin.year and first_year is None and (begin.month, begin.day) > (end.month, end.day):
        begin = Day(begin.month, begin.day, begin.year - 1)
    return begin, end


def _day(day: str | None, month: str | None, year: str | None, words: MeetingWords) -> Day | None:
    if day is None or month is None:
        return None
    name = " ".join(month.lower().split())
    number = int(name) if name.isdecimal() else words.months.get(name, 0)
    try:
        return Day(number, _number(day, words), _year(year, words) if year else None)
    except ValueError:
        return None


def _year(text: str, words: MeetingWords) -> int:
    if not text[0].isdecimal():
        text, dates = " ".join(text.lower().split()), words.dates
        thousand = max(filter(text.startswith, dates.thousands), key=len)
        rest = text.removeprefix(thousand).strip()
        return 2000 + (dates.numbers or dates.day_words).index(rest) + 1 if rest else 2000
    digits = text.replace(".", "")  # "2.015"
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _number(text: str, words: MeetingWords) -> int:
    """A number below 100 in digits or in words; 0 if there is none."""
    if text.isdecimal():
        return int(text)
    days = {name: number for number, name in enumerate(words.dates.day_words, 1)}
    return _by_name(text, days) or 0


def _weekday(text: str | None, words: MeetingWords) -> int | None:
    return _by_name(text, words.weekdays) if text else None


def _by_name(text: str, names: Mapping[str, int]) -> int | None:
    """The number of a name, which may end in `*`; the longest name that fits counts."""
    folded = " ".join(text.lower().split())
    fitting = (
        name
        for name in names
        if folded == name or (name.endswith("*") and folded.startswith(name[:-1]))
    )
    return names.get(max(fitting, key=len, default=""))
