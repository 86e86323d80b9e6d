"""`/meetings` in a Discord in memory."""

from __future__ import annotations

import sys
import threading
from typing import Any

import discord
import pytest
import vobject

from bot.client import PRESSES
from bot.meetings.calendar import CalendarFile
from bot.meetings.calendar import calendar as write_calendar
from bot.options import AskOptions
from retrieval import Day, Library
from tests.conftest import SEEDS

from ..agenda import TWELVE, Agenda, evidence, meeting
from ..server import Server, buttons, page_buttons, restart, rows, seen, serving

FILE = "Calendar file (.ics)"


async def listed(server: Server, **options: str) -> discord.Message:
    result = await server.ana.slash(server.channel, "meetings", **options)
    assert result.ephemeral
    return result.response.message


def names(message: discord.Message) -> list[str]:
    """The names of the meetings that the page shows."""
    return [line.split("**")[1] for line in seen(message).split("\n") if ". **" in line]


def select(message: discord.Message) -> dict[str, Any]:
    (found,) = [item for item in rows(message) if "options" in item]
    return found


async def details(server: Server, message: discord.Message, place: int) -> discord.Message:
    choosing = select(message)
    value = choosing["options"][place]["value"]
    result = await server.ana.select(message, [value], custom_id=choosing["custom_id"])
    assert result.ephemeral
    assert result.response.message.id != message.id
    return result.response.message


async def calendar(server: Server, message: discord.Message) -> tuple[str, bytes | None]:
    result = await server.ana.click(message, label=FILE)
    assert result.ephemeral
    answer = result.response.message
    if not answer.attachments:
        return seen(answer), None
    (file,) = answer.attachments
    assert file.filename == "meetings.ics"
    return seen(answer), await file.read()


async def test_the_meetings_of_the_articles_are_listed_with_their_evidence(
    library: Library,
) -> None:
    async with serving(library) as server:
        message = await listed(server)
        text = seen(message).replace("\n> ", " ")
        known = library.meetings()
        for one in known[: len(names(message))]:
            assert one.evidence.text[:200] in text
            article = (SEEDS / one.evidence.article).read_bytes().decode()
            assert article[one.evidence.start : one.evidence.end] == one.evidence.text
        assert {one.evidence.article for one in known} == {file.name for file in SEEDS.glob("0*")}
        whole = seen(await details(server, message, 0))
        assert known[0].evidence.text in whole
        _, content = await calendar(server, message)

    assert content is not None
    dated = [one for one in known if one.date and one.date.year]
    assert content.count(b"BEGIN:VEVENT") == len(dated)


async def test_pages_are_turned_with_buttons_in_place() -> None:
    async with serving(Agenda()) as server:
        message = await listed(server)
        assert names(message) == [f"Meeting {number}" for number in (12, 11, 10, 9, 8)]
        assert page_buttons(message) == {"Previous": False, "Next": True, FILE: True}

        second = (await server.ana.click(message, label="Next")).response.message
        assert second.id == message.id
        assert names(second) == [f"Meeting {number}" for number in (7, 6, 5, 4, 3)]

        third = (await server.ana.click(second, label="Next")).response.message
        assert "### 12 meetings\n-# Page 3 of 3\n11. **Meeting 2**" in seen(third)
        assert page_buttons(third)["Next"] is False

        back = (await server.ana.click(third, label="Previous")).response.message
        assert names(back) == names(second)


async def test_buttons_and_choices_work_after_a_restart_and_the_filters_with_them() -> None:
    place = "Hà Nội: “Nhà” " + "x" * 80
    agenda = Agenda([meeting(n, place=place) for n in range(1, 13)] + [meeting(20), meeting(21)])
    async with serving(agenda) as server:
        message = await listed(server, **{"from": "2025-01-02", "to": "2025", "place": place})
        assert "### 11 meetings" in seen(message)
        await restart(server.env)

        assert "### Meeting 12" in seen(await details(server, message, 0))
        said, content = await calendar(server, message)
        assert said == "11 meetings, ready for your calendar."
        assert content is not None
        turned = (await server.ana.click(message, label="Next")).response.message
        assert names(turned) == [f"Meeting {number}" for number in (7, 6, 5, 4, 3)]


@pytest.mark.usefixtures("limits_by_no_clock")
async def test_choices_count_as_presses() -> None:
    agenda = Agenda([meeting(1)])
    async with serving(agenda, AskOptions(per_member=1)) as server:
        message = await listed(server)
        told = [seen(await details(server, message, 0)) for _ in range(PRESSES + 1)]
        assert all("### Meeting 1" in text for text in told[:PRESSES])
        assert told[PRESSES].endswith("Please press again in 60 seconds.")


async def test_a_page_that_is_no_more_becomes_the_last_one() -> None:
    agenda = Agenda()
    async with serving(agenda) as server:
        message = await listed(server)
        agenda.held = TWELVE[:3]
        turned = (await server.ana.click(message, label="Next")).response.message
        assert "### 3 meetings\n1. **Meeting 12**" in seen(turned)
        assert page_buttons(turned) == {FILE: True}

        agenda.held = []
        assert (await calendar(server, turned))[0].startswith("There is nothing to put into")


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"from": "2024"}, [3, 2]),
        ({"to": "2024-11"}, [2, 1]),
        ({"from": "2024-11-05", "to": "2024-11-05"}, [2]),
        ({"place": "ha noi"}, [3, 4]),
        ({"language": "de"}, [3]),
        ({"language": "Deutsch"}, [3]),
        ({"language": "ENGLISH", "place": "Ha Noi"}, [4]),
    ],
)
async def test_the_filters_choose(options: dict[str, str], found: list[int]) -> None:
    agenda = Agenda(
        [
            meeting(1, date=Day(12, 31, 2023)),
            meeting(2, date=Day(11, 3, 2024), end_date=Day(11, 6, 2024), place="Huế"),
            meeting(3, date=Day(12, 1, 2024), place="Hà Nội", evidence=evidence(3, language="de")),
            meeting(4, date=Day(5, 1), place="Hanoi; Ha Noi"),
        ]
    )
    async with serving(agenda) as server:
        message = await listed(server, **options)

    assert names(message) == [f"Meeting {number}" for number in found]
    assert "-# Filters: " in seen(message)
    asked = {"from", "to"} & options.keys()
    assert ("Meetings whose year is not stated are left out." in seen(message)) is bool(asked)


async def test_a_wrong_date_gets_a_friendly_sentence() -> None:
    how = "Please write it as 2024-11-06, 2024 or “last month”."
    async with serving(Agenda()) as server:
        for given in ("whenever", "2024-13", "2024-02-30", "0000", "@everyone"):
            said = seen(await listed(server, **{"from": given}))
            assert said == f"I cannot read “{given}” as a date. {how}"
        said = seen(await listed(server, **{"from": "2025", "to": "2024"}))
        assert said == "The first day is after the last one, so no meeting can match."


async def test_an_empty_list_says_whether_filters_made_it_so() -> None:
    agenda = Agenda(TWELVE[:1])
    async with serving(agenda) as server:
        filtered = seen(await listed(server, place="*Nowhere*"))
        assert filtered == (
            "No meeting matches. Without your filters there is 1.\n-# Filters: place “*Nowhere*”"
        )
        agenda.held = []
        for options in ({}, {"place": "Nowhere"}):
            assert seen(await listed(server, **options)) == "The articles report no meetings yet."


async def test_the_details_have_all_that_is_known_and_the_paragraphs_around() -> None:
    others = tuple(evidence(number) for number in range(2, 7))
    whole = meeting(1, place="Hue", chair="Ms Le", others=others)
    agenda = Agenda([whole])
    async with serving(agenda) as server:
        message = await listed(server)
        shown = await details(server, message, 0)
        agenda.changed = True
        changed = await details(server, message, 0)
        agenda.held = []
        gone = await details(server, message, 0)

    lines = seen(shown).split("\n")
    assert lines[0] == "### Meeting 1"
    assert lines[1].startswith("**When:** 1 January 2025 · <t:")
    assert lines[2:4] == ["**Where:** Hue", "**Chair:** Ms Le"]
    assert "> Before.\n> \n> **The council met for the 1th time.**\n> \n> After." in seen(shown)
    assert lines[-5] == "**Also reported in:**"
    assert lines[-4] == "-# Article 2 · English · example.com"
    assert lines[-1] == "-# and 2 more"
    assert buttons(shown) == [
        ("Open article", f"https://www.example.com/{number}") for number in (1, 2, 3, 4)
    ]
    assert "The article has changed since it was indexed" in seen(changed)
    assert whole.evidence.text not in seen(changed)
    assert seen(gone) == "That meeting is no longer in the list. Please use `/meetings` again."


async def test_the_calendar_file_has_the_meetings_of_all_pages_whose_year_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    agenda = Agenda([*TWELVE, meeting(20, date=Day(2, 7)), meeting(21, date=None)])
    threads = set[threading.Thread]()

    def made(*args: Any) -> CalendarFile:
        threads.add(threading.current_thread())
        file = write_calendar(*args)
        return file._replace(content=bytes(30_000_000)) if file.events == 1 else file

    async with serving(agenda) as server:
        monkeypatch.setattr(sys.modules["bot.meetings.cog"], "calendar", made)
        said, content = await calendar(server, await listed(server))
        agenda.held = agenda.held[-2:]
        none, nothing = await calendar(server, await listed(server))
        agenda.held = [meeting(30)]
        much, too_large = await calendar(server, await listed(server))

    assert said == (
        "12 meetings, ready for your calendar.\n"
        "-# 2 meetings without a known year are not in the file."
    )
    assert content is not None
    read = vobject.readOne(content.decode())
    assert {event.summary.value for event in read.vevent_list} == {one.name for one in TWELVE}
    # Of ten thousand meetings it takes seconds, in which others are answered.
    assert threading.main_thread() not in threads
    assert nothing is None
    assert none.endswith("none of these meetings has a known year.")
    assert too_large is None
    assert much.startswith("A calendar of all these meetings is larger than a file may be here.")


async def test_a_failure_is_one_sentence_with_the_reference_that_the_log_has(
    caplog: pytest.LogCaptureFixture,
) -> None:
    agenda = Agenda()
    async with serving(agenda) as server:
        message = await listed(server)
        agenda.torn = True
        said = [
            seen(await listed(server)),
            seen(await details(server, message, 0)),
            (await calendar(server, message))[0],
        ]
    for failed in said:
        _, reference = failed.split("\n-# Reference: ")
        assert "/somewhere" not in failed
        assert any(reference in record.getMessage() for record in caplog.records)


async def test_places_and_languages_are_offered_while_one_types() -> None:
    german = evidence(2, language="de")
    agenda = Agenda(
        [
            meeting(1, place="Hà Nội"),
            meeting(2, place="Huế", country="VN", evidence=german),
            meeting(3, place="Huế"),
            meeting(4, place="Hội trường " + "rất dài " * 30),
            *(meeting(n, place=f"Hall {n}") for n in range(5, 31)),
            meeting(31, place=None),
        ]
    )
    async with serving(agenda) as server:

        async def offered(option: str, typed: str) -> list[dict[str, str]]:
            return await server.ana.autocomplete(server.channel, "meetings", option, typed)

        every = await offered("place", "")
        assert len(every) == 25
        assert every[0]["value"] == "Huế"
        assert [one["value"] for one in await offered("place", "noi HA")] == ["Hà Nội"]
        assert [one["value"] for one in await offered("place", "viet")] == ["Vietnam"]
        assert names(await listed(server, place="Vietnam")) == ["Meeting 2"]
        (long,) = await offered("place", "truong")
        assert len(long["name"]) <= 100
        assert names(await listed(server, place=long["value"])) == ["Meeting 4"]
        assert [one["name"] for one in await offered("language", "")] == ["Deutsch", "English"]
        agenda.torn = True  # What was known last is still offered.
        assert [one["value"] for one in await offered("language", "deu")] == ["de"]
