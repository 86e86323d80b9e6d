"""The Discord client: what it asks of Discord, what it holds, and which features it has."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import discord
from discord.ext import commands

from .command_sync import sync, sync_home
from .i18n.discord_locale import CommandTranslator
from .journal import Journal
from .options import DEFAULTS, AskOptions, Home
from .reload_job import Reloader
from .ui.links import NO_READER, Links
from .worker import Worker

EXTENSIONS = (
    "bot.ask.cog",
    "bot.ask.buttons",
    "bot.articles.cog",
    "bot.meetings.cog",
    "bot.admin.status_cog",
    "bot.admin.reload_cog",
)

# The bot never speaks; without this discord.py warns that it could not.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

RELOAD_STEP = "reload_step"
"""The event of a reload's progress and end, with its `Run`: for `Bot.wait_for`."""


class Bot(commands.AutoShardedBot):
    """Answers in Discord what its worker answers.

    It asks for no privileged intent, for a message that mentions the bot carries its words anyway;
    unless channels are set aside, where it reads what is not put to it.
    """

    def __init__(
        self,
        worker: Worker,
        journal: Journal,
        options: AskOptions = DEFAULTS,
        folder: Path | None = None,
        home: Home | None = None,
        *,
        links: Links = NO_READER,
    ) -> None:
        """`folder` is where it remembers which commands Discord has; else they are always sent.

        `links` are those that members see.
        """
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
        )
        self.worker = worker
        self.journal = journal
        self.ask_options = options
        self.links = links
        self.before_close: list[Callable[[], Awaitable[None]]] = []
        """Called when the bot is to close, while it still hears and can be heard."""
        self.answering: dict[int, asyncio.Task[Any]] = {}
        """What answers a message just now, by the message's id."""
        self.home = home
        tell = partial(self.dispatch, RELOAD_STEP)
        self.reloader = Reloader(worker.asker, tell, options.finish_within)
        self._folder = folder

    async def setup_hook(self) -> None:
        for extension in EXTENSIONS:
            await self.load_extension(extension)
        await self.tree.set_translator(CommandTranslator())
        await sync(self.tree, self._folder / "commands.sha256" if self._folder else None)
        home = discord.Object(self.home.guild) if self.home else None
        await sync_home(self.tree, self._folder, home)

    async def settled(self, message: int) -> None:
        """Returns when no answer to a message is under way any more."""
        while task := self.answering.get(message):
            await asyncio.wait([task])

    async def close(self) -> None:
        await asyncio.gather(self.reloader.close(), *(end() for end in self.before_close))
        await super().close()

    async def on_message(self, message: discord.Message, /) -> None:
        """There are no prefix commands: what follows a mention is a question."""
