"""Pins a quote of an answer to its question."""

from __future__ import annotations

import discord

from retrieval import QuestionError, Quote, cleaned

from ..client import Bot
from ..i18n.phrases import Phrases
from ..ui.message import Interaction, problem_message
from ..ui.replies import reply
from .answer_button import AnswerButton


class PinButton(AnswerButton, prefix="pin"):
    """Pins a quote that an answer has shown to the answer's question, for an admin."""

    async def pressed(self, interaction: Interaction) -> None:
        async def pinned(phrases: Phrases) -> discord.ui.LayoutView:
            bot = Bot.of(interaction)
            sent = await bot.journal.answer(self.answer)
            quote = self.quote_of(sent)
            if not await bot.is_administrator(interaction):
                return problem_message(phrases("reload_denied"))
            if sent is None or quote is None:
                return problem_message(phrases("too_old"))
            return problem_message(phrases(await pin(interaction, sent.question, quote)))

        await reply(interaction, pinned)


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
