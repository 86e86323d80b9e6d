"""A digest of news as a Discord message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import discord

from retrieval import Meeting, Source

from ..i18n.phrases import Phrases, unbroken
from ..meetings.facts import notes, shown_name
from ..ui.links import Links
from ..ui.message import Part, fitting, layout
from ..ui.text import SEPARATOR, escape, shorten, title_of
from .told import News

DIGEST_LENGTHS = (15, 10, 6, 4, 2, 1)
"""How many articles, and meetings, are listed: the first number with which the message fits."""

MEETING_NAME_LENGTH = 120
PLACE_LENGTH = 60


def digest_message(news: News, phrases: Phrases, links: Links) -> discord.ui.LayoutView:
    """Return the message with what is news: titles and names with links, and how many more."""
    shorter = (list(map(Part, _texts(news, phrases, links, most))) for most in DIGEST_LENGTHS)
    return layout(fitting(shorter))


def _texts(news: News, phrases: Phrases, links: Links, most: int) -> Iterator[str]:
    yield f"### {phrases('news')}"
    articles = [_article(source, phrases, links) for source in news.articles[:most]]
    yield from _list("new_articles", articles, len(news.articles), phrases)
    kinds: tuple[tuple[str, Sequence[Meeting]], ...] = (
        ("new_meetings", news.new),
        ("changed_meetings", news.changed),
    )
    for key, meetings in kinds:
        lines = [_meeting(meeting, phrases, links) for meeting in meetings[:most]]
        yield from _list(key, lines, len(meetings), phrases)


def _list(key: str, lines: Sequence[str], total: int, phrases: Phrases) -> Iterator[str]:
    if total:
        more = total - len(lines)
        rest = [f"-# {phrases('more_articles', count=more)}"] if more else []
        yield "\n".join([f"**{phrases.counted(key, total)}**", *lines, *rest])


def _article(source: Source, phrases: Phrases, links: Links) -> str:
    day = [unbroken(phrases.date(source.date))] if source.date else []
    return _line(title_of(source), links.of_button(source), day)


def _meeting(meeting: Meeting, phrases: Phrases, links: Links) -> str:
    name = shown_name(meeting, MEETING_NAME_LENGTH)
    place = [shorten(meeting.place, PLACE_LENGTH)] if meeting.place else []
    days = unbroken(phrases.days(meeting.date, meeting.end_date))
    facts = [days, *place, *notes(meeting, phrases)]
    return _line(name, links.of_button(meeting.evidence), facts)


def _line(name: str, address: str | None, facts: Sequence[str]) -> str:
    linked = f"[{escape(name)}](<{address}>)" if address else escape(name)
    return SEPARATOR.join([f"- {linked}", *map(escape, facts)])
