"""Meetings as Discord messages (Components V2), within Discord's limits."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, time

import discord

from retrieval import Context, Meeting, MeetingFilter, Quote, first_day, language_name, shown

from ..i18n.phrases import Phrases, ellipses, unbroken
from ..ui.buttons import Page
from ..ui.context_view import context_markup
from ..ui.links import NO_READER, Links
from ..ui.message import MAX_CHOICE, Part, begins_with_title, fits, room_left
from ..ui.text import SEPARATOR, clean, escape, quote_block, shorten, title_of, utf16_length
from .facts import map_address, notes, section, shown_name
from .filters import described, none_match

MAX_ENTRY = 740
"""The most characters, in UTF-16, that an entry of a page may have: five and the heading fit."""

MAX_ENTRY_BYTES = 1_000
"""The most bytes of UTF-8: with buttons and choices five stay below 10,000."""

LISTED_LENGTH = 80
"""The most characters of a meeting's name in a list."""

FACT_LENGTH = 40
"""The most characters of a place, a person or an article in a list."""

FIELD_LENGTH = 200
"""The most characters of a place or a person where a meeting stands alone."""

OPTION_LENGTH = 60
"""The most characters of a meeting's name in the menu below a list."""

MAX_OTHERS = 3
"""The most further articles that are listed in a meeting's details."""


def meetings_page(
    page: Page[Meeting],
    criteria: MeetingFilter,
    phrases: Phrases,
    current: Collection[Quote],
    links: Links = NO_READER,
) -> Iterator[Part]:
    """Yield the parts of a page: a heading with the number of meetings and the filters, entries.

    Those to come stand under a heading of their own, and so do those of unknown year.

    Args:
        page: the page of the meetings that match the filters.
        criteria: the filters.
        phrases: the member's language.
        current: the quotes that their files still have; other evidence is not quoted.
        links: the links that members can open.
    """
    heading = f"### {phrases.counted('meeting_count', page.total)}"
    yield Part("\n".join([heading, *page.position(phrases), *_filter_lines(criteria, phrases)]))
    above = ""
    for number, meeting in page.numbered:
        key = section(meeting)
        if key != above:
            yield Part(f"### {phrases(key or 'already_over')}")
        above = key
        entry = _entry(number, meeting, phrases, quoted=meeting.evidence in current)
        yield Part(entry, links.of_button(meeting.evidence))


def no_meetings(criteria: MeetingFilter, unfiltered: int, phrases: Phrases) -> Iterator[Part]:
    """Yield the text that there is no meeting, with the number of those without the filters."""
    if criteria != MeetingFilter() and unfiltered:
        sentence = escape(none_match(criteria, unfiltered, phrases))
        yield Part("\n".join([sentence, *_filter_lines(criteria, phrases)]))
    else:
        yield Part(phrases("no_meetings"))


def details_options(page: Page[Meeting], phrases: Phrases) -> list[discord.SelectOption]:
    """Return the meetings of a page for the menu, numbered as on the page, each once."""
    options: dict[str, discord.SelectOption] = {}
    for number, meeting in page.numbered:
        key = meeting_key(meeting)
        label = f"{number}. {shown_name(meeting, OPTION_LENGTH)}"
        days = shorten(phrases.days(meeting.date, meeting.end_date), MAX_CHOICE)
        option = discord.SelectOption(label=label, description=days, value=key)
        options.setdefault(key, option)
    return list(options.values())


def details(
    meeting: Meeting, context: Context | None, phrases: Phrases, links: Links = NO_READER
) -> list[Part]:
    """Return all that is known of a meeting.

    Args:
        meeting: the meeting.
        context: its evidence in its file, whose paragraphs are shown if there is room; None if the
            file no longer has it.
        phrases: the member's language.
        links: the links that members can open.
    """
    head, others = Part(_fields(meeting, phrases)), list(_others(meeting, phrases, links))
    if context is None:
        return [head, Part(phrases("source_changed")), *others]
    quote = context.quote
    source = f"-# {_source(quote, phrases)}"
    address = links.of_button(quote)
    for words in (context_markup(context), escape(shown(quote)).strip()):
        parts = [head, Part(f"{source}\n{quote_block(words)}", address), *others]
        if fits(parts):
            return parts
    block = _evidence(quote, *room_left([head, Part(f"{source}\n", address), *others]))
    return [head, Part(f"{source}\n{block}", address), *others]


def meeting_key(meeting: Meeting) -> str:
    """Return a hash of the words that report a meeting, and of its name."""
    quote = meeting.evidence
    key = f"{quote.sha256}:{quote.article}:{quote.start}:{quote.end}:{meeting.name}"
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()[:32]


def _filter_lines(criteria: MeetingFilter, phrases: Phrases) -> list[str]:
    lines = [f"-# {escape(filters)}"] if (filters := described(criteria, phrases)) else []
    if criteria.start or criteria.end:
        lines.append(f"-# {phrases('only_dated')}")
    return lines


def _entry(number: int, meeting: Meeting, phrases: Phrases, *, quoted: bool) -> str:
    # The dot is escaped so that the number does not begin a list.
    name = escape(shown_name(meeting, LISTED_LENGTH))
    lines = [f"{number}\\. **{name}**", _when(meeting, phrases)]
    facts = []
    if meeting.place and (where := shorten(meeting.place, FACT_LENGTH)):
        facts.append(escape(where))
    if meeting.chair and (chair := shorten(meeting.chair, FACT_LENGTH)):
        facts.append(phrases("chaired_by", chair=escape(chair)))
    facts += notes(meeting, phrases, briefly=True)
    quote = meeting.evidence
    title = "" if begins_with_title(quote) else title_of(quote, FACT_LENGTH)
    if source := shorten(phrases.site(quote) or title, FACT_LENGTH):
        facts.append(escape(source))
    if facts:
        lines.append(f"-# {SEPARATOR.join(facts)}")
    head = "\n".join(lines) + "\n"
    if not quoted:
        return f"{head}{phrases('source_changed')}"
    room = MAX_ENTRY - utf16_length(head), MAX_ENTRY_BYTES - len(head.encode())
    return head + _evidence(quote, *room)


def _when(meeting: Meeting, phrases: Phrases) -> str:
    """Return the days in words, which no time zone shifts, and Discord's "… ago" of the first."""
    days = phrases.days(meeting.date, meeting.end_date)
    if (first := first_day(meeting)) is None:
        return days
    noon = datetime.combine(first, time(12), UTC)
    return f"{days} · <t:{int(noon.timestamp())}:R>"


def _evidence(quote: Quote, room: int, room_in_bytes: int) -> str:
    """Return the quote as a block of at most `room` UTF-16 units and `room_in_bytes` of UTF-8.

    It is cut between words to fit, with an ellipsis.
    """
    words = clean(shown(quote)).strip()
    before, after = ellipses(words)

    def block(end: int, mark: str = " …") -> str:
        return quote_block(before + escape(words[:end].rstrip()) + mark)

    def fits(block: str) -> bool:
        return utf16_length(block) <= room and len(block.encode()) <= room_in_bytes

    if fits(whole := block(len(words), after)):
        return whole
    end = bisect_left(range(len(words)), True, key=lambda end: not fits(block(end + 1)))
    # A word too long to be shown is cut within it.
    if (start := words.rfind(" ", 0, end + 1)) > 0:
        end = start
    return block(end) if end else "> …"


def _fields(meeting: Meeting, phrases: Phrases) -> str:
    name = escape(shown_name(meeting))
    lines = [f"### {name}", f"**{phrases('when')}:** {_when(meeting, phrases)}"]
    if facts := notes(meeting, phrases):
        lines[-1] += f" ({', '.join(facts)})"
    for key, value in (("place", meeting.place), ("chair", meeting.chair)):
        if value and (shown := shorten(value, FIELD_LENGTH)):
            lines.append(f"**{phrases(key)}:** {escape(shown)}")
            if key == "place" and (address := map_address(meeting)):
                lines[-1] += f" · [{phrases('map')}](<{address}>)"
    return "\n".join(lines)


def _others(meeting: Meeting, phrases: Phrases, links: Links) -> Iterator[Part]:
    """Yield the first further articles that report a meeting, and the number of the others."""
    if not meeting.others:
        return
    yield Part(f"**{phrases('also_in')}:**")
    for quote in meeting.others[:MAX_OTHERS]:
        yield Part(f"-# {_source(quote, phrases)}", links.of_button(quote))
    if (more := len(meeting.others) - MAX_OTHERS) > 0:
        yield Part(f"-# {phrases('more_articles', count=more)}")


def _source(quote: Quote, phrases: Phrases) -> str:
    """Return an article's title and facts, in the order of an article's card."""
    facts = [title_of(quote), language_name(quote.language)]
    if quote.date:
        facts.append(unbroken(phrases.date(quote.date)))
    if site := phrases.site(quote):
        facts.append(shorten(site, FACT_LENGTH))
    return SEPARATOR.join(map(escape, facts))
