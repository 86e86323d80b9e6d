"""The ways to ask: a mention, a reply, a direct message, `/ask`, a message's menu, a channel."""

from __future__ import annotations

import logging
import math
import re
from collections import deque
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from retrieval import MAX_QUESTION

from ..client import Bot
from ..i18n.phrases import phrases_for
from ..rate_limit import Limiter
from ..ui.delivery import EXPIRED, TRY_FOR, DeliveryError, acknowledge, deliver
from ..ui.message import greeting
from ..ui.replies import whisper
from .overheard import looks_like_question
from .service import AnswerService, IncomingQuestion

MENU = "Ask about this message"
WAIT_REACTION = "\N{HOURGLASS WITH FLOWING SAND}"

MAX_TAKEN = 1_000
"""How many taken messages are remembered: more than Discord replays after a lost connection."""

EDITABLE = 120.0
"""Seconds after an answer within which an edit of its question changes it."""

log = logging.getLogger(__name__)


class AskCog(commands.Cog):
    """Takes questions, and answers each of them once."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        options = bot.ask_options
        self._service = AnswerService(bot)
        self._limiter = Limiter(options.per_member, options.per_guild)
        self._taken: deque[int] = deque(maxlen=MAX_TAKEN)
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
        """Ask the articles: the answer quotes them word for word."""
        await self._interact(interaction, question, private)

    async def _ask_about(self, interaction: discord.Interaction, message: discord.Message) -> None:
        text, phrases = self._text_of(message), phrases_for(interaction.locale)
        if not text:
            await whisper(interaction, phrases("no_words"))
        elif len(text) > MAX_QUESTION:
            too_long = phrases("message_too_long", length=len(text), limit=MAX_QUESTION)
            await whisper(interaction, too_long)
        else:
            await self._interact(interaction, text, True)

    async def _interact(self, interaction: discord.Interaction, text: str, private: bool) -> None:
        question = IncomingQuestion(
            text,
            interaction.guild_id,
            interaction.channel_id,
            interaction.user.id,
            f"interaction={interaction.id}",
            phrases_for(interaction.locale),
        )
        # Decided before the deferral, which fixes whether others see the answer.
        if wait := self._limiter.take(question.member, question.guild):
            await whisper(interaction, question.phrases.counted("too_often", math.ceil(wait)))
            return

        with self._answering(question):
            await acknowledge(interaction, thinking=True, private=private)
            await self._service.answer(question, _Response(interaction, private).show)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a person's message that is put to the bot, or that it may answer unasked."""
        if message.author.bot or message.webhook_id is not None or message.is_system():
            return
        addressed = self._is_addressed(message)
        if not addressed and not self._is_overheard(message):
            return
        # After a lost connection Discord may send an event again.
        if message.id in self._taken:
            return
        self._taken.append(message.id)
        question = self._question_of(message, "message", overheard=not addressed)
        if self._limiter.take(question.member, question.guild):
            if addressed:
                await self._ask_to_wait(message)
            return
        reply = _Reply(message)
        with self._answering(question):
            if addressed and not question.text:
                await reply.show(greeting(question.phrases))
                return
            async with AsyncExitStack() as typing:
                if addressed:
                    try:
                        await typing.enter_async_context(message.channel.typing())
                    except discord.Forbidden as error:
                        raise DeliveryError(error) from error
                    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                        log.info("Discord does not show that the bot types: %s", error)
                await self._service.answer(question, reply.show)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Answer a question anew, in place, if it is edited soon after it was asked."""
        await self.bot.settled(event.message_id)
        sent = await self.bot.journal.answer_to(event.message_id)
        if sent is None or sent.sent_in is None or sent.sent_as is None:
            return
        question = replace(self._question_of(event.message, "edited"), replaces=sent.id)
        if question.text in ("", sent.question) or self.bot.clock.now() - sent.at > EDITABLE:
            return
        if self._limiter.take(question.member, question.guild):
            return
        channel = self.bot.get_partial_messageable(sent.sent_in)
        reply = _Reply(event.message, channel.get_partial_message(sent.sent_as))
        with self._answering(question):
            await self._service.answer(question, reply.show)

    @contextmanager
    def _answering(self, question: IncomingQuestion) -> Iterator[None]:
        """Note that a question is under way, and log a line if Discord takes no answer to it."""
        with self._service.under_way() as task:
            if question.message is not None:
                self.bot.answering[question.message] = task
            try:
                yield
            except DeliveryError as error:
                error.log(question.event, question.channel)
            finally:
                if question.message is not None:
                    del self.bot.answering[question.message]

    def _is_addressed(self, message: discord.Message) -> bool:
        """Return whether a message is put to the bot: a direct one, a mention or a reply."""
        if message.guild is None:
            return True  # Where they are switched off, Discord is not asked for them.
        if self._me in message.raw_mentions:
            return True
        target = message.reference.resolved if message.reference else None
        if not isinstance(target, discord.Message) or target.author.id != self._me:
            return False
        # Without the intent Discord withholds the words of a reply that does not ping the bot.
        return bool(message.content) or any(user.id == self._me for user in message.mentions)

    def _is_overheard(self, message: discord.Message) -> bool:
        """Return whether it looks like a question, in a channel set aside or a thread of one."""
        channels = {message.channel.id, getattr(message.channel, "parent_id", None)}
        set_aside = self.bot.ask_options.channels
        return not channels.isdisjoint(set_aside) and looks_like_question(message.content)

    def _question_of(
        self, message: discord.Message, kind: str, *, overheard: bool = False
    ) -> IncomingQuestion:
        """Return the question that a message asks; `kind` is what the log calls the message."""
        # A message does not tell its author's language; the server's is the next best.
        locale = message.guild.preferred_locale if message.guild else None
        return IncomingQuestion(
            self._text_of(message),
            message.guild.id if message.guild else None,
            message.channel.id,
            message.author.id,
            f"{kind}={message.id}",
            phrases_for(locale),
            message.id,
            overheard,
        )

    def _text_of(self, message: discord.Message) -> str:
        """Return the words of a message, without its mentions of the bot."""
        return " ".join(re.sub(f"<@!?{self._me}>", " ", message.content).split())

    async def _ask_to_wait(self, message: discord.Message) -> None:
        try:
            await message.add_reaction(WAIT_REACTION)
        except discord.Forbidden:
            log.info("The bot may not react to messages in channel=%d.", message.channel.id)
        except discord.NotFound:
            log.debug("message=%d was deleted.", message.id)


class _Reply:
    """The bot's reply to a message: sent once, then edited."""

    def __init__(
        self, target: discord.Message, sent: discord.Message | discord.PartialMessage | None = None
    ) -> None:
        self._target = target
        self._sent = sent

    async def show(
        self, view: discord.ui.LayoutView, /, within: float = TRY_FOR
    ) -> discord.Message | None:
        if (sent := self._sent) is not None:
            # An edit does not take the client's default: nobody is to be pinged.
            nobody = discord.AllowedMentions.none()
            return await deliver(lambda: sent.edit(view=view, allowed_mentions=nobody), within)
        self._sent = message = await deliver(
            lambda: self._target.channel.send(
                view=view,
                reference=self._target.to_reference(fail_if_not_exists=False),
                # Discord sends a message of this nonce once, however often the event arrives.
                nonce=str(self._target.id),
            ),
            within,
        )
        return message


class _Response:
    """The response to a command: a message of its own once the command's token is too old."""

    def __init__(self, interaction: discord.Interaction, private: bool) -> None:
        self._interaction = interaction
        self._private = private
        self._sent: discord.Message | None = None

    async def show(
        self, view: discord.ui.LayoutView, /, within: float = TRY_FOR
    ) -> discord.Message:
        if (sent := self._sent) is not None:
            return await deliver(lambda: sent.edit(view=view), within)
        interaction = self._interaction
        try:
            return await deliver(lambda: interaction.edit_original_response(view=view), within)
        except DeliveryError as error:
            if error.code not in EXPIRED or self._private or interaction.channel_id is None:
                raise
        channel = Bot.of(interaction).get_partial_messageable(interaction.channel_id)
        nonce = str(interaction.id)
        self._sent = message = await deliver(lambda: channel.send(view=view, nonce=nonce), within)
        return message


async def setup(bot: Bot) -> None:
    """Add the feature to the bot."""
    await bot.add_cog(AskCog(bot))
