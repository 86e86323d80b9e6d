"""Telling Discord the bot's commands, when they are not those that it was told last.

Discord limits how often an application may send its commands, and members see them flicker when
it does. So a hash of what was sent last is kept in a file; without it they are sent once more.
The commands of one server alone have a file of their own, by whose name they are found again when
they are to be there no longer.
"""

from __future__ import annotations

import hashlib
import json
import logging
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import discord
from discord import app_commands

from retrieval import atomic_write

log = logging.getLogger(__name__)


async def sync(
    tree: app_commands.CommandTree[Any],
    file: Path | None,
    guild: discord.abc.Snowflake | None = None,
) -> bool:
    """Send the tree's commands, unless `file` says that Discord has them already.

    Those of a guild, or where none is given the global ones.

    Returns whether they were sent and taken. What Discord or the network refuses is logged, and
    members keep the commands that Discord has. Without a file they are always sent.

    Raises:
        MissingApplicationID: the client has not logged in.
        TranslationError: the tree's translator failed.
    """
    new = _hash(tree.client.application_id, await _payload(tree, guild))
    if file is not None and _read(file) == new:
        log.info("The commands are those that Discord has already.")
        return False
    try:
        sent = await tree.sync(guild=guild)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
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
    """Send the commands of the home guild, and take them from guilds that were home before.

    `folder` is where the files are that remember both. Raises: as `sync`.
    """
    file = folder / f"commands-{guild.id}.sha256" if folder and guild else None
    for number, other in _homes(folder).items() if folder else ():
        if other != file:
            await _withdraw(tree, other, discord.Object(number))
    if guild is not None:
        await sync(tree, file, guild)


async def _withdraw(
    tree: app_commands.CommandTree[Any], file: Path, guild: discord.abc.Snowflake
) -> None:
    try:
        await tree.sync(guild=guild)  # The tree has none there, so that none stay.
    except (discord.Forbidden, discord.NotFound):
        log.info("Guild %d is closed to the bot, so its commands are gone as well.", guild.id)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        log.warning("Guild %d keeps its commands until the next start: %s", guild.id, error)
        return
    _remove(file)


async def _payload(
    tree: app_commands.CommandTree[Any], guild: discord.abc.Snowflake | None
) -> list[dict[str, Any]]:
    """What `CommandTree.sync` would send."""
    commands = tree.get_commands(guild=guild)
    if translator := tree.translator:
        return [await command.get_translated_payload(tree, translator) for command in commands]
    return [command.to_dict(tree) for command in commands]


def _hash(application: int | None, payload: list[dict[str, Any]]) -> str:
    # The order in which features were loaded is nothing that a member sees.
    commands = sorted(json.dumps(command, sort_keys=True) for command in payload)
    return hashlib.sha256("\n".join([str(application), *commands]).encode()).hexdigest()


def _homes(folder: Path) -> dict[int, Path]:
    """The files of guilds that have commands of their own, by the guild's id."""
    files = {file.stem.removeprefix("commands-"): file for file in folder.glob("commands-*.sha256")}
    return {int(number): file for number, file in files.items() if number.isdecimal()}


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
