"""`/settings`: what the people who manage a server set for it, saved with each choice."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any, Self

import discord
from discord import app_commands
from discord.ext import commands

from .. import background_journal
from ..client import SETTINGS_CHANGED, Bot
from ..i18n.phrases import Phrases
from ..server_settings import FIXED_BY
from ..settings_table import SettingChange
from ..ui.message import Interaction, Part, Pressable, Row, StoredButton, layout
from ..ui.replies import reply
from .setting_menus import MENUS, Item

MakeChange = Callable[[Bot, discord.Guild], Awaitable[bool]]
"""Changes a server's settings; returns whether that is written by now."""

log = logging.getLogger(__name__)


class SettingMenu(
    Pressable, discord.ui.DynamicItem[Item], template=f"settings:({'|'.join(MENUS)})"
):
    """Saves what is chosen for a setting, and shows the settings as they are then."""

    def __init__(self, setting: str, item: Item) -> None:
        super().__init__(item)
        self._setting = setting

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: Item, match: re.Match[str], /
    ) -> Self:
        return cls(match[1], item)

    async def callback(self, interaction: Interaction) -> None:
        data: Any = interaction.data
        name, member = self._setting, interaction.user.id

        async def save(bot: Bot, guild: discord.Guild) -> bool:
            if not _is_changeable(name, bot, guild):
                return True
            value = MENUS[name].value(data["values"], guild)
            log.info("Member %d sets %s in guild=%d.", member, name, guild.id)
            return await bot.servers.change(guild.id, name, value, bot.clock.now(), member)

        await _settings(interaction, save)


class UndoButton(StoredButton, prefix="settings:undo"):
    """Undoes the change that its custom_id names, if it is the last one."""

    pattern = "([0-9]{1,18})"

    async def callback(self, interaction: Interaction) -> None:
        number, member = int(self.values[0]), interaction.user.id

        async def undo(bot: Bot, guild: discord.Guild) -> bool:
            log.info("Member %d undoes a setting in guild=%d.", member, guild.id)
            return await bot.servers.undo(number, guild.id, bot.clock.now(), member)

        await _settings(interaction, undo)


class SettingsCog(commands.Cog):
    """Reads the settings of all servers at the start, and shows a server its own."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        """Read them before the first question, or as soon as the journal can be read."""
        read = await self.bot.servers.read()
        self._task = None if read else asyncio.create_task(self._read_later())

    async def cog_unload(self) -> None:
        """Try no longer."""
        if self._task is not None:
            self._task.cancel()

    async def _read_later(self) -> None:
        read = False
        while not read:
            await asyncio.sleep(background_journal.PAUSE)
            read = await self.bot.servers.read()

    @app_commands.command()
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def settings(self, interaction: discord.Interaction) -> None:
        """Set where and how I answer on this server."""
        await show_settings(interaction)


async def show_settings(interaction: Interaction) -> None:
    """Show the member alone the server's settings, if she may manage it."""
    await _settings(interaction, None)


async def _settings(interaction: Interaction, change: MakeChange | None) -> None:
    """Make a change, if there is one, and show the settings: a new message without a change.

    Discord only hides the command from those who may not use it; the button is seen by all.
    """

    async def message(phrases: Phrases) -> discord.ui.LayoutView:
        bot = Bot.of(interaction)
        guild = bot.get_guild(interaction.guild_id or 0)
        if guild is None or not interaction.permissions.manage_guild:
            return layout([Part(phrases("settings_denied"))])
        if not await bot.servers.read():
            return layout([Part(phrases("settings_unread"))])
        written = await change(bot, guild) if change else True
        bot.dispatch(SETTINGS_CHANGED)
        last = await bot.servers.last_change(guild.id)
        notice = [] if written else [phrases("privacy_later")]
        return _message(bot, guild, last, notice, phrases)

    await reply(interaction, message, anew=change is None)


def _message(
    bot: Bot,
    guild: discord.Guild,
    last: SettingChange | None,
    notice: list[str],
    phrases: Phrases,
) -> discord.ui.LayoutView:
    titles, notes = phrases.table("settings"), phrases.table("setting_notes")
    view = layout([Part("\n".join([f"### {phrases('settings_of_server')}", *notice]))])
    for name, menu in MENUS.items():
        if name == "reload_roles" and not _is_home(bot, guild):
            continue
        value = getattr(bot.servers.of(guild.id), name)
        lines = [f"**{titles(name)}**", f"-# {notes(name)}"]
        if name in bot.servers.fixed:
            lines.append(f"-# {phrases('setting_fixed', variable=FIXED_BY[name])}")
        elif name == "channels" and not bot.intents.message_content:
            lines.append(f"-# {phrases('setting_needs_content')}")
        if lacking := menu.lacking(value, guild):
            lines.append(f"-# {phrases('setting_lacks', channels=', '.join(lacking))}")
        item = menu.item(f"settings:{name}", value, guild, phrases)
        item.disabled = not _is_changeable(name, bot, guild)  # type: ignore[attr-defined]
        row: Row = discord.ui.ActionRow()
        view.add_item(discord.ui.TextDisplay("\n".join(lines)))
        view.add_item(row.add_item(SettingMenu(name, item)))
    if last is not None:
        view.add_item(discord.ui.TextDisplay(_last_line(bot, last, phrases)))
        buttons: Row = discord.ui.ActionRow()
        view.add_item(buttons.add_item(UndoButton(last.number, label=phrases("undo_last"))))
    return view


def _last_line(bot: Bot, last: SettingChange, phrases: Phrases) -> str:
    """Return the line with who has made the last change, when, and which it was."""
    usual = getattr(bot.servers.of(None), last.setting)
    before, after = (
        MENUS[last.setting].text(json.loads(value) if value else usual, phrases)
        for value in (last.before, last.after)
    )
    title = f"{phrases('last_change')}: {phrases.table('settings')(last.setting)}"
    who = [] if last.member is None else [f"<@{last.member}>"]
    return " · ".join([f"-# {title}: {before} → {after}", *who, f"<t:{int(last.at)}:R>"])


def _is_changeable(name: str, bot: Bot, guild: discord.Guild) -> bool:
    """Return whether a server may change a setting, and whether that would do anything."""
    if name in bot.servers.fixed or (name == "reload_roles" and not _is_home(bot, guild)):
        return False
    return name != "channels" or bot.intents.message_content


def _is_home(bot: Bot, guild: discord.Guild) -> bool:
    return bot.home is not None and bot.home.guild == guild.id


async def setup(bot: Bot) -> None:
    """Add the feature to the bot."""
    bot.add_dynamic_items(SettingMenu, UndoButton)
    await bot.add_cog(SettingsCog(bot))
