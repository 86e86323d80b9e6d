"""The ways to ask: a mention, a reply, a direct message, `/ask`, a message's menu, a channel."""

from __future__ import annotations

import logging
import math
import re
import time
from collections import deque
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager

import discord
from discord import app_commands
from discord.ext import commands

from retrieval import MAX_QUESTION

from ..client import Bot
from ..i18n.discord_locale import phrases_for
from ..i18n.phrases import Phrases
from ..rate_limit import Limiter
from ..ui.message import greeting, problem
from .buttons import row
from .overheard import looks_like_question
from .service import Asked, Asking

MENU = "Ask about this message"
WAIT = "\N{HOURGLASS WITH FLOWING SAND}"

REMEMBERED = 1_000
"""Messages that are known to have been taken: more than Discord replays after a lost connection."""

EDITABLE = 120.0
"""Seconds after an answer within which an edit of its question changes it."""

log = logging.getLogger(__name__)


class Ask(commands.Cog):
    """Takes questions, and answers each of them once."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        options = bot.ask_options
        self._asking = Asking(bot.worker, options, bot.journal, row, bot.links)
        self._limiter = Limiter(options.per_member, options.per_guild)
        self._taken: deque[int] = deque(maxlen=REMEMBERED)
        self._me = 0
        contexts = app_commands.AppCommandContext(
            guild=True, dm_channel=options.direct_messages, private_channel=False
        )
        self._menu = app_commands.ContextMenu(
            name=MENU, callback=self._ask_about, allowed_contexts=contexts
        )
        self.ask.allowed_contexts = contexts

    async def cog_load(self) -> None:
        """Called once the bot has logged in and knows who it is."""
        if self.bot.user is not None:
            self._me = self.bot.user.id
        self.bot.tree.add_command(self._menu)
        self.bot.before_close.append(self._asking.finish)

    async def cog_unload(self) -> None:
        """Called when the feature goes, at the latest with the bot: running questions finish."""
        self.bot.before_close.remove(self._asking.finish)
        self.bot.tree.remove_command(MENU, type=discord.AppCommandType.message)
        await self._asking.finish()

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
        question, phrases = self._words(message), phrases_for(interaction.locale)
        if not question:
            await _whisper(interaction, phrases("no_words"))
        elif len(question) > MAX_QUESTION:
            too_long = phrases("message_too_long", length=len(question), limit=MAX_QUESTION)
            await _whisper(interaction, too_long)
        else:
            await self._interact(interaction, question, True)

    async def _interact(
        self, interaction: discord.Interaction, question: str, private: bool
    ) -> None:
        # Decided before the deferral, which fixes whether others see the answer.
        phrases = phrases_for(interaction.locale)
        if wait := self._limiter.take(interaction.user.id, interaction.guild_id):
            await _whisper(interaction, phrases.counted("too_often", math.ceil(wait)))
            return
        asked = Asked(
            question,
            interaction.guild_id,
            interaction.channel_id,
            interaction.user.id,
            f"interaction={interaction.id}",
            phrases,
        )

        async def show(view: discord.ui.LayoutView) -> discord.Message:
            return await interaction.edit_original_response(view=view)

        with self._taking(asked):
            await interaction.response.defer(thinking=True, ephemeral=private)
            await self._asking.answer(asked, show)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answers a person's message that is put to the bot, or that it may answer unasked."""
        if message.author.bot or message.webhook_id is not None or message.is_system():
            return
        put = self._is_put_to_bot(message)
        if not put and not self._is_overheard(message):
            return
        # After a lost connection Discord may send an event again.
        if message.id in self._taken:
            return
        self._taken.append(message.id)
        guild = message.guild.id if message.guild else None
        if self._limiter.take(message.author.id, guild):
            if put:
                await self._show_to_wait(message)
            return
        question = self._words(message)
        reply = _Reply(message)
        asked = _asked(message, question, "message", overheard=not put)
        with self._taking(asked):
            if put and not question:
                await reply.show(greeting(asked.phrases))
                return
            async with AsyncExitStack() as typing:
                if put:
                    try:
                        await typing.enter_async_context(message.channel.typing())
                    except discord.Forbidden:
                        raise
                    except discord.HTTPException as error:
                        log.info("Discord does not show that the bot types: %s", error)
                await self._asking.answer(asked, reply.show)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Answers a question anew in place if it is edited soon after it was asked."""
        await self.bot.settled(event.message_id)
        sent = self.bot.journal.answer_to(event.message_id)
        if sent is None or sent.sent_in is None or sent.sent_as is None:
            return
        message = event.message
        question = self._words(message)
        if not question or question == sent.question or time.time() - sent.at > EDITABLE:
            return
        guild = message.guild.id if message.guild else None
        if self._limiter.take(message.author.id, guild):
            return
        self.bot.journal.forget(sent.id)
        channel = self.bot.get_partial_messageable(sent.sent_in)
        reply = _Reply(message, channel.get_partial_message(sent.sent_as))
        asked = _asked(message, question, "edited")
        with self._taking(asked):
            await self._asking.answer(asked, reply.show)

    @contextmanager
    def _taking(self, asked: Asked) -> Iterator[None]:
        """A question is under way; where it cannot be answered, the operator reads a line."""
        with self._asking.under_way() as task:
            if asked.message is not None:
                self.bot.answering[asked.message] = task
            try:
                yield
            except discord.NotFound as error:
                log.info("There is no place any more for the answer to %s: %s", asked.event, error)
            except discord.Forbidden:
                log.warning(
                    "The bot may not answer in channel=%s: give it View Channel, Send Messages "
                    "and Read Message History there.",
                    asked.channel,
                )
            finally:
                if asked.message is not None:
                    del self.bot.answering[asked.message]

    def _is_put_to_bot(self, message: discord.Message) -> bool:
        if message.guild is None:
            return True  # Where they are switched off, Discord is not asked for them.
        if self._me in message.raw_mentions:
            return True
        to = message.reference.resolved if message.reference else None
        if not isinstance(to, discord.Message) or to.author.id != self._me:
            return False
        # Without the intent Discord withholds the words of a reply that does not ping the bot.
        return bool(message.content) or any(user.id == self._me for user in message.mentions)

    def _is_overheard(self, message: discord.Message) -> bool:
        """Whether it looks like a question, in a channel set aside or in a thread of one."""
        places = {message.channel.id, getattr(message.channel, "parent_id", None)}
        return bool(places & self.bot.ask_options.channels) and looks_like_question(message.content)

    def _words(self, message: discord.Message) -> str:
        return " ".join(re.sub(f"<@!?{self._me}>", " ", message.content).split())

    async def _show_to_wait(self, message: discord.Message) -> None:
        try:
            await message.add_reaction(WAIT)
        except discord.Forbidden:
            log.info("The bot may not react to messages in channel=%d.", message.channel.id)
        except discord.NotFound:
            log.debug("message=%d was deleted.", message.id)


class _Reply:
    """The bot's reply to a message: sent once, then edited."""

    def __init__(
        self, to: discord.Message, sent: discord.Message | discord.PartialMessage | None = None
    ) -> None:
        self._to = to
        self._sent = sent

    async def show(self, view: discord.ui.LayoutView) -> discord.Message | None:
        if self._sent is not None:
            # An edit does not take the client's default: nobody is to be pinged.
            return await self._sent.edit(view=view, allowed_mentions=discord.AllowedMentions.none())
        self._sent = sent = await self._to.channel.send(
            view=view,
            reference=self._to.to_reference(fail_if_not_exists=False),
            # Discord sends a message of this nonce once, however often the event arrives.
            nonce=str(self._to.id),
        )
        return sent


def _asked(
    message: discord.Message, question: str, event: str, *, overheard: bool = False
) -> Asked:
    """The question that a message asks; `event` is what the log calls the message."""
    return Asked(
        question,
        message.guild.id if message.guild else None,
        message.channel.id,
        message.author.id,
        f"{event}={message.id}",
        _phrases_of(message),
        message.id,
        overheard,
    )


def _phrases_of(message: discord.Message) -> Phrases:
    """A message does not tell its author's language; the server's is the next best."""
    return phrases_for(message.guild.preferred_locale if message.guild else None)


async def _whisper(interaction: discord.Interaction, sentence: str) -> None:
    view = problem(sentence, phrases=phrases_for(interaction.locale))
    await interaction.response.send_message(view=view, ephemeral=True)


async def setup(bot: Bot) -> None:
    """Adds the feature to the bot."""
    await bot.add_cog(Ask(bot))
