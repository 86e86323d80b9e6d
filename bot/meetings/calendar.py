"""Meetings as a calendar file (iCalendar, RFC 5545): the same meetings make the same bytes."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from icalendar import Calendar, Event
from icalendar.prop import vText, vUri

from retrieval import Meeting, MeetingStatus, shown

from ..i18n.phrases import ENGLISH, Phrases, ellipses
from ..ui.links import NO_READER, Links, plain_address
from ..ui.text import clean, cleaned_line
from .facts import days_of

PRODID = "-//Passage//Meetings//EN"
FILE_NAME = "meetings.ics"
EPOCH = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)

STATUS = {
    MeetingStatus.HELD: "CONFIRMED",
    MeetingStatus.ANNOUNCED: "CONFIRMED",
    MeetingStatus.CANCELLED: "CANCELLED",
    MeetingStatus.POSTPONED: "TENTATIVE",
}
"""What RFC 5545 calls each."""


class CalendarFile(NamedTuple):
    """A calendar file."""

    content: bytes
    events: int
    """How many meetings are in the file."""
    left_out: int
    """How many meetings are not, because their year is unknown."""


def calendar(
    meetings: Iterable[Meeting], phrases: Phrases = ENGLISH, links: Links = NO_READER
) -> CalendarFile:
    """Return the meetings as events of whole days.

    Args:
        meetings: the meetings.
        phrases: the language of what stands around the quotes.
        links: the links that the owner of the calendar can open.
    """
    # There is no METHOD, because PUBLISH would need an organizer, whom nobody knows.
    file = Calendar()
    file.add("prodid", PRODID)
    file.add("version", "2.0")
    file.add("x-wr-calname", phrases("meetings"))
    uids: Counter[str] = Counter()
    left_out = 0
    for meeting in meetings:
        if (days := days_of(meeting)) is None:
            left_out += 1
            continue
        uids[meeting.uid] += 1
        # A sentence may report two meetings.
        number = f"-{uids[meeting.uid]}" if uids[meeting.uid] > 1 else ""
        uid = f"{meeting.uid}{number}@passage"
        link = links.to(meeting.evidence)
        address = plain_address(link) if link else None  # No other property can begin within it.
        file.add_component(_event(meeting, days, uid, phrases, address))
    return CalendarFile(file.to_ical(), uids.total(), left_out)


class _Text(vText):
    """Text as it is: the library's own class makes a new line of the "\\N" in "C:\\New"."""

    def to_ical(self) -> bytes:
        text = str(self).replace("\\", "\\\\").replace("\n", "\\n")
        return text.replace(",", "\\,").replace(";", "\\;").encode()


def _event(
    meeting: Meeting,
    days: tuple[datetime.date, datetime.date],
    uid: str,
    phrases: Phrases,
    address: str | None,
) -> Event:
    event, (first, last) = Event(), days
    event.add("uid", uid)
    # The time of writing would be another one in each file.
    event.add("dtstamp", datetime.datetime.combine(first, datetime.time(), datetime.UTC))
    event.add("dtstart", first)
    if last < datetime.date.max:
        event.add("dtend", last + datetime.timedelta(days=1))
    event.add("summary", _Text(cleaned_line(meeting.name)))
    if meeting.modified:
        modified = datetime.datetime.fromisoformat(meeting.modified)
        event.add("created", datetime.datetime.fromisoformat(meeting.created))
        event.add("last-modified", modified)
        # It never falls, even if the index is made anew: minutes since the first release's year.
        event.add("sequence", max(0, int((modified - EPOCH).total_seconds() // 60)))
    event.add("status", STATUS[meeting.status])
    if meeting.coordinates:
        event.add("geo", meeting.coordinates)
    if meeting.place:
        event.add("location", _Text(cleaned_line(meeting.place)))
    event.add("description", _Text(_description(meeting, phrases, address)))
    if address:
        event.add("url", vUri(address))
    # A meeting of other people takes no time of the calendar's owner.
    event.add("transp", "TRANSPARENT")
    return event


def _description(meeting: Meeting, phrases: Phrases, address: str | None) -> str:
    quote = meeting.evidence
    before, after = ellipses(quote.text)
    words = phrases("quotation", words=before + clean(shown(quote)).strip() + after)
    source = [cleaned_line(quote.title), address or ""]
    parts = [
        f"{phrases('chair')}: {cleaned_line(meeting.chair)}" if meeting.chair else "",
        words,
        "\n".join(filter(None, source)),
        phrases.year_note(meeting.year_from),
    ]
    return "\n\n".join(filter(None, parts))
