"""The Discord client: its intents, its state, and the features that it loads."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any, Self, cast

import discord
from discord.ext import commands

from .background_journal import BackgroundJournal
from .command_sync import sync, sync_home
from .discord_clock import DiscordClock
from .feed_follower import FollowedSources
from .i18n.discord_locale import CommandTranslator
from .i18n.phrases import phrases_for
from .metrics import Metrics
from .options import DEFAULTS, NO_NEWS, AskOptions, Home, NewsOptions
from .rate_limit import Limiter
from .reload_job import Reloader, ReloadOutcome
from .ui.links import NO_READER, Links
from .ui.replies import whisper
from .worker import Worker

EXTENSIONS = (
    "bot.ask.cog",
    "bot.ask.follow_up",
    "bot.articles.cog",
    "bot.meetings.cog",
    "bot.news.cog",
    "bot.standing.cog",
    "bot.admin.status_cog",
    "bot.admin.reload_cog",
    "bot.admin.retention_cog",
    "bot.admin.privacy_cog",
    "bot.admin.unanswered_cog",
    "bot.ask.pins_cog",
)

# The bot uses no voice; discord.py would warn that it cannot.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

PRESSES = 5
"""Presses of buttons a minute for each question a minute that a member, or a server, may ask."""

RELOAD_STEP = "reload_step"
"""The event of a reload's progress and end, with its `ReloadRun`; see `Bot.wait_for`."""


class AdmittingTree(discord.app_commands.CommandTree["Bot"]):
    """Runs commands where the operator lets the bot be used."""

    async def interaction_check(self, interaction: discord.Interaction[Bot], /) -> bool:
        return await Bot.of(interaction).admit(interaction)


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
        news: NewsOptions = NO_NEWS,
    ) -> None:
        """Set up the client, without connecting it.

        Args:
            worker: answers the questions.
            journal: keeps the answers and the feedback.
            options: how the bot may be asked.
            folder: has the hashes of the commands that Discord has, and what of the news is told;
                None always sends the commands.
            home: the server with the administrators' commands, if there is one.
            links: the links that members see.
            news: where news goes, and when.
        """
        self.clock = DiscordClock()
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=AdmittingTree,
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
        self.news = news
        self.limiter = Limiter(options.per_member, options.per_guild)
        self._presses = Limiter(PRESSES * options.per_member, PRESSES * options.per_guild)
        self.before_close: list[Callable[[], Awaitable[None]]] = []
        """Called when the bot closes, while it is still connected."""
        self.answering: dict[int, asyncio.Task[Any]] = {}
        """The tasks that answer messages just now, by the message's id."""
        self.home = home
        self.feeds: FollowedSources | None = None
        """The sources that are followed, where that is so."""
        self.metrics = Metrics(lambda: worker.queue_length)
        tell = partial(self.dispatch, RELOAD_STEP)
        self.reloader = Reloader(worker.asker, tell, options.finish_within, self._count_reload)
        self.folder = folder

    @classmethod
    def of(cls, interaction: discord.Interaction[Any]) -> Self:
        """Return the bot to which an interaction came."""
        return cast(Self, interaction.client)

    async def setup_hook(self) -> None:
        for extension in EXTENSIONS:
            await self.load_extension(extension)
        await self.tree.set_translator(CommandTranslator())
        await sync(self.tree, self.folder / "commands.sha256" if self.folder else None)
        home = discord.Object(self.home.guild) if self.home else None
        await sync_home(self.tree, self.folder, home)

    async def settled(self, message: int) -> None:
        """Wait until no answer to a message is under way."""
        while task := self.answering.get(message):
            await asyncio.wait([task])

    def _count_reload(self, outcome: ReloadOutcome) -> None:
        if outcome.report is not None:
            self.metrics.set_passages(outcome.report.passages)
        failure = "failed" if outcome.reference else "cancelled"
        self.metrics.reloaded("done" if outcome.report else failure)

    async def is_administrator(self, interaction: discord.Interaction[Any]) -> bool:
        """Return whether a member may administer the bot, in its home server.

        Discord's default permissions do not suffice: they only hide a command, and a server may
        change them.
        """
        if self.home is None or interaction.guild_id != self.home.guild:
            return False
        roles = getattr(interaction.user, "roles", ())
        if any(role.id == self.home.admin_role for role in roles):
            return True
        team = self.application.team if self.application else None
        return interaction.user.id == (team and team.owner_id) or await self.is_owner(
            interaction.user
        )

    def admits(self, user: discord.abc.Snowflake, guild: int | None, channel: object) -> bool:
        """Return whether the operator lets a user use the bot in a channel."""
        names = ("id", "parent_id", "category_id")
        try:
            ids = [getattr(channel, name, None) for name in names]
        except discord.ClientException:  # A thread whose parent is not known has no category.
            ids = [getattr(channel, name, None) for name in names[:2]]
        return self.ask_options.admit(user.id, guild, ids)

    async def admit(self, interaction: discord.Interaction[Any]) -> bool:
        """Return whether a member may use the bot there; if not, tell them so."""
        if self.admits(interaction.user, interaction.guild_id, interaction.channel):
            return True
        if interaction.type is not discord.InteractionType.autocomplete:
            await whisper(interaction, phrases_for(interaction.locale)("not_admitted"))
        return False

    async def admit_press(self, interaction: discord.Interaction[Any]) -> bool:
        """Return whether a member may press a button now; if not, tell them when."""
        if not await self.admit(interaction):
            return False
        wait = self._presses.take(interaction.user.id, interaction.guild_id)
        if wait:
            sentence = phrases_for(interaction.locale).counted("pressed_too_often", ceil(wait))
            await whisper(interaction, sentence)
        return not wait

    async def close(self) -> None:
        await asyncio.gather(self.reloader.close(), *(end() for end in self.before_close))
        await super().close()

    async def on_message(self, message: discord.Message, /) -> None:
        """Run no prefix command: what follows a mention is a question."""
