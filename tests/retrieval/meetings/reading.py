"""Made-up articles for the tests of how meetings are found."""

from __future__ import annotations

from functools import cache

from retrieval import Meeting, MeetingStatus
from retrieval.articles.metadata import of_content
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.meeting_reader import MeetingReader
from retrieval.formats.file_text import Content
from retrieval.meetings.extract import Extracted, extract_meetings
from retrieval.meetings.likely import with_likely
from retrieval.models import Article


def article(text: str, language: str = "en", **known: object) -> Article:
    return of_content(Content(text), "a.txt", {"language": language, **known}, "0" * 64)


@cache
def meeting_reader() -> MeetingReader:
    """The one of the default model, as it is released."""
    reader = Embedder.load().meeting_reader
    assert reader is not None
    return reader


def listed(article: Article) -> list[Meeting]:
    """The meetings of an article as an index has them: by the rules and by the model."""
    return likely(extract_meetings(article))


def likely(found: Extracted) -> list[Meeting]:
    """Those of what the rules find in an article that an index has."""
    return with_likely(found.meetings, found.possible, meeting_reader().read(found.possible))


def meetings(text: str, language: str = "en", **known: object) -> list[Meeting]:
    """The meetings that an article reports as held."""
    every = extract_meetings(article(text, language, **known)).meetings
    return [meeting for meeting in every if meeting.status is MeetingStatus.HELD]


def announced(text: str, language: str = "en", **known: object) -> list[tuple[str, str | None]]:
    """The status and the day of each meeting that was not."""
    every = extract_meetings(article(text, language, **known)).meetings
    others = [meeting for meeting in every if meeting.status is not MeetingStatus.HELD]
    return [(meeting.status, str(meeting.date)) for meeting in others]


def told(text: str, language: str = "en", **known: object) -> list[tuple[str | None, str | None]]:
    """The first day and the place of each meeting of an article."""
    found = meetings(text, language, **known)
    return [(str(one.date) if one.date else None, one.place) for one in found]
