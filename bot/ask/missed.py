"""The messages that Discord did not tell of, because a connection was lost for too long."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import discord
from discord.ext import commands

from ..client import Bot
from ..ui.delivery import DISCORD_FAULTS

MAX_AGE = timedelta(minutes=10)
"""How old a missed message may be: whoever wrote an older one does not wait any more."""

NOTICED_WITHIN = timedelta(minutes=2)
"""For how long before it is noticed a connection may have been lost."""

MAX_MESSAGES = 200
"""The most messages that are read of a channel."""

log = logging.getLogger(__name__)


class MissedMessages(commands.Cog):
    """Knows since when each shard has not heard what is written."""

    def __init__(self, bot: Bot, answer: Callable[[discord.Message], Awaitable[None]]) -> None:
        """`answer` answers a message if it is put to the bot."""
        self._bot, self._answer = bot, answer
        self._since = self._now()
        self._lost: dict[int, datetime] = {}

    @commands.Cog.listener()
    async def on_shard_disconnect(self, shard: int) -> None:
        """Note that a shard's connection is lost, unless it was lost before."""
        self._lost.setdefault(shard, self._now())

    @commands.Cog.listener()
    async def on_shard_resumed(self, shard: int) -> None:
        """Note that Discord tells a shard all that it has missed."""
        self._lost.pop(shard, None)

    @commands.Cog.listener()
    async def on_shard_ready(self, shard: int) -> None:
        """Answer what was put to the bot while it was away for so long that it logs in anew."""
        missed = [message async for message in self.read(shard)]
        await asyncio.gather(*map(self._answer, missed))

    async def read(self, shard: int) -> AsyncIterator[discord.Message]:
        """Yield what was written while a shard, which has now logged in anew, heard nothing.

        Only channels of servers are read: Discord lists a bot's direct messages to nobody.
        """
        lost = self._lost.pop(shard, None)
        if lost is None:
            return
        # What was asked before this process began, an earlier one may have answered.
        since = max(lost - NOTICED_WITHIN, self._now() - MAX_AGE, self._since)
        first = discord.utils.time_snowflake(since)
        for guild in self._bot.guilds:
            if guild.shard_id != shard:
                continue
            for channel in (*guild.channels, *guild.threads):
                if not isinstance(channel, discord.abc.Messageable):
                    continue
                rights = channel.permissions_for(guild.me)
                if (channel.last_message_id or 0) <= first or not rights.read_message_history:
                    continue
                try:
                    async for message in channel.history(limit=MAX_MESSAGES, after=since):
                        yield message
                except DISCORD_FAULTS as error:
                    log.info("What channel=%d has missed cannot be read: %s", channel.id, error)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._bot.clock.now(), UTC)
