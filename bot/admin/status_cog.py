"""The bot about itself: `/help` and `/status`."""

from __future__ import annotations

import logging
import math
import re
from functools import partial

import discord
from discord import app_commands
from discord.ext import commands

from retrieval import Status, __version__, language_name

from ..client import Bot
from ..discord_token import invite_address
from ..i18n.phrases import Phrases, phrases_for
from ..journal.question_groups import asked_and_answered
from ..ui.delivery import DISCORD_FAULTS, DeliveryError, deliver
from ..ui.message import Part, add_row, layout
from ..ui.replies import reply
from ..ui.text import escape
from . import reload_view
from .settings_cog import SettingsButton

WEEK_SECONDS = 7 * 86_400

log = logging.getLogger(__name__)


class AboutCog(commands.Cog):
    """Shows what the bot does and its state."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._mentions: dict[str, str] = {}
        """The commands as they can be pressed, by their names, once Discord has told them."""

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Log where to add the bot while no server has it."""
        if not self.bot.guilds:
            address = invite_address(str(self.bot.application_id))
            log.warning("The bot is on no server yet. Add it: %s", address)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Tell a server that has added the bot what to do: its system channel, else one person."""
        if (allowed := self.bot.ask_options.guilds) and guild.id not in allowed:
            return
        phrases = phrases_for(guild.preferred_locale)
        view = layout([Part(await self._with_mentions(phrases("joined")))])
        channel = guild.system_channel

        async def tell() -> None:
            if channel is not None and channel.permissions_for(guild.me).send_messages:
                button = SettingsButton("open", label=phrases("settings_button"))
                await channel.send(view=add_row(view, button))
            elif (person := await self._who_added(guild)) is not None:
                await (await self.bot.fetch_user(person)).send(view=view)

        try:
            await deliver(tell, 0)
        except DeliveryError as error:
            log.info("Nobody in guild=%d is told what to do: %s.", guild.id, error)

    async def _who_added(self, guild: discord.Guild) -> int | None:
        """Return the id of who added the bot, if it can read that, else of the server's owner."""
        if guild.me.guild_permissions.view_audit_log:
            added = discord.AuditLogAction.bot_add
            try:
                async for entry in guild.audit_logs(action=added, limit=9):
                    if entry.user_id and getattr(entry.target, "id", None) == guild.me.id:
                        return entry.user_id
            except DISCORD_FAULTS as error:
                log.info("Who added the bot to guild=%d cannot be read: %s", guild.id, error)
        return guild.owner_id

    async def _with_mentions(self, text: str) -> str:
        """Return a text in which each `/command` can be pressed, if Discord tells the ids."""
        if not self._mentions:
            try:
                sent = await deliver(self.bot.tree.fetch_commands, 0)
                self._mentions = {command.name: command.mention for command in sent}
            except DeliveryError as error:
                log.info("Commands are not shown to be pressed: %s.", error)
        return re.sub(
            r"`/([a-z]+)`", lambda written: self._mentions.get(written[1], written[0]), text
        )

    @app_commands.command()
    async def help(self, interaction: discord.Interaction) -> None:
        """Say what the bot does and how to ask it."""

        async def text(phrases: Phrases) -> discord.ui.LayoutView:
            return layout([Part(await self._with_mentions(phrases("help")))])

        await reply(interaction, text)

    @app_commands.command()
    @app_commands.default_permissions(manage_guild=True)
    async def status(self, interaction: discord.Interaction) -> None:
        """Show the bot's status and what it knows."""

        async def figures(phrases: Phrases) -> discord.ui.LayoutView:
            # Discord only hides the command from others.
            managing = interaction.guild_id is not None and interaction.permissions.manage_guild
            if not managing and not await self.bot.is_owner(interaction.user):
                return layout([Part(phrases("admins_only"))])
            status = await self.bot.worker.run(self.bot.asker_for(interaction).status)
            week = self.bot.clock.now() - WEEK_SECONDS
            asked = await self.bot.journal.tables(partial(asked_and_answered, since=week))
            return layout([Part("\n".join(self._lines(status, asked, phrases)))])

        await reply(interaction, figures)

    def _lines(self, status: Status, asked: tuple[int, int] | None, phrases: Phrases) -> list[str]:
        latency = self.bot.latency
        languages = ", ".join(
            f"{count} {escape(language_name(code))}" for code, count in status.languages.items()
        )
        return [
            f"### {phrases('status')}",
            phrases("ready", ready=phrases("yes" if self.bot.is_ready() else "no")),
            # Before the first heartbeat there is no figure.
            phrases("latency", milliseconds=round(latency * 1000))
            if math.isfinite(latency)
            else phrases("latency_unknown"),
            phrases("articles_held", count=status.articles, languages=languages),
            phrases("passages_held", count=status.passages),
            phrases("model", model=escape(status.model)),
            phrases("indexed_on", date=phrases.date(status.indexed_at[:10])),
            # None where the journal cannot be read.
            *([phrases("asked_in_week", asked=asked[0], answered=asked[1])] if asked else []),
            *reload_view.status_lines(self.bot.reloader.run, self.bot.reloader.last, phrases),
            phrases("version", version=__version__),
        ]


async def setup(bot: Bot) -> None:
    """Add the feature to the bot."""
    await bot.add_cog(AboutCog(bot))
