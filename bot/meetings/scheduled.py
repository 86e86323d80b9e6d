"""An announced meeting as a scheduled event of a Discord server, and which events there are."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter

from retrieval import Meeting, MeetingStatus, read_json, shown, write_json

from ..i18n.phrases import Phrases, ellipses
from ..ui.links import Links, plain_address
from ..ui.text import clean, cleaned_line, escape, shorten, title_of, utf16_length
from .facts import days_of, shown_name

EVENTS_FILE = "scheduled-events.json"

EVENT_NAME, EVENT_LOCATION, EVENT_DESCRIPTION = 100, 100, 1_000
"""The most characters that Discord takes."""

QUOTED = 250
"""The most characters of the quote: escaped they may be twice as many."""

NOON = time(12, tzinfo=UTC)
"""When an event begins, as articles seldom say the hour: it is that day in nearly all zones."""


class EventFields(NamedTuple):
    """What Discord is told of a meeting: plain text, and times in UTC. `is_off` where it does not
    take place on that day."""

    name: str
    description: str
    start: datetime
    end: datetime
    location: str
    is_off: bool

    @property
    def digest(self) -> str:
        """Return a hash of all this."""
        return hashlib.sha256(repr(self).encode(errors="surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class CreatedEvent:
    """An event that the bot has created in a server, both by their ids: of which meeting of which
    corpus, with which facts (see `EventFields.digest`), and when it ends in seconds since 1970."""

    guild: int
    event: int
    corpus: str
    uid: str
    digest: str
    ends: float


_CREATED = TypeAdapter(list[CreatedEvent])


def event_fields(meeting: Meeting, phrases: Phrases, links: Links) -> EventFields | None:
    """Return what Discord is told of a meeting; None where its day is not known.

    Args:
        meeting: the meeting.
        phrases: the language of the server.
        links: the links that its members can open.
    """
    if (days := days_of(meeting)) is None:
        return None
    first, last = days
    return EventFields(
        shown_name(meeting, EVENT_NAME),
        _description(meeting, phrases, links),
        datetime.combine(first, NOON),
        datetime.combine(last, NOON) + timedelta(hours=1),
        shorten(meeting.place or "", EVENT_LOCATION) or "–",
        meeting.status in (MeetingStatus.CANCELLED, MeetingStatus.POSTPONED),
    )


def _description(meeting: Meeting, phrases: Phrases, links: Links) -> str:
    quote = meeting.evidence
    words = clean(shown(quote)).strip()
    before, after = ellipses(words)
    cut = shorten(words, QUOTED)
    quoted = before + escape(cut) + (after if cut == cleaned_line(words) else "")
    link = links.to(quote)
    parts = [
        f"{phrases.days(meeting.date, meeting.end_date)} · {phrases('event_hour')}",
        phrases("quotation", words=quoted),
        escape(title_of(quote)),
    ]
    text = "\n\n".join(parts)
    with_link = f"{text}\n{plain_address(link)}" if link else text
    return with_link if utf16_length(with_link) <= EVENT_DESCRIPTION else text


def read_created(folder: Path) -> list[CreatedEvent]:
    """Return the events that a folder's file has; none where there is no file, or a damaged one."""
    return read_json(folder / EVENTS_FILE, _CREATED) or []


def write_created(folder: Path, created: Sequence[CreatedEvent]) -> None:
    """Write which events were created. Raises OSError."""
    write_json(folder / EVENTS_FILE, _CREATED, list(created))
