"""What met, when and where: `/meetings`, its pages, a meeting's details, and a calendar file.

The buttons work after a restart of the bot: page and filters are in their custom_id.
"""

from __future__ import annotations

import asyncio

import discord
from discord import app_commands
from discord.ext import commands

from retrieval import Meeting, MeetingFilter, language_name

from ..client import Bot
from ..corpora.seen import Asker
from ..i18n.phrases import LANGUAGES, Phrases, phrases_for
from ..ui.autocomplete import RecentList, choices, matches
from ..ui.buttons import Page, PageButton, StoredButton, StoredItem, chosen_values
from ..ui.message import (
    Interaction,
    Message,
    Part,
    add_row,
    layout,
    message_with_file,
    problem_message,
)
from ..ui.replies import reply
from . import filters, view
from .calendar import FILE_NAME, calendar
from .events_cog import EventButton
from .filters import LAST_DAYS, UPCOMING, FilterError

WHEN = (*LAST_DAYS, "this_year", UPCOMING)
"""Keys of the phrases that are offered to choose from."""


class MeetingsPageButton(PageButton, prefix="meetings"):
    """Turns to a page of the meetings that match the filters in its custom_id."""

    pattern = f"{PageButton.pattern}:({filters.CODE})"

    async def message(self, interaction: Interaction, phrases: Phrases) -> discord.ui.LayoutView:
        criteria = filters.decoded(self.values[2])
        return await meetings_message(interaction, self.number, criteria, phrases)


class FileButton(StoredButton, prefix="meetings:file"):
    """Sends the meetings that match the filters in its custom_id as a calendar file."""

    pattern = f"({filters.CODE})"

    async def message(self, interaction: Interaction, phrases: Phrases) -> Message:
        bot, criteria = Bot.of(interaction), filters.decoded(self.values[0])
        meetings = await bot.worker.run(bot.asker_for(interaction).meetings, criteria)
        file = await asyncio.to_thread(calendar, meetings, phrases, bot.links)
        if not file.events:
            return problem_message(phrases("no_events"))
        if len(file.content) > interaction.filesize_limit:
            return problem_message(phrases("calendar_too_large"))
        text = phrases.counted("events", file.events)
        if file.left_out:
            text += f"\n-# {phrases.counted('left_out', file.left_out)}"
        for address in filters.feed_addresses(meetings, criteria, bot.links):
            text += f"\n-# {phrases('calendar_feed', address=f'<{address}>')}"
        return message_with_file(text, file.content, FILE_NAME)


class DetailsSelect(StoredItem, prefix="meetings:details"):
    """Shows the member alone all that is known of a meeting of the page."""

    anew = True

    async def message(self, interaction: Interaction, phrases: Phrases) -> discord.ui.LayoutView:
        (key,), bot = chosen_values(interaction), Bot.of(interaction)
        asker = bot.asker_for(interaction)
        for meeting in await bot.worker.run(asker.meetings):
            if view.meeting_key(meeting) == key:
                context = await bot.worker.run(asker.context, meeting.evidence)
                message = layout(view.details(meeting, context, phrases, bot.links), phrases)
                return add_row(message, *EventButton.below(meeting, interaction, phrases))
        return layout([Part(phrases("meeting_gone"))])


class MeetingsCog(commands.Cog):
    """Shows which meetings the articles report."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._recent = RecentList(self._all_meetings)

    @app_commands.command()
    @app_commands.rename(start="from", end="to")
    @app_commands.describe(
        start="The first day: 2024-11-06, or just 2024-11 or 2024",
        end="The last day: 2024-11-06, or just 2024-11 or 2024",
        when="last month, since May, 14.10.2024, upcoming …",
        place="Where it met: a town, a part of its name, or a country",
        language="The language of the articles",
        about="What it was about: “budget”, “swimming pool”, in any of the languages",
    )
    async def meetings(  # noqa: PLR0917 - one a field of the command
        self,
        interaction: discord.Interaction,
        when: app_commands.Range[str, 1, 40] | None = None,
        start: app_commands.Range[str, 1, 40] | None = None,
        end: app_commands.Range[str, 1, 40] | None = None,
        place: app_commands.Range[str, 1, 100] | None = None,
        language: app_commands.Range[str, 1, 40] | None = None,
        about: app_commands.Range[str, 1, filters.MAX_ABOUT] | None = None,
    ) -> None:
        """List the meetings that the articles report, newest first."""

        async def first_page(phrases: Phrases) -> discord.ui.LayoutView:
            asker = self.bot.asker_for(interaction)
            meetings = await self._all_meetings(asker) if language else []
            first, last = start or when, end or when
            topic = about and filters.first_characters(about, filters.MAX_ABOUT)
            typed = first, last, place, language, meetings
            try:  # In a thread: reading words of a date imports a library.
                criteria = await asyncio.to_thread(filters.typed_filter, *typed, about=topic)
            except FilterError as error:
                return problem_message(error.sentence(phrases))
            return await meetings_message(interaction, 0, criteria, phrases)

        await reply(interaction, first_page)

    @meetings.autocomplete("when")
    async def days(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer days to choose from; any other may be typed."""
        phrases = phrases_for(interaction.locale)
        return choices((phrases(key), key) for key in WHEN if matches(phrases(key), typed))

    @meetings.autocomplete("place")
    async def places(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the places and countries of meetings that have what has been typed so far."""
        spoken = interaction.locale.value.partition("-")[0]
        language = spoken if spoken in LANGUAGES else "en"
        recent = await self._recent.entries(self.bot.asker_for(interaction))
        places = filters.places_of(recent, language)
        return choices((p, filters.first_characters(p)) for p in places if matches(p, typed))

    @meetings.autocomplete("language")
    async def languages(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the languages of the articles that report meetings."""
        recent = await self._recent.entries(self.bot.asker_for(interaction))
        codes = filters.languages_of(recent)
        named = [(language_name(code), code) for code in codes]
        return choices(pair for pair in named if matches(" ".join(pair), typed))

    async def _all_meetings(self, asker: Asker) -> list[Meeting]:
        return await self.bot.worker.run(asker.meetings)


async def meetings_message(
    interaction: Interaction, number: int, criteria: MeetingFilter, phrases: Phrases
) -> discord.ui.LayoutView:
    """Return the message with a page of the meetings that the member sees and the filters match.

    It is the last page where there are no longer so many. Raises BusyError, PassageError.
    """
    bot = Bot.of(interaction)
    run, asker = bot.worker.run, bot.asker_for(interaction)
    meetings = await run(asker.meetings, criteria)
    if not meetings:
        unfiltered = len(await run(asker.meetings))
        return layout(view.no_meetings(criteria, unfiltered, phrases))
    page = Page(meetings, number)
    quotes = [meeting.evidence for _, meeting in page.numbered]
    current = [quote for quote in quotes if await run(asker.holds, quote)]
    message = layout(view.meetings_page(page, criteria, phrases, current, bot.links), phrases)
    menu: discord.ui.Select[discord.ui.LayoutView] = discord.ui.Select(
        custom_id=DetailsSelect.prefix,
        placeholder=phrases("details"),
        options=view.details_options(page, phrases),
    )
    add_row(message, DetailsSelect(menu))
    code = filters.encoded(criteria)
    file = FileButton(code, label=phrases("calendar_file"))
    return add_row(message, *MeetingsPageButton.both(page, phrases, code), file)


async def setup(bot: Bot) -> None:
    """Add the feature to the bot."""
    await bot.add_cog(MeetingsCog(bot))
