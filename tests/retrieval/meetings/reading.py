"""Made-up articles for the tests of how meetings are found."""

from __future__ import annotations

from retrieval import Meeting, MeetingStatus
from retrieval.articles.metadata import of_content
from retrieval.formats.file_text import Content
from retrieval.meetings.extract import extract_meetings
from retrieval.models import Article


def article(text: str, language: str = "en", **known: object) -> Article:
    return of_content(Content(text), "a.txt", {"language": language, **known}, "0" * 64)


def meetings(text: str, language: str = "en", **known: object) -> list[Meeting]:
    """The meetings that an article reports as held."""
    every = extract_meetings(article(text, language, **known))
    return [meeting for meeting in every if meeting.status is MeetingStatus.HELD]


def announced(text: str, language: str = "en", **known: object) -> list[tuple[str, str | None]]:
    """The status and the day of each meeting that was not."""
    every = extract_meetings(article(text, language, **known))
    others = [meeting for meeting in every if meeting.status is not MeetingStatus.HELD]
    return [(meeting.status, str(meeting.date)) for meeting in others]


def told(text: str, language: str = "en", **known: object) -> list[tuple[str | None, str | None]]:
    """The first day and the place of each meeting of an article."""
    found = meetings(text, language, **known)
    return [(str(one.date) if one.date else None, one.place) for one in found]
