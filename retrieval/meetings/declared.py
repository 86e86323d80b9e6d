"""The meetings that an admin declares for an article, in front matter or `sources.toml`. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ..days import YearFrom
from ..meeting import Meeting
from ..models import MAX_QUOTE, Article, GivenMeeting, Span
from ..quotes.quoting import quoted
from .statements import Statement


def declared(
    article: Article, given: Sequence[GivenMeeting], statements: Sequence[Statement]
) -> list[Meeting]:
    """The meetings, each with the words that it names as evidence, else with the article's first
    statement; none where the article has no statement."""
    if not statements:
        return []
    return [
        Meeting(
            name=meeting.name,
            date=meeting.date,
            end_date=meeting.end_date,
            year_from=YearFrom.HEADER if meeting.date and meeting.date.year else None,
            place=meeting.place,
            chair=meeting.chair,
            evidence=quoted(article, *_evidence(article, meeting.words, statements[0])),
        )
        for meeting in given
    ]


def _evidence(article: Article, words: str | None, first: Statement) -> Span:
    start = article.text.find(words, article.body) if words else -1
    if start < 0 or words is None:
        return first.start, first.end
    return start, start + min(len(words), MAX_QUOTE)
