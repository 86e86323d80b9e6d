"""`/reload` in the home server: brings the index up to the articles' files.

Its message shows the progress for the 15 minutes in which Discord lets a message be changed.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from ..client import RELOAD_STEP, Bot
from ..i18n.phrases import Phrases, phrases_for
from ..reload_job import ReloadRun
from ..ui.buttons import StoredButton
from ..ui.delivery import DISCORD_FAULTS
from ..ui.message import Interaction, Part, add_row, layout, problem_message
from ..ui.replies import acknowledged, failure
from . import reload_view

MARGIN = timedelta(minutes=1)
"""How long before Discord's limit a message is changed for the last time."""

GONE = (401, 403, 404)
"""The HTTP statuses of a message that cannot be changed any more."""

log = logging.getLogger(__name__)


class CancelButton(StoredButton, prefix="reload:cancel"):
    """Cancels the reload that its custom_id names."""

    pattern = "([0-9a-f]{1,16})"

    async def callback(self, interaction: Interaction) -> None:
        bot, phrases = Bot.of(interaction), phrases_for(interaction.locale)
        run = self.values[0]
        if not await acknowledged(interaction, thinking=False):
            return
        if not await bot.may_reload(interaction):
            refusal = problem_message(phrases("reload_denied"))
            await interaction.followup.send(view=refusal, ephemeral=True)
        elif bot.reloader.cancel(run):
            log.info("Member %d has cancelled reload %s.", interaction.user.id, run)
        else:
            over = layout([Part(phrases("reload_over"))])
            if (last := bot.reloader.run) is not None and last.id == run and last.outcome:
                over = reload_view.outcome_message(last.outcome, phrases)  # It may stand there.
            await interaction.edit_original_response(view=over)


class ReloadCog(commands.Cog):
    """Lets those who run the bot reload the articles."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._following: set[asyncio.Task[Any]] = set()
        bot.before_close.append(self._finish)

    @app_commands.command()
    @app_commands.default_permissions(administrator=True)
    async def reload(self, interaction: discord.Interaction) -> None:
        """Reload the articles without interrupting the answers."""
        phrases = phrases_for(interaction.locale)
        if not await acknowledged(interaction, thinking=True):
            return
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs in a task
        self._following.add(task)
        try:
            if not await self.bot.may_reload(interaction):
                await _edit(interaction, problem_message(phrases("reload_denied")))
                return
            joined = self.bot.reloader.under_way
            run = self.bot.reloader.start()
            verb = "joined" if joined else "started"
            log.info("Member %d has %s reload %s.", interaction.user.id, verb, run.id)
            await self._follow(interaction, run, joined, phrases)
        except Exception:
            await _edit(interaction, failure(phrases))
        finally:
            self._following.discard(task)

    async def _follow(
        self, interaction: discord.Interaction, run: ReloadRun, joined: bool, phrases: Phrases
    ) -> None:
        """Show the progress until the reload has ended or the message cannot be changed."""
        while run.outcome is None:
            if interaction.expires_at - discord.utils.utcnow() < MARGIN:
                text = f"### {phrases('reloading')}\n{phrases('reload_out_of_time')}"
                await _edit(interaction, layout([Part(text)]))
                return
            view = reload_view.progress_message(run, joined, phrases)
            if not run.cancelled:
                add_row(view, CancelButton(run.id, label=phrases("cancel")))
            if not await _edit(interaction, view):
                return
            # It may have ended meanwhile, and that event comes once.
            if run.outcome is None:
                await self.bot.wait_for(RELOAD_STEP, check=lambda stepped: stepped is run)
        await _edit(interaction, reload_view.outcome_message(run.outcome, phrases))

    async def _finish(self) -> None:
        """Cancel what is under way; the messages still say so."""
        await self.bot.reloader.close()
        if self._following and not self.bot.reloader.under_way:
            await asyncio.wait(self._following, timeout=self.bot.ask_options.finish_within)


async def _edit(interaction: Interaction, view: discord.ui.LayoutView) -> bool:
    """Change a reload's message; return False if it is gone. The reload goes on."""
    try:
        await interaction.edit_original_response(view=view)
    except DISCORD_FAULTS as error:
        log.debug("A reload's message stays as it is: %s", error)
        return getattr(error, "status", None) not in GONE
    return True


async def setup(bot: Bot) -> None:
    """Add the feature to the bot: the command in the home server."""
    if bot.home is not None:
        await bot.add_cog(ReloadCog(bot), guild=discord.Object(bot.home.guild))
