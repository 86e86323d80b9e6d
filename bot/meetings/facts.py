"""What Discord, the reader and the terminal say alike of a meeting."""

from __future__ import annotations

from datetime import date

from retrieval import (
    Meeting,
    MeetingStatus,
    YearFrom,
    article_day,
    first_day,
    is_upcoming,
    last_day,
)

from ..i18n.phrases import Phrases
from ..ui.text import shorten, title_of

NAME_LENGTH = 200
"""The most characters of a name where a meeting stands alone."""

MAP = "https://www.openstreetmap.org/"

NOT_HELD = {
    MeetingStatus.ANNOUNCED: "announced",
    MeetingStatus.CANCELLED: "cancelled",
    MeetingStatus.POSTPONED: "postponed",
}


def section(meeting: Meeting) -> str:
    """Return the key of the heading that a meeting stands under; empty for those that are over."""
    if is_upcoming(meeting, date.today()):
        return "upcoming"
    is_dated = meeting.date and meeting.date.year
    return "" if is_dated or article_day(meeting) else "no_year"


def days_of(meeting: Meeting) -> tuple[date, date] | None:
    """Return the first and the last day of a meeting; None if its year is unknown."""
    if (first := first_day(meeting)) is None:
        return None
    return first, max(first, last_day(meeting) or first)


def shown_name(meeting: Meeting, limit: int = NAME_LENGTH) -> str:
    """Return a meeting's name on one line of at most `limit` characters, with a capital letter.

    It is the article's title where the name has no visible character.
    """
    name = shorten(meeting.name, limit) or title_of(meeting.evidence, limit)
    return shorten(name[:1].upper() + name[1:], limit)  # Of "ß" it is two letters.


def map_address(meeting: Meeting) -> str | None:
    """Return the address of a map of the place; None where its coordinates are unknown."""
    if not meeting.coordinates:
        return None
    latitude, longitude = meeting.coordinates
    return f"{MAP}?mlat={latitude}&mlon={longitude}#map=11/{latitude}/{longitude}"


def notes(meeting: Meeting, phrases: Phrases, *, briefly: bool = False) -> list[str]:
    """Return what a reader has to know of a meeting's day: that it was announced or called off,
    where its year is from (`briefly` not if that is the header), and by which day it is
    sorted."""
    is_told = not (briefly and meeting.year_from == YearFrom.HEADER)
    key = NOT_HELD.get(meeting.status)
    written = article_day(meeting)
    sorted_by = phrases("by_article", date=phrases.date(written)) if written else ""
    status = phrases(key) if key else ""
    year = phrases.year_note(meeting.year_from) if is_told else ""
    return [note for note in (status, year, sorted_by) if note]
