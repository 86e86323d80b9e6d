"""Filters of meetings: read from what a person types, put in words, kept in a button."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence

from retrieval import Meeting, MeetingFilter, PassageError, country_name, fold, language_name

from ..i18n.phrases import ENGLISH, Phrases
from ..ui.text import clean, shorten
from .when import Days, read_days

MAX_PLACE = 52
"""The most characters of a place in a filter, in UTF-16: so many fit a button's custom_id."""

MAX_REPEATED = 40
"""The most characters of a text that is no date that the error message repeats."""

CODE = r"(?:[0-9]{8})?:(?:[0-9]{8})?:[^:]*:(?s:.*)"
"""The pattern of what `encoded` returns and `decoded` reads."""


class FilterError(PassageError):
    """What a person typed is no filter."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(ENGLISH(key, **values))
        self._key = key
        self._values = values

    def sentence(self, phrases: Phrases) -> str:
        """Return the message in a language."""
        return phrases(self._key, **self._values)


def typed_days(text: str) -> Days:
    """Return the first and the last day that a person has typed; None where there is no limit.

    "2024-11" is a whole month; see `read_days` for words. Raises FilterError for other text.
    """
    typed = " ".join(clean(text).split())
    try:
        return read_days(typed, datetime.date.today())
    except (ValueError, OverflowError) as error:
        raise FilterError("bad_date", given=typed[:MAX_REPEATED]) from error


def checked_filter(
    start: datetime.date | None = None,
    end: datetime.date | None = None,
    place: str | None = None,
    language: str | None = None,
) -> MeetingFilter:
    """Return the filter that a person has asked for.

    Args:
        start: the first day.
        end: the last day. Raises FilterError if it is before the first one.
        place: a part of the place's name; the first MAX_PLACE characters are used.
        language: the code of the articles' language.
    """
    if start and end and start > end:
        raise FilterError("wrong_order")
    return MeetingFilter(start, end, short_place(place or "") or None, language or None)


def typed_filter(
    start: str | None,
    end: str | None,
    place: str | None,
    language: str | None,
    meetings: Iterable[Meeting],
) -> MeetingFilter:
    """Return the filter that a person has typed, not in the event loop.

    Args:
        start: the first day.
        end: the last day.
        place: where it met.
        language: the articles' language.
        meetings: they tell which languages there are.

    Raises FilterError.
    """
    code = language_code(language, languages_of(meetings)) if language else None
    first = typed_days(start)[0] if start else None
    last = typed_days(end)[1] if end else None
    return checked_filter(first, last, place, code)


def described(filters: MeetingFilter, phrases: Phrases) -> str:
    """Return the filters in words; empty if there are none."""
    facts = []
    if filters.start:
        facts.append(phrases("since", date=phrases.date(filters.start.isoformat())))
    if filters.end:
        facts.append(phrases("until", date=phrases.date(filters.end.isoformat())))
    if filters.place:
        facts.append(phrases("held_in", place=filters.place))
    if filters.language:
        facts.append(language_name(filters.language))
    return phrases("filtered", filters=", ".join(facts)) if facts else ""


def language_code(typed: str, codes: Sequence[str]) -> str:
    """Return the one of the codes whose code or name was typed: "deutsch" → "de".

    Of a language that none of them is, it is the code that was typed. Raises FilterError where that
    is no code of a language.
    """
    folded = fold(typed.strip())
    for code in codes:
        if folded in {fold(code), fold(language_name(code))}:
            return code
    if codes and language_name(folded) == folded:
        given, names = shorten(typed, MAX_REPEATED), ", ".join(map(language_name, codes))
        raise FilterError("bad_language", given=given, languages=names)
    return folded


def languages_of(meetings: Iterable[Meeting]) -> list[str]:
    """Return the codes of the languages of the articles that report the meetings."""
    return sorted({q.language for each in meetings for q in (each.evidence, *each.others)})


def places_of(meetings: Sequence[Meeting], language: str) -> list[str]:
    """Return the places of the meetings and their countries, by their names in a language (ISO
    639-1); those of the most meetings first.

    Of a name in several spellings the first one is returned.
    """
    count = Counter[str]()
    spelling: dict[str, str] = {}
    for meeting in meetings:
        country = country_name(meeting.country, language) if meeting.country else ""
        for name in dict.fromkeys((meeting.place or "", country)):
            if place := " ".join(clean(name).split()):
                spelling.setdefault(fold(place), place)
                count[fold(place)] += 1
    return [spelling[key] for key in sorted(count, key=lambda key: (-count[key], key))]


def short_place(place: str) -> str:
    """Return the first MAX_PLACE characters of a place, which still find it."""
    line = " ".join(clean(place).split())
    cut = line.encode("utf-16-le")[: 2 * MAX_PLACE]
    return cut.decode("utf-16-le", "ignore").strip()


def encoded(filters: MeetingFilter) -> str:
    """Return the filters in at most 75 characters, if the language is a code of two letters."""
    days = (day.isoformat().replace("-", "") if day else "" for day in (filters.start, filters.end))
    return ":".join([*days, filters.language or "", filters.place or ""])


def decoded(code: str) -> MeetingFilter:
    """Return the filters that `encoded` has written. Raises ValueError if there is no such day."""
    start, end, language, place = code.split(":", 3)
    first, last = (datetime.date.fromisoformat(day) if day else None for day in (start, end))
    return MeetingFilter(first, last, place or None, language or None)
