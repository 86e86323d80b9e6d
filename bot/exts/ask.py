"""Asking: a mention of the bot, or `/ask`."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Awaitable, Callable
from time import perf_counter

import discord
from discord import app_commands
from discord.ext import commands

from retrieval import MAX_QUESTION, QuestionError

from .. import render
from ..client import Bot

FAILED = "Something went wrong here, and it is not your question's fault."

log = logging.getLogger(__name__)

Send = Callable[[discord.ui.LayoutView], Awaitable[object]]


class Ask(commands.Cog):
    """Answers questions."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.describe(question="What you want to know from the articles")
    async def ask(
        self,
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, MAX_QUESTION],
    ) -> None:
        """Ask the articles: the answer quotes them word for word."""
        await interaction.response.defer(thinking=True)

        async def send(view: discord.ui.LayoutView) -> object:
            return await interaction.edit_original_response(view=view)

        asked = {
            "guild": interaction.guild_id,
            "channel": interaction.channel_id,
            "member": interaction.user.id,
            "interaction": interaction.id,
        }
        await self._answer(question, asked, send)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answers a message of a person that mentions the bot anywhere in it."""
        me = self.bot.user
        if message.author.bot or message.webhook_id is not None or message.is_system():
            return
        if me is None or me.id not in message.raw_mentions:
            return

        async def send(view: discord.ui.LayoutView) -> object:
            return await message.channel.send(
                view=view,
                reference=message.to_reference(fail_if_not_exists=False),
                # Discord sends a message of this nonce once, however often the event arrives.
                nonce=str(message.id),
            )

        question = " ".join(re.sub(f"<@!?{me.id}>", " ", message.content).split())
        if not question:
            await send(render.greeting())
            return
        asked = {
            "guild": message.guild.id if message.guild else None,
            "channel": message.channel.id,
            "member": message.author.id,
            "message": message.id,
        }
        async with message.channel.typing():
            await self._answer(question, asked, send)

    async def _answer(self, question: str, asked: dict[str, int | None], send: Send) -> None:
        """Sends the answer or one plain sentence, and logs it without the question's words."""
        reference = secrets.token_hex(4)
        began = perf_counter()
        hits = 0
        try:
            answer = await self.bot.worker.ask(question)
            outcome, hits = answer.outcome.value, len(answer.quotes)
            await send(render.message(answer))
        except QuestionError as error:
            outcome = "refused"
            await send(render.problem(str(error)))
        except Exception:
            outcome = "failed"
            log.exception("Reference %s:", reference)
            await send(render.problem(FAILED, reference))
        log.info(
            "Answered reference=%s %s ms=%d outcome=%r hits=%d",
            reference,
            " ".join(f"{name}={number}" for name, number in asked.items()),
            (perf_counter() - began) * 1000,
            outcome,
            hits,
        )


async def setup(bot: Bot) -> None:
    """Adds the feature to the bot."""
    await bot.add_cog(Ask(bot))
