"""Dates as a text words them: found, but their years not yet resolved. Pure.

A date is a day or a range of days, whose year is often not stated, or a day counted from another
("on Tuesday", "ayer"). Which year it is, `years` resolves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from ..days import Day
from ..languages.meeting_words import DateWords, MeetingWords
from ..languages.phrase_patterns import Pattern, alternatives
from ..models import Span

_ISO = r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<by>[-/.])(?P<m>\d\d)(?P=by)(?P<d>\d\d)(?!\d)"
_ADDRESS = re.compile(
    r"https?://\S+|\bwww\.\S+|\]\([^)\s]{0,2000}\)|<[^<>]{1,500}>|(?<![^\s(])\.{0,2}/\S+",
    re.IGNORECASE,
)
_ADDRESS_MARK = re.compile(r"/|www\.|\]\(|<", re.IGNORECASE)
_JOINED = re.compile(r"(?<![\d/-])(\d{1,2})[-/]([^\W\d_]{3,})[-/](\d{4})(?!\d)")
"""A date whose month is in letters between marks: "3-May-2019"."""
_DIGIT = re.compile(r"\d")
FULL_NAME = 5  # A name of a weekday of fewer letters is one only beside a day.
_DASH = r"[-\N{EN DASH}\N{EM DASH}/]"


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date in a text, from offset `start` to `end`.

    `readings` are the (first, last) days that it may mean: none where it counts from another day,
    two where "03/11" may be either in November or in March. `weekday` (Monday is 0) is the stated
    weekday of the first day, `day_of_month` the day behind a weekday without a month ("miércoles
    13"), and `offset` the days from today ("yesterday" is -1). `is_next` and `is_last` say whether
    the words themselves say that it is to come ("next Tuesday") or over ("last Tuesday").
    """

    start: int
    end: int
    readings: tuple[tuple[Day, Day], ...] = ()
    weekday: int | None = None
    offset: int | None = None
    is_next: bool = False
    is_last: bool = False
    day_of_month: int | None = None

    @property
    def span(self) -> Span:
        return self.start, self.end

    @property
    def is_weekday(self) -> bool:
        """Whether it is a weekday alone."""
        return not self.readings and self.offset is None and self.day_of_month is None


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
    patterns = _patterns(words)
    days = patterns.days if _DIGIT.search(text) else ()
    if patterns.words.search(text):
        days = (*days, patterns.worded)
    for pattern in days:
        for match in pattern.finditer(text):
            if readings := tuple(_readings(match, words)):
                yield DateMention(*match.span(), readings, _weekday(match["w"], words))
    for match in patterns.weekday.finditer(text):
        before = text[: match.start()].rstrip()
        is_word = words.dates.weekdays_capitalised and match["w"].islower()
        is_short = len(match["w"]) < FULL_NAME and not match["day"]  # "Mar del Plata", "The Sun".
        if is_short or (is_word and not ends_with(words.dates.before_weekday, before)):
            continue
        yield DateMention(
            *match.span(),
            weekday=_weekday(match["w"], words),
            is_next=bool(match["next"] or match["after"]),
            is_last=bool(match["last"]),
            day_of_month=int(match["day"]) if match["day"] and int(match["day"]) <= 31 else None,
        )
    for match in patterns.relative.finditer(text):
        phrase = " ".join(match[0].lower().split())
        yield DateMention(*match.span(), offset=words.dates.relative[phrase])


def is_full(mention: DateMention) -> bool:
    """Whether a date is stated with its year."""
    return bool(mention.readings and mention.readings[0][0].year)


def ends_with(pattern: Pattern, text: str) -> bool:
    """Whether a match of the pattern ends where the text does."""
    return any(match.end() == len(text) for match in pattern.finditer(text))


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Patterns of days with a date, of weekdays, and of phrases such as "yesterday". `worded` is
    of days in words, which hold a match of `words`."""

    days: tuple[Pattern, ...]
    words: Pattern
    worded: Pattern
    weekday: Pattern
    relative: Pattern


@cache
def _patterns(words: MeetingWords) -> _Patterns:
    dates = words.dates
    endings = "|".join(map(re.escape, dates.ordinal_endings))
    lead = rf"(?:{alternatives(dates.before_day)}\s+)?"
    ending = rf"(?:{endings})?" if endings else ""
    of = rf"(?:{alternatives(dates.of)}\s+)?"
    # In Vietnamese the name of a month holds the word that would join it to the day.
    month = alternatives(words.months)
    join = rf"(?:(?:\s*,)?\s+{of}|(?<=\d\.))"
    before_year = rf"(?:\s*,)?\s+(?:{alternatives([*dates.of, *dates.before_year])}\s+)?"
    to = rf"(?:\s*{_DASH}\s*|\s*,?\s+{alternatives(dates.range)}\s+)"
    weekdays = alternatives(words.weekdays)
    weekday = rf"(?:(?P<w>{weekdays})\s*[,(]?\s*)?"

    def day(n: int) -> str:
        return rf"{lead}(?<![\d.,:/])(?P<d{n}>\d{{1,2}}){ending}"

    def year(n: int) -> str:
        return rf"{before_year}(?P<y{n}>(?:1\d|20)\d\d|2\.0\d\d)(?!\d)"

    more = rf"(?:,\s*\d{{1,2}}{ending})*"
    day_first = (
        rf"{weekday}(?:{day(1)}(?:{join}(?P<m1>{month})\.?)?(?:{year(1)})?{more}{to}"
        rf"(?:{weekdays},?\s+)?)?{day(2)}{join}(?P<m2>{month})\.?(?:{year(2)})?"
    )
    month_first = (
        rf"{weekday}(?P<m1>{month})\.?\s+{lead}(?P<d1>\d{{1,2}})(?![\d:]){ending}(?:{year(1)})?"
        rf"(?:{to}(?:{weekdays},?\s+)?(?:(?P<m2>{month})\.?\s+)?"
        rf"(?P<d2>\d{{1,2}})(?![\d:%]){ending}(?!\s+{month}))?(?:{year(2)})?"
    )
    mark = r"[./-]"
    numeric = (
        rf"{weekday}{lead}(?<![\d./-])(?:(?P<d1>\d{{1,2}})\.?(?:{mark}(?P<m1>\d{{1,2}})\.?)?"
        rf"(?:{mark}(?P<y1>(?:19|20)?\d\d))?{to}{lead})?"
        rf"(?P<d2>\d{{1,2}})(?P<mark>{mark})(?:(?<=\.)\s)?(?P<m2>\d{{1,2}})(?P=mark)"
        r"(?:(?<=\.)\s(?=(?:19|20)\d\d))?"
        rf"(?P<y2>(?:19|20)\d\d|\d\d(?![\d.]|:\d))(?!\d)"
    )
    days = [rf"{weekday}{_ISO}", day_first, numeric]
    if words.month_first:
        days.insert(2, month_first)
    if dates.yearless_marks:
        days.append(_yearless(weekday, lead, to, dates))
    number, years = alternatives(dates.day_words), _year_words(dates)
    if dates.before_yearless and dates.yearless_marks != ".":  # "hai tháng" is two months.
        lead = rf"{alternatives(dates.before_day)}\s+"
    worded = (
        rf"{weekday}{lead}(?P<d>{number}){join}(?P<m>{month})"
        rf"(?:{before_year}(?P<y>(?:19|20)\d\d(?!\d)|{years}))?"
    )
    nexts, lasts = alternatives(dates.next), alternatives(dates.last)
    return _Patterns(
        tuple(re.compile(pattern, re.IGNORECASE) for pattern in days),
        re.compile(rf"{number}{join}{month}", re.IGNORECASE),
        re.compile(worded, re.IGNORECASE),
        re.compile(
            rf"(?:(?P<next>{nexts})\s+|(?P<last>{lasts})\s+)?(?P<w>{weekdays})"
            rf"(?:\s+(?P<after>{nexts})|,?\s+(?P<day>\d{{1,2}})(?![\w:.,]*\d)"
            r"(?!\s*(?:uhr|h|hrs|horas|[ap]\.?m|giờ)\b))?",  # "Friday, 7 pm" has an hour.
            re.IGNORECASE,
        ),
        re.compile(alternatives(dates.relative), re.IGNORECASE),
    )


def _year_words(dates: DateWords) -> str:
    """The pattern of a year in words: "dos mil quince", "zweitausendachtzehn"."""
    both = (dates.thousands, dates.numbers or dates.day_words)
    thousands, numbers = (
        "|".join(map(re.escape, sorted(words, key=len, reverse=True))) for words in both
    )
    return rf"(?<!\w)(?:{thousands or '(?!)'})(?:\s*(?:{numbers})(?!\w)|(?!\s*$|\w))"


def _yearless(weekday: str, lead: str, to: str, dates: DateWords) -> str:
    """The pattern of a day and a month in numbers: "am 8.4.", "am 08.04", "sáng 8/4"."""
    if dates.yearless_marks == ".":
        on = "|".join(rf"(?<=\b{word}\s)" for word in dates.before_yearless)
        no_dot = r"(?<=\.\d\d)(?!\s*[-–]?\s*\d|[.,:]\d|\w|-\w|\s*(?:[%€]|(?:bis [\d.:]{1,5} )?Uhr))"
        return (
            rf"{weekday}{lead}(?P<on>{on or '(?!)'})?"
            rf"(?<![\d./-])(?:(?P<d1>\d{{1,2}})\.(?:\s?(?P<m1>\d{{1,2}})\.?)?{to})?(?P<d2>\d{{1,2}})"
            rf"\.\s?(?P<m2>\d{{1,2}})(?:\.(?!\d)|(?(on){no_dot}|(?(w){no_dot}|(?!))))"
        )
    mark, before = f"[{re.escape(dates.yearless_marks)}]", alternatives(dates.before_yearless)
    return (
        rf"(?:{weekday}{lead}(?<=\s)|{before}\s*[,(]?\s*|\()(?<![\d./-])"
        rf"(?:(?P<d1>\d{{1,2}})(?:{mark}(?P<m1>\d{{1,2}}))?{to})?"
        rf"(?P<d2>\d{{1,2}}){mark}(?P<m2>\d{{1,2}})(?![\d/.-]\d|\d)"
    )


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
