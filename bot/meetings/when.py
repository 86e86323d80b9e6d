"""Days as people write them, in the languages of the bot: "last month", "seit Mai", 14.10.2024.

Importing dateparser takes 60 ms and its first use 100 ms: not for the event loop.
"""

from __future__ import annotations

import datetime
import re
from calendar import monthrange
from functools import lru_cache

from retrieval import fold

from ..i18n.phrases import LANGUAGES, phrases_in

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
