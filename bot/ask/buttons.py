"""The buttons under an answer and under a quote in its context.

They work after a restart of the bot: what they need is in their custom_id and the journal.
"""

from __future__ import annotations

from dataclasses import replace

import discord

from retrieval import Quote

from ..background_journal import BackgroundJournal
from ..client import Bot
from ..i18n.phrases import Phrases, phrases_for, phrases_for_question
from ..journal_records import Feedback, SentAnswer, new_id
from ..ui.context_view import context_message
from ..ui.message import Interaction, Row, StoredButton, problem_message
from ..ui.replies import Message, failure, reply, whisper
from . import stale_quotes
from .article_file import article_file
from .citation_file import citation_file
from .feedback_form import FeedbackForm
from .incoming import turn_after
from .view import answer_message, shown_quotes

_PRESSING: set[tuple[int, type[AnswerButton]]] = set()
"""The members for whom a button is at work, with its kind."""


class AnswerButton(StoredButton):
    """What the buttons have in common: the answer that they belong to, and one of its quotes."""

    pattern = "([0-9a-f]{16}):([0-9]{1,3})"

    async def callback(self, interaction: Interaction) -> None:
        """Do what the button is for, unless the member's last press of it is still under way."""
        press = interaction.user.id, type(self)
        if press in _PRESSING:
            await whisper(interaction, phrases_for(interaction.locale)("press_at_a_time"))
            return
        _PRESSING.add(press)
        try:
            await self.pressed(interaction)
        finally:
            _PRESSING.remove(press)

    async def pressed(self, interaction: Interaction) -> None:
        """Do what the button is for."""
        raise NotImplementedError

    @property
    def answer(self) -> str:
        """The answer's id in the journal."""
        return self.values[0]

    @property
    def quote_index(self) -> int:
        """Which of the quotes that the answer has shown: under it, the first in the message."""
        return int(self.values[1])

    async def quote(self, bot: Bot, further: int = 0) -> Quote | None:
        """Return the button's quote, or one `further` behind it; None if there is none (now)."""
        sent = await bot.journal.answer(self.answer)
        index = self.quote_index + further
        return sent.quotes[index] if sent and index < len(sent.quotes) else None

    async def show_context(self, interaction: Interaction, *, anew: bool) -> None:
        """Show the member alone the quote among its neighbours.

        Below it are buttons that lead to the other quotes and to the whole article.
        """
        bot, index = Bot.of(interaction), self.quote_index

        async def view(phrases: Phrases) -> discord.ui.LayoutView:
            quote = await self.quote(bot)
            if quote is None:
                return problem_message(phrases("too_old"))
            row: Row = discord.ui.ActionRow()
            context = await bot.worker.run(bot.worker.asker.context, quote)
            if context is None:
                view = problem_message(phrases("quote_gone"))
            else:
                changed = context.quote.sha256 != quote.sha256
                view = context_message(context, phrases, changed=changed)
                if address := bot.links.in_reader(context.quote):
                    row.add_item(discord.ui.Button(label=phrases("in_reader"), url=address))
                else:
                    row.add_item(ArticleButton(*self.values, label=phrases("article_file")))
                row.add_item(CitationButton(*self.values, label=phrases("cite")))
            if index > 0:
                row.add_item(TurnButton(self.answer, index - 1, label=phrases("previous")))
            if await self.quote(bot, 1):
                row.add_item(TurnButton(self.answer, index + 1, label=phrases("next")))
            if row.children:
                view.add_item(row)
            return view

        await reply(interaction, view, anew=anew)

    async def sent_answer(self, interaction: Interaction) -> SentAnswer | None:
        """Return the answer; if it is forgotten, tell the member that and return None."""
        sent = await Bot.of(interaction).journal.answer(self.answer)
        if sent is None:
            await whisper(interaction, phrases_for(interaction.locale)("too_old"))
        return sent

    async def mark_stale(
        self, interaction: Interaction, sent: SentAnswer, *, notify: bool = True
    ) -> None:
        """Mark the quotes that the message shows; see `stale_quotes.mark_stale`."""
        # Everybody there reads the message.
        locale = interaction.guild_locale or interaction.locale
        phrases = phrases_for_question(sent.question, locale)
        buttons = answer_buttons(sent.id, phrases, self.quote_index)
        quotes = sent.quotes[self.quote_index :]
        worker = Bot.of(interaction).worker
        await stale_quotes.mark_stale(interaction, worker, quotes, buttons, phrases, notify=notify)


class ContextButton(AnswerButton, prefix="context"):
    """Shows a quote among its neighbours, to the member alone."""

    async def pressed(self, interaction: Interaction) -> None:
        await self.show_context(interaction, anew=True)
        if sent := await Bot.of(interaction).journal.answer(self.answer):
            await self.mark_stale(interaction, sent, notify=False)


class TurnButton(AnswerButton, prefix="turn"):
    """Turns to another quote, in the message that shows one in its context."""

    async def pressed(self, interaction: Interaction) -> None:
        await self.show_context(interaction, anew=False)


class ArticleButton(AnswerButton, prefix="article"):
    """Sends the member alone the article of a quote as a file, where there is no reader."""

    async def pressed(self, interaction: Interaction) -> None:
        bot = Bot.of(interaction)

        async def message(phrases: Phrases) -> Message:
            quote = await self.quote(bot)
            if quote is None:
                return problem_message(phrases("too_old"))
            return await article_file(bot.worker, quote, phrases)

        await reply(interaction, message)


class CitationButton(AnswerButton, prefix="cite"):
    """Sends the member alone a quote as a citation: to be copied, and as a file."""

    async def callback(self, interaction: Interaction) -> None:
        bot = Bot.of(interaction)

        async def message(phrases: Phrases) -> Message:
            quote = await self.quote(bot)
            if quote is None:
                return problem_message(phrases("too_old"))
            return await citation_file(bot.worker, quote, phrases)

        await reply(interaction, message)


class MoreButton(AnswerButton, prefix="more"):
    """Shows the next passages: in place to the asker, as a copy of their own to others."""

    async def pressed(self, interaction: Interaction) -> None:
        bot, phrases = Bot.of(interaction), phrases_for(interaction.locale)
        sent = await self.sent_answer(interaction)
        if sent is None:
            return
        is_asker = interaction.user.id == sent.asker
        await interaction.response.defer(ephemeral=True, thinking=not is_asker)
        try:
            earlier = await bot.journal.answer(sent.follows) if sent.follows else None
            before = await turn_after(bot.journal, earlier) if earlier else None
            more = bot.worker.asker.more
            answer = await bot.worker.run(more, sent.question, sent.quotes, before)
        except Exception:
            await interaction.followup.send(view=failure(phrases), ephemeral=True)
            return
        if not answer.quotes:
            if answer.out_of_date:
                notice = answer_message(answer, phrases)
            else:
                notice = problem_message(phrases("no_more"))
            await interaction.followup.send(view=notice, ephemeral=True)
            await self.mark_stale(interaction, sent)
            return
        frame = phrases_for_question(sent.question, interaction.locale)
        shown = (*sent.quotes, *shown_quotes(answer, frame))
        copy = None
        if not is_asker and bot.journal.is_recorded(interaction.user.id):
            # It has the asker's words, and goes with the answer that it is a copy of.
            copy = replace(
                sent,
                at=bot.clock.now(),
                asker=interaction.user.id,
                quotes=shown,
                asked_in=None,
                sent_in=None,
                sent_as=None,
                copy_of=sent.copy_of or sent.id,
                id=new_id(),
            )
        view = answer_message(answer, frame, bot.links)
        if is_asker or copy:
            id = copy.id if copy else sent.id
            view.add_item(answer_buttons(id, frame, len(sent.quotes)))
        await interaction.edit_original_response(view=view)
        if copy:
            await bot.journal.record(copy)
        elif is_asker:
            await bot.journal.shown(sent.id, shown)
        if not is_asker:
            await self.mark_stale(interaction, sent)


class HelpfulButton(AnswerButton, prefix="helpful"):
    """Records that an answer was helpful."""

    async def pressed(self, interaction: Interaction) -> None:
        if sent := await self.sent_answer(interaction):
            bot, member = Bot.of(interaction), interaction.user.id
            rating = Feedback(sent.id, member, bot.clock.now(), sent.article, "helpful")
            phrases = phrases_for(interaction.locale)
            await whisper(interaction, phrases(await rated(bot.journal, rating)))
            await self.mark_stale(interaction, sent)


class UnhelpfulButton(AnswerButton, prefix="unhelpful"):
    """Asks why an answer was not helpful."""

    async def pressed(self, interaction: Interaction) -> None:
        if sent := await self.sent_answer(interaction):
            form = FeedbackForm(sent.id, phrases_for(interaction.locale))
            await interaction.response.send_modal(form)
            await self.mark_stale(interaction, sent)


class DeleteButton(AnswerButton, prefix="delete"):
    """Deletes an answer, for its asker and for moderators."""

    async def pressed(self, interaction: Interaction) -> None:
        journal, phrases = Bot.of(interaction).journal, phrases_for(interaction.locale)
        sent = await journal.answer(self.answer)
        is_moderator = interaction.permissions.manage_messages
        if sent is None and not is_moderator:
            await whisper(interaction, phrases("too_old"))
        elif is_moderator or (sent is not None and interaction.user.id == sent.asker):
            await interaction.response.defer()
            await interaction.delete_original_response()
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

ALL_BUTTONS = (*UNDER_ANSWER.values(), TurnButton, ArticleButton, CitationButton)


async def rated(journal: BackgroundJournal, feedback: Feedback) -> str:
    """Record feedback, and return the phrase that says whether it is kept."""
    if not journal.is_recorded(feedback.member):
        return "feedback_unrecorded"
    return "thanks" if await journal.rate(feedback) else "failed"


def answer_buttons(answer: str, phrases: Phrases, first_quote: int = 0) -> Row:
    """Return the row of buttons under an answer.

    Args:
        answer: the answer's id in the journal.
        phrases: the language of the labels.
        first_quote: the index of the first quote in the message among all that the answer has
            shown.
    """
    row: Row = discord.ui.ActionRow()
    for key, button in UNDER_ANSWER.items():
        face = {"label": phrases(key)} if key.isascii() else {"label": None, "emoji": key}
        row.add_item(button(answer, first_quote, **face))
    return row
