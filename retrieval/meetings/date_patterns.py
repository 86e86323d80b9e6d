"""The patterns of dates in the words of a language. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ..languages.meeting_tables import DateWords
from ..languages.meeting_words import MeetingWords
from ..languages.phrase_patterns import NEVER, Pattern, alternatives
from ..models import Span

_ISO = r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<by>[-/.])(?P<m>\d\d)(?P=by)(?P<d>\d\d)(?!\d)"
_DASH = r"[-\N{EN DASH}\N{EM DASH}/]"
_FRACTION = r"[1-3]/[234]\b"

MAX_LISTED_DAYS = 30
"""The most days of a month that a list has before its last two."""

_HOURS = r"(?:uhr|h|hrs|horas|[ap]\.?m|giờ)\b"
"""What an hour has behind it: "Friday, 7 pm" has no day of the month."""


@dataclass(frozen=True, slots=True)
class DatePatterns:
    """Patterns of days with a date, of days of the month without one ("the 25th of this month",
    "el 24, sábado"), of weekdays, and of phrases such as "yesterday". `worded` is of days in words,
    which hold a match of `words`."""

    days: tuple[Pattern, ...]
    words: Pattern
    worded: Pattern
    day_of_month: Pattern
    weekday: Pattern
    relative: Pattern


@cache
def date_patterns(words: MeetingWords) -> DatePatterns:
    """The patterns of a language."""
    dates = words.dates
    endings = "|".join(map(re.escape, dates.ordinal_endings))
    lead = rf"(?:{alternatives(dates.before_day)}\s+)?"
    ending = rf"(?:{endings})?" if endings else ""
    of = rf"(?:{alternatives(dates.of)}\s+)?"
    # In Vietnamese the name of a month holds the word that would join it to the day.
    month = alternatives(words.months)
    join = rf"(?:(?:\s*,)?\s+{of}|(?<=\d\.))"
    before_year = rf"(?:\s*,)?\s+(?:{alternatives([*dates.of, *dates.before_year])}\s+)?"
    to = rf"(?P<to>\s*{_DASH}\s*|\s*,?\s+{alternatives(dates.range)}\s+)"
    weekdays = alternatives(words.weekdays)
    weekday = rf"(?:(?P<w>{weekdays})\s*[,(]?\s*)?"

    def day(n: int) -> str:
        return rf"{lead}(?<![\d.,:/])(?P<d{n}>\d{{1,2}}){ending}"

    def year(n: int) -> str:
        return rf"{before_year}(?P<y{n}>(?:1\d|20)\d\d|2\.0\d\d)(?!\d)"

    more = rf"(?P<more>(?:,\s*\d{{1,2}}{ending}){{0,{MAX_LISTED_DAYS}}}+)"
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
        rf"(?:{mark}(?P<y1>(?:19|20)?\d\d))?{more}{to}{lead})?"
        rf"(?P<d2>\d{{1,2}})(?P<mark>{mark})(?:(?<=\.)\s)?(?P<m2>\d{{1,2}})(?P=mark)"
        r"(?:(?<=\.)\s(?=(?:19|20)\d\d))?"
        rf"(?P<y2>(?:19|20)\d\d|\d\d(?![\d.]|:\d))(?!\d)"
    )
    days = [rf"{weekday}{_ISO}", day_first, numeric]
    if words.month_first:
        days.insert(2, month_first)
    if dates.yearless_marks:
        days.append(_yearless(weekday, weekdays, lead, to, dates))
    number, years = alternatives(dates.day_words), _year_words(dates)
    if dates.before_yearless and dates.yearless_marks != ".":  # "hai tháng" is two months.
        lead = rf"{alternatives(dates.before_day)}\s+"
    worded = (
        rf"{weekday}{lead}(?P<d>{number}){join}(?P<m>{month})"
        rf"(?:{before_year}(?P<y>(?:19|20)\d\d(?!\d)|{years}))?"
    )
    leads = alternatives(word for word in dates.before_day if len(word) > 1)  # "de 18 a 20".
    return DatePatterns(
        tuple(re.compile(pattern, re.IGNORECASE) for pattern in days),
        re.compile(rf"{number}{join}{month}", re.IGNORECASE),
        re.compile(worded, re.IGNORECASE),
        re.compile(_day_of_month(weekdays, leads, endings, dates), re.IGNORECASE),
        re.compile(_weekday(weekdays, leads, endings, dates), re.IGNORECASE),
        re.compile(alternatives(dates.relative), re.IGNORECASE),
    )


def _day_of_month(weekdays: str, leads: str, endings: str, dates: DateWords) -> str:
    """The pattern of a day that is of this month, or before its weekday."""
    nth = rf"(?P<nth>{endings or NEVER.pattern})?"
    return (
        rf"(?:(?P<lead>{leads})\s+|(?P<before>{weekdays}),?\s+)?(?<![\d./-])(?P<day>\d{{1,2}}){nth}"
        rf"(?:\s+{alternatives(dates.this_month)}"
        rf"|\s*[,(]\s*(?P<w>{weekdays})(?!,?\s+(?:{leads}\s+)?\d))"
    )


def _weekday(weekdays: str, leads: str, endings: str, dates: DateWords) -> str:
    """The pattern of a weekday, what says of which week it is, and its day of the month."""
    next_week, last_week = alternatives(dates.next_week), alternatives(dates.last_week)
    nexts, lasts = alternatives(dates.next), alternatives(dates.last)
    nth = rf"(?P<nth>{endings or NEVER.pattern})?"
    with_lead = rf"(?P<lead>{leads})\s+(?=\d{{1,2}}(?:{endings}))"
    return (
        rf"(?:(?:(?P<next_week>{next_week})|(?P<last_week>{last_week})),?\s+(?:\w{{2,3}}\s+)?"
        rf"|(?P<next>{nexts})\s+|(?P<last>{lasts})\s+)?(?P<w>{weekdays})"
        rf"(?P<behind>\s+(?:(?P<in_next_week>{next_week})|(?P<in_last_week>{last_week})"
        rf"|(?P<after>{nexts})|(?P<past>{lasts})))?"
        rf"(?:,?\s+(?:{with_lead})?(?P<day>\d{{1,2}}){nth}(?![\w:.,'’]*\d)(?!\s*{_HOURS}))?"
    )


def _year_words(dates: DateWords) -> str:
    """The pattern of a year in words: "dos mil quince", "zweitausendachtzehn"."""
    both = (dates.thousands, dates.numbers or dates.day_words)
    thousands, numbers = (
        "|".join(map(re.escape, sorted(words, key=len, reverse=True))) for words in both
    )
    return rf"(?<!\w)(?:{thousands or '(?!)'})(?:\s*(?:{numbers})(?!\w)|(?!\s*$|\w))"


def _yearless(weekday: str, weekdays: str, lead: str, to: str, dates: DateWords) -> str:
    """The pattern of a day and a month in numbers: "am 8.4.", "am 08.04", "sáng 8/4", "14, 15 và
    16/8", and "8/4:" where a line begins."""
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
        rf"(?:{weekday}{lead}(?<=\s)|{before}\s*[,(]?\s*|\("
        rf"|(?P<first>^\W*(?=\d\d?/|(?:\d\d\.){{2}})(?!{_FRACTION})))"
        rf"(?<![\d./-])(?:(?P<d1>\d{{1,2}})(?:{mark}(?P<m1>\d{{1,2}}))?(?P<more>(?:,\s*\d{{1,2}}){{0,{MAX_LISTED_DAYS}}}+){to})?"
        rf"(?P<d2>\d{{1,2}}){mark}(?P<m2>\d{{1,2}})(?![\d/.-]\d|\d)"
        rf"(?(first)(?=\s*(?:[:(]|,\s*(?:\d|{weekdays}))|\.?\s+[-–—]\s))"
    )


def range_marks(words: MeetingWords) -> str:
    """What stands between the first and the last of some days, as a part of a pattern."""
    return alternatives([*words.dates.range, "-", "\N{EN DASH}"])


@cache
def month_pattern(words: MeetingWords) -> Pattern:
    """A month (group 1) with its year (group 2), and without a day."""
    joins = alternatives([*words.dates.of, *words.dates.before_year])
    no_day = "".join(rf"(?<!\d\s{re.escape(of)}\s)" for of in words.dates.of)
    return re.compile(
        rf"(?<!\d\s)(?<!\d\.\s){no_day}({alternatives(words.months)})"
        rf"(?:\s*,?\s*(?:{joins}\s+)?|/)((?:19|20)\d\d)(?!\d)",
        re.IGNORECASE,
    )


def months_named(text: str, words: MeetingWords) -> list[tuple[Span, int]]:
    """The months that a text names with their years, as 12 times the year and the month from 0."""
    return [
        (match.span(), 12 * int(match[2]) + words.months[" ".join(match[1].lower().split())] - 1)
        for match in month_pattern(words).finditer(text)
    ]
