"""The calendar file, read back by another library and line by line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n.phrases import phrases_in
from bot.meetings import calendar
from bot.ui.links import Links
from retrieval import Day, Meeting, YearFrom

from ..agenda import TWELVE, evidence, meeting
from ..markup import HOSTILE


class Event(NamedTuple):
    """What another library reads of an event; None where there is no such property."""

    name: str
    begin: date
    end: date | None
    uid: str
    location: str | None
    description: str
    url: str | None


def read(*meetings: Meeting) -> list[Event]:
    """The events of the file, in the order of the meetings."""
    made = calendar.calendar(meetings)
    found = list(_events(made.content.decode()))
    assert made.events == len(found)
    return found


def _events(content: str) -> Iterator[Event]:
    for event in vobject.readOne(content).contents.get("vevent", []):
        fields = ("summary", "dtstart", "dtend", "uid", "location", "description", "url")
        found: list[Any] = [event.contents.get(name, [None])[0] for name in fields]
        yield Event(*(value and value.value for value in found))


def lines(meeting: Meeting) -> list[str]:
    """The file's lines, unfolded."""
    content = calendar.calendar([meeting]).content
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_an_event_leads_to_the_page_or_to_the_reader_where_none_is_known() -> None:
    links = Links("https://reader.example/p")
    known, unknown = evidence(1), evidence(1, url=None)
    for quote, address in ((known, known.link), (unknown, links.in_reader(unknown))):
        content = calendar.calendar([meeting(1, evidence=quote)], links=links).content.decode()
        (event,) = _events(content)
        assert address
        assert event.url == address
        assert address in event.description


def test_another_library_reads_dates_names_places_and_links() -> None:
    several, one = read(
        meeting(2, date=Day(2, 28, 2024), end_date=Day(3, 2, 2024), place="Huế"),
        meeting(1, date=Day(12, 31, 2023)),
    )
    assert (one.name, several.name) == ("Meeting 1", "Meeting 2")
    assert (one.begin, one.end) == (date(2023, 12, 31), date(2024, 1, 1))
    assert (several.begin, several.end) == (date(2024, 2, 28), date(2024, 3, 3))
    assert (one.location, several.location) == (None, "Huế")
    assert one.url == "https://www.example.com/1"


def test_days_are_days_and_the_last_one_is_the_day_after() -> None:
    found = lines(meeting(1, date=Day(2, 28, 2023), end_date=Day(2, 28, 2023)))
    assert "DTSTART;VALUE=DATE:20230228" in found
    assert "DTEND;VALUE=DATE:20230301" in found
    assert {"BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{calendar.PRODID}"} <= set(found)
    assert not [line for line in found if line.startswith(("METHOD", "DTSTART:", "DTEND:"))]


def test_a_range_that_ends_before_it_begins_is_its_first_day_and_the_last_day_has_no_next() -> None:
    (event,) = read(meeting(1, end_date=Day(12, 1, 2024)))
    assert event.end == event.begin + timedelta(days=1)
    last = lines(meeting(1, date=Day(12, 31, 9999)))
    assert not [line for line in last if line.startswith("DTEND")]


def test_the_description_has_the_chair_the_words_the_source_and_where_the_year_is_from() -> None:
    held = meeting(1, chair="Ms Le", year_from=YearFrom.HEADER, evidence=evidence(1, "they met,"))
    (event,) = read(held)
    assert event.description == (
        "Chair: Ms Le\n\n“… they met, …”\n\nArticle 1\nhttps://www.example.com/1"
        "\n\nyear taken from the article's date"
    )
    german = calendar.calendar([held], phrases_in("de")).content.decode().replace("\r\n ", "")
    assert "Leitung: Ms Le" in german
    assert "„… they met\\, …“" in german
    assert "X-WR-CALNAME:Treffen" in german
    (stated,) = read(meeting(1, year_from=YearFrom.STATED, evidence=evidence(1, "X.", url=None)))
    assert stated.description == "“X.”\n\nArticle 1"
    assert stated.url is None
    (marked,) = read(meeting(1, evidence=evidence(1, "We **met**.", article="1.md")))
    assert marked.description.startswith("“We met.”")


def test_what_has_no_year_is_left_out_and_counted() -> None:
    made = calendar.calendar([meeting(1), meeting(2, date=Day(2, 29)), meeting(3, date=None)])
    assert (made.events, made.left_out) == (1, 2)
    assert made.content.count(b"BEGIN:VEVENT") == 1
    empty = calendar.calendar([])
    assert (empty.events, empty.left_out) == (0, 0)
    assert b"END:VCALENDAR" in empty.content


def test_the_same_meetings_make_the_same_file_and_an_event_keeps_its_uid() -> None:
    assert calendar.calendar(TWELVE) == calendar.calendar(TWELVE)
    assert "DTSTAMP:20250101T000000Z" in lines(meeting(1))  # not when the file was written
    before = {event.name: event.uid for event in read(*TWELVE)}
    after = {event.name: event.uid for event in read(*TWELVE[3:])}
    assert after.items() < before.items()
    assert len(set(before.values())) == 12
    assert all(uid.endswith("@passage") for uid in before.values())
    (moved,) = read(meeting(1, name="The council", date=Day(5, 5, 2020)))
    assert moved.uid == before["Meeting 1"]


def test_two_meetings_of_one_sentence_are_two_events() -> None:
    uids = {event.uid for event in read(meeting(1), meeting(1, name="Another"))}
    assert len(uids) == 2


@pytest.mark.parametrize(
    "hostile",
    [
        *HOSTILE,
        "a,b;c:d\\n\\,e",
        "C:\\New \\\\Net",
        "one\r\ntwo\rthree\nfour\u2028five",
        "END:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:injected",
        "nul\0bell\7 \x1b[31m \u202eback",
        "👩‍👩‍👧" * 90,
        "漢" * 499,
        '"quoted" ^n ^\'',
        "\ud800 surrogate",
    ],
)
def test_hostile_words_come_back_as_they_were(hostile: str) -> None:
    held = meeting(
        1,
        name=hostile,
        place=hostile,
        chair=hostile,
        evidence=evidence(
            1, hostile, title=hostile, url="https://example.com/\r\nURL:x", article=hostile
        ),
    )
    (event,) = read(held)
    one_line = " ".join(calendar.clean(hostile).split())
    assert event.name == one_line
    assert event.location == one_line
    assert calendar.clean(hostile).strip() in event.description
    assert event.url == "https://example.com/%0D%0AURL:x"
    found = lines(held)
    assert sum(line.startswith("BEGIN:") for line in found) == 2
    assert all(ord(character) >= 32 for line in found for character in line)


@given(st.text(min_size=1))
def test_any_name_is_one_event(name: str) -> None:
    (event,) = read(meeting(1, name=name, place=name))
    assert event.name == " ".join(calendar.clean(name).split())
