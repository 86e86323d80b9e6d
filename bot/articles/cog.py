"""What the bot quotes from: `/sources` and `/article`."""

from __future__ import annotations

import asyncio
import logging
import re
from functools import partial
from typing import Literal, cast

import discord
from discord import app_commands
from discord.ext import commands

from retrieval import PassageError, Source

from ..client import Bot
from ..i18n.discord_locale import phrases_for
from ..i18n.phrases import Phrases
from ..ui.message import Part, layout
from ..ui.replies import reply
from ..worker import BusyError
from . import view

MAX_CHOICES = 25

CHOICE_SECONDS = 2.0
"""How long choices may take: Discord waits three seconds for them and cannot be put off."""

log = logging.getLogger(__name__)

Way = Literal["previous", "next"]
PageItem = discord.ui.DynamicItem[discord.ui.Button[discord.ui.LayoutView]]


class PageButton(PageItem, template=r"sources:(?P<way>previous|next):(?P<page>[0-9]{1,6})"):
    """Turns to the page that its custom_id names, whichever run of the bot has sent it."""

    def __init__(self, way: Way, page: int, label: str = "", *, disabled: bool = False) -> None:
        super().__init__(
            discord.ui.Button(
                label=label or way, custom_id=f"sources:{way}:{page}", disabled=disabled
            )
        )
        self.page = page

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[discord.Client],
        item: discord.ui.Item[discord.ui.LayoutView],
        match: re.Match[str],
        /,
    ) -> PageButton:
        return cls("next" if match["way"] == "next" else "previous", int(match["page"]))

    async def callback(self, interaction: discord.Interaction[discord.Client]) -> None:
        bot = cast(Bot, interaction.client)
        await reply(interaction, partial(source_page, bot, self.page), anew=False)


class Sources(commands.Cog):
    """Shows which articles there are."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._known: list[Source] = []

    async def cog_load(self) -> None:
        self.bot.add_dynamic_items(PageButton)

    async def cog_unload(self) -> None:
        self.bot.remove_dynamic_items(PageButton)

    @app_commands.command()
    async def sources(self, interaction: discord.Interaction) -> None:
        """List the articles that are quoted."""
        await reply(interaction, partial(source_page, self.bot, 0))

    @app_commands.command()
    @app_commands.describe(title="The article's title, or some words of it")
    async def article(
        self,
        interaction: discord.Interaction,
        title: app_commands.Range[str, 1, 300],
    ) -> None:
        """Show an article: title, date, language and where to read it."""

        async def card(phrases: Phrases) -> discord.ui.LayoutView:
            found = view.meant(await self._sources(), title)
            if found is None:
                return layout([Part(phrases("no_such_article"))], phrases)
            return layout([view.card(found, phrases, self.bot.links)], phrases)

        await reply(interaction, card)

    @article.autocomplete("title")
    async def titles(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """The articles whose titles have what has been typed so far, the newest first.

        While the worker is busy or the index is being changed they are those known last.
        """
        try:
            async with asyncio.timeout(CHOICE_SECONDS):
                self._known = await self._sources()
        except (TimeoutError, PassageError, BusyError) as error:
            log.debug("No fresh choices: %r", error)
        phrases = phrases_for(interaction.locale)
        return [
            app_commands.Choice(name=view.choice_name(source, phrases), value=view.key_of(source))
            for source in view.matching(self._known, typed)[:MAX_CHOICES]
        ]

    async def _sources(self) -> list[Source]:
        return await self.bot.worker.run(self.bot.worker.asker.sources)


async def source_page(bot: Bot, number: int, phrases: Phrases) -> discord.ui.LayoutView:
    """A page of the articles, or the last one where there are no longer so many."""
    sources = await bot.worker.run(bot.worker.asker.sources)
    last = view.last_page(sources)
    number = min(number, last)
    shown = layout(view.page(sources, number, phrases, bot.links), phrases)
    if last:
        previous, following = max(0, number - 1), min(last, number + 1)
        row: discord.ui.ActionRow[discord.ui.LayoutView] = discord.ui.ActionRow()
        row.add_item(
            PageButton("previous", previous, phrases("previous"), disabled=number == 0)
        ).add_item(PageButton("next", following, phrases("next"), disabled=number == last))
        shown.add_item(row)
    return shown


async def setup(bot: Bot) -> None:
    """Adds the feature to the bot."""
    await bot.add_cog(Sources(bot))
