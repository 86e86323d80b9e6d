"""Replies that only the member sees who asked for them."""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import Awaitable, Callable

import discord

from ..i18n.discord_locale import phrases_for
from ..i18n.phrases import Phrases
from ..worker import BusyError
from .message import problem

log = logging.getLogger(__name__)

Make = Callable[[Phrases], Awaitable[discord.ui.LayoutView]]


async def reply(interaction: discord.Interaction, make: Make, *, anew: bool = True) -> None:
    """Shows the member alone a new message, or with `anew=False` changes that of the button.

    Discord is told at once that an answer will come: it waits three seconds, and the worker may
    be busy. What `make` raises becomes a sentence, with the reference that the log has.
    """
    phrases = phrases_for(interaction.locale)
    # Without `thinking`, the answer to a button takes the place of the message that has it.
    await interaction.response.defer(ephemeral=True, thinking=anew)
    try:
        view = await make(phrases)
    except Exception:
        view = failure(phrases)
    await interaction.edit_original_response(view=view)


def failure(phrases: Phrases) -> discord.ui.LayoutView:
    """Logs the exception that is being handled; the message says so, with its reference.

    A BusyError only says what it has to say.
    """
    error = sys.exception()
    if isinstance(error, BusyError):
        return problem(phrases(str(error)), phrases=phrases)
    reference = secrets.token_hex(4)
    log.exception("Reference %s:", reference)
    return problem(phrases("failed"), reference, phrases)
