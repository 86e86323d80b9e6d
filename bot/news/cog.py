"""Posts a digest in a channel after a reload that has brought something."""

from __future__ import annotations

import asyncio
import logging

import discord
from discord.ext import commands

from retrieval import PassageError

from ..client import Bot
from ..i18n.phrases import phrases_for
from ..reload_job import ReloadRun
from ..ui.delivery import DeliveryError, deliver
from ..worker import BusyError
from .told import Told, read_told, write_told
from .view import digest_message

BETWEEN_DIGESTS = 86_400.0
"""Seconds from one digest to the next, unless they are posted at once."""

CHECK_SECONDS = 600.0
"""Seconds between two looks for news, beside those after each reload: a day may have passed, or
another process have reloaded."""

log = logging.getLogger(__name__)


class NewsCog(commands.Cog):
    """Looks for news after each reload and now and then, and posts it, at most once a day."""

    def __init__(self, bot: Bot, channel: int) -> None:
        self.bot = bot
        self._channel = channel
        self._told: Told | None = None
        self._looking = asyncio.Lock()

    async def cog_load(self) -> None:
        """Begin to look for news."""
        if self.bot.folder:
            self._told = await asyncio.to_thread(read_told, self.bot.folder)
        self._task = asyncio.create_task(self._repeat())

    async def cog_unload(self) -> None:
        """Look for it no more."""
        self._task.cancel()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Look for what came while the bot was away."""
        await self._tell()

    @commands.Cog.listener()
    async def on_reload_step(self, run: ReloadRun) -> None:
        """Look for news when a reload has ended well."""
        if run.outcome is not None and run.outcome.report is not None:
            await self._tell()

    async def _repeat(self) -> None:
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            if self.bot.is_ready():
                await self._tell()

    async def _tell(self) -> None:
        async with self._looking:
            try:
                await self._look()
            except (BusyError, PassageError) as error:
                log.info("The news cannot be told now: %s", error)
            except DeliveryError as error:
                error.log("the news", self._channel)
            except Exception:
                log.exception("The news cannot be told:")

    async def _look(self) -> None:
        """Post what is news, if it is time. What is there at the very first is no news."""
        now, told, run = self.bot.clock.now(), self._told, self.bot.worker.run
        if told and not self.bot.news.at_once and now < told.at + BETWEEN_DIGESTS:
            return
        known = self.bot.get_channel(self._channel)
        guild = known.guild if isinstance(known, discord.abc.GuildChannel) else None
        if guild is None and len(self.bot.corpora.entries) > 1:
            return  # What is seen there is not known.
        names = self.bot.corpora_in(guild.id if guild else None, known)
        asker = self.bot.corpora.view(names)
        sources, meetings = await run(asker.sources), await run(asker.meetings)
        if told is None:
            await self._remember(Told.all_of(sources, meetings, 0.0))
        elif news := told.news(sources, meetings):
            channel = self.bot.get_partial_messageable(self._channel)
            phrases = phrases_for(guild.preferred_locale if guild else None)
            view = digest_message(news, phrases, self.bot.links)
            nonce = f"news-{int(now)}"
            await deliver(lambda: channel.send(view=view, nonce=nonce, silent=True))
            await self._remember(Told.all_of(sources, meetings, now))

    async def _remember(self, told: Told) -> None:
        self._told = told
        if self.bot.folder:
            await asyncio.to_thread(write_told, self.bot.folder, told)


async def setup(bot: Bot) -> None:
    """Add the feature to the bot, where a channel is set."""
    if bot.news.channel is not None:
        await bot.add_cog(NewsCog(bot, bot.news.channel))
