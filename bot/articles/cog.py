"""What the bot quotes from: `/sources` and `/article`."""

from __future__ import annotations

import asyncio
from functools import partial

import discord
from discord import app_commands
from discord.ext import commands

from retrieval import Source

from ..client import Bot
from ..corpora.seen import Asker
from ..i18n.phrases import Phrases, phrases_for
from ..ui.autocomplete import RecentList, choices
from ..ui.buttons import Page, PageButton
from ..ui.message import Interaction, Message, Part, add_row, article_file, layout
from ..ui.replies import reply
from . import view


class ArticlesPageButton(PageButton, prefix="sources"):
    """Turns to a page of the articles."""

    async def message(self, interaction: Interaction, phrases: Phrases) -> discord.ui.LayoutView:
        return await articles_message(interaction, self.number, phrases)


class ArticlesCog(commands.Cog):
    """Shows which articles there are."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._recent = RecentList(self._sources)

    @app_commands.command()
    @app_commands.describe(feeds="Show instead how the sources fare that are followed")
    async def sources(self, interaction: discord.Interaction, feeds: bool = False) -> None:
        """List the articles that are quoted."""
        message = partial(feeds_message, interaction)
        await reply(interaction, message if feeds else partial(articles_message, interaction, 0))

    @app_commands.command()
    @app_commands.describe(title="The article's title, or some words of it")
    async def article(
        self,
        interaction: discord.Interaction,
        title: app_commands.Range[str, 1, 300],
    ) -> None:
        """Show an article: title, date, language and where to read it."""

        async def card(phrases: Phrases) -> Message:
            asker = self.bot.asker_for(interaction)
            source = await asyncio.to_thread(view.find, await self._sources(asker), title)
            if source is None:
                return layout([Part(phrases("no_such_article"))])
            shown = view.card(source, phrases, self.bot.links)
            if shown.address is not None:
                return layout([shown], phrases)
            text = await self.bot.worker.run(asker.article, source)
            return article_file(shown.text, text, source, phrases)

        await reply(interaction, card)

    @article.autocomplete("title")
    async def titles(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the articles whose titles have what has been typed so far, the newest first."""
        phrases = phrases_for(interaction.locale)
        recent = await self._recent.entries(self.bot.asker_for(interaction))
        sources = await asyncio.to_thread(view.matching, recent, typed)
        return choices((view.choice_name(each, phrases), view.source_key(each)) for each in sources)

    async def _sources(self, asker: Asker) -> list[Source]:
        return await self.bot.worker.run(asker.sources)


async def articles_message(
    interaction: Interaction, number: int, phrases: Phrases
) -> discord.ui.LayoutView:
    """Return the message with a page of the articles that the member sees.

    It is the last page where there are no longer so many. Raises BusyError, PassageError.
    """
    bot = Bot.of(interaction)
    page = Page(await bot.worker.run(bot.asker_for(interaction).sources), number)
    message = layout(view.articles_page(page, phrases, bot.links), phrases)
    return add_row(message, *ArticlesPageButton.both(page, phrases))


async def feeds_message(interaction: Interaction, phrases: Phrases) -> discord.ui.LayoutView:
    """Return the message with what is known of the sources that are followed for the corpora that
    the member sees."""
    bot = Bot.of(interaction)
    names = bot.corpora_for(interaction)
    reports = await asyncio.to_thread(bot.feeds.reports, names) if bot.feeds else ()
    return layout(view.feed_parts(reports, phrases), phrases)


async def setup(bot: Bot) -> None:
    """Add the feature to the bot."""
    await bot.add_cog(ArticlesCog(bot))
