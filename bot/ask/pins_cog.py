"""Which passage comes first for a question: `/pin` and `/unpin` in the home server, and the button
that pins a quote of an answer.

A passage is picked from the corpus, never typed: what is not one of those offered is refused.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict

import discord
from discord import app_commands
from discord.ext import commands

from retrieval import MAX_QUESTION, PassageError, QuestionError, Quote, cleaned, quote

from ..client import Bot
from ..i18n.phrases import Phrases
from ..ui.autocomplete import CHOICE_SECONDS, MAX_CHOICES, choices, matches
from ..ui.links import fingerprint
from ..ui.message import Interaction, problem_message
from ..ui.replies import reply
from ..worker import BusyError
from .answer_button import AnswerButton

MAX_OFFERED = 1_000
"""How many of the passages offered last can be picked."""


class PinButton(AnswerButton, prefix="pin"):
    """Pins a quote that an answer has shown to the answer's question, for an admin."""

    async def message(self, interaction: Interaction, phrases: Phrases) -> discord.ui.LayoutView:
        bot = Bot.of(interaction)
        if not await bot.is_administrator(interaction):
            return problem_message(phrases("reload_denied"))
        sent = await bot.journal.answer(self.answer)
        quote = self.quote_of(sent)
        if sent is None or quote is None:
            return problem_message(phrases(bot.journal.why_absent))
        return problem_message(phrases(await pin(interaction, sent.question, quote)))


class PinsCog(commands.Cog):
    """Pins passages to questions."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._offered: OrderedDict[str, Quote] = OrderedDict()

    @app_commands.command()
    @app_commands.default_permissions(administrator=True)
    @app_commands.describe(
        question="The question that is to get the passage first",
        passage="Some words of the passage, then one of those offered",
    )
    async def pin(
        self,
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, MAX_QUESTION],
        passage: str,
    ) -> None:
        """Pin a passage to a question: what means the same gets it first."""

        async def pinned(phrases: Phrases) -> discord.ui.LayoutView:
            if not await self.bot.is_administrator(interaction):
                return problem_message(phrases("reload_denied"))
            chosen = self._offered.get(passage)
            if chosen is None:
                return problem_message(phrases("pin_unknown"))
            return problem_message(phrases(await pin(interaction, question, chosen)))

        await reply(interaction, pinned)

    @pin.autocomplete("passage")
    async def passages(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the passages that answer what has been typed so far, or else the question."""
        text = typed.strip() or getattr(interaction.namespace, "question", None) or ""
        if not await self.bot.is_administrator(interaction):
            return []
        try:
            async with asyncio.timeout(CHOICE_SECONDS):
                search = self.bot.asker_for(interaction).search
                hits = await self.bot.worker.run(search, text[:MAX_QUESTION], MAX_CHOICES)
        except (TimeoutError, PassageError, BusyError):
            return []
        quotes = {hit.passage.id: quote(hit) for hit in hits}
        self._offered |= quotes
        while len(self._offered) > MAX_OFFERED:
            self._offered.popitem(last=False)
        return choices((each.text, id) for id, each in quotes.items())

    @app_commands.command()
    @app_commands.default_permissions(administrator=True)
    @app_commands.describe(question="The question whose passage is to come first no longer")
    async def unpin(self, interaction: discord.Interaction, question: str) -> None:
        """Unpin what is pinned to a question."""

        async def unpinned(phrases: Phrases) -> discord.ui.LayoutView:
            if not await self.bot.is_administrator(interaction):
                return problem_message(phrases("reload_denied"))
            pins = self.bot.asker_for(interaction).pins
            done = [
                await self.bot.worker.run(pins.unpin, each.question)
                for each in await self.bot.worker.run(pins.all)
                if question in (each.question, fingerprint(each.question))
            ]
            return problem_message(phrases("pin_gone" if done else "pin_none"))

        await reply(interaction, unpinned)

    @unpin.autocomplete("question")
    async def pinned_questions(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the questions that have a pin."""
        if not await self.bot.is_administrator(interaction):
            return []
        try:
            pins = await asyncio.to_thread(self.bot.asker_for(interaction).pins.all)
        except PassageError:
            return []
        questions = [each.question for each in pins if matches(each.question, typed)]
        return choices((text, fingerprint(text)) for text in questions)


async def pin(interaction: Interaction, question: str, quote: Quote) -> str:
    """Pin a quote to a question if its file holds it; return the phrase that says so.

    Raises BusyError or PassageError where it cannot be done now.
    """
    bot = Bot.of(interaction)
    asker = bot.asker_for(interaction)
    try:
        question = cleaned(question)
    except QuestionError:
        return "question_no_words"
    if not await bot.worker.run(asker.holds, quote):
        return "quote_gone"
    await bot.worker.run(asker.pins.pin, question, quote)
    return "pin_set"


async def setup(bot: Bot) -> None:
    """Add the feature to the bot: the commands in the home server."""
    if bot.home is not None:
        await bot.add_cog(PinsCog(bot), guild=discord.Object(bot.home.guild))
