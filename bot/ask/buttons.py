"""The buttons under an answer: context, more passages, feedback, delete.

They work after a restart of the bot: what they need is in their custom_id and the journal.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord.ext import commands

from ..client import Bot
from ..i18n.discord_locale import phrases_for
from ..i18n.phrases import Phrases
from ..journal import Feedback, Sent
from ..ui.message import problem
from ..ui.replies import failure
from . import feedback_form, stale_quotes
from .context_buttons import (
    AnswerButton,
    ArticleButton,
    Item,
    Row,
    TurnButton,
    show_context,
    template,
)
from .feedback_form import Why
from .view import answer_message, shown_quotes

log = logging.getLogger(__name__)


class ContextButton(AnswerButton, Item, template=template("context")):
    """Shows a quote among its neighbours, to the member alone."""

    async def callback(self, interaction: discord.Interaction[discord.Client]) -> None:
        await show_context(interaction, self.answer, self.place, anew=True)
        if sent := _bot(interaction).journal.answer(self.answer):
            await _mark(interaction, sent, self.place, tell=False)


class MoreButton(AnswerButton, Item, template=template("more")):
    """Shows the next passages: in place to the asker, as a copy of their own to others."""

    async def callback(self, interaction: discord.Interaction[discord.Client]) -> None:
        bot, phrases = _bot(interaction), phrases_for(interaction.locale)
        sent = await _remembered(interaction, self.answer)
        if sent is None:
            return
        own = interaction.user.id == sent.asker
        await interaction.response.defer(ephemeral=True, thinking=not own)
        try:
            answer = await bot.worker.run(bot.worker.asker.more, sent.question, sent.quotes)
        except Exception:
            await interaction.followup.send(view=failure(phrases), ephemeral=True)
            return
        if not answer.quotes:
            if answer.out_of_date:
                nothing = answer_message(answer, phrases)
            else:
                nothing = problem(phrases("no_more"), phrases=phrases)
            await interaction.followup.send(view=nothing, ephemeral=True)
            await _mark(interaction, sent, self.place)
            return
        new = shown_quotes(answer, phrases)
        quotes = [*sent.quotes, *new]
        mine = sent
        if own:
            bot.journal.shown(sent.id, quotes)
        else:
            mine = bot.journal.record(sent.question, sent.language, interaction.user.id, quotes)
        view = answer_message(answer, phrases, bot.links)
        view.add_item(row(mine.id, phrases, place=len(quotes) - len(new)))
        await interaction.edit_original_response(view=view)
        if not own:
            await _mark(interaction, sent, self.place)


class HelpfulButton(AnswerButton, Item, template=template("helpful")):
    """Notes that an answer was helpful."""

    async def callback(self, interaction: discord.Interaction[discord.Client]) -> None:
        if sent := await _remembered(interaction, self.answer):
            _bot(interaction).journal.rate(_feedback(sent, interaction, "helpful"))
            await _whisper(interaction, "thanks")
            await _mark(interaction, sent, self.place)


class UnhelpfulButton(AnswerButton, Item, template=template("unhelpful")):
    """Asks why an answer was not helpful."""

    async def callback(self, interaction: discord.Interaction[discord.Client]) -> None:
        if sent := await _remembered(interaction, self.answer):
            await interaction.response.send_modal(Why(sent.id, phrases_for(interaction.locale)))
            await _mark(interaction, sent, self.place)


class DeleteButton(AnswerButton, Item, template=template("delete")):
    """Deletes an answer, for its asker and for moderators."""

    async def callback(self, interaction: discord.Interaction[discord.Client]) -> None:
        bot = _bot(interaction)
        sent = bot.journal.answer(self.answer)
        moderates = interaction.permissions.manage_messages
        if sent is None and not moderates:
            await _whisper(interaction, "too_old")
        elif moderates or (sent is not None and interaction.user.id == sent.asker):
            await interaction.response.defer()
            await interaction.delete_original_response()
            bot.journal.forget(self.answer)
        else:
            await _whisper(interaction, "delete_denied")


BUTTONS = (
    ContextButton,
    TurnButton,
    ArticleButton,
    MoreButton,
    HelpfulButton,
    UnhelpfulButton,
    DeleteButton,
)


def row(answer: str, phrases: Phrases, place: int = 0) -> Row:
    """The buttons under an answer; `place` is that of its first quote among all it has shown."""
    buttons: Row = discord.ui.ActionRow()
    buttons.add_item(ContextButton(answer, phrases("in_context"), place))
    buttons.add_item(MoreButton(answer, phrases("more"), place))
    buttons.add_item(HelpfulButton(answer, phrases("helpful"), place))
    buttons.add_item(UnhelpfulButton(answer, phrases("unhelpful"), place))
    buttons.add_item(DeleteButton(answer, phrases("delete"), place))
    return buttons


class Around(commands.Cog):
    """What a member may do about an answer; and an answer goes when its question goes."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        self.bot.add_dynamic_items(*BUTTONS)

    async def cog_unload(self) -> None:
        self.bot.remove_dynamic_items(*BUTTONS)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Notes why an answer was not helpful, whichever run of the bot has asked."""
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        data: Mapping[str, Any] = interaction.data or {}
        match = feedback_form.ID.fullmatch(data["custom_id"])
        if match is None or not (sent := await _remembered(interaction, match["answer"])):
            return
        fields = {part["component"]["custom_id"]: part["component"] for part in data["components"]}
        reason = fields["reason"]["values"][0]
        words = fields["words"]["value"].strip() or None
        self.bot.journal.rate(_feedback(sent, interaction, "not helpful", reason, words))
        await _whisper(interaction, "thanks")

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Deletes the answer to a question that was deleted."""
        await self._delete_answers([event.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Deletes the answers to questions that were deleted together."""
        await self._delete_answers(sorted(event.message_ids))

    async def _delete_answers(self, questions: Sequence[int]) -> None:
        for question in questions:
            await self.bot.settled(question)
            sent = self.bot.journal.answer_to(question)
            if sent is None or sent.sent_in is None or sent.sent_as is None:
                continue
            self.bot.journal.forget(sent.id)
            channel = self.bot.get_partial_messageable(sent.sent_in)
            try:
                await channel.get_partial_message(sent.sent_as).delete()
            except discord.NotFound:
                log.debug("The answer to message=%d was gone already.", question)
            except discord.HTTPException as error:
                log.warning("The answer to message=%d stays: %s", question, error)


async def _remembered(interaction: discord.Interaction[Any], answer: str) -> Sent | None:
    """The answer of that id; says that it is too old if it is forgotten."""
    sent = _bot(interaction).journal.answer(answer)
    if sent is None:
        await _whisper(interaction, "too_old")
    return sent


async def _mark(
    interaction: discord.Interaction[Any], sent: Sent, place: int, *, tell: bool = True
) -> None:
    """See `stale_quotes.mark`. `place` is that of the first quote that the message shows."""
    buttons = row(sent.id, phrases_for(interaction.guild_locale), place)
    worker = _bot(interaction).worker
    await stale_quotes.mark(interaction, worker, sent.quotes[place:], buttons, tell=tell)


def _feedback(
    sent: Sent,
    interaction: discord.Interaction[Any],
    rating: str,
    reason: str | None = None,
    words: str | None = None,
) -> Feedback:
    article = sent.quotes[0].article if sent.quotes else None
    return Feedback(sent.id, interaction.user.id, time.time(), article, rating, reason, words)


def _bot(interaction: discord.Interaction[Any]) -> Bot:
    bot = interaction.client
    assert isinstance(bot, Bot)  # noqa: S101 - for the type checker: there is no other
    return bot


async def _whisper(interaction: discord.Interaction[Any], key: str) -> None:
    phrases = phrases_for(interaction.locale)
    view = problem(phrases(key), phrases=phrases)
    await interaction.response.send_message(view=view, ephemeral=True)


async def setup(bot: Bot) -> None:
    """Adds the feature to the bot."""
    await bot.add_cog(Around(bot))
