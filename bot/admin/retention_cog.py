"""Forgets what members have asked once it is old, or once the bot has left their server."""

from __future__ import annotations

import asyncio
import logging

import discord
from discord.ext import commands

from ..client import Bot
from ..journal import background
from ..ui.delivery import DISCORD_FAULTS

DAY_SECONDS = 86_400

# Discord's codes for a server that the bot is not in: Unknown Guild, Missing Access.
LEFT = (10004, 50001)

log = logging.getLogger(__name__)


class RetentionCog(commands.Cog):
    """Goes through the journal by the clock.

    The clock is Discord's: one of this machine that jumps would have everything forgotten. Nothing
    is forgotten before Discord has told the time.
    """

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        # Servers that the bot has left unheard: discord.py still lists them.
        self._left = set[int]()

    async def cog_load(self) -> None:
        """Begin to go through the journal."""
        self._task = asyncio.create_task(self._repeat())

    async def cog_unload(self) -> None:
        """Go through it no more."""
        self._task.cancel()

    async def _repeat(self) -> None:
        while True:
            await asyncio.sleep(background.FORGET_EVERY)
            await self._go_through()

    async def _go_through(self) -> None:
        """Forget what is older than the set days, and the servers that the bot is not in."""
        if not self.bot.clock.is_set:
            return
        now = self.bot.clock.now()
        days = self.bot.ask_options.keep_days
        await self.bot.journal.forget_before(now - days * DAY_SECONDS, now)
        await self._find_left()
        await self._forget_left_guilds()

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget a server that the bot has left; one that is out of order is not left."""
        await self._forget_left_guilds()

    @commands.Cog.listener("on_guild_join")
    @commands.Cog.listener("on_guild_available")
    async def on_guild_back(self, guild: discord.Guild) -> None:
        """Keep what is asked in a server that the bot had left and is in again."""
        self._left.discard(guild.id)

    async def _forget_left_guilds(self) -> None:
        # Before that, the servers are not all known.
        if self.bot.is_ready():
            guilds = {guild.id for guild in self.bot.guilds} - self._left
            self.bot.servers.forget_guilds_except(guilds)
            await self.bot.journal.forget_guilds_except(guilds)

    async def _find_left(self) -> None:
        """Ask Discord which servers the bot has left while it was away: where it then logs in anew,
        discord.py is not told, and keeps them."""
        known = {guild.id for guild in self.bot.guilds if not guild.unavailable}
        try:
            listed = {
                guild.id async for guild in self.bot.fetch_guilds(limit=None, with_counts=False)
            }
            self._left -= listed
            for guild in known - listed - self._left:
                try:
                    await self.bot.fetch_guild(guild, with_counts=False)
                except discord.HTTPException as error:
                    if error.code in LEFT:
                        self._left.add(guild)
        except DISCORD_FAULTS as error:
            log.info("Which servers the bot has left cannot be asked now: %s", error)


async def setup(bot: Bot) -> None:
    """Add the feature to the bot."""
    await bot.add_cog(RetentionCog(bot))
