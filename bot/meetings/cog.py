"""What met, when and where: `/meetings`, its pages, a meeting's details, and a calendar file.

The buttons work after a restart of the bot: page and filters are in their custom_id.
"""

from __future__ import annotations

import asyncio
import io
import logging
import re
from collections.abc import Callable
from functools import partial
from typing import Any, Literal, cast

import discord
from discord import app_commands
from discord.ext import commands

from retrieval import Meeting, MeetingFilter, PassageError, fold, language_name

from ..client import Bot
from ..i18n.discord_locale import phrases_for
from ..i18n.phrases import Phrases
from ..ui.message import MAX_CHOICE, Part, layout, problem
from ..ui.replies import failure, reply
from ..ui.text import shorten
from ..worker import BusyError
from . import calendar, filters, view
from .filters import FilterError

MAX_CHOICES = 25

CHOICE_SECONDS = 2.0
"""How long choices may take: Discord waits three seconds for them and cannot be put off."""

DETAILS = "meetings:details"

log = logging.getLogger(__name__)

Way = Literal["previous", "next"]
Interaction = discord.Interaction[discord.Client]
Row = discord.ui.ActionRow[discord.ui.LayoutView]
Button = discord.ui.Button[discord.ui.LayoutView]
ButtonItem = discord.ui.DynamicItem[Button]
Select = discord.ui.Select[discord.ui.LayoutView]


class PageButton(
    ButtonItem,
    template=rf"meetings:(?P<way>previous|next):(?P<page>[0-9]{{1,6}}):{filters.CODE}",
):
    """Turns to the page that its custom_id names, of the meetings that it says are wanted."""

    def __init__(
        self, way: Way, page: int, wanted: MeetingFilter, label: str = "", *, disabled: bool = False
    ) -> None:
        custom_id = f"meetings:{way}:{page}:{filters.encoded(wanted)}"
        super().__init__(
            discord.ui.Button(label=label or way, custom_id=custom_id, disabled=disabled)
        )
        self.page = page
        self.wanted = wanted

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> PageButton:
        way: Way = "next" if match["way"] == "next" else "previous"
        return cls(way, int(match["page"]), filters.decoded(match))

    async def callback(self, interaction: Interaction) -> None:
        make = partial(meetings_page, _bot(interaction), self.page, self.wanted)
        await reply(interaction, make, anew=False)


class FileButton(ButtonItem, template=rf"meetings:file:{filters.CODE}"):
    """Sends the meetings that its custom_id says are wanted as a calendar file."""

    def __init__(self, wanted: MeetingFilter, label: str = "-") -> None:
        custom_id = f"meetings:file:{filters.encoded(wanted)}"
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id))
        self.wanted = wanted

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> FileButton:
        return cls(filters.decoded(match))

    async def callback(self, interaction: Interaction) -> None:
        bot, phrases = _bot(interaction), phrases_for(interaction.locale)
        await interaction.response.defer(ephemeral=True, thinking=True)
        try:
            meetings = await bot.worker.run(bot.worker.asker.meetings, self.wanted)
            made = calendar.calendar(meetings, phrases, bot.links)
        except Exception:
            await interaction.edit_original_response(view=failure(phrases))
            return
        if not made.events:
            nothing = problem(phrases("no_events"), phrases=phrases)
            await interaction.edit_original_response(view=nothing)
            return
        said = phrases.counted("events", made.events)
        if made.left_out:
            said += f"\n-# {phrases.counted('left_out', made.left_out)}"
        view = layout([Part(said)], phrases)
        view.add_item(discord.ui.File(f"attachment://{calendar.FILE_NAME}"))
        file = discord.File(io.BytesIO(made.content), calendar.FILE_NAME)
        await interaction.edit_original_response(view=view, attachments=[file])


class DetailsSelect(discord.ui.DynamicItem[Select], template=DETAILS):
    """Shows the member alone all that is known of a meeting of the page."""

    def __init__(
        self, offered: list[view.Choice] | None = None, placeholder: str | None = None
    ) -> None:
        options = [
            discord.SelectOption(label=one.label, description=one.description, value=one.key)
            for one in offered or ()
        ]
        super().__init__(
            discord.ui.Select(custom_id=DETAILS, placeholder=placeholder, options=options)
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> DetailsSelect:
        return cls()

    async def callback(self, interaction: Interaction) -> None:
        data = cast(dict[str, Any], interaction.data)
        await reply(interaction, partial(_details, _bot(interaction), data["values"][0]))


ITEMS = (PageButton, FileButton, DetailsSelect)


class Meetings(commands.Cog):
    """Shows which meetings the articles report."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._known: list[Meeting] = []

    async def cog_load(self) -> None:
        self.bot.add_dynamic_items(*ITEMS)

    async def cog_unload(self) -> None:
        self.bot.remove_dynamic_items(*ITEMS)

    @app_commands.command()
    @app_commands.rename(start="from", end="to")
    @app_commands.describe(
        start="The first day: 2024-11-06, or just 2024-11 or 2024",
        end="The last day: 2024-11-06, or just 2024-11 or 2024",
        place="Where it met, or a part of the name",
        language="The language of the articles",
    )
    async def meetings(
        self,
        interaction: discord.Interaction,
        start: app_commands.Range[str, 1, 40] | None = None,
        end: app_commands.Range[str, 1, 40] | None = None,
        place: app_commands.Range[str, 1, 100] | None = None,
        language: app_commands.Range[str, 1, 40] | None = None,
    ) -> None:
        """List the meetings that the articles report, newest first."""

        async def first_page(phrases: Phrases) -> discord.ui.LayoutView:
            code = None
            if language:
                everything = await self.bot.worker.run(self.bot.worker.asker.meetings)
                code = filters.language_code(language, filters.languages_of(everything))
            try:
                wanted = filters.wanted(
                    filters.first_day(start) if start else None,
                    filters.last_day(end) if end else None,
                    place,
                    code,
                )
            except FilterError as error:
                return problem(error.said(phrases), phrases=phrases)
            return await meetings_page(self.bot, 0, wanted, phrases)

        await reply(interaction, first_page)

    @meetings.autocomplete("place")
    async def places(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """The places of meetings that have what has been typed so far."""
        known = filters.places_of(await self._recent())
        named = [(place, filters.short_place(place)) for place in known]
        return _matching(named, typed, lambda name, _: fold(name))

    @meetings.autocomplete("language")
    async def languages(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """The languages of the articles that report meetings."""
        known = filters.languages_of(await self._recent())
        named = [(language_name(code), code) for code in known]
        return _matching(named, typed, lambda name, code: f"{fold(name)} {code}")

    async def _recent(self) -> list[Meeting]:
        """The meetings; while the worker is busy or the index changes, those known last."""
        try:
            async with asyncio.timeout(CHOICE_SECONDS):
                self._known = await self.bot.worker.run(self.bot.worker.asker.meetings)
        except (TimeoutError, PassageError, BusyError) as error:
            log.debug("No fresh choices: %r", error)
        return self._known


async def meetings_page(
    bot: Bot, number: int, wanted: MeetingFilter, phrases: Phrases
) -> discord.ui.LayoutView:
    """A page of the meetings, or the last one where there are no longer so many."""
    meetings = await bot.worker.run(bot.worker.asker.meetings, wanted)
    if not meetings:
        everything = await bot.worker.run(bot.worker.asker.meetings)
        return layout(view.nothing(wanted, len(everything), phrases), phrases)
    last = view.last_page(meetings)
    number = min(number, last)
    quotes = [one.evidence for one in view.on_page(meetings, number)]
    held = [one for one in quotes if await bot.worker.run(bot.worker.asker.holds, one)]
    parts = view.page(meetings, number, wanted, phrases, held, links=bot.links)
    message = layout(parts, phrases)
    offered = view.choices(meetings, number, phrases)
    choosing: Row = discord.ui.ActionRow()
    message.add_item(choosing.add_item(DetailsSelect(offered, phrases("details"))))
    row: Row = discord.ui.ActionRow()
    if last:
        previous, following = max(0, number - 1), min(last, number + 1)
        row.add_item(
            PageButton("previous", previous, wanted, phrases("previous"), disabled=number == 0)
        )
        row.add_item(
            PageButton("next", following, wanted, phrases("next"), disabled=number == last)
        )
    message.add_item(row.add_item(FileButton(wanted, phrases("calendar_file"))))
    return message


async def _details(bot: Bot, key: str, phrases: Phrases) -> discord.ui.LayoutView:
    asker = bot.worker.asker
    for meeting in await bot.worker.run(asker.meetings):
        if view.key_of(meeting) == key:
            context = await bot.worker.run(asker.context, meeting.evidence)
            parts = view.details(meeting, context, phrases, bot.links)
            return layout(parts, phrases)
    return layout([Part(phrases("meeting_gone"))], phrases)


def _matching(
    named: list[tuple[str, str]], typed: str, text: Callable[[str, str], str]
) -> list[app_commands.Choice[str]]:
    """The names, each with its value, whose text has all the words that were typed."""
    words = fold(typed).split()
    return [
        app_commands.Choice(name=shorten(name, MAX_CHOICE), value=value)
        for name, value in named
        if value and all(word in text(name, value) for word in words)
    ][:MAX_CHOICES]


def _bot(interaction: Interaction) -> Bot:
    return cast(Bot, interaction.client)


async def setup(bot: Bot) -> None:
    """Adds the feature to the bot."""
    await bot.add_cog(Meetings(bot))
