"""The meetings that an admin gives an article outright: they win over what is found. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ..days import YearFrom
from ..models import MAX_QUOTE, Article, GivenMeeting, Meeting
from ..quotes.quoting import quoted
from .statements import Statement


def given(
    article: Article, meetings: Sequence[GivenMeeting], said: Sequence[Statement]
) -> list[Meeting]:
    """The meetings, each with the words that it names as evidence, or else the first statement
    of the article; none where the article has not even that."""
    if not said:
        return []
    return [
        Meeting(
            name=one.name,
            date=one.date,
            end_date=one.end_date,
            year_from=YearFrom.HEADER if one.date and one.date.year else None,
            place=one.place,
            chair=one.chair,
            evidence=quoted(article.source, article.text, *_span(article, one, said[0])),
        )
        for one in meetings
    ]


def _span(article: Article, one: GivenMeeting, first: Statement) -> tuple[int, int]:
    start = article.text.find(one.words, article.body) if one.words else -1
    if start < 0 or one.words is None:
        return first.start, first.end
    return start, start + min(len(one.words), MAX_QUOTE)
