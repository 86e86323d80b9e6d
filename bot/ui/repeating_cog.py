"""What a feature looks at after each reload, and now and then."""

from __future__ import annotations

import asyncio
import logging

from discord.ext import commands

from retrieval import PassageError

from ..reload_job import ReloadRun
from ..worker import BusyError

log = logging.getLogger(__name__)


class RepeatingCog(commands.Cog):
    """Looks at something when the bot is ready, when a reload has ended well, and now and then:
    another process may have reloaded, or Discord not have taken a message."""

    def __init__(self, bot: commands.AutoShardedBot, every: float) -> None:
        """Set up the cog; `every` is the seconds between two looks without a reload here."""
        self._is_ready = bot.is_ready
        self._every = every
        self._looking = asyncio.Lock()

    async def cog_load(self) -> None:
        """Begin to look now and then."""
        self._repeating = asyncio.create_task(self._repeat())

    async def cog_unload(self) -> None:
        """Look no more."""
        self._repeating.cancel()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Look at what came while the bot was away."""
        await self.look()

    @commands.Cog.listener()
    async def on_reload_step(self, run: ReloadRun) -> None:
        """Look when a reload has ended well."""
        if run.outcome is not None and run.outcome.report is not None:
            await self.look()

    async def look(self) -> None:
        """Look once the look that is under way has ended. What fails is logged."""
        async with self._looking:
            try:
                await self.look_once()
            except (BusyError, PassageError) as error:
                log.info("%s cannot look at the articles now: %s", self.qualified_name, error)
            except Exception:
                log.exception("%s has failed:", self.qualified_name)

    async def look_once(self) -> None:
        """Look at what the cog is for. May raise BusyError or PassageError."""
        raise NotImplementedError

    async def _repeat(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            if self._is_ready():
                await self.look()
