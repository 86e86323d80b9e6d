"""Meetings as Discord messages (Components V2), within Discord's limits. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, time
from typing import NamedTuple

from retrieval import Context, Meeting, MeetingFilter, Quote, YearFrom, language_name

from ..i18n.phrases import Phrases, ellipses, unbroken
from ..ui.context_view import around
from ..ui.links import NO_READER, Links
from ..ui.message import MAX_CHOICE, MAX_TEXT, MAX_TITLE, Part, button_address
from ..ui.text import clean, escape, quote_block, shorten
from .filters import described, is_filtered

PER_PAGE = 5

MAX_ENTRY = 740
"""The most characters, in UTF-16, that an entry of a page may have: five and the heading fit."""

MAX_ENTRY_BYTES = 1_000
"""The most bytes of UTF-8: with buttons and choices five stay below 10,000."""

MAX_BYTES = 9_500
"""The most bytes of the texts and addresses of a message; Discord has failed at 10,000."""

MAX_NAME = 80
MAX_FACT = 40
"""The most characters of a place, a person or an article in a list."""

MAX_FIELD = 200
"""The most characters of a name, a place or a person where a meeting stands alone."""

MAX_OTHERS = 3
MAX_LABEL = 60


class Choice(NamedTuple):
    """A meeting as it is offered for choice: what is seen, its date, and what stands for it."""

    label: str
    description: str
    key: str


def last_page(meetings: Sequence[Meeting]) -> int:
    """The number of the last page; the first is 0."""
    return max(0, len(meetings) - 1) // PER_PAGE


def on_page(meetings: Sequence[Meeting], number: int) -> Sequence[Meeting]:
    """The meetings of a page."""
    return meetings[number * PER_PAGE : (number + 1) * PER_PAGE]


def page(
    meetings: Sequence[Meeting],
    number: int,
    wanted: MeetingFilter,
    phrases: Phrases,
    held: Collection[Quote],
    *,
    links: Links = NO_READER,
) -> Iterator[Part]:
    """A page under a heading that says how many meetings there are, and which are wanted.

    Those of no known year stand under a heading of their own. Evidence is quoted if it is among
    `held`, the quotes that their files still hold.
    """
    lines = [f"### {phrases.counted('meeting_count', len(meetings))}"]
    if last := last_page(meetings):
        lines.append(f"-# {phrases('page', page=number + 1, pages=last + 1)}")
    yield Part("\n".join([*lines, *_filters(wanted, phrases)]))
    known = True
    for place, meeting in enumerate(on_page(meetings, number), number * PER_PAGE + 1):
        if known and not _has_year(meeting):
            known = False
            yield Part(f"### {phrases('no_year')}")
        entry = _entry(place, meeting, phrases, quoted=meeting.evidence in held)
        yield Part(entry, button_address(meeting.evidence, links))


def nothing(wanted: MeetingFilter, unfiltered: int, phrases: Phrases) -> Iterator[Part]:
    """Says that there is no meeting, and how many there are without the filters."""
    if is_filtered(wanted) and unfiltered:
        said = phrases.counted("none_match", unfiltered)
        yield Part("\n".join([said, *_filters(wanted, phrases)]))
    else:
        yield Part(phrases("no_meetings"))


def choices(meetings: Sequence[Meeting], number: int, phrases: Phrases) -> list[Choice]:
    """The meetings of a page for choice, numbered as they are there; the same one once."""
    made: dict[str, Choice] = {}
    for place, one in enumerate(on_page(meetings, number), number * PER_PAGE + 1):
        date = phrases.days(one.date, one.end_date)
        label = f"{place}. {_name(one, MAX_LABEL)}"
        made.setdefault(key_of(one), Choice(label, shorten(date, MAX_CHOICE), key_of(one)))
    return list(made.values())


def details(
    meeting: Meeting, context: Context | None, phrases: Phrases, links: Links = NO_READER
) -> list[Part]:
    """All that is known of a meeting. Its evidence is quoted if its file still holds it.

    The paragraphs around the evidence are shown if there is room.
    """
    head, others = Part(_fields(meeting, phrases)), list(_others(meeting, phrases, links))
    if context is None:
        return [head, Part(phrases("source_changed")), *others]
    quote = context.quote
    source = f"-# {_source(quote, phrases)}"
    address = button_address(quote, links)
    for words in (around(context), escape(clean(quote.text).strip())):
        parts = [head, Part(f"{source}\n{quote_block(words)}", address), *others]
        if min(_room(parts)) >= 0:
            return parts
    block = _evidence(quote, *_room([head, Part(f"{source}\n", address), *others]))
    return [head, Part(f"{source}\n{block}", address), *others]


def key_of(meeting: Meeting) -> str:
    """What stands for a meeting: the words that report it, and its name."""
    quote = meeting.evidence
    key = f"{quote.sha256}:{quote.article}:{quote.start}:{quote.end}:{meeting.name}"
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()[:32]


def _has_year(meeting: Meeting) -> bool:
    return meeting.date is not None and meeting.date.year is not None


def _filters(wanted: MeetingFilter, phrases: Phrases) -> list[str]:
    lines = [f"-# {escape(filters)}"] if (filters := described(wanted, phrases)) else []
    if wanted.start or wanted.end:
        lines.append(f"-# {phrases('only_dated')}")
    return lines


def _entry(place: int, meeting: Meeting, phrases: Phrases, *, quoted: bool) -> str:
    # The dot is escaped so that the number does not begin a list.
    name = escape(_name(meeting, MAX_NAME))
    lines = [f"{place}\\. **{name}**", _when(meeting, phrases)]
    facts = []
    if meeting.place and (where := shorten(meeting.place, MAX_FACT)):
        facts.append(escape(where))
    if meeting.chair and (chair := shorten(meeting.chair, MAX_FACT)):
        facts.append(phrases("chaired_by", chair=escape(chair)))
    if meeting.year_from in {YearFrom.CONTEXT, YearFrom.URL}:
        facts.append(phrases.year_note(meeting.year_from))
    quote = meeting.evidence
    title = "" if _begins_with_title(quote) else _title(quote, MAX_FACT)
    if source := shorten(phrases.site(quote) or title, MAX_FACT):
        facts.append(escape(source))
    if facts:
        lines.append(f"-# {' · '.join(facts)}")
    head = "\n".join(lines) + "\n"
    if not quoted:
        return f"{head}{phrases('source_changed')}"
    room = MAX_ENTRY - _length(head), MAX_ENTRY_BYTES - len(head.encode())
    return head + _evidence(quote, *room)


def _when(meeting: Meeting, phrases: Phrases) -> str:
    """The days in words, which no time zone shifts, and how long ago Discord says they were."""
    said = phrases.days(meeting.date, meeting.end_date)
    first = meeting.date.date() if meeting.date else None
    if first is None:
        return said
    noon = datetime.combine(first, time(12), UTC)
    return f"{said} · <t:{int(noon.timestamp())}:R>"


def _evidence(quote: Quote, room: int, room_in_bytes: int) -> str:
    """The quote as a block of at most so many UTF-16 characters and bytes of UTF-8.

    What does not fit is cut between words; the ellipsis stands outside of them.
    """
    words = clean(quote.text).strip()
    before, after = ellipses(words)
    end = len(words)
    while True:
        mark = after if end == len(words) else " …"
        block = quote_block(before + escape(words[:end]) + mark)
        if _length(block) <= room and len(block.encode()) <= room_in_bytes:
            return block
        if end == 0:
            return "> …"
        # A word too long to be shown is cut within it.
        start = words.rfind(" ", 0, end)
        end = len(words[: start if start > 0 else end - 1].rstrip())


def _fields(meeting: Meeting, phrases: Phrases) -> str:
    name = escape(_name(meeting, MAX_FIELD))
    lines = [f"### {name}", f"**{phrases('when')}:** {_when(meeting, phrases)}"]
    if note := phrases.year_note(meeting.year_from):
        lines[-1] += f" ({note})"
    for key, value in (("place", meeting.place), ("chair", meeting.chair)):
        if value and (shown := shorten(value, MAX_FIELD)):
            lines.append(f"**{phrases(key)}:** {escape(shown)}")
    return "\n".join(lines)


def _others(meeting: Meeting, phrases: Phrases, links: Links) -> Iterator[Part]:
    """The further articles that report a meeting, as far as there is room."""
    if not meeting.others:
        return
    yield Part(f"**{phrases('also_in')}:**")
    for quote in meeting.others[:MAX_OTHERS]:
        yield Part(f"-# {_source(quote, phrases)}", button_address(quote, links))
    if (more := len(meeting.others) - MAX_OTHERS) > 0:
        yield Part(f"-# {phrases('more_articles', count=more)}")


def _source(quote: Quote, phrases: Phrases) -> str:
    """An article's title and facts, in the order of an article's card."""
    facts = [_title(quote, MAX_TITLE), language_name(quote.language)]
    if quote.date:
        facts.append(unbroken(phrases.date(quote.date)))
    if site := phrases.site(quote):
        facts.append(shorten(site, MAX_FACT))
    return " · ".join(map(escape, facts))


def _name(meeting: Meeting, limit: int) -> str:
    return shorten(meeting.name, limit) or _title(meeting.evidence, limit)


def _title(quote: Quote, limit: int) -> str:
    """The title on one line; the file's name where it has no visible character."""
    return shorten(quote.title, limit) or shorten(quote.article, limit)


def _begins_with_title(quote: Quote) -> bool:
    """Whether the title only says what the quote says: an article may have its first line alone."""
    title = shorten(quote.title, MAX_FACT).removesuffix("…")
    return bool(title) and " ".join(clean(quote.text).split()).startswith(title)


def _room(parts: Sequence[Part]) -> tuple[int, int]:
    """How many more UTF-16 characters and bytes of UTF-8 a message of these parts may have."""
    said = "".join(part.text for part in parts)
    sent = said + "".join(part.address or "" for part in parts)
    return MAX_TEXT - _length(said), MAX_BYTES - len(sent.encode())


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
