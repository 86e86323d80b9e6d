"""`/privacy`: what is kept of a member and how long, and what she may do about it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from ..client import Bot
from ..i18n.phrases import Phrases
from ..ui.buttons import StoredButton
from ..ui.message import Interaction, Message, Part, add_row, layout, message_with_file
from ..ui.replies import reply

EXPORT_NAME = "passage-privacy.json"


class ExportButton(StoredButton, prefix="privacy"):
    """Sends the member all that is kept of her, as a file."""

    pattern = "(export)"

    async def message(self, interaction: Interaction, phrases: Phrases) -> Message:
        bot, member = Bot.of(interaction), interaction.user.id
        kept = await bot.journal.call(lambda journal: journal.kept_of(member))
        if kept is None:
            return layout([Part(phrases("failed"))])
        if not any(kept.values()):
            return layout([Part(phrases("privacy_nothing"))])
        return message_with_file(phrases("privacy_yours"), _as_json(kept), EXPORT_NAME)


class ForgetButton(StoredButton, prefix="privacy"):
    """Deletes all that is kept of the member."""

    pattern = "(delete)"

    async def message(self, interaction: Interaction, phrases: Phrases) -> Message:
        done = await Bot.of(interaction).journal.forget_member(interaction.user.id)
        return layout([Part(phrases("privacy_deleted" if done else "privacy_later"))])


class RecordButton(StoredButton, prefix="privacy:record"):
    """Sets whether more of the member may be kept, and shows that in place."""

    pattern = "([01])"
    anew = False

    async def message(self, interaction: Interaction, phrases: Phrases) -> Message:
        bot, member = Bot.of(interaction), interaction.user.id
        recorded = self.values[0] == "1"
        done = await bot.journal.change(lambda journal: journal.set_recorded(member, recorded))
        notice = [] if done else [phrases("privacy_later")]
        return _overview(bot, recorded, phrases, *notice)


class PrivacyCog(commands.Cog):
    """Tells members what is kept of them."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    @app_commands.command()
    async def privacy(self, interaction: discord.Interaction) -> None:
        """Say what the bot keeps of you and how long; get it, delete it, or keep nothing."""

        async def overview(phrases: Phrases) -> Message:
            await self.bot.journal.write()  # It reads who may be recorded as well.
            recorded = self.bot.journal.is_recorded(interaction.user.id)
            return _overview(self.bot, recorded, phrases)

        await reply(interaction, overview)


def _overview(bot: Bot, recorded: bool, phrases: Phrases, *notice: str) -> discord.ui.LayoutView:
    options = bot.ask_options
    lines = [
        phrases("privacy"),
        phrases.counted("privacy_days", options.keep_days),
        phrases("privacy_log_words" if options.log_questions else "privacy_log"),
        f"**{phrases('privacy_recorded' if recorded else 'privacy_unrecorded')}**",
        *notice,
    ]
    return add_row(
        layout([Part("\n".join(lines))]),
        ExportButton("export", label=phrases("privacy_export")),
        ForgetButton("delete", label=phrases("privacy_delete")),
        RecordButton(
            int(not recorded), label=phrases("privacy_stop" if recorded else "privacy_start")
        ),
    )


def _as_json(kept: Mapping[str, Sequence[Any]]) -> bytes:
    """Return what is kept as JSON, with times as people read them."""
    rows = {
        name: [
            asdict(entry) | {"at": datetime.fromtimestamp(entry.at, UTC).isoformat()}
            for entry in entries
        ]
        for name, entries in kept.items()
    }
    return json.dumps(rows, ensure_ascii=False, indent=2).encode("utf-8", "replace")


async def setup(bot: Bot) -> None:
    """Add the feature to the bot."""
    await bot.add_cog(PrivacyCog(bot))
