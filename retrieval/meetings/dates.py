"""Dates as a text words them: found, not yet understood. Pure.

A mention says what stands there: a day or a range of days, whose year is often not stated, or a
day that only counts from another ("on Tuesday", "ayer"). Which year it is, `years` decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from ..days import Day
from .wording import Pattern, Wording, alternatives, wording

_ISO = r"(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)"
_DIGIT = re.compile(r"\d")
_DASH = r"[-\N{EN DASH}\N{EM DASH}/]"


@dataclass(frozen=True, slots=True)
class Mention:
    """A date in a text, from offset `start` to `end`.

    `readings` are the (first, last) days that it may mean: none where it counts from another day,
    two where "03/11" may be either in November or in March. `weekday` (Monday is 0) is what the
    text says of the first day; `offset` the days from today, as in "yesterday".
    """

    start: int
    end: int
    readings: tuple[tuple[Day, Day], ...] = ()
    weekday: int | None = None
    offset: int | None = None
    ahead: bool = False
    """Whether it says itself that it is to come: "next Tuesday"."""
    last: bool = False
    """Whether it says itself that it is over: "last Tuesday"."""
    day: int | None = None
    """The day of the month behind a weekday, where no month is said: "miércoles 13"."""


def mentions(text: str, words: Wording) -> tuple[Mention, ...]:
    """The dates that a text mentions, in order; none lies within another."""
    return _mentions(text, words.language)


@lru_cache(maxsize=1_000)  # A sentence is read for its date, its place and its name.
def _mentions(text: str, language: str) -> tuple[Mention, ...]:
    words = wording(language)
    assert words is not None  # noqa: S101 - whoever asks has them
    found: list[Mention] = []
    for mention in _all(text, words):
        if not any(mention.start < other.end and other.start < mention.end for other in found):
            found.append(mention)
    return tuple(sorted(found, key=lambda mention: mention.start))


def _all(text: str, words: Wording) -> Iterator[Mention]:
    """Those of the fullest patterns first."""
    patterns = _patterns(words.language)
    for pattern in patterns.days if _DIGIT.search(text) else ():
        for match in pattern.finditer(text):
            readings = tuple(_readings(match, words))
            if readings:
                weekday = _weekday(match["w"], words)
                yield Mention(*match.span(), readings, weekday)
    for match in patterns.weekday.finditer(text):
        small = words.dates.get("weekdays_capital") and match["w"].islower()
        before = text[: match.start()].rstrip()
        if small and not any(
            lead.end() == len(before) for lead in words["dates", "weekday_before"].finditer(before)
        ):
            continue
        weekday = _weekday(match["w"], words)
        ahead, last = bool(match["next"] or match["after"]), bool(match["last"])
        day = int(match["day"]) if match["day"] and int(match["day"]) <= 31 else None
        yield Mention(*match.span(), weekday=weekday, ahead=ahead, last=last, day=day)
    for match in patterns.relative.finditer(text):
        name = " ".join(match[0].lower().split())
        yield Mention(*match.span(), offset=words.dates["relative"][name])


def writes_month_first(text: str, words: Wording) -> bool | None:
    """Whether a text writes "May 3" rather than "3 May"; None if it does neither or both."""
    return _writes_month_first(text, words.language)


@lru_cache(maxsize=1)  # A date line is read against the whole text, and there are several.
def _writes_month_first(text: str, language: str) -> bool | None:
    words = wording(language)
    assert words is not None  # noqa: S101 - whoever asks has them
    day = r"\d{1,2}(?:st|nd|rd|th)?"
    month = alternatives(words.months)
    before = re.search(rf"{month}\.?\s+{day}\b(?!\d)", text, re.IGNORECASE)
    after = re.search(rf"\b{day}\s+(?:of\s+)?{month}", text, re.IGNORECASE)
    return None if bool(before) == bool(after) else bool(before)


def months_of(words: Wording) -> Pattern:
    """A month with its year, and no day."""
    of = alternatives([*words.dates["of"], *words.dates.get("year_words", [])])
    return re.compile(
        rf"(?<!\d\s)(?<!\d\.\s)(?<!\d\sde\s)({alternatives(words.months)})"
        rf"(?:\s*,?\s*(?:{of}\s+)?|/)((?:19|20)\d\d)(?!\d)",
        re.IGNORECASE,
    )


def month_of(name: str, words: Wording) -> int | None:
    """The number of a month by its name."""
    return words.months.get(" ".join(name.lower().split()))


@dataclass(frozen=True, slots=True)
class _Patterns:
    days: tuple[Pattern, ...]
    weekday: Pattern
    relative: Pattern


@cache
def _patterns(language: str) -> _Patterns:
    words = wording(language)
    assert words is not None  # noqa: S101 - whoever asks has them
    data = words.dates
    ordinal = "|".join(map(re.escape, data["ordinal"]))
    lead = rf"(?:{alternatives(data['day_words'])}\s+)?"
    day = rf"(?:{ordinal})?" if ordinal else ""
    of = rf"(?:{alternatives(data['of'])}\s+)?"
    # In Vietnamese the name of a month holds the word that would join it to the day.
    month = alternatives(words.months)
    join = rf"(?:\s*,)?\s+{of}"
    year = rf"(?:\s*,)?\s+(?:{alternatives([*data['of'], *data.get('year_words', [])])}\s+)?"
    to = rf"(?:\s*{_DASH}\s*|\s*,?\s+{alternatives(data['range'])}\s+)"
    weekday = rf"(?:(?P<w>{alternatives(words.weekdays)})\s*[,(]?\s*)?"

    def d(n: int) -> str:
        return rf"{lead}(?<![\d.,:/])(?P<d{n}>\d{{1,2}}){day}"

    def y(n: int) -> str:
        return rf"{year}(?P<y{n}>(?:19|20)\d\d)(?!\d)"

    more = rf"(?:,\s*\d{{1,2}}{day})*"
    day_first = (
        rf"{weekday}(?:{d(1)}(?:{join}(?P<m1>{month})\.?)?(?:{y(1)})?{more}{to}"
        rf"(?:{alternatives(words.weekdays)},?\s+)?)?{d(2)}{join}(?P<m2>{month})\.?(?:{y(2)})?"
    )
    month_first = (
        rf"{weekday}(?P<m1>{month})\.?\s+(?P<d1>\d{{1,2}})(?![\d:]){day}(?:{y(1)})?"
        rf"(?:{to}(?:{alternatives(words.weekdays)},?\s+)?(?:(?P<m2>{month})\.?\s+)?"
        rf"(?P<d2>\d{{1,2}})(?![\d:%]){day}(?!\s+{month}))?(?:{y(2)})?"
    )
    mark = r"[./-]"
    full = (
        rf"{weekday}{lead}(?<![\d./-])(?:(?P<d1>\d{{1,2}})\.?(?:{mark}(?P<m1>\d{{1,2}})\.?)?"
        rf"(?:{mark}(?P<y1>(?:19|20)?\d\d))?{to}{lead})?"
        rf"(?P<d2>\d{{1,2}})(?P<mark>{mark})(?P<m2>\d{{1,2}})(?P=mark)"
        rf"(?P<y2>(?:19|20)\d\d|\d\d(?![\d.:]))(?!\d)"
    )
    days = [rf"{weekday}{_ISO}", day_first, full]
    if data["month_first"]:
        days.insert(2, month_first)
    if marks := data.get("bare_numeric"):
        days.append(_bare(weekday, lead, to, marks, data))
    name = alternatives(words.weekdays)
    nexts, lasts = alternatives(data["next"]), alternatives(data["last"])
    return _Patterns(
        tuple(re.compile(pattern, re.IGNORECASE) for pattern in days),
        re.compile(
            rf"(?:(?P<next>{nexts})\s+|(?P<last>{lasts})\s+)?(?P<w>{name})"
            rf"(?:\s+(?P<after>{nexts})|,?\s+(?P<day>\d{{1,2}})(?![\w:.,]*\d))?",
            re.IGNORECASE,
        ),
        re.compile(alternatives(data["relative"]), re.IGNORECASE),
    )


def _bare(weekday: str, lead: str, to: str, marks: str, data: Mapping[str, Any]) -> str:
    """Day and month in figures, without a year: "am 8.4.", "sáng 8/4"."""
    if marks == ".":
        one = r"(?P<d2>\d{1,2})\.\s?(?P<m2>\d{1,2})\."
        return (
            rf"{weekday}{lead}(?<![\d./-])(?:(?P<d1>\d{{1,2}})\.(?:\s?(?P<m1>\d{{1,2}})\.)?{to})?"
            rf"{one}(?![\d])"
        )
    mark = f"[{re.escape(marks)}]"
    before = alternatives(data["bare_after"])
    return (
        rf"(?:{weekday}{lead}(?<=\s)|{before}\s*[,(]?\s*|\()(?<![\d./-])"
        rf"(?:(?P<d1>\d{{1,2}})(?:{mark}(?P<m1>\d{{1,2}}))?{to})?"
        rf"(?P<d2>\d{{1,2}}){mark}(?P<m2>\d{{1,2}})(?![\d/.-]\d|\d)"
    )


def _readings(match: re.Match[str], words: Wording) -> Iterator[tuple[Day, Day]]:
    part = match.groupdict()
    if "d" in part:
        day = _day(part["d"], part["m"], part["y"], words)
        if day:
            yield day, day
        return
    orders = words.dates["numeric"] if part.get("mark") else ["dmy"]
    for order in orders:
        first, last = (part.get("d1"), part.get("m1")), (part.get("d2"), part.get("m2"))
        if order == "mdy":
            first, last = first[::-1], last[::-1]
        pair = _pair(first, last, part.get("y1"), part.get("y2"), words)
        if pair:
            yield pair


def _pair(
    first: tuple[str | None, str | None],
    last: tuple[str | None, str | None],
    first_year: str | None,
    last_year: str | None,
    words: Wording,
) -> tuple[Day, Day] | None:
    """Both ends of a range, where one may leave out what the other says; or twice one day."""
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


def _day(day: str | None, month: str | None, year: str | None, words: Wording) -> Day | None:
    if day is None or month is None:
        return None
    name = " ".join(month.lower().split())
    number = int(name) if name.isdecimal() else words.months.get(name, 0)
    full = None if year is None else int(year) if len(year) == 4 else 2000 + int(year)
    try:
        return Day(number, int(day), full)
    except ValueError:
        return None


def _weekday(name: str | None, words: Wording) -> int | None:
    if not name:
        return None
    said = " ".join(name.lower().split())
    for known, number in words.weekdays.items():
        if said == known or (known.endswith("*") and said.startswith(known[:-1])):
            return number
    return None
