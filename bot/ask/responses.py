"""Where an answer is shown: as a reply to a message, or as the response to a command.

Where a server has set that, it is shown in a thread that is opened from either.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from functools import partial

import discord

from retrieval import talk_kind

from ..client import Bot
from ..i18n.phrases import Phrases
from ..journal.records import new_id
from ..ui.delivery import EXPIRED, TRY_FOR, DeliveryError, deliver
from ..ui.message import Part, layout
from ..ui.text import shorten

TITLE_OF_THREAD = 100
"""The most characters of a thread's title."""

MAX_EXCHANGES = 1_000
"""How many messages are remembered: more than Discord replays after a lost connection."""

OPEN_WITHIN = 5.0
"""Seconds for which a thread is opened: Discord lets a bot open few in a short time."""

NO_HISTORY = 160002
"""Discord's code for a reply where the bot may not read the message history."""

log = logging.getLogger(__name__)


class MessageReply:
    """The bot's reply to a message: sent once, then edited."""

    def __init__(
        self,
        target: discord.Message,
        sent: discord.Message | discord.PartialMessage | None = None,
        *,
        title: str = "",
        is_second: bool = False,
    ) -> None:
        """Set up a reply to a message.

        Args:
            target: the message.
            sent: the reply, where it was sent before.
            title: that of the thread which is opened for it; empty for none.
            is_second: whether the message has a reply already, and keeps it.
        """
        self._target = target
        self.sent = sent
        """The reply, once it is sent."""
        self._title = title
        self.is_second = is_second
        # Discord sends a message of this nonce once, however often the event arrives. One more
        # reply may be sent, withdrawn and sent again within minutes, and then needs another.
        self._nonce = new_id() if is_second else str(target.id)

    async def show(
        self, view: discord.ui.LayoutView, /, within: float = TRY_FOR
    ) -> discord.Message | None:
        """Send the message, or edit it, trying for so many seconds; return what was sent.

        Raises:
            DeliveryError: Discord does not take it.
        """
        if (sent := self.sent) is not None:
            # An edit does not take the client's default: nobody is to be pinged.
            nobody = discord.AllowedMentions.none()
            return await deliver(lambda: sent.edit(view=view, allowed_mentions=nobody), within)
        target, nonce = self._target, self._nonce
        message = None
        if title := self._title:
            message = await _in_thread(target, title, view, nonce, within)
            self._title = ""  # Not before: what says that a message is refused goes there too.
        send = partial(target.channel.send, view=view, nonce=nonce)
        try:
            reference = target.to_reference(fail_if_not_exists=False)
            message = message or await deliver(partial(send, reference=reference), within)
        except DeliveryError as error:
            if error.code != NO_HISTORY:
                raise
            message = await deliver(send, within)
        self.sent = message
        return message


class CommandResponse:
    """The response to a command: a message of its own once the command's token is too old."""

    def __init__(
        self, interaction: discord.Interaction, private: bool, question: str, phrases: Phrases
    ) -> None:
        """Set up a response.

        Args:
            interaction: the command.
            private: whether only the member sees it, and never in a thread.
            question: what the command asks.
            phrases: the language of what says that the answer is in a thread.
        """
        self._interaction = interaction
        self._private = private
        self._phrases = phrases
        bot = Bot.of(interaction)
        self._title = "" if private else thread_title(bot, interaction.channel, question)
        self._sent: discord.Message | None = None

    async def show(
        self, view: discord.ui.LayoutView, /, within: float = TRY_FOR
    ) -> discord.Message:
        """Show the message in the response, or in its channel; see `MessageReply.show`."""
        if (sent := self._sent) is not None:
            return await deliver(lambda: sent.edit(view=view), within)
        interaction = self._interaction
        nonce = str(interaction.id)
        try:
            if title := self._title:
                start = layout([Part(self._phrases("in_thread"))])
                shown = await deliver(
                    lambda: interaction.edit_original_response(view=start), within
                )
                self._sent = await _in_thread(shown, title, view, nonce, within)
                self._title = ""
                if self._sent is not None:
                    return self._sent
            return await deliver(lambda: interaction.edit_original_response(view=view), within)
        except DeliveryError as error:
            if error.code not in EXPIRED or self._private or interaction.channel_id is None:
                raise
        channel = Bot.of(interaction).get_partial_messageable(interaction.channel_id)
        self._sent = message = await deliver(lambda: channel.send(view=view, nonce=nonce), within)
        return message


@dataclass(slots=True)
class Exchange:
    """What this run of the bot knows of a message and the journal does not."""

    is_taken: bool = False
    is_addressed: bool = False
    """Whether it was put to the bot when it was taken: an edit may do so later."""

    refused: str = ""
    """Its words that got no answer; an edit may mend them."""

    notice: MessageReply | None = None
    """The reply that says why: its only one, or a second one below an answer that stays."""

    @property
    def mendable(self) -> MessageReply | None:
        """The notice, where it may become the answer: where it is the only reply."""
        return None if self.notice is None or self.notice.is_second else self.notice

    def take(self, addressed: bool) -> bool:
        """Note that the message is taken, put to the bot or not; return whether it was before."""
        was_taken = self.is_taken and (self.is_addressed or not addressed)
        self.is_taken, self.is_addressed = True, addressed or self.is_addressed
        return was_taken

    async def withdraw_notice(self, message: int) -> None:
        """Delete the notice to the message, which has this id."""
        notice, self.notice, self.refused = self.notice, None, ""
        if notice is not None and notice.sent is not None:
            await delete_reply(notice.sent, message)


class Exchanges:
    """The exchanges over the last messages of this run; see MAX_EXCHANGES."""

    def __init__(self) -> None:
        self._by_message: dict[int, Exchange] = {}

    def over(self, message: int) -> Exchange:
        """Return the exchange over a message, which is remembered from now on."""
        exchange = self._by_message.setdefault(message, Exchange())
        if len(self._by_message) > MAX_EXCHANGES:
            del self._by_message[next(iter(self._by_message))]
        return exchange

    async def withdraw(self, message: int) -> None:
        """Delete the notice to a message that was deleted."""
        if (exchange := self._by_message.get(message)) is not None:
            await exchange.withdraw_notice(message)


async def delete_reply(reply: discord.Message | discord.PartialMessage, message: int) -> None:
    """Delete the reply to a message that was deleted, by its id; log where that cannot be."""
    try:
        await deliver(reply.delete)
    except DeliveryError as error:
        if error.is_gone:
            log.debug("The answer to message=%d was gone already.", message)
        else:
            log.warning("The answer to message=%d stays: %s", message, error)


def thread_title(bot: Bot, channel: object, question: str) -> str:
    """Return the title of the thread in which a question is to be answered.

    It is empty where that is in place: in a channel for which the server has not set it, to small
    talk, and where the bot may open no threads or not write in them.
    """
    if not isinstance(channel, discord.TextChannel):
        return ""
    if channel.id not in bot.servers.of(channel.guild.id).threads or talk_kind(question):
        return ""
    rights = channel.permissions_for(channel.guild.me)
    allowed = rights.create_public_threads and rights.send_messages_in_threads
    return shorten(question, TITLE_OF_THREAD) if allowed else ""


async def _in_thread(
    start: discord.Message, title: str, view: discord.ui.LayoutView, nonce: str, within: float
) -> discord.Message | None:
    """Send a message in the thread of another one, which is opened; None where that cannot be.

    Raises:
        DeliveryError: Discord does not take this message in the thread.
    """
    channel = start.channel
    if not isinstance(channel, discord.TextChannel):
        return None

    async def open_thread() -> discord.Thread:
        async with asyncio.timeout(OPEN_WITHIN):
            return await channel.get_partial_message(start.id).create_thread(name=title)

    thread = channel.get_thread(start.id)
    try:
        if thread is None:
            thread = await deliver(open_thread, 0)
        if thread.archived or thread.locked:
            return None
        return await deliver(partial(thread.send, view=view, nonce=nonce), within)
    except DeliveryError as error:
        if thread is not None and error.is_about_message:
            raise
        log.info("No answer in a thread of message=%d: %s.", start.id, error)
        return None
