"""The ways to ask: a mention, a reply, a direct message, `/ask`, a message's menu, a channel."""

from __future__ import annotations

import logging
import math
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial

import discord
from discord import app_commands
from discord.ext import commands

from retrieval import MAX_QUESTION

from ..client import Bot
from ..i18n.phrases import Phrases, phrases_for
from ..journal.records import SentAnswer
from ..rate_limit import Limiter
from ..ui.delivery import DISCORD_FAULTS, DeliveryError, acknowledge, deliver
from ..ui.message import greeting, problem_message
from ..ui.replies import whisper
from .incoming import (
    EDITABLE,
    IncomingQuestion,
    answered_message,
    is_addressed,
    is_just_edited,
    is_of_a_person,
    looks_like_question,
    mentions_role_of_bot,
    plain_words,
    question_of,
    words_of,
)
from .missed import MissedMessages
from .responses import CommandResponse, Exchanges, MessageReply, thread_title
from .service import AnswerService, show_nothing

MENU = "Ask about this message"
WAIT_REACTION = "\N{HOURGLASS WITH FLOWING SAND}"

log = logging.getLogger(__name__)


class AskCog(commands.Cog):
    """Takes questions, and answers each of them once."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        options = bot.ask_options
        self._service = AnswerService(bot)
        self._refusals = Limiter()
        self._exchanges = Exchanges()
        self._me = 0
        contexts = app_commands.AppCommandContext(
            guild=True, dm_channel=options.direct_messages, private_channel=False
        )
        self._menu = app_commands.ContextMenu(
            name=MENU, callback=self._ask_about, allowed_contexts=contexts
        )
        self.ask.allowed_contexts = contexts

    async def cog_load(self) -> None:
        """Set up what needs the bot's own id; discord.py calls this after the log-in."""
        if self.bot.user is not None:
            self._me = self.bot.user.id
        self.bot.tree.add_command(self._menu)
        self.bot.before_close.append(self._service.finish)

    async def cog_unload(self) -> None:
        """Let the running questions finish; discord.py calls this when the bot closes."""
        self.bot.before_close.remove(self._service.finish)
        self.bot.tree.remove_command(MENU, type=discord.AppCommandType.message)
        await self._service.finish()

    @app_commands.command()
    @app_commands.describe(
        question="What you want to know from the articles",
        private="Show the answer to you alone",
    )
    async def ask(
        self,
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, MAX_QUESTION],
        private: bool = False,
    ) -> None:
        """Ask about the articles: the answer quotes them word for word."""
        await self._interact(interaction, question, private)

    async def _ask_about(self, interaction: discord.Interaction, message: discord.Message) -> None:
        text = "" if message.author.id == self._me else words_of(message)
        phrases = phrases_for(interaction.locale)
        if not text:
            await whisper(interaction, phrases("no_words"))
        elif len(text) > MAX_QUESTION:
            too_long = phrases("message_too_long", length=len(text), limit=MAX_QUESTION)
            await whisper(interaction, too_long)
        else:
            await self._interact(interaction, text, True)

    async def _interact(self, interaction: discord.Interaction, text: str, private: bool) -> None:
        locale = interaction.locale if private else interaction.guild_locale or interaction.locale
        guild = None if private else interaction.guild_id
        question = IncomingQuestion(
            text=plain_words(text) or text,
            guild=interaction.guild_id,
            channel=interaction.channel_id,
            member=interaction.user.id,
            event=f"interaction={interaction.id}",
            phrases=self.bot.public_phrases(guild, locale, text),
            corpora=self.bot.corpora_for(interaction, public=not private),
            deletions=self.bot.journal.deletions[interaction.user.id],
        )
        # Decided before the deferral, which fixes whether others see the answer.
        if wait := self.bot.wait_to_ask(question.member, question.guild):
            await whisper(interaction, question.phrases.counted("too_often", math.ceil(wait)))
            return

        with self._service.running(question):
            await acknowledge(interaction, thinking=True, private=private)
            response = CommandResponse(interaction, private, question.text, question.phrases)
            await self._service.answer(question, response.show)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message, *, unasked: bool = True) -> None:
        """Answer a person's message that is put to the bot and was not taken before; `unasked` one
        that nobody has put to it, too, where it may."""
        if not is_of_a_person(message):
            return
        addressed = is_addressed(message, self._me)
        if not addressed and not (unasked and self._is_overheard(message)):
            return
        if not self._admits(message):
            return
        # After a lost connection Discord may send an event again. An edit comes here, too, and may
        # mend what has got no more than a notice.
        exchange = self._exchanges.over(message.id)
        is_taken = exchange.take(addressed)
        if is_taken and exchange.mendable is None:
            return
        question = await question_of(self.bot, message, "message", overheard=not addressed)
        if is_taken and question.text in ("", exchange.refused):
            return
        wait = self.bot.wait_to_ask(question.member, question.guild)
        if wait and not addressed:
            return
        if (reply := exchange.mendable) is None:
            title = "" if wait else thread_title(self.bot, message.channel, question.text)
            reply = MessageReply(message, title=title)
        exchange.notice, exchange.refused = reply, question.text
        with self._service.running(question):
            if wait:
                await self._ask_to_wait(reply, message, question, wait)
            elif addressed and not question.text:
                await reply.show(self._how_to_ask(message, question.phrases))
            elif await self._answer(message, question, reply):
                exchange.notice, exchange.refused = None, ""  # It has become the answer.

    def _admits(self, message: discord.Message) -> bool:
        """Whether the operator lets its author use the bot where a message stands."""
        guild = message.guild.id if message.guild else None
        return self.bot.admits(message.author, guild, message.channel)

    async def _answer(
        self, message: discord.Message, question: IncomingQuestion, reply: MessageReply
    ) -> bool:
        """Answer a message, typing meanwhile if it is put to the bot. Return as
        `AnswerService.answer` does."""
        async with AsyncExitStack() as typing:
            if not question.overheard:
                try:
                    await typing.enter_async_context(message.channel.typing())
                except discord.Forbidden as error:
                    raise DeliveryError(error) from error
                except DISCORD_FAULTS as error:
                    log.info("Discord does not show that the bot types: %s", error)
            return await self._service.answer(question, reply.show)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Answer an edited question anew, in place; as a new one if only now the bot is asked.

        Where it is not put to the bot any more, its answer stays.
        """
        message = event.message
        addressed = is_addressed(message, self._me)
        if not self._admits(message) or not (addressed or self._is_overheard(message)):
            return
        question = await question_of(self.bot, message, "edited")
        sent = await self._recorded_answer(message.id)
        if sent is not None:
            await self._answer_anew(message, question, sent, addressed)
        elif is_just_edited(message):
            await self.on_message(message, unasked=False)

    async def _answer_anew(
        self,
        message: discord.Message,
        question: IncomingQuestion,
        sent: SentAnswer,
        addressed: bool,
    ) -> None:
        """Answer an edited question in the place of its answer. What keeps it from being answered
        is said below that answer, which then stays, if the question is put to the bot."""
        exchange = self._exchanges.over(message.id)
        if sent.sent_in is None or sent.sent_as is None:
            return
        if question.text in ("", sent.question):  # It asks again what was answered, or nothing.
            await exchange.withdraw_notice(message.id)
            return
        # Discord also tells of an edit where it adds the preview of a link.
        is_late = self.bot.clock.now() - sent.at > EDITABLE
        if question.text == exchange.refused or is_late:
            return
        notice = exchange.notice or MessageReply(message, is_second=True)
        exchange.notice = notice
        exchange.refused = question.text if addressed else ""
        channel = self.bot.get_partial_messageable(sent.sent_in)
        reply = MessageReply(message, channel.get_partial_message(sent.sent_as))
        with self._service.running(question):
            if wait := self.bot.wait_to_ask(question.member, question.guild):
                if addressed:
                    await self._ask_to_wait(notice, message, question, wait)
                return
            before = await self._before_edited(question, sent)
            question = replace(question, before=before, replaces=sent.id)
            tell = notice.show if addressed else show_nothing
            if await self._service.answer(question, reply.show, tell):
                await exchange.withdraw_notice(message.id)

    async def _recorded_answer(self, message: int) -> SentAnswer | None:
        """Return the answer to a message that the journal has, when none is under way any more."""
        while True:
            await self.bot.settled(message)
            sent = await self.bot.journal.answer_to(message)
            # Another edit may be answered before that is read.
            if message not in self.bot.answering:
                return sent

    async def _before_edited(
        self, question: IncomingQuestion, sent: SentAnswer
    ) -> SentAnswer | None:
        """Return the answer that an edited question may go on from: one from before its own."""
        before = question.before
        if before is None or (before.sent_as or 0) < (sent.sent_as or 0):
            return before
        return await self.bot.journal.answer(sent.follows) if sent.follows else None

    @commands.Cog.listener()
    async def on_question_deleted(self, message: int) -> None:
        """Delete the notice to a message, by its id."""
        await self._exchanges.withdraw(message)

    def _is_overheard(self, message: discord.Message) -> bool:
        """Return whether it looks like a question, in a channel set aside or a thread of one."""
        channels = {message.channel.id, getattr(message.channel, "parent_id", None)}
        settings = self.bot.servers.of(message.guild.id if message.guild else None)
        return bool(channels & settings.channels) and looks_like_question(message.content)

    def _how_to_ask(self, message: discord.Message, phrases: Phrases) -> discord.ui.LayoutView:
        """Return what to say to a message without a question in it, or of which none can be seen.

        Without the intent Discord withholds what does not mention the bot itself.
        """
        target = answered_message(message)
        if target and target.author.id != self._me and not words_of(target):
            return problem_message(phrases("reply_unseen"))
        if not message.content and mentions_role_of_bot(message):
            return problem_message(phrases("role_unseen"))
        return greeting(phrases)

    async def _ask_to_wait(
        self, reply: MessageReply, message: discord.Message, question: IncomingQuestion, wait: float
    ) -> None:
        """Tell a member when to ask again: once a minute in words, else with a reaction."""
        if not self._refusals.take({question.member: 1}):
            sentence = question.phrases.counted("too_often", math.ceil(wait))
            await reply.show(problem_message(sentence))
            return
        try:
            await deliver(lambda: message.add_reaction(WAIT_REACTION), 0)
        except DeliveryError as error:
            log.info("No reaction to message=%d: %s.", message.id, error)


async def setup(bot: Bot) -> None:
    """Add the feature to the bot."""
    cog = AskCog(bot)
    await bot.add_cog(cog)
    await bot.add_cog(MissedMessages(bot, partial(cog.on_message, unasked=False)))
