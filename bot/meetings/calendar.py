"""Meetings as a calendar file (iCalendar, RFC 5545): the same meetings make the same bytes."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote as percent_encode

from icalendar import Calendar, Event
from icalendar.prop import vText, vUri

from retrieval import Meeting, Quote

from ..i18n.phrases import ENGLISH, Phrases, ellipses
from ..ui.links import NO_READER, Links
from ..ui.text import clean

PRODID = "-//Passage//Meetings//EN"
FILE_NAME = "meetings.ics"


class File(NamedTuple):
    """A calendar file: its bytes, and how many meetings are in it and how many are not."""

    content: bytes
    events: int
    left_out: int


def calendar(
    meetings: Iterable[Meeting], phrases: Phrases = ENGLISH, links: Links = NO_READER
) -> File:
    """The meetings as events of whole days. One whose year is not known is left out, and counted.

    A file has no METHOD: to PUBLISH would need an organizer, whom nobody knows.
    """
    made = Calendar()
    made.add("prodid", PRODID)
    made.add("version", "2.0")
    made.add("x-wr-calname", phrases("meetings"))
    uids: Counter[str] = Counter()
    left_out = 0
    for meeting in meetings:
        first = meeting.date.date() if meeting.date else None
        if first is None:
            left_out += 1
            continue
        uid = _uid(meeting.evidence)
        uids[uid] += 1
        # A sentence may report two meetings.
        number = f"-{uids[uid]}" if uids[uid] > 1 else ""
        address = _address(links.to(meeting.evidence))
        made.add_component(_event(meeting, first, f"{uid}{number}@passage", phrases, address))
    return File(made.to_ical(), uids.total(), left_out)


class _Text(vText):
    """Text as it is. The library's own makes a new line of the letters "\\N", as in "C:\\New"."""

    def to_ical(self) -> bytes:
        text = str(self).replace("\\", "\\\\").replace("\n", "\\n")
        return text.replace(",", "\\,").replace(";", "\\;").encode()


def _event(
    meeting: Meeting, first: datetime.date, uid: str, phrases: Phrases, address: str | None
) -> Event:
    event = Event()
    event.add("uid", uid)
    # When the event was written would be another time in each file.
    event.add("dtstamp", datetime.datetime.combine(first, datetime.time(), datetime.UTC))
    event.add("dtstart", first)
    last = max(first, (meeting.end_date and meeting.end_date.date()) or first)
    if last < datetime.date.max:
        event.add("dtend", last + datetime.timedelta(days=1))
    event.add("summary", _Text(_line(meeting.name)))
    if meeting.place:
        event.add("location", _Text(_line(meeting.place)))
    event.add("description", _Text(_description(meeting, phrases, address)))
    if address:
        event.add("url", vUri(address))
    # What others have met for takes nobody's time.
    event.add("transp", "TRANSPARENT")
    return event


def _description(meeting: Meeting, phrases: Phrases, address: str | None) -> str:
    quote = meeting.evidence
    before, after = ellipses(quote.text)
    words = phrases("quotation", words=before + clean(quote.text).strip() + after)
    source = [_line(quote.title), address or ""]
    parts = [
        f"{phrases('chair')}: {_line(meeting.chair)}" if meeting.chair else "",
        words,
        "\n".join(filter(None, source)),
        phrases.year_note(meeting.year_from),
    ]
    return "\n\n".join(filter(None, parts))


def _uid(quote: Quote) -> str:
    key = f"{quote.article}:{quote.start}:{quote.end}"
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()[:32]


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _address(link: str | None) -> str | None:
    """The address as one that a line holds: no property can begin within it."""
    if not link:
        return None
    return percent_encode(link, safe="%/:?#[]@!$&'()*+,;=", errors="replace")
