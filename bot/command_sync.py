"""Sends the bot's commands to Discord, in the languages of its menus, when they have changed since
they were sent last.

Discord limits how often an application may send its commands, and members see them flicker when
it does. So a file keeps the hashes of what was sent last, by the server of its own commands: it
tells from where they are to be removed when another server is home.
"""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import (
    CommandTree,
    TranslationContextLocation,
    TranslationContextTypes,
    locale_str,
)
from pydantic import TypeAdapter

from retrieval import reason_of, write_json

from .i18n.phrases import phrases_for
from .ui.delivery import DISCORD_FAULTS

COMMANDS_FILE = "commands.json"
"""The file's name in the data folder."""

EVERYWHERE = 0
"""What stands in the file for the commands that all servers have, beside the ids of servers."""

CLOSED = (discord.Forbidden, discord.NotFound)
"""What Discord answers of a server that the bot has left."""

_SENT = TypeAdapter(dict[int, str])

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


async def sync(tree: CommandTree[Any], file: Path | None, home: int | None = None) -> bool:
    """Send the commands, unless Discord has them already: the global ones, those of the home
    server, and to servers that were home before that they have none any more.

    Where Discord or the network refuses them that is logged, and the old commands stay.

    Args:
        tree: the commands.
        file: keeps the hashes of what was sent last; None always sends all.
        home: the id of the home server, if there is one.

    Returns:
        Whether Discord has taken any now.

    Raises:
        MissingApplicationID: the client has not logged in.
        TranslationError: the tree's translator failed.
    """
    before, taken = _read(file) if file else {}, False
    kept = dict(before)
    for id in dict.fromkeys([EVERYWHERE, *before, home or EVERYWHERE]):
        guild = discord.Object(id) if id else None
        new = await _hash(tree, guild)
        if before.get(id) == new:
            log.info("The commands are those that Discord has already.")
        elif await _is_taken(tree, guild):
            taken, kept[id] = True, new
            if id not in (EVERYWHERE, home):
                del kept[id]
    if file is not None and taken:
        _write(file, kept)
    return taken


async def _is_taken(tree: CommandTree[Any], guild: discord.Object | None) -> bool:
    """Send the commands of a server, or the global ones. Return whether Discord has them now."""
    try:
        sent = await tree.sync(guild=guild)
    except DISCORD_FAULTS as error:
        if guild and not tree.get_commands(guild=guild) and isinstance(error, CLOSED):
            log.info("Guild %d is closed to the bot, so its commands are gone as well.", guild.id)
            return True
        reason = " ".join(str(error).split()) or type(error).__name__
        log.error(
            "Discord has not taken the commands, the bot goes on with the old ones: %s", reason
        )
        return False
    log.info("Told Discord %d commands.", len(sent))
    return True


async def _hash(tree: CommandTree[Any], guild: discord.Object | None) -> str:
    """The hash of what `CommandTree.sync` would send."""
    commands, translator = tree.get_commands(guild=guild), tree.translator
    payload = [
        await command.get_translated_payload(tree, translator)
        if translator
        else command.to_dict(tree)
        for command in commands
    ]
    # Members do not see the order in which features were loaded.
    written = sorted(json.dumps(each, sort_keys=True) for each in payload)
    return hashlib.sha256(
        "\n".join([str(tree.client.application_id), *written]).encode()
    ).hexdigest()


def _read(file: Path) -> dict[int, str]:
    try:
        return _SENT.validate_json(file.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        reason = reason_of(error)
        log.warning("%s cannot be read (%s), so the commands are sent again.", file, reason)
        return {}


def _write(file: Path, sent: dict[int, str]) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_json(file, _SENT, sent)
    except OSError as error:
        log.warning("%s cannot be written (%s); the next start sends them again.", file, error)
