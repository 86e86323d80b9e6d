"""The form that asks why an answer was not helpful."""

from __future__ import annotations

import re
from typing import Any

import discord

from ..i18n.phrases import Phrases

REASONS = ("wrong_topic", "outdated", "missing", "other")
"""Why an answer was not helpful: keys of the phrases, and what the journal keeps."""

MAX_COMMENT = 500
"""The most characters that a member may write about an answer."""

_CUSTOM_ID = re.compile(r"why:(?P<answer>[0-9a-f]{16})")


class FeedbackForm(discord.ui.Modal):
    """Asks for a reason, and for a comment if the member likes.

    It has no `on_submit`, because the form would be gone after a restart of the bot: the listener
    in `follow_up` reads what is sent with `submitted_feedback`.
    """

    def __init__(self, answer: str, phrases: Phrases) -> None:
        """Make the form for the answer of an id, in the member's language."""
        super().__init__(title=phrases("why_title"), custom_id=f"why:{answer}")
        options = [discord.SelectOption(label=phrases(key), value=key) for key in REASONS]
        reason: discord.ui.Select[Any] = discord.ui.Select(custom_id="reason", options=options)
        comment: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id="words",
            style=discord.TextStyle.paragraph,
            required=False,
            max_length=MAX_COMMENT,
        )
        self.add_item(discord.ui.Label(text=phrases("why"), component=reason))
        self.add_item(discord.ui.Label(text=phrases("why_words"), component=comment))


def submitted_feedback(interaction: discord.Interaction) -> tuple[str, str, str | None] | None:
    """Return the answer's id, the reason and the comment that a member has sent with the form.

    It is None if the interaction is something else.
    """
    data: Any = interaction.data or {}
    if interaction.type is not discord.InteractionType.modal_submit:
        return None
    match = _CUSTOM_ID.fullmatch(data["custom_id"])
    if match is None:
        return None
    fields = {part["component"]["custom_id"]: part["component"] for part in data["components"]}
    comment = fields["words"]["value"].strip() or None
    return match["answer"], fields["reason"]["values"][0], comment
