"""The buttons under an answer and under a quote in its context.

They work after a restart of the bot: what they need is in their custom_id and the journal.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import discord

from retrieval import MAX_QUOTES, Answer

from ..client import Bot
from ..i18n.phrases import Phrases, phrases_for, phrases_for_question
from ..journal.records import Feedback, SentAnswer
from ..ui.context_view import context_message
from ..ui.delivery import DeliveryError, acknowledge, deliver
from ..ui.links import Links
from ..ui.message import Interaction, Row, add_row, problem_message
from ..ui.replies import failure, respond, whisper
from ..worker import BusyError
from .answer_button import AnswerButton, ArticleButton, CitationButton
from .follow_up import FeedbackForm, FollowUp, rated
from .incoming import turn_after
from .pins_cog import PinButton
from .renewal import renewal_by_file, renewal_notice, renewed_message
from .view import answer_message, is_headed, shown_quotes

log = logging.getLogger(__name__)


class TurnButton(AnswerButton, prefix="turn"):
    """Turns to another quote, in the message that shows one in its context."""

    anew = False

    async def message(self, interaction: Interaction, phrases: Phrases) -> discord.ui.LayoutView:
        """Return the quote among its neighbours, with buttons that lead to the other quotes and to
        the whole article."""
        bot, index = Bot.of(interaction), self.quote_index
        sent = await bot.journal.answer(self.answer)
        quote = self.quote_of(sent)
        if sent is None or quote is None:
            return problem_message(phrases(bot.journal.why_absent))
        buttons = list[discord.ui.Item[Any]]()
        context = await bot.worker.run(bot.asker_for(interaction).context, quote)
        if context is None:
            view = problem_message(phrases("quote_gone"))
        else:
            first = sent.quotes[index]
            changed = first.text == quote.text and context.quote.sha256 != first.sha256
            view = context_message(context, phrases, changed=changed)
            if address := bot.links.in_reader(context.quote):
                buttons.append(discord.ui.Button(label=phrases("in_reader"), url=address))
            else:
                buttons.append(ArticleButton(*self.values, label=phrases("article_file")))
            buttons.append(CitationButton(*self.values, label=phrases("cite")))
        # The words of a follow-up mean something else behind each question.
        if sent.follows is None and await bot.is_administrator(interaction):
            buttons.append(PinButton(*self.values, label=phrases("pin")))
        if index > 0:
            buttons.append(TurnButton(self.answer, index - 1, label=phrases("previous")))
        if self.quote_of(sent, 1):
            buttons.append(TurnButton(self.answer, index + 1, label=phrases("next")))
        return add_row(view, *buttons)


class ContextButton(TurnButton, prefix="context"):
    """Shows a quote among its neighbours, to the member alone."""

    anew = True

    async def pressed(self, interaction: Interaction) -> None:
        await super().pressed(interaction)
        if sent := await Bot.of(interaction).journal.answer(self.answer):
            await _mark_stale(self, interaction, sent, notify=False)


class MoreButton(AnswerButton, prefix="more"):
    """Shows the next passages: in place to the asker, as a copy of their own to others."""

    async def pressed(self, interaction: Interaction) -> None:
        deletions = Bot.of(interaction).journal.deletions[interaction.user.id]
        if (sent := await self.sent_answer(interaction)) is None:
            return
        is_asker = interaction.user.id == sent.asker
        await acknowledge(interaction, thinking=not is_asker)
        phrases = phrases_for(interaction.locale)
        try:
            answer = await _further_quotes(interaction, sent)
        except Exception:
            await _tell(interaction, failure(phrases))
            return
        if answer.quotes and is_asker:
            await _show_in_place(interaction, sent, answer)
            return
        if answer.quotes:
            await _show_copy(interaction, sent, answer, deletions)
        elif answer.out_of_date:
            await _tell(interaction, answer_message(answer, phrases))
        else:
            await _tell(interaction, problem_message(phrases("no_more")))
        await _mark_stale(self, interaction, sent)


class HelpfulButton(AnswerButton, prefix="helpful"):
    """Records that an answer was helpful."""

    async def pressed(self, interaction: Interaction) -> None:
        if sent := await self.sent_answer(interaction):
            bot, member = Bot.of(interaction), interaction.user.id
            rating = Feedback(sent.id, member, bot.clock.now(), sent.article, "helpful")
            phrases = phrases_for(interaction.locale)
            await whisper(interaction, phrases(await rated(bot.journal, rating)))
            await _mark_stale(self, interaction, sent)


class UnhelpfulButton(AnswerButton, prefix="unhelpful"):
    """Asks why an answer was not helpful."""

    async def pressed(self, interaction: Interaction) -> None:
        if sent := await self.sent_answer(interaction):
            form = FeedbackForm(sent.id, phrases_for(interaction.locale))
            await respond(interaction, lambda: interaction.response.send_modal(form))
            await _mark_stale(self, interaction, sent)


class DeleteButton(AnswerButton, prefix="delete"):
    """Deletes an answer, for its asker and for moderators."""

    async def pressed(self, interaction: Interaction) -> None:
        journal, phrases = Bot.of(interaction).journal, phrases_for(interaction.locale)
        sent = await journal.answer(self.answer)
        is_moderator = interaction.permissions.manage_messages
        if sent is None and not is_moderator:
            await whisper(interaction, phrases(journal.why_absent))
        elif is_moderator or (sent is not None and interaction.user.id == sent.asker):
            await acknowledge(interaction, thinking=False)
            try:
                await deliver(interaction.delete_original_response)
            except DeliveryError as error:
                if not error.is_gone:
                    raise
            await journal.forget(self.answer)
        else:
            await whisper(interaction, phrases("delete_denied"))


UNDER_ANSWER = {
    "in_context": ContextButton,
    "more": MoreButton,
    "\N{THUMBS UP SIGN}": HelpfulButton,
    "\N{THUMBS DOWN SIGN}": UnhelpfulButton,
    "delete": DeleteButton,
}
"""The buttons under an answer, by the phrase or the emoji on each."""


async def _further_quotes(interaction: Interaction, sent: SentAnswer) -> Answer:
    """Ask for the quotes after those that an answer has shown."""
    bot = Bot.of(interaction)
    if sent.sent_as:
        await bot.settled(sent.asked_in or sent.sent_as)
    earlier = await bot.journal.answer(sent.follows) if sent.follows else None
    before = await turn_after(bot.journal, earlier) if earlier else None
    # What replaces a message is read by all who read that.
    is_seen_alone = interaction.message and interaction.message.flags.ephemeral
    public = interaction.user.id == sent.asker and not is_seen_alone
    more = bot.asker_for(interaction, public=public).more
    return await bot.worker.run(more, sent.question, sent.quotes_now, before)


async def _show_in_place(interaction: Interaction, sent: SentAnswer, answer: Answer) -> None:
    """Show further quotes in the place of an answer. Raises DeliveryError."""
    bot, phrases = Bot.of(interaction), phrases_for_question(sent.question, interaction.locale)
    shown = replace(sent, quotes=(*sent.quotes, *shown_quotes(answer, phrases, bot.links)))
    view = answer_message(answer, phrases, bot.links, headed=is_headed(interaction.message))
    for row in answer_buttons(shown, phrases, bot.links, len(sent.quotes)):
        view.add_item(row)
    await _show(interaction, view)
    await bot.journal.shown(sent.id, shown.quotes)


async def _show_copy(
    interaction: Interaction, sent: SentAnswer, answer: Answer, deletions: int
) -> None:
    """Show a member who has not asked a copy of an answer with further quotes, which has buttons if
    it is recorded. Raises DeliveryError.

    Args:
        interaction: the press.
        sent: the answer.
        answer: the further quotes.
        deletions: how many `BackgroundJournal.deletions` of the member there were at the press.
    """
    bot, member = Bot.of(interaction), interaction.user.id
    phrases = phrases_for_question(sent.question, interaction.locale)
    shown = (*sent.quotes, *shown_quotes(answer, phrases, bot.links))
    copy = sent.copy_for(member, bot.clock.now(), shown)
    is_recorded = bot.journal.is_recorded(member)
    view = answer_message(answer, phrases, bot.links)
    for row in answer_buttons(copy, phrases, bot.links, len(sent.quotes)) if is_recorded else ():
        view.add_item(row)
    await _show(interaction, view)
    if is_recorded and bot.journal.deletions[member] == deletions:
        await bot.journal.record(copy)


async def _show(interaction: Interaction, view: discord.ui.LayoutView) -> None:
    """Show a message in the response; tell the member where Discord does not take this one. Raises
    DeliveryError."""
    try:
        await deliver(lambda: interaction.edit_original_response(view=view))
    except DeliveryError as error:
        if error.is_about_message:
            await _tell(interaction, failure(phrases_for(interaction.locale)))
        raise


async def _tell(interaction: Interaction, view: discord.ui.LayoutView) -> None:
    """Show the member alone a further message. Raises DeliveryError."""
    await deliver(lambda: interaction.followup.send(view=view, ephemeral=True))


async def _mark_stale(
    button: AnswerButton, interaction: Interaction, sent: SentAnswer, *, notify: bool = True
) -> None:
    """Mark the stale quotes in the message under which a member has pressed a button, unless that
    member alone sees it; with `notify` tell the member too.

    What fails here is only logged, because the member has got a reply before.
    """
    bot, first, message = Bot.of(interaction), button.quote_index, interaction.message
    quotes, asker = sent.quotes[first:], bot.asker_for(interaction)
    try:
        renewals = [
            await renewal_by_file(bot.worker, asker, quote, sent.renewal(index))
            for index, quote in enumerate(quotes, first)
        ]
        if notify and any(renewal.change for renewal in renewals):
            notice = renewal_notice(quotes, renewals, phrases_for(interaction.locale))
            await interaction.followup.send(view=notice, ephemeral=True)
        if message is None or message.flags.ephemeral:
            return
        # Everybody there reads the message.
        locale = interaction.guild_locale or interaction.locale
        phrases = phrases_for_question(sent.question, locale)
        rows = answer_buttons(sent, phrases, bot.links, first)
        marked = renewed_message(
            message, quotes, renewals, buttons=rows, phrases=phrases, links=bot.links
        )
        if marked is not None:
            await message.edit(view=marked, allowed_mentions=discord.AllowedMentions.none())
    except (discord.HTTPException, BusyError) as error:
        log.info("An answer is not marked: %s", error)
    except Exception:
        log.exception("An answer is not marked:")


def answer_buttons(
    sent: SentAnswer, phrases: Phrases, links: Links, first_quote: int = 0
) -> list[Row]:
    """Return the rows of buttons under an answer; above the last one those that send an article.

    Args:
        sent: the answer, with the quotes of the message.
        phrases: the language of the labels.
        links: the links that the reader of the message can open. What has none is sent as a file.
        first_quote: the index of the first quote in the message among all that the answer has
            shown.
    """
    files: Row = discord.ui.ActionRow()
    articles = set[str]()
    shown = sent.quotes_now[first_quote : first_quote + MAX_QUOTES]
    for index, quote in enumerate(shown, first_quote):
        if quote.article not in articles and links.of_button(quote) is None:
            label = f"{phrases('article_file')} ({index - first_quote + 1})"
            files.add_item(ArticleButton(sent.id, index, label=label))
        articles.add(quote.article)
    row: Row = discord.ui.ActionRow()
    for key, button in UNDER_ANSWER.items():
        face = {"label": phrases(key)} if key.isascii() else {"label": None, "emoji": key}
        row.add_item(button(sent.id, first_quote, **face))
    return [files, row] if files.children else [row]


async def setup(bot: Bot) -> None:
    """Add the feature to the bot."""
    await bot.add_cog(FollowUp(bot))
