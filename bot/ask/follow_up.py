"""What happens to an answer later: feedback, with the form that asks why it was not helpful;
and the deletion of its question."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from functools import partial
from typing import Any

import discord
from discord.ext import commands

from ..client import Bot
from ..i18n.phrases import Phrases, phrases_for
from ..journal.background import BackgroundJournal
from ..journal.records import Feedback, SentAnswer
from ..ui.replies import whisper
from .responses import delete_reply

REASONS = ("wrong_topic", "outdated", "missing", "other")
"""Why an answer was not helpful: keys of the phrases, and what the journal keeps."""

MAX_COMMENT = 500
"""The most characters that a member may write about an answer."""

_CUSTOM_ID = re.compile(r"why:(?P<answer>[0-9a-f]{16})")


class FeedbackForm(discord.ui.Modal):
    """Asks for a reason, and for a comment if the member likes.

    It has no `on_submit`, because the form would be gone after a restart of the bot: the listener
    of `FollowUp` reads what is sent with `submitted_feedback`.
    """

    def __init__(self, answer: str, phrases: Phrases) -> None:
        """Make the form for the answer of an id, in the member's language."""
        super().__init__(title=phrases("why_title"), custom_id=f"why:{answer}")
        options = [discord.SelectOption(label=phrases(key), value=key) for key in REASONS]
        reason: discord.ui.Select[Any] = discord.ui.Select(custom_id="reason", options=options)
        comment: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id="words",
            style=discord.TextStyle.paragraph,
            required=False,
            max_length=MAX_COMMENT,
        )
        self.add_item(discord.ui.Label(text=phrases("why"), component=reason))
        self.add_item(discord.ui.Label(text=phrases("why_words"), component=comment))


def submitted_feedback(interaction: discord.Interaction) -> tuple[str, str, str | None] | None:
    """Return the answer's id, the reason and the comment that a member has sent with the form.

    It is None if the interaction is something else.
    """
    data: Any = interaction.data or {}
    if interaction.type is not discord.InteractionType.modal_submit:
        return None
    match = _CUSTOM_ID.fullmatch(data["custom_id"])
    if match is None:
        return None
    fields = {part["component"]["custom_id"]: part["component"] for part in data["components"]}
    comment = fields["words"]["value"].strip() or None
    return match["answer"], fields["reason"]["values"][0], comment


async def rated(journal: BackgroundJournal, feedback: Feedback) -> str:
    """Record feedback, and return the phrase that says whether it is kept."""
    if not journal.is_recorded(feedback.member):
        return "feedback_unrecorded"
    is_written = await journal.change(lambda journal: journal.rate(feedback))
    return "thanks" if is_written else "failed"


class FollowUp(commands.Cog):
    """Records feedback, and deletes an answer with its question."""

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
        now, member = self.bot.clock.now(), interaction.user.id
        feedback = Feedback(sent.id, member, now, sent.article, "not helpful", reason, comment)
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

    async def _finish(self) -> None:
        """Let the deletions finish, also those that wait for a locked journal."""
        for waiting in (self._forgotten, self._deletions):
            if waiting:
                await asyncio.wait(waiting, timeout=self.bot.ask_options.finish_within)
