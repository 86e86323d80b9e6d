"""`/settings`: what the people who manage a server set for it, saved with each choice."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from retrieval import MAIN_CORPUS

from ..client import SETTINGS_CHANGED, Bot
from ..corpora.entries import offered_to
from ..i18n.phrases import Phrases
from ..journal import background
from ..journal.settings_table import SettingChange
from ..server_settings import FIXED_BY
from ..ui.buttons import StoredButton, StoredItem, chosen_values
from ..ui.message import Interaction, Part, add_row, layout
from ..ui.replies import reply
from .setting_menus import CORPUS_MENUS, MENUS, given_to

CORPORA = "PASSAGE_CORPORA"
"""The variable whose file gives corpora, which no server takes away."""

MakeChange = Callable[[Bot, discord.Guild], Awaitable[bool]]
"""Changes a server's settings; returns whether that is written by now."""

MAX_VALUE = 300
"""The most characters that are shown of a setting before and after its last change."""

log = logging.getLogger(__name__)


class SettingMenu(StoredItem, prefix="settings"):
    """Saves what is chosen for a setting, and shows the settings as they are then."""

    pattern = f"({'|'.join(MENUS)})"

    async def message(self, interaction: Interaction, phrases: Phrases) -> discord.ui.LayoutView:
        (name,), chosen = self.values, chosen_values(interaction)
        if name == "corpora":
            return await _settings(interaction, phrases, corpus=chosen[0])

        async def save(bot: Bot, guild: discord.Guild) -> bool:
            if not _is_changeable(name, bot, guild):
                return True
            value, member = MENUS[name].value(chosen, guild), interaction.user.id
            log.info("Member %d sets %s in guild=%d.", member, name, guild.id)
            return await bot.servers.change(guild.id, name, value, bot.clock.now(), member)

        return await _settings(interaction, phrases, save)


class CorpusMenu(StoredItem, prefix="corpus"):
    """Saves to whom in the server a corpus is given, if it is offered to the server."""

    pattern = f"({'|'.join(CORPUS_MENUS)}):([a-z0-9_-]+)"

    async def message(self, interaction: Interaction, phrases: Phrases) -> discord.ui.LayoutView:
        part, corpus = self.values

        async def save(bot: Bot, guild: discord.Guild) -> bool:
            if corpus not in offered_to(bot.corpora.entries, guild.id):
                return True

            def with_this() -> dict[str, Any] | None:
                chosen = _chosen_corpora(bot, guild)
                ids = CORPUS_MENUS[part].value(chosen_values(interaction), guild)
                chosen.setdefault(corpus, {})[part] = ids
                return {n: parts for n, parts in chosen.items() if any(parts.values())} or None

            member = interaction.user.id
            log.info("Member %d gives the corpus %s in guild=%d.", member, corpus, guild.id)
            return await bot.servers.change(guild.id, "corpora", with_this, bot.clock.now(), member)

        return await _settings(interaction, phrases, save, corpus=corpus)


class SettingsButton(StoredButton, prefix="settings"):
    """Shows all settings: from the message to a new server, or again in place of a corpus's."""

    pattern = "(open|all)"

    def __init__(self, way: str, *, label: str = "-") -> None:
        super().__init__(way, label=label)
        self.anew = way == "open"

    async def message(self, interaction: Interaction, phrases: Phrases) -> discord.ui.LayoutView:
        return await _settings(interaction, phrases)


class UndoButton(StoredButton, prefix="settings:undo"):
    """Undoes the change that its custom_id names, if it is the last one."""

    pattern = "([0-9]{1,18})"
    anew = False

    async def message(self, interaction: Interaction, phrases: Phrases) -> discord.ui.LayoutView:
        number, member = int(self.values[0]), interaction.user.id

        async def undo(bot: Bot, guild: discord.Guild) -> bool:
            log.info("Member %d undoes a setting in guild=%d.", member, guild.id)
            return await bot.servers.undo(number, guild.id, bot.clock.now(), member)

        return await _settings(interaction, phrases, undo)


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
            await asyncio.sleep(background.PAUSE)
            read = await self.bot.servers.read()

    @app_commands.command()
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def settings(self, interaction: discord.Interaction) -> None:
        """Set where and how I answer on this server."""
        await reply(interaction, partial(_settings, interaction))


async def _settings(
    interaction: Interaction,
    phrases: Phrases,
    change: MakeChange | None = None,
    *,
    corpus: str | None = None,
) -> discord.ui.LayoutView:
    """Make a change, if there is one, and return the settings, or those of a `corpus`.

    Discord only hides the command from those who may not use it; the button is seen by all.
    """
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
    buttons = list[StoredButton]()
    if corpus in _corpora_named(bot, guild):
        view = _corpus_message(bot, guild, corpus, notice, phrases)
        buttons.append(SettingsButton("all", label=phrases("settings_all")))
    else:
        view = _message(bot, guild, notice, phrases)
    if last is not None:
        view.add_item(discord.ui.TextDisplay(_last_line(bot, last, phrases)))
        buttons.append(UndoButton(last.number, label=phrases("undo_last")))
    return add_row(view, *buttons)


def _message(
    bot: Bot, guild: discord.Guild, notice: list[str], phrases: Phrases
) -> discord.ui.LayoutView:
    titles, notes = phrases.table("settings"), phrases.table("setting_notes")
    view = layout([Part("\n".join([f"### {phrases('settings_of_server')}", *notice]))])
    for name, menu in MENUS.items():
        if name == "reload_roles" and not _is_home(bot, guild):
            continue
        value = getattr(bot.servers.of(guild.id), name)
        if name == "corpora" and not (value := _corpora_named(bot, guild)):
            continue
        lines = [f"**{titles(name)}**", f"-# {notes(name)}"]
        if name in bot.servers.fixed:
            lines.append(f"-# {phrases('setting_fixed', variable=FIXED_BY[name])}")
        elif name == "channels" and not bot.intents.message_content:
            lines.append(f"-# {phrases('setting_needs_content')}")
        if lacking := menu.lacking(value, guild):
            lines.append(f"-# {phrases('setting_lacks', channels=', '.join(lacking))}")
        item = menu.item(f"settings:{name}", value, guild, phrases)
        item.disabled = not _is_changeable(name, bot, guild)  # type: ignore[attr-defined]
        view.add_item(discord.ui.TextDisplay("\n".join(lines)))
        add_row(view, SettingMenu(item, name))
    return view


def _corpus_message(
    bot: Bot, guild: discord.Guild, corpus: str, notice: list[str], phrases: Phrases
) -> discord.ui.LayoutView:
    fixed = _given(bot, guild, corpus)
    heading = [f"### {phrases.table('settings')('corpora')}: {corpus}", *notice]
    if any(fixed.values()):
        heading += [f"-# {given_to(fixed, phrases)}: {phrases('setting_fixed', variable=CORPORA)}"]
    view = layout([Part("\n".join(heading))])
    for part, menu in CORPUS_MENUS.items():
        chosen = _chosen_corpora(bot, guild).get(corpus, {}).get(part, [])
        item = menu.item(f"corpus:{part}:{corpus}", chosen, guild, phrases)
        item.disabled = corpus not in offered_to(bot.corpora.entries, guild.id)  # type: ignore[attr-defined]
        title, note = (phrases.table(table)(part) for table in ("corpus_parts", "corpus_notes"))
        view.add_item(discord.ui.TextDisplay(f"**{title}**\n-# {note}"))
        add_row(view, CorpusMenu(item, part, corpus))
    return view


def _last_line(bot: Bot, last: SettingChange, phrases: Phrases) -> str:
    """Return the line with who has made the last change, when, and which it was."""
    usual = getattr(bot.servers.of(None), last.setting)
    before, after = (
        _briefly(MENUS[last.setting].text(json.loads(value) if value else usual, phrases))
        for value in (last.before, last.after)
    )
    title = f"{phrases('last_change')}: {phrases.table('settings')(last.setting)}"
    who = [] if last.member is None else [f"<@{last.member}>"]
    return " · ".join([f"-# {title}: {before} → {after}", *who, f"<t:{int(last.at)}:R>"])


def _briefly(value: str) -> str:
    """Return the first of the mentions in a value's markup, as many as there is room for."""
    return value if len(value) <= MAX_VALUE else value[:MAX_VALUE].rpartition(", ")[0] + ", …"


def _is_changeable(name: str, bot: Bot, guild: discord.Guild) -> bool:
    """Return whether a server may change a setting, and whether that would do anything."""
    if name in bot.servers.fixed or (name == "reload_roles" and not _is_home(bot, guild)):
        return False
    return name != "channels" or bot.intents.message_content


def _corpora_named(bot: Bot, guild: discord.Guild) -> list[str]:
    """Return the names of the corpora that a server may know of, if there is one but the main one:
    those that are offered to it, or given to it or to a channel or role of it."""
    offered, names = offered_to(bot.corpora.entries, guild.id), sorted(bot.corpora.entries)
    named = [name for name in names if name in offered or any(_given(bot, guild, name).values())]
    return named if named != [MAIN_CORPUS] else []


def _chosen_corpora(bot: Bot, guild: discord.Guild) -> dict[str, dict[str, list[int]]]:
    """Return to whom in a server it has given corpora, as JSON has it."""
    chosen = bot.servers.of(guild.id).corpora
    return {
        name: {part: sorted(getattr(entry, part)) for part in CORPUS_MENUS}
        for name, entry in sorted(chosen.items())
    }


def _given(bot: Bot, guild: discord.Guild, corpus: str) -> dict[str, list[int]]:
    """Return to whom in a server the operator gives a corpus."""
    present = {guild.id, *(each.id for each in (*guild.channels, *guild.roles))}
    entry = bot.corpora.entries[corpus]
    return {part: sorted(present & getattr(entry, part)) for part in CORPUS_MENUS}


def _is_home(bot: Bot, guild: discord.Guild) -> bool:
    return bot.home is not None and bot.home.guild == guild.id


async def setup(bot: Bot) -> None:
    """Add the feature to the bot."""
    await bot.add_cog(SettingsCog(bot))
