"""Which meetings a person wants: what they type, and how a button remembers it."""

from __future__ import annotations

import datetime
import re
from calendar import monthrange
from collections.abc import Iterable, Sequence

from retrieval import Meeting, MeetingFilter, PassageError, fold, language_name

from ..i18n.phrases import ENGLISH, Phrases
from ..ui.text import clean

MAX_PLACE = 52
"""The most characters of a place that are looked for, counted in UTF-16: so many fit a button."""

MAX_GIVEN = 40
"""The most characters that are repeated of what is no date."""

CODE = r"(?P<start>[0-9]{8})?:(?P<end>[0-9]{8})?:(?P<language>[^:]*):(?P<place>(?s:.*))"
"""What `encoded` writes, for `decoded`."""

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")


class FilterError(PassageError):
    """What a person typed cannot be looked for; `said` says so in their language."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(ENGLISH(key, **values))
        self._key = key
        self._values = values

    def said(self, phrases: Phrases) -> str:
        return phrases(self._key, **self._values)


def first_day(text: str) -> datetime.date:
    """The first day of a year, a month or a day in ISO 8601: "2024-11" → 2024-11-01.

    Raises FilterError for other text.
    """
    return _days(text)[0]


def last_day(text: str) -> datetime.date:
    """The last day: "2024-11" → 2024-11-30. Raises FilterError for other text."""
    return _days(text)[1]


def wanted(
    start: datetime.date | None = None,
    end: datetime.date | None = None,
    place: str | None = None,
    language: str | None = None,
) -> MeetingFilter:
    """The filters, tidied. Raises FilterError where the first day is after the last one."""
    if start and end and start > end:
        raise FilterError("wrong_order")
    return MeetingFilter(start, end, short_place(place or "") or None, language or None)


def is_filtered(wanted: MeetingFilter) -> bool:
    return wanted != MeetingFilter()


def described(wanted: MeetingFilter, phrases: Phrases) -> str:
    """The filters in words; empty where there are none."""
    facts = []
    if wanted.start:
        facts.append(phrases("since", date=phrases.date(wanted.start.isoformat())))
    if wanted.end:
        facts.append(phrases("until", date=phrases.date(wanted.end.isoformat())))
    if wanted.place:
        facts.append(phrases("held_in", place=wanted.place))
    if wanted.language:
        facts.append(language_name(wanted.language))
    return phrases("filtered", filters=", ".join(facts)) if facts else ""


def language_code(given: str, known: Iterable[str]) -> str:
    """The code of a language that is given by code or name: "deutsch" → "de", if it is known."""
    asked = fold(given.strip())
    for code in known:
        if asked in {fold(code), fold(language_name(code))}:
            return code
    return asked


def languages_of(meetings: Iterable[Meeting]) -> list[str]:
    """The languages of the articles that report the meetings, as codes."""
    return sorted({q.language for one in meetings for q in (one.evidence, *one.others)})


def places_of(meetings: Sequence[Meeting]) -> list[str]:
    """The places of the meetings, those of the most meetings first; each spelling once."""
    count: dict[str, int] = {}
    spelt: dict[str, str] = {}
    for one in meetings:
        if one.place and (place := " ".join(clean(one.place).split())):
            key = fold(place)
            spelt.setdefault(key, place)
            count[key] = count.get(key, 0) + 1
    return sorted(spelt.values(), key=lambda place: (-count[fold(place)], fold(place)))


def short_place(place: str) -> str:
    """The place as far as it is looked for. The start of a name still finds it."""
    line = " ".join(clean(place).split())
    cut = line.encode("utf-16-le")[: 2 * MAX_PLACE]
    return cut.decode("utf-16-le", "ignore").strip()


def encoded(wanted: MeetingFilter) -> str:
    """The filters in at most 75 characters, if the language is a code of two letters."""
    start, end = (
        day.isoformat().replace("-", "") if day else "" for day in (wanted.start, wanted.end)
    )
    return f"{start}:{end}:{wanted.language or ''}:{wanted.place or ''}"


def decoded(match: re.Match[str]) -> MeetingFilter:
    """The filters that a match of CODE holds. Raises ValueError where there is no such day."""
    start, end = (match[name] for name in ("start", "end"))
    return MeetingFilter(
        _compact(start) if start else None,
        _compact(end) if end else None,
        match["place"] or None,
        match["language"] or None,
    )


def _compact(text: str) -> datetime.date:
    return datetime.date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _days(text: str) -> tuple[datetime.date, datetime.date]:
    given = " ".join(clean(text).split())
    match = _DATE.fullmatch(given)
    try:
        if match is None:
            raise ValueError(given)
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None  # noqa: S101 - the pattern has one
        if month is None:
            return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        if day is None:
            last = monthrange(year, month)[1]
            return datetime.date(year, month, 1), datetime.date(year, month, last)
        return (one := datetime.date(year, month, day)), one
    except ValueError as error:
        raise FilterError("bad_date", given=given[:MAX_GIVEN]) from error
