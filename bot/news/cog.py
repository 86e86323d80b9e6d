"""Posts a digest in the channels for news after a reload that has brought something."""

from __future__ import annotations

import asyncio
import logging

import discord
from discord.ext import commands

from retrieval import PassageError

from ..client import Bot
from ..reload_job import ReloadRun
from ..ui.delivery import DeliveryError, deliver
from ..worker import BusyError
from .told import News, Told, read_told, write_told
from .view import digest_message

BETWEEN_DIGESTS = 86_400.0
"""Seconds from one digest to the next, unless they are posted at once."""

CHECK_SECONDS = 3600.0
"""Seconds between two looks for news, beside those after each reload: a day may have passed, or
another process have reloaded."""

log = logging.getLogger(__name__)


class NewsCog(commands.Cog):
    """Looks for news after each reload and now and then, and posts it, at most once a day."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
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
    async def on_settings_changed(self) -> None:
        """Look what is there when a channel is set, which is no news in it."""
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
            except Exception:
                log.exception("The news cannot be told:")

    async def _look(self) -> None:
        """Post what is news, if it is time. What is there at the very first is no news."""
        channels = self.bot.servers.news_channels()
        if not channels:
            if self.bot.servers.is_read:
                self._told = None
            return
        now, told, run = self.bot.clock.now(), self._told, self.bot.worker.run
        if told and not self.bot.news.at_once and now < told.at + BETWEEN_DIGESTS:
            return
        seen = {channel: self.bot.corpora_posted_in(channel) for channel in sorted(channels)}
        if not any(seen.values()):
            return
        asker = self.bot.corpora.view(frozenset().union(*seen.values()))
        sources, meetings = await run(asker.sources), await run(asker.meetings)
        if told is None:
            await self._remember(Told.all_of(sources, meetings, 0.0))
            return
        posts = [
            self._post(news, channel, f"news-{int(now)}")
            for channel, names in seen.items()
            if (
                news := told.news(
                    [source for source in sources if source.corpus in names],
                    [meeting for meeting in meetings if meeting.evidence.corpus in names],
                )
            )
        ]
        if any(await asyncio.gather(*posts)):
            await self._remember(Told.all_of(sources, meetings, now))

    async def _post(self, news: News, channel: int, nonce: str) -> bool:
        """Post news in a channel, in the server's language. Return whether Discord takes it."""
        known, target = self.bot.get_channel(channel), self.bot.get_partial_messageable(channel)
        guild = known.guild if isinstance(known, discord.abc.GuildChannel) else None
        locale = guild.preferred_locale if guild else None
        phrases = self.bot.frame(guild.id if guild else None, locale)
        view = digest_message(news, phrases, self.bot.links)
        try:
            await deliver(lambda: target.send(view=view, nonce=nonce, silent=True))
        except DeliveryError as error:
            error.log("the news", channel)
            return False
        return True

    async def _remember(self, told: Told) -> None:
        self._told = told
        if self.bot.folder:
            await asyncio.to_thread(write_told, self.bot.folder, told)


async def setup(bot: Bot) -> None:
    """Add the feature to the bot."""
    await bot.add_cog(NewsCog(bot))
