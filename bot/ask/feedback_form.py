"""The form that asks why an answer was not helpful."""

from __future__ import annotations

import re

import discord

from ..i18n.phrases import Phrases

REASONS = ("wrong_topic", "outdated", "missing", "other")
"""Why an answer was not helpful: keys of the phrases, and what the journal keeps."""

MAX_WORDS = 500

ID = re.compile(r"why:(?P<answer>[0-9a-f]{16})")
"""The form's custom_id."""


class Why(discord.ui.Modal):
    """Asks for a reason, and for words if the member likes.

    It has no `on_submit`, for it would be gone after a restart of the bot: the listener of
    `Around` takes what is sent, and what it needs is in the custom_id.
    """

    def __init__(self, answer: str, phrases: Phrases) -> None:
        super().__init__(title=phrases("why_title"), custom_id=f"why:{answer}")
        options = [discord.SelectOption(label=phrases(key), value=key) for key in REASONS]
        reason: discord.ui.Select[Why] = discord.ui.Select(custom_id="reason", options=options)
        words: discord.ui.TextInput[Why] = discord.ui.TextInput(
            custom_id="words",
            style=discord.TextStyle.paragraph,
            required=False,
            max_length=MAX_WORDS,
        )
        self.add_item(discord.ui.Label(text=phrases("why"), component=reason))
        self.add_item(discord.ui.Label(text=phrases("why_words"), component=words))
