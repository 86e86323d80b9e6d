"""Telling Discord the bot's commands, when they are not those that it was told last.

Discord limits how often an application may send its commands, and members see them flicker when
it does. So a hash of what was sent last is kept in a file; without it they are sent once more.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from pathlib import Path
from typing import Any

import aiohttp
import discord
from discord import app_commands

log = logging.getLogger(__name__)


async def sync(tree: app_commands.CommandTree[Any], file: Path | None) -> bool:
    """Send the tree's global commands, unless `file` says that Discord has them already.

    Returns whether they were sent and taken. What Discord or the network refuses is logged, and
    members keep the commands that Discord has. Without a file they are always sent.

    Raises:
        MissingApplicationID: the client has not logged in.
        TranslationError: the tree's translator failed.
    """
    new = _hash(tree.client.application_id, await _payload(tree))
    if file is not None and _read(file) == new:
        log.info("The commands are those that Discord has already.")
        return False
    try:
        sent = await tree.sync()
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


async def _payload(tree: app_commands.CommandTree[Any]) -> list[dict[str, Any]]:
    """What `CommandTree.sync` would send."""
    if translator := tree.translator:
        return [
            await command.get_translated_payload(tree, translator)
            for command in tree.get_commands()
        ]
    return [command.to_dict(tree) for command in tree.get_commands()]


def _hash(application: int | None, payload: list[dict[str, Any]]) -> str:
    # The order in which features were loaded is nothing that a member sees.
    commands = sorted(json.dumps(command, sort_keys=True) for command in payload)
    return hashlib.sha256("\n".join([str(application), *commands]).encode()).hexdigest()


def _read(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        log.warning("%s cannot be read (%s), so the commands are sent again.", file, error)
        return None


def _write(file: Path, text: str) -> None:
    aside = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            aside.write_text(f"{text}\n", encoding="utf-8")
            aside.replace(file)
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        log.warning("%s cannot be written (%s); the next start sends them again.", file, error)
