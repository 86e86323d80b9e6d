"""Creates scheduled events of announced meetings, when a button is pressed; keeps them true."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import discord

from retrieval import Meeting, StoreError, reason_of

from ..client import Bot
from ..i18n.phrases import Phrases
from ..ui.buttons import StoredButton
from ..ui.delivery import DISCORD_FAULTS, DeliveryError
from ..ui.message import Interaction, Message, Part, layout, problem_message
from ..ui.repeating_cog import RepeatingCog
from .facts import section
from .scheduled import CreatedEvent, EventFields, event_fields, read_created, write_created

EVENTS_CHECKED = 3600.0
"""Seconds between two looks, beside those after each reload."""

log = logging.getLogger(__name__)


class EventButton(StoredButton, prefix="meetings:event"):
    """Makes a scheduled event of the server of the meeting whose uid is in its custom_id."""

    pattern = "([0-9a-f]{32})"

    @classmethod
    def below(
        cls, meeting: Meeting, interaction: Interaction, phrases: Phrases
    ) -> Iterator[EventButton]:
        """Yield the button for a meeting that the whole server sees, where a member may make events
        of the server."""
        is_day = meeting.date and meeting.date.year and section(meeting) == "upcoming"
        guild = interaction.guild_id
        if (
            is_day
            and guild
            and interaction.permissions.manage_events
            and meeting.evidence.corpus in Bot.of(interaction).corpora_in(guild, None)
        ):
            yield cls(meeting.uid, label=phrases("make_event"))

    async def message(self, interaction: Interaction, phrases: Phrases) -> Message:
        bot = Bot.of(interaction)
        cog, guild = bot.get_cog("EventsCog"), interaction.guild
        if not isinstance(cog, EventsCog) or guild is None:
            return problem_message(phrases("failed"))
        if not interaction.permissions.manage_events:
            return problem_message(phrases("events_for_managers"))
        # All members see an event: not what only a channel, or the member's roles, may see.
        seen = bot.corpora.view(bot.corpora_in(guild.id, None))
        for meeting in await bot.worker.run(seen.meetings):
            if meeting.uid == self.values[0] and section(meeting) == "upcoming":
                return await cog.create(guild, meeting, phrases)
        return problem_message(phrases("meeting_gone"))


class EventsCog(RepeatingCog):
    """Knows which events it has created, and changes or cancels them when the articles say so."""

    def __init__(self, bot: Bot) -> None:
        super().__init__(bot, EVENTS_CHECKED)
        self.bot = bot
        self._created: list[CreatedEvent] = []
        self._creating, self._writing = asyncio.Lock(), asyncio.Lock()

    async def cog_load(self) -> None:
        """Read which events there are, and begin to look after them."""
        if self.bot.folder:
            self._created = await asyncio.to_thread(read_created, self.bot.folder)
        await super().cog_load()

    async def create(self, guild: discord.Guild, meeting: Meeting, phrases: Phrases) -> Message:
        """Make an event of a meeting in a server, unless there is one, and return the message that
        says where it is, or why there is none. Raises DeliveryError."""
        fields = self._fields(guild, meeting)
        if fields is None or fields.is_off or fields.start <= discord.utils.utcnow():
            return problem_message(phrases("event_too_late"))
        async with self._creating:
            corpus = meeting.evidence.corpus
            key = guild.id, corpus, meeting.uid
            earlier = next((each for each in self._created if _key(each) == key), None)
            try:
                event = await _fetched(guild, earlier.event) if earlier else None
                if event is None:
                    event = await guild.create_scheduled_event(
                        name=fields.name,
                        description=fields.description,
                        start_time=fields.start,
                        end_time=fields.end,
                        location=fields.location,
                        entity_type=discord.EntityType.external,
                        privacy_level=discord.PrivacyLevel.guild_only,
                    )
                    ends = fields.end.timestamp()
                    created = CreatedEvent(
                        guild.id, event.id, corpus, meeting.uid, fields.digest, ends
                    )
                    await self._keep([*(one for one in self._created if _key(one) != key), created])
            except discord.Forbidden:
                return problem_message(phrases("event_forbidden"))
            except DISCORD_FAULTS as error:
                raise DeliveryError(error) from error
        return layout([Part(phrases("event_made", address=event.url))])

    async def look_once(self) -> None:
        """Change the events whose meetings have changed, and cancel those of meetings that were
        called off. One that people have deleted, or that is over, is forgotten; one of a corpus
        that the whole server no longer sees stays as it is."""
        now = discord.utils.utcnow().timestamp()
        guilds = {guild.id: guild for guild in self.bot.guilds}
        for corpus in sorted({each.corpus for each in self._created}):
            meetings = await self._meetings(corpus)
            for created in [each for each in self._created if each.corpus == corpus]:
                guild = guilds.get(created.guild)
                # Before the bot is ready, the servers are not all known.
                if created.ends <= now or (guild is None and self.bot.is_ready()):
                    await self._replace(created, None)
                elif (
                    guild
                    and not guild.unavailable
                    and corpus in self.bot.corpora_in(guild.id, None)
                    and (meeting := meetings.get(created.uid))
                    and (fields := self._fields(guild, meeting))
                ):
                    await self._bring_up_to_date(created, guild, fields)

    async def _bring_up_to_date(
        self, created: CreatedEvent, guild: discord.Guild, fields: EventFields
    ) -> None:
        if created.digest == fields.digest:
            return
        try:
            event = await _fetched(guild, created.event)
            if event is None or fields.is_off:
                if event is not None:
                    await event.cancel()
                await self._replace(created, None)
                return
            start, end = _times(event, created, fields)
            if start > discord.utils.utcnow():
                await event.edit(
                    name=fields.name,
                    description=fields.description,
                    start_time=start,
                    end_time=end,
                    location=fields.location,
                )
                ends = fields.end.timestamp()
                await self._replace(created, replace(created, digest=fields.digest, ends=ends))
        except DISCORD_FAULTS as error:
            log.warning(
                "The event %d of server %d stays as it was: %s", created.event, guild.id, error
            )

    async def _meetings(self, corpus: str) -> dict[str, Meeting]:
        """Return the meetings of a corpus by their uid; none where it cannot be read now."""
        with suppress(KeyError, StoreError):
            meetings = await self.bot.worker.run(self.bot.corpora.view({corpus}).meetings)
            return {meeting.uid: meeting for meeting in meetings}
        return {}

    def _fields(self, guild: discord.Guild, meeting: Meeting) -> EventFields | None:
        phrases = self.bot.public_phrases(guild.id, guild.preferred_locale)
        return event_fields(meeting, phrases, self.bot.links)

    async def _replace(self, created: CreatedEvent, by: CreatedEvent | None) -> None:
        others = [each for each in self._created if each != created]
        await self._keep(others + ([by] if by else []))

    async def _keep(self, created: list[CreatedEvent]) -> None:
        self._created = created
        if self.bot.folder:
            async with self._writing:
                try:
                    await asyncio.to_thread(write_created, self.bot.folder, self._created)
                except OSError as error:
                    log.error("Which events were created cannot be kept: %s", reason_of(error))


def _key(created: CreatedEvent) -> tuple[int, str, str]:
    return created.guild, created.corpus, created.uid


def _times(
    event: discord.ScheduledEvent, created: CreatedEvent, fields: EventFields
) -> tuple[datetime, datetime]:
    """Return when an event begins and ends: at the hours that people have set, if it is still on
    the day on which it was."""
    is_same = created.ends == fields.end.timestamp()
    if is_same and event.end_time and abs(event.start_time - fields.start) < timedelta(days=1):
        return event.start_time, event.end_time
    return fields.start, fields.end


async def _fetched(guild: discord.Guild, event: int) -> discord.ScheduledEvent | None:
    """Return an event that is to come; None where people have deleted or ended it."""
    try:
        found = await guild.fetch_scheduled_event(event)
    except discord.NotFound:
        return None
    return found if found.status is discord.EventStatus.scheduled else None


async def setup(bot: Bot) -> None:
    """Add the feature to the bot."""
    await bot.add_cog(EventsCog(bot))
