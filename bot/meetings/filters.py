"""Filters of meetings: read from what a person types, put in words, kept in a button.

Days are read as people write them, in the languages of the bot: "last month", "seit Mai",
14.10.2024. Importing dateparser takes 60 ms and its first use 100 ms: not for the event loop.
"""

from __future__ import annotations

import datetime
import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from urllib.parse import urlencode

from retrieval import (
    Meeting,
    MeetingFilter,
    PassageError,
    QuestionError,
    cleaned,
    country_name,
    fold,
    language_name,
)

from ..i18n.phrases import ENGLISH, FAULTS, LANGUAGES, Phrases, phrases_in
from ..ui.links import Links
from ..ui.text import cleaned_line, shorten, utf16_length

MAX_PLACE = 52
"""The most characters of a place in a filter, in UTF-16: so many fit a button's custom_id."""

MAX_ABOUT = 30
"""The most characters of what meetings are about, in UTF-16, for a button: what it takes of
`MAX_PLACE`, with a sign between them, the place has no more."""

MAX_REPEATED = 40
"""The most characters of a text that is no date that the error message repeats."""

CODE = r"(?:[0-9]{8})?:(?:[0-9]{8})?:[^:]*:(?s:.*)"
"""The pattern of what `encoded` returns and `decoded` reads."""

Days = tuple[datetime.date | None, datetime.date | None]
"""The first and the last day; None where there is no such limit."""

WORDS_OF = ["en", "de", "es", "vi"]
"""Those of the bot, in the order in which they are tried."""

UPCOMING, LAST_DAYS = "upcoming", {"last_7_days": 7, "last_30_days": 30}
"""What is read in no language: keys of the bot's phrases."""

_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_SINCE = re.compile(
    r"(?:since|from|after|seit|ab|nach|desde|a partir de|tras|kể từ|từ|sau)\s+(?:dem |el )?",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"(?:until|till|up to|before|bis|vor(?! \d)|hasta|antes de|đến|trước)\s+(?:zum |el )?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[\d\s-]*")


class FilterError(PassageError):
    """What a person typed is no filter."""

    def __init__(self, key: str, **values: object) -> None:
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
    typed = cleaned_line(text)
    try:
        return read_days(typed, datetime.date.today())
    except (ValueError, OverflowError) as error:
        raise FilterError("bad_date", given=typed[:MAX_REPEATED]) from error


def typed_filter(
    start: str | None,
    end: str | None,
    place: str | None,
    language: str | None = None,
    meetings: Iterable[Meeting] = (),
    *,
    about: str | None = None,
) -> MeetingFilter:
    """Return the filter that a person has typed, not in the event loop.

    Args:
        start: the first day.
        end: the last day.
        place: a part of the place's name; the first characters are used for which there is room.
        language: the articles' language.
        meetings: they tell which languages there are.
        about: what the meetings are to be about.

    Raises:
        FilterError: something is none of these, or the last day is before the first one.
    """
    code = language_code(language, languages_of(meetings)) if language else None
    first = typed_days(start)[0] if start else None
    last = typed_days(end)[1] if end else None
    if first and last and first > last:
        raise FilterError("wrong_order")
    topic = cleaned_line((about or "").replace(":", " "))  # As `encoded` needs it.
    if about is not None:
        try:
            cleaned(topic)
        except QuestionError as error:
            key = FAULTS["too_long"] if error.fault == "too_long" else "bad_about"
            raise FilterError(key, **error.values) from error
    room = MAX_PLACE - 1 - min(utf16_length(topic), MAX_ABOUT) if topic else MAX_PLACE
    where = first_characters(place or "", room)
    return MeetingFilter(first, last, where or None, code, topic or None)


def described(filters: MeetingFilter, phrases: Phrases) -> str:
    """Return the filters in words; empty if there are none."""
    facts = []
    if filters.about:
        facts.append(phrases("is_about", about=filters.about))
    if filters.start:
        facts.append(phrases("since", date=phrases.date(filters.start.isoformat())))
    if filters.end:
        facts.append(phrases("until", date=phrases.date(filters.end.isoformat())))
    if filters.place:
        facts.append(phrases("held_in", place=filters.place))
    if filters.language:
        facts.append(language_name(filters.language))
    return phrases("filtered", filters=", ".join(facts)) if facts else ""


def none_match(filters: MeetingFilter, unfiltered: int, phrases: Phrases) -> str:
    """Return the sentence that no meeting matches, with how many there are without filters."""
    if filters == MeetingFilter(about=filters.about) and filters.about:
        return phrases.counted("none_about", unfiltered, about=filters.about)
    return phrases.counted("none_match", unfiltered)


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
            if place := cleaned_line(name):
                spelling.setdefault(fold(place), place)
                count[fold(place)] += 1
    return [spelling[key] for key in sorted(count, key=lambda key: (-count[key], key))]


def first_characters(text: str, most: int = MAX_PLACE) -> str:
    """Return the first characters of a text, at most so many in UTF-16; a place is still found."""
    cut = cleaned_line(text).encode("utf-16-le")[: 2 * most]
    return cut.decode("utf-16-le", "ignore").strip()


def encoded(filters: MeetingFilter) -> str:
    """Return the filters in at most 75 characters, if the language is a code of two letters and
    what they are about has `MAX_ABOUT` at most, and no colon."""
    days = (day.isoformat().replace("-", "") if day else "" for day in (filters.start, filters.end))
    about = f"|{filters.about}" if filters.about else ""
    return ":".join([*days, (filters.language or "") + about, filters.place or ""])


def decoded(code: str) -> MeetingFilter:
    """Return the filters that `encoded` has written. Raises ValueError if there is no such day."""
    start, end, either, place = code.split(":", 3)
    first, last = (datetime.date.fromisoformat(day) if day else None for day in (start, end))
    language, _, about = either.partition("|")
    return MeetingFilter(first, last, place or None, language or None, about or None)


def feed_addresses(meetings: Iterable[Meeting], filters: MeetingFilter, links: Links) -> list[str]:
    """Return the addresses of the reader's calendars of these meetings, which can be subscribed to:
    one of each corpus; none where people do not reach the reader."""
    days = {"from": filters.start, "to": filters.end}
    words = {"place": filters.place, "language": filters.language, "about": filters.about}
    query = urlencode({name: value for name, value in (days | words).items() if value})
    corpora = sorted({meeting.evidence.corpus for meeting in meetings})
    pages = filter(None, (links.page("meetings.ics", corpus) for corpus in corpora))
    return [f"{page}?{query}" if query else page for page in pages]


@lru_cache(maxsize=1)  # One text is often both the first day and the last.
def read_days(text: str, today: datetime.date) -> Days:
    """Return the days that a person means.

    Args:
        text: what was typed: a key of the choices, a year, a month, a day, or words.
        today: the day that "yesterday" counts from.

    Raises ValueError if it is no day.
    """
    typed = " ".join(text.replace("_", " ").split())
    key = _key(typed) or text.strip()
    if key == UPCOMING:
        return today, None
    if key in LAST_DAYS:
        return today - datetime.timedelta(days=LAST_DAYS[key]), today
    if match := _SINCE.match(typed):
        return _read(typed[match.end() :], today)[0], None
    if match := _UNTIL.match(typed):
        return None, _read(typed[match.end() :], today)[1]
    return _read(typed, today)


def _key(typed: str) -> str | None:
    """Return the key of the choice whose words, in a language of the bot, somebody has typed."""
    words = fold(typed)
    keys = (
        key
        for key in (UPCOMING, *LAST_DAYS)
        for language in LANGUAGES
        if fold(phrases_in(language)(key)) == words
    )
    return next(keys, None)


def _read(text: str, today: datetime.date) -> tuple[datetime.date, datetime.date]:
    if match := _ISO.fullmatch(text):
        year, month, day = match.groups("01")
        period = "day" if match[3] else "month" if match[2] else "year"
        return _span(datetime.date(int(year), int(month), int(day)), period)
    if _NUMBER.fullmatch(text):
        raise ValueError(text)
    from dateparser.date import DateDataParser  # noqa: PLC0415 - it takes its time

    settings = {
        "DATE_ORDER": "DMY",
        "PREFER_DATES_FROM": "past",
        "RELATIVE_BASE": datetime.datetime.combine(today, datetime.time(12)),
        "RETURN_TIME_AS_PERIOD": False,
    }
    parser = DateDataParser(languages=WORDS_OF, use_given_order=True, settings=settings)
    found = parser.get_date_data(text)
    if found.date_obj is None:
        raise ValueError(text)
    return _span(found.date_obj.date(), found.period)


def _span(day: datetime.date, period: str) -> tuple[datetime.date, datetime.date]:
    if period == "year":
        return day.replace(month=1, day=1), day.replace(month=12, day=31)
    if period == "month":
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    if period == "week":
        monday = day - datetime.timedelta(days=day.weekday())
        return monday, monday + datetime.timedelta(days=6)
    return day, day
