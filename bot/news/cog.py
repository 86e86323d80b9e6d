"""Posts a digest in the channels for news after a reload that has brought something."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import replace

import discord
from discord.ext import commands

from retrieval import Meeting, Source, StoreError, newest_first

from ..client import Bot
from ..ui.delivery import DeliveryError, channels_of, deliver
from ..ui.repeating_cog import RepeatingCog
from .told import News, Told, read_told, write_told
from .view import digest_message

BETWEEN_DIGESTS = 86_400.0
"""Seconds from one digest to the next, unless they are posted at once."""

CHECK_SECONDS = 3600.0
"""Seconds between two looks for news, beside those after each reload: a day may have passed, or
another process have reloaded."""

log = logging.getLogger(__name__)


class NewsCog(RepeatingCog):
    """Looks for news, and posts it, at most once a day."""

    def __init__(self, bot: Bot) -> None:
        super().__init__(bot, CHECK_SECONDS)
        self.bot = bot
        self._told: Told | None = None

    async def cog_load(self) -> None:
        """Read what is told, and begin to look for news."""
        if self.bot.folder:
            self._told = await asyncio.to_thread(read_told, self.bot.folder)
        await super().cog_load()

    @commands.Cog.listener()
    async def on_settings_changed(self) -> None:
        """Look what is there when a channel is set, which is no news in it."""
        await self.look()

    async def look_once(self) -> None:
        """Post what is news, if it is time. What a corpus has when it is first seen in any of the
        channels is no news."""
        channels = await channels_of(self.bot, sorted(self.bot.servers.news_channels()))
        if not channels:
            if self.bot.servers.is_read:
                self._told = None
            return
        now, told = self.bot.clock.now(), self._told or Told()
        seen = {id: self.bot.corpora_posted_in(channel) for id, channel in channels.items()}
        if not any(seen.values()):
            return
        every = frozenset[str]().union(*seen.values())
        is_time = self._told and (self.bot.news.at_once or now >= told.at + BETWEEN_DIGESTS)
        if every <= told.corpora and not is_time:
            return
        sources, meetings, corpora = await self._held(every)
        if not corpora:
            return
        if further := corpora - told.corpora:
            told = told.with_corpora(further, sources, meetings)
            await self._remember(told)
        if not is_time:
            return
        posts = [
            # Discord compares it with those of all channels, and takes 25 characters.
            self._post(news, id, getattr(channels[id], "guild", None), f"{int(now):x}-{id:x}")
            for id, names in seen.items()
            if (
                news := told.news(
                    [source for source in sources if source.corpus in names],
                    [meeting for meeting in meetings if meeting.evidence.corpus in names],
                )
            )
        ]
        if any(await asyncio.gather(*posts)):
            # What has gone stays told: it may come back.
            await self._remember(replace(told.with_corpora(corpora, sources, meetings), at=now))

    async def _held(
        self, corpora: Iterable[str]
    ) -> tuple[list[Source], list[Meeting], frozenset[str]]:
        """Return the articles and the meetings of these corpora, each by itself (what one says of a
        meeting is not to be told where another is seen), and the names of those that can be asked
        now."""
        sources, meetings, held = list[Source](), list[Meeting](), set[str]()
        for name in sorted(corpora):
            asker, run = self.bot.corpora.view({name}), self.bot.worker.run
            try:
                articles, further = await run(asker.sources), await run(asker.meetings)
            except StoreError as error:
                log.warning("The corpus %s cannot be looked at for news: %s", name, error)
                continue
            sources, meetings = sources + articles, meetings + further
            held.add(name)
        return newest_first(sources), meetings, frozenset(held)

    async def _post(
        self, news: News, channel: int, guild: discord.Guild | None, nonce: str
    ) -> bool:
        """Post news in a channel, in the language of its server where that is known. Return whether
        Discord takes it."""
        locale = guild.preferred_locale if guild else None
        phrases = self.bot.public_phrases(guild.id if guild else None, locale)
        target = self.bot.get_partial_messageable(channel)
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
