"""The Discord client: its intents, its state, and the features that it loads."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from math import ceil
from pathlib import Path
from typing import Any, Self, cast

import discord
from discord.ext import commands

from .command_sync import COMMANDS_FILE, CommandTranslator, sync
from .corpora.entries import corpora_at, with_chosen
from .corpora.libraries import Corpora
from .corpora.seen import Asker
from .discord_clock import DiscordClock
from .feed_follower import FollowedSources
from .i18n.phrases import Phrases, phrases_for, phrases_for_question, phrases_in
from .journal.background import BackgroundJournal
from .metrics import Metrics
from .options import DEFAULTS, NO_NEWS, AskOptions, Home, NewsOptions
from .rate_limit import Limiter
from .reload_job import Reloader, ReloadRun
from .server_settings import ServerSettings
from .ui.buttons import StoredItem
from .ui.links import NO_READER, Links
from .ui.replies import whisper
from .worker import Worker

EXTENSIONS = (
    "bot.ask.cog",
    "bot.ask.buttons",
    "bot.ask.renewal_cog",
    "bot.articles.cog",
    "bot.meetings.cog",
    "bot.meetings.events_cog",
    "bot.news.cog",
    "bot.admin.settings_cog",
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

SETTINGS_CHANGED = "settings_changed"
"""The event of a change that a server has made to its settings."""

RELOAD_STEP = "reload_step"
"""The event of a reload's progress and end, with its `ReloadRun`; see `Bot.wait_for`."""


class AdmittingTree(discord.app_commands.CommandTree["Bot"]):
    """Runs commands where the operator lets the bot be used."""

    async def interaction_check(self, interaction: discord.Interaction[Bot], /) -> bool:
        return await Bot.of(interaction).admit(interaction)


class Bot(commands.AutoShardedBot):
    """The client, which answers with its worker.

    It needs no privileged intent, because Discord sends the words of messages that mention the
    bot, unless channels are set aside in which it reads the other messages too. Where the portal
    allows message content, servers may set such channels aside.
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
        given: Iterable[str] = (),
        corpora: Corpora | None = None,
    ) -> None:
        """Set up the client, without connecting it.

        Args:
            worker: answers the questions.
            journal: keeps the answers and the feedback.
            options: how the bot may be asked.
            folder: has the hashes of the commands that Discord has, what of the news is told, and
                which events were made; None always sends the commands.
            home: the server with the administrators' commands, if there is one.
            links: the links that members see.
            news: where news goes, and when.
            given: the variables that the operator has set, which no server changes.
            corpora: the corpora, of which the worker's own is the main one; None is that alone.
        """
        self.worker, self.journal, self.folder = worker, journal, folder
        self.ask_options, self.home, self.links, self.news = options, home, links, news
        self.corpora = corpora or Corpora(worker.asker)
        self.servers = ServerSettings(journal, options, news, home, given)
        self.feeds: FollowedSources | None = None
        """The sources that are followed, where that is so."""

        self.clock = DiscordClock()
        self.metrics = Metrics(lambda: worker.queue_length)
        self.reloader = Reloader(self.corpora.reload, self._tell_reload, options.finish_within)
        self._questions, self._presses = Limiter(), Limiter()

        self.answering: dict[int, asyncio.Task[Any]] = {}
        """The tasks that answer messages just now, by the message's id."""
        self.before_close: list[Callable[[], Awaitable[None]]] = []
        """Called when the bot closes, while it is still connected."""

        self._asked_intents = discord.Intents(
            guilds=True,
            guild_messages=True,
            dm_messages=options.direct_messages,
            message_content=bool(options.channels),
        )
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=AdmittingTree,
            intents=self._asked_intents,
            allowed_mentions=discord.AllowedMentions.none(),
            # Settings, limits and corpora are those of a server that has added the bot.
            allowed_installs=discord.app_commands.AppInstallationType(guild=True, user=False),
            http_trace=self.clock.trace,
        )

    @classmethod
    def of(cls, interaction: discord.Interaction[Any]) -> Self:
        """Return the bot to which an interaction came."""
        return cast(Self, interaction.client)

    async def setup_hook(self) -> None:
        flags = self.application.flags if self.application else discord.ApplicationFlags()
        if flags.gateway_message_content or flags.gateway_message_content_limited:
            # The portal allows it; the servers may set channels aside at any time.
            self._asked_intents.message_content = True
        for extension in EXTENSIONS:
            await self.load_extension(extension)
        self.add_dynamic_items(*StoredItem.kinds)
        await self.tree.set_translator(CommandTranslator())
        file = self.folder / COMMANDS_FILE if self.folder else None
        await sync(self.tree, file, self.home.guild if self.home else None)

    async def settled(self, message: int) -> None:
        """Wait until no answer to a message is under way."""
        while task := self.answering.get(message):
            await asyncio.wait([task])

    def _tell_reload(self, run: ReloadRun) -> None:
        """Tell the features of a reload's progress or end, and count that."""
        self.dispatch(RELOAD_STEP, run)
        if (outcome := run.outcome) is not None:
            failure = "failed" if outcome.reference else "cancelled"
            self.metrics.reloads.labels("done" if outcome.report else failure).inc()

    async def may_reload(self, interaction: discord.Interaction[Any]) -> bool:
        """Return whether a member may reload: an administrator, or by a role that is set for it."""
        if await self.is_administrator(interaction):
            return True
        if self.home is None or interaction.guild_id != self.home.guild:
            return False
        allowed = self.servers.of(self.home.guild).reload_roles
        return any(role.id in allowed for role in getattr(interaction.user, "roles", ()))

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

    def wait_to_ask(self, member: int, guild: int | None) -> float:
        """Count a question and return 0; over a limit, return the seconds to wait instead."""
        return self._questions.take(self._limits(member, guild))

    def _limits(self, member: int, guild: int | None) -> dict[Any, int]:
        """The limits of a member and of the server, which direct messages do not have."""
        settings = self.servers.of(guild)
        per_guild = settings.per_guild if guild is not None else 0
        return {("member", member): settings.per_member, ("guild", guild): per_guild}

    def public_phrases(
        self,
        guild: int | None,
        locale: discord.Locale | None,
        question: str = "",
        before: str | None = None,
    ) -> Phrases:
        """Return the phrases for what all members of a server may see.

        They are in the language that is set there, else in that of the question, or of the one
        `before` it, if it is certain, else in the locale's.
        """
        language = self.servers.of(guild).language
        return phrases_in(language) if language else phrases_for_question(question, locale, before)

    def admits(self, user: discord.abc.Snowflake, guild: int | None, channel: object) -> bool:
        """Return whether the operator lets a user use the bot in a channel."""
        options = self.ask_options
        if guild is not None and options.guilds and guild not in options.guilds:
            return False
        blocked = options.blocked_channels
        if blocked and not blocked.isdisjoint(_ids_around(channel)):
            return False
        return user.id not in options.blocked_members

    def corpora_in(
        self, guild: int | None, channel: object, reader: object = None
    ) -> frozenset[str]:
        """Return the names of the corpora that may be shown in a channel of a server.

        Args:
            guild: the id of the server, if it is one.
            channel: the channel.
            reader: the member, where nobody else reads what is shown: then those of the member's
                roles are among them.
        """
        if len(entries := self.corpora.entries) == 1:
            return frozenset(entries)
        entries = with_chosen(entries, guild, self.servers.of(guild).corpora)
        roles = (role.id for role in getattr(reader, "roles", ()))
        return corpora_at(entries, guild, _ids_around(channel), roles)

    def corpora_posted_in(self, channel: object) -> frozenset[str]:
        """Return the names of the corpora that everybody sees in a channel; none where it is not
        known whose it is."""
        guild: discord.Guild | None = getattr(channel, "guild", None)
        if guild is None and len(self.corpora.entries) > 1:
            return frozenset()
        return self.corpora_in(guild.id if guild else None, channel)

    def corpora_for(
        self, interaction: discord.Interaction[Any], *, public: bool = False
    ) -> frozenset[str]:
        """Return the names of the corpora that a member sees where nobody else reads it; with
        `public` those that everybody there sees."""
        reader = None if public else interaction.user
        return self.corpora_in(interaction.guild_id, interaction.channel, reader)

    def asker_for(self, interaction: discord.Interaction[Any], *, public: bool = False) -> Asker:
        """Return what asks the corpora of `corpora_for`."""
        return self.corpora.view(self.corpora_for(interaction, public=public))

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
        limits = self._limits(interaction.user.id, interaction.guild_id)
        if wait := self._presses.take({key: PRESSES * limit for key, limit in limits.items()}):
            sentence = phrases_for(interaction.locale).counted("pressed_too_often", ceil(wait))
            await whisper(interaction, sentence)
        return not wait

    async def close(self) -> None:
        await asyncio.gather(self.reloader.close(), *(end() for end in self.before_close))
        await super().close()

    async def on_message(self, message: discord.Message, /) -> None:
        """Run no prefix command: what follows a mention is a question."""


def _ids_around(channel: object) -> list[int | None]:
    """The ids of a channel, of its parent and of its category."""
    names = ("id", "parent_id", "category_id")
    try:
        return [getattr(channel, name, None) for name in names]
    except discord.ClientException:  # A thread whose parent is not known has no category.
        return [getattr(channel, name, None) for name in names[:2]]
