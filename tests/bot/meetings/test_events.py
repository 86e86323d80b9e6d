"""Announced meetings that become scheduled events of a server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import discord
import pytest
import simcord

from bot.client import Bot
from bot.corpora.entries import CorpusEntry
from bot.corpora.libraries import Corpora
from bot.journal.background import BackgroundJournal
from bot.meetings.events_cog import EventsCog
from bot.meetings.scheduled import EVENTS_FILE
from bot.worker import Worker
from retrieval import MAIN_CORPUS, Day, Meeting, MeetingStatus

from ..agenda import Agenda, evidence, meeting
from ..server import NO_LIMITS, buttons, seen
from .test_cog import select

MAKE = "Make an event of this server"


def to_come(days: int, **facts: object) -> Meeting:
    day = date.today() + timedelta(days=days)
    known = {"status": MeetingStatus.ANNOUNCED, "place": "Town Hall", **facts}
    return meeting(1, date=Day(day.month, day.day, day.year), **known)


class Club:
    """A server with the bot, in which Ana may manage events."""

    def __init__(self, env: simcord.Env, agenda: Agenda, **rights: bool) -> None:
        self.env, self.agenda = env, agenda
        self.guild = env.create_guild()
        self.channel = self.guild.create_text_channel("general")
        role = self.guild.create_role("Events", permissions=discord.Permissions(**rights))
        self.ana = self.guild.add_member(env.create_user("ana"), roles=[role])

    @property
    def events(self) -> list[discord.ScheduledEvent]:
        return list(self.env.backend.get_guild(self.guild.id).scheduled_events.values())

    async def details(self) -> discord.Message:
        result = await self.ana.slash(self.channel, "meetings")
        menu = select(result.response.message)
        value = menu["options"][0]["value"]
        chosen = await self.ana.select(
            result.response.message, [value], custom_id=menu["custom_id"]
        )
        return chosen.response.message

    async def make(self) -> str:
        pressed = await self.ana.click(await self.details(), label=MAKE)
        assert pressed.ephemeral
        return seen(pressed.response.message)

    async def look(self) -> None:
        cog = self.env.bot.get_cog("EventsCog")
        assert isinstance(cog, EventsCog)
        await cog.look()
        await self.env.settle()


@asynccontextmanager
async def club(folder: Path, *held: Meeting, manage_events: bool = True) -> AsyncIterator[Club]:
    agenda = Agenda(held)
    async with (
        BackgroundJournal(Path(":memory:")) as journal,
        Worker(agenda) as worker,
        simcord.run(Bot(worker, journal, NO_LIMITS, folder), shard_count=1) as env,
    ):
        yield Club(env, agenda, manage_events=manage_events)


async def test_a_meeting_becomes_an_event_once_and_follows_the_articles(tmp_path: Path) -> None:
    words = "The council meets again in the Town Hall at 7 pm."
    async with club(tmp_path, to_come(9, evidence=evidence(1, words))) as here:
        said = await here.make()
        (event,) = here.events
        assert f"https://discord.com/events/{here.guild.id}/{event.id}" in said
        assert event.name == "Meeting 1"
        assert words in event.description
        assert event.entity_metadata == {"location": "Town Hall"}
        assert await here.make() == said
        assert [one.id for one in here.events] == [event.id]

        (known,) = here.agenda.held
        here.agenda.held = [replace(to_come(12, place="School"), evidence=known.evidence)]
        await here.look()
        (event,) = here.events
        assert event.entity_metadata == {"location": "School"}
        day = date.today() + timedelta(days=12)
        assert event.scheduled_start_time.startswith(f"{day}T12:00")

        here.agenda.held = [replace(here.agenda.held[0], status=MeetingStatus.CANCELLED)]
        await here.look()
        (event,) = here.events
        assert event.status == discord.EventStatus.canceled.value
        assert (tmp_path / EVENTS_FILE).read_text() == "[]"


async def test_what_discord_refuses_is_tried_again_at_the_next_look(tmp_path: Path) -> None:
    async with club(tmp_path, to_come(9)) as here:
        await here.make()
        here.agenda.held = [to_come(9, place="School")]
        here.env.inject_error("PATCH", "/guilds/*/scheduled-events/*", status=403, code=50013)
        await here.look()
        (event,) = here.events
        assert event.entity_metadata == {"location": "Town Hall"}
        await here.look()
        (event,) = here.events
        assert event.entity_metadata == {"location": "School"}


async def test_the_hour_that_people_have_set_stays_while_the_day_does(tmp_path: Path) -> None:
    async with club(tmp_path, to_come(9)) as here:
        await here.make()
        day = here.events[0].scheduled_start_time[:10]
        times = {"scheduled_start_time": f"{day}T19:00", "scheduled_end_time": f"{day}T21:00"}
        changes = {name: f"{time}:00+00:00" for name, time in times.items()}
        here.env.backend.edit_scheduled_event(here.guild.id, here.events[0].id, changes)
        for days, start in ((9, f"{day}T19:00"), (10, "T12:00")):
            here.agenda.held = [to_come(days, place=f"School {days}")]
            await here.look()
            assert here.events[0].entity_metadata == {"location": f"School {days}"}
            assert start in here.events[0].scheduled_start_time


async def test_of_a_server_that_is_not_there_now_nothing_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with club(tmp_path, to_come(9)) as here:
        await here.make()
        here.agenda.held = [to_come(9, place="School")]
        guild = here.env.bot.get_guild(here.guild.id)
        guild.unavailable = True
        await here.look()
        assert here.events[0].entity_metadata == {"location": "Town Hall"}
        with monkeypatch.context() as starting:
            starting.setattr(Bot, "guilds", [])
            starting.setattr(Bot, "is_ready", lambda _: False)
            await here.look()
        guild.unavailable = False
        await here.look()
        assert here.events[0].entity_metadata == {"location": "School"}
        monkeypatch.setattr(Bot, "guilds", [])
        await here.look()
        assert (tmp_path / EVENTS_FILE).read_text() == "[]"


async def test_an_event_says_only_what_the_whole_server_may_read(tmp_path: Path) -> None:
    async with club(tmp_path, to_come(9)) as here:
        await here.make()
        before = await here.details()
        (role,) = (
            role for role in here.env.bot.get_guild(here.guild.id).roles if role.name[0] == "E"
        )
        entries = {
            MAIN_CORPUS: CorpusEntry(roles=frozenset({role.id})),
            "other": CorpusEntry(servers=frozenset({here.guild.id})),
        }
        here.env.bot.corpora = Corpora(here.agenda, entries, lambda _: Agenda([]))
        here.agenda.held = [to_come(9, place="School")]
        await here.look()
        assert here.events[0].entity_metadata == {"location": "Town Hall"}
        assert MAKE not in dict(buttons(await here.details()))
        pressed = await here.ana.click(before, label=MAKE)
        assert "no longer in the list" in seen(pressed.response.message)


async def test_where_the_file_cannot_be_written_the_event_is_told_all_the_same(
    tmp_path: Path,
) -> None:
    async with club(tmp_path, replace(to_come(9), name="ß" * 100)) as here:
        here.env.bot.folder = tmp_path / "file"
        here.env.bot.folder.touch()
        said = await here.make()
        (event,) = here.events
        assert f"/{event.id}" in said
        assert len(event.name) == 100
        assert await here.make() == said


async def test_it_is_known_after_a_restart_and_made_again_where_people_deleted_it(
    tmp_path: Path,
) -> None:
    async with club(tmp_path, to_come(9)) as here:
        await here.make()
        (event,) = here.events
        await here.env.bot.reload_extension("bot.meetings.events_cog")
        await here.make()
        assert [one.id for one in here.events] == [event.id]
        here.env.backend.delete_scheduled_event(here.guild.id, event.id)
        await here.make()
        (other,) = here.events
        assert other.id != event.id


@pytest.mark.parametrize(
    ("held", "manages"),
    [
        (to_come(9), False),
        (to_come(-9, status=MeetingStatus.HELD), True),
        (replace(to_come(9), date=None), True),
        (replace(to_come(9), date=Day(1, 1)), True),
    ],
)
async def test_not_everything_can_become_one(tmp_path: Path, held: Meeting, manages: bool) -> None:
    async with club(tmp_path, held, manage_events=manages) as here:
        assert MAKE not in dict(buttons(await here.details()))


async def test_what_discord_refuses_is_said_and_not_remembered(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with club(tmp_path, to_come(9)) as here:
        here.env.inject_error("POST", "/guilds/*/scheduled-events", status=403, code=50013)
        assert "Please give me the permission" in await here.make()
        assert here.events == []
        full = {"status": 400, "code": 30038}
        here.env.inject_error("POST", "/guilds/*/scheduled-events", **full)
        assert "Something went wrong" in await here.make()
        assert not (tmp_path / EVENTS_FILE).exists()
        assert not [each for each in caplog.records if each.exc_info]


async def test_what_was_called_off_meanwhile_is_told(tmp_path: Path) -> None:
    async with club(tmp_path, to_come(9)) as here:
        details = await here.details()
        here.agenda.held = [replace(here.agenda.held[0], status=MeetingStatus.CANCELLED)]
        pressed = await here.ana.click(details, label=MAKE)
        assert "called off" in seen(pressed.response.message)
        assert here.events == []
