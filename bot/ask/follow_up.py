"""What happens to an answer later: its buttons, feedback, and the deletion of its question."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial

import discord
from discord.ext import commands

from ..client import Bot
from ..i18n.phrases import phrases_for
from ..journal.records import Feedback, SentAnswer
from ..ui.message import whisper
from .buttons import ALL_BUTTONS, rated
from .feedback_form import submitted_feedback
from .responses import delete_reply


class FollowUp(commands.Cog):
    """Makes the buttons work, records feedback, and deletes an answer with its question."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._forgotten: set[asyncio.Future[SentAnswer | None]] = set()
        """What the journal has still to forget."""
        self._deletions: set[asyncio.Task[None]] = set()
        bot.before_close.append(self._finish)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Record why an answer was not helpful, whichever run of the bot has asked."""
        submitted = submitted_feedback(interaction)
        if submitted is None or not await self.bot.admit(interaction):
            return
        answer, reason, comment = submitted
        phrases = phrases_for(interaction.locale)
        if (sent := await self.bot.journal.answer(answer)) is None:
            await whisper(interaction, phrases(self.bot.journal.why_absent))
            return
        rating = self.bot.clock.now(), sent.article, "not helpful", reason, comment
        feedback = Feedback(sent.id, interaction.user.id, *rating)
        await whisper(interaction, phrases(await rated(self.bot.journal, feedback)))

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Delete the answer to a question that was deleted, and forget one that was deleted."""
        await self._delete_answers([event.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Do so for messages that were deleted together."""
        await self._delete_answers(sorted(event.message_ids))

    async def _delete_answers(self, questions: Iterable[int]) -> None:
        for question in questions:
            await self.bot.settled(question)
            self.bot.dispatch("question_deleted", question)
            forgotten = await self.bot.journal.forget_question(question)
            self._forgotten.add(forgotten)
            forgotten.add_done_callback(self._forgotten.discard)
            forgotten.add_done_callback(partial(self._start_deletion, question))

    async def _finish(self) -> None:
        """Let the deletions that wait for a locked journal finish, if it is free in time."""
        within = self.bot.ask_options.finish_within
        if await self.bot.journal.settle(within) and self._forgotten:
            await asyncio.wait(self._forgotten, timeout=within)
        if self._deletions:
            await asyncio.wait(self._deletions, timeout=within)

    def _start_deletion(self, question: int, forgotten: asyncio.Future[SentAnswer | None]) -> None:
        if not forgotten.cancelled():
            deletion = asyncio.create_task(self._delete_answer(question, forgotten.result()))
            self._deletions.add(deletion)
            deletion.add_done_callback(self._deletions.discard)

    async def _delete_answer(self, question: int, sent: SentAnswer | None) -> None:
        if sent is None or sent.sent_in is None or sent.sent_as is None:
            return
        channel = self.bot.get_partial_messageable(sent.sent_in)
        await delete_reply(channel.get_partial_message(sent.sent_as), question)


async def setup(bot: Bot) -> None:
    """Add the feature to the bot."""
    bot.add_dynamic_items(*ALL_BUTTONS)
    await bot.add_cog(FollowUp(bot))
