"""The Discord client: its intents, its state, and the features that it loads."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, Self, cast

import discord
from discord.ext import commands

from .background_journal import BackgroundJournal
from .command_sync import sync, sync_home
from .discord_clock import DiscordClock
from .feed_follower import FollowedSources
from .i18n.discord_locale import CommandTranslator
from .options import DEFAULTS, AskOptions, Home
from .reload_job import Reloader
from .ui.links import NO_READER, Links
from .worker import Worker

EXTENSIONS = (
    "bot.ask.cog",
    "bot.ask.follow_up",
    "bot.articles.cog",
    "bot.meetings.cog",
    "bot.admin.status_cog",
    "bot.admin.reload_cog",
    "bot.admin.retention_cog",
)

# The bot uses no voice; discord.py would warn that it cannot.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

RELOAD_STEP = "reload_step"
"""The event of a reload's progress and end, with its `ReloadRun`; see `Bot.wait_for`."""


class Bot(commands.AutoShardedBot):
    """The client, which answers with its worker.

    It needs no privileged intent, because Discord sends the words of messages that mention the
    bot, unless channels are set aside in which it reads the other messages too.
    """

    def __init__(
        self,
        worker: Worker,
        journal: BackgroundJournal,
        options: AskOptions = DEFAULTS,
        folder: Path | None = None,
        home: Home | None = None,
        *,
        links: Links = NO_READER,
    ) -> None:
        """Set up the client, without connecting it.

        Args:
            worker: answers the questions.
            journal: keeps the answers and the feedback.
            options: how the bot may be asked.
            folder: has the hashes of the commands that Discord has; None always sends them.
            home: the server with the administrators' commands, if there is one.
            links: the links that members see.
        """
        self.clock = DiscordClock()
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=discord.Intents(
                guilds=True,
                guild_messages=True,
                dm_messages=options.direct_messages,
                message_content=bool(options.channels),
            ),
            allowed_mentions=discord.AllowedMentions.none(),
            http_trace=self.clock.trace,
        )
        self.worker = worker
        self.journal = journal
        self.ask_options = options
        self.links = links
        self.before_close: list[Callable[[], Awaitable[None]]] = []
        """Called when the bot closes, while it is still connected."""
        self.answering: dict[int, asyncio.Task[Any]] = {}
        """The tasks that answer messages just now, by the message's id."""
        self.home = home
        self.feeds: FollowedSources | None = None
        """The sources that are followed, where that is so."""
        tell = partial(self.dispatch, RELOAD_STEP)
        self.reloader = Reloader(worker.asker, tell, options.finish_within)
        self._folder = folder

    @classmethod
    def of(cls, interaction: discord.Interaction[Any]) -> Self:
        """Return the bot to which an interaction came."""
        return cast(Self, interaction.client)

    async def setup_hook(self) -> None:
        for extension in EXTENSIONS:
            await self.load_extension(extension)
        await self.tree.set_translator(CommandTranslator())
        await sync(self.tree, self._folder / "commands.sha256" if self._folder else None)
        home = discord.Object(self.home.guild) if self.home else None
        await sync_home(self.tree, self._folder, home)

    async def settled(self, message: int) -> None:
        """Wait until no answer to a message is under way."""
        while task := self.answering.get(message):
            await asyncio.wait([task])

    async def close(self) -> None:
        await asyncio.gather(self.reloader.close(), *(end() for end in self.before_close))
        await super().close()

    async def on_message(self, message: discord.Message, /) -> None:
        """Run no prefix command: what follows a mention is a question."""
