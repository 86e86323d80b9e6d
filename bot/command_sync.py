"""Sends the bot's commands to Discord, in the languages of its menus, when they have changed since
they were sent last.

Discord limits how often an application may send its commands, and members see them flicker when
it does. So a file keeps the hash of what was sent last. The commands of the home server have a
file of their own: its name tells from where they are to be removed when another server is home.
"""

from __future__ import annotations

import hashlib
import json
import logging
from contextlib import suppress
from pathlib import Path
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation, TranslationContextTypes, locale_str

from retrieval import atomic_write

from .i18n.phrases import phrases_for
from .ui.delivery import DISCORD_FAULTS

log = logging.getLogger(__name__)


class CommandTranslator(app_commands.Translator):
    """Translates what Discord shows of the commands; their English is in the code of the commands.

    Slash commands keep their names in all languages, so that `/ask` in a message is right.
    """

    async def translate(
        self, string: locale_str, locale: discord.Locale, context: TranslationContextTypes
    ) -> str | None:
        data: Any = context.data
        phrases = phrases_for(locale)
        match context.location:
            case TranslationContextLocation.command_name:
                return phrases.command(data.qualified_name).get("name")
            case TranslationContextLocation.command_description:
                return phrases.command(data.qualified_name).get("description")
            case TranslationContextLocation.parameter_description:
                command = phrases.command(data.command.qualified_name)
                translated: str | None = command.get("parameters", {}).get(data.display_name)
                return translated
        return None


async def sync(
    tree: app_commands.CommandTree[Any],
    file: Path | None,
    guild: discord.abc.Snowflake | None = None,
) -> bool:
    """Send the tree's commands, unless Discord has them already.

    Where Discord or the network refuses them that is logged, and the old commands stay.

    Args:
        tree: the commands.
        file: keeps the hash of the commands that were sent last; None always sends them.
        guild: the server whose own commands are sent; None is for the global ones.

    Returns:
        Whether Discord has taken them now.

    Raises:
        MissingApplicationID: the client has not logged in.
        TranslationError: the tree's translator failed.
    """
    # Members do not see the order in which features were loaded.
    commands = sorted(json.dumps(each, sort_keys=True) for each in await _payload(tree, guild))
    written = "\n".join([str(tree.client.application_id), *commands])
    new = hashlib.sha256(written.encode()).hexdigest()
    if file is not None and _read(file) == new:
        log.info("The commands are those that Discord has already.")
        return False
    try:
        sent = await tree.sync(guild=guild)
    except DISCORD_FAULTS as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        log.error(
            "Discord has not taken the commands, the bot goes on with the old ones: %s", reason
        )
        return False
    log.info("Told Discord %d commands.", len(sent))
    if file is not None:
        _write(file, new)
    return True


async def sync_home(
    tree: app_commands.CommandTree[Any], folder: Path | None, guild: discord.abc.Snowflake | None
) -> None:
    """Send the commands of the home server, and remove them from servers that were home before.

    Args:
        tree: the commands.
        folder: has the files with the hashes of the commands of both.
        guild: the home server, if there is one.

    Raises:
        MissingApplicationID: the client has not logged in.
        TranslationError: the tree's translator failed.
    """
    file = folder / f"commands-{guild.id}.sha256" if folder and guild else None
    for id, former in _files_by_guild(folder).items() if folder else ():
        if former != file:
            await _remove_commands(tree, former, discord.Object(id))
    if guild is not None:
        await sync(tree, file, guild)


async def _remove_commands(
    tree: app_commands.CommandTree[Any], file: Path, guild: discord.abc.Snowflake
) -> None:
    try:
        await tree.sync(guild=guild)  # The tree has none for that server.
    except (discord.Forbidden, discord.NotFound):
        log.info("Guild %d is closed to the bot, so its commands are gone as well.", guild.id)
    except DISCORD_FAULTS as error:
        log.warning("Guild %d keeps its commands until the next start: %s", guild.id, error)
        return
    _remove(file)


async def _payload(
    tree: app_commands.CommandTree[Any], guild: discord.abc.Snowflake | None
) -> list[dict[str, Any]]:
    """Return what `CommandTree.sync` would send."""
    commands = tree.get_commands(guild=guild)
    if translator := tree.translator:
        return [await command.get_translated_payload(tree, translator) for command in commands]
    return [command.to_dict(tree) for command in commands]


def _files_by_guild(folder: Path) -> dict[int, Path]:
    """Return the files of servers that have commands of their own, by the server's id."""
    files = {file.stem.removeprefix("commands-"): file for file in folder.glob("commands-*.sha256")}
    return {int(id): file for id, file in files.items() if id.isdecimal()}


def _remove(file: Path) -> None:
    with suppress(OSError):
        file.unlink()


def _read(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        log.warning("%s cannot be read (%s), so the commands are sent again.", file, error)
        return None


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(file) as stream:
            stream.write(f"{text}\n".encode())
    except OSError as error:
        log.warning("%s cannot be written (%s); the next start sends them again.", file, error)
