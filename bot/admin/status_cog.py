"""The bot about itself: `/help` and `/status`."""

from __future__ import annotations

import logging
import math

import discord
from discord import app_commands
from discord.ext import commands

from retrieval import Status, __version__, language_name

from ..client import Bot
from ..discord_token import invite_address
from ..i18n.phrases import Phrases
from ..ui.message import Part, layout
from ..ui.replies import reply
from ..ui.text import escape
from . import reload_view

log = logging.getLogger(__name__)


class AboutCog(commands.Cog):
    """Shows what the bot does and its state."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Log where to add the bot while no server has it."""
        if not self.bot.guilds:
            address = invite_address(str(self.bot.application_id))
            log.warning("The bot is on no server yet. Add it: %s", address)

    @app_commands.command()
    async def help(self, interaction: discord.Interaction) -> None:
        """Say what the bot does and how to ask it."""

        async def text(phrases: Phrases) -> discord.ui.LayoutView:
            return layout([Part(phrases("help"))])

        await reply(interaction, text)

    @app_commands.command()
    @app_commands.default_permissions(manage_guild=True)
    async def status(self, interaction: discord.Interaction) -> None:
        """Say how the bot is and what it holds."""

        async def figures(phrases: Phrases) -> discord.ui.LayoutView:
            if not await self._may_see(interaction):
                return layout([Part(phrases("admins_only"))])
            status = await self.bot.worker.run(self.bot.worker.asker.status)
            return layout([Part("\n".join(self._lines(status, phrases)))])

        await reply(interaction, figures)

    async def _may_see(self, interaction: discord.Interaction) -> bool:
        """Return whether a member may see the state: Discord only hides the command from others."""
        managing = interaction.guild_id is not None and interaction.permissions.manage_guild
        return managing or await self.bot.is_owner(interaction.user)

    def _lines(self, status: Status, phrases: Phrases) -> list[str]:
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
            *reload_view.status_lines(self.bot.reloader.run, self.bot.reloader.last, phrases),
            phrases("version", version=__version__),
        ]


async def setup(bot: Bot) -> None:
    """Add the feature to the bot."""
    await bot.add_cog(AboutCog(bot))
