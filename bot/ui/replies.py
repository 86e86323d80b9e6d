"""Replies to commands and buttons, which only the member sees who asked for them."""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import discord

from ..i18n.phrases import Phrases, phrases_for
from ..worker import BusyError
from .delivery import (
    ACKNOWLEDGE_WITHIN,
    ALREADY_ACKNOWLEDGED,
    TRY_FOR,
    DeliveryError,
    acknowledge,
    deliver,
)
from .message import Interaction, Message, problem_message

log = logging.getLogger(__name__)


async def reply(
    interaction: Interaction, make: Callable[[Phrases], Awaitable[Message]], *, anew: bool = True
) -> None:
    """Show the member alone a message.

    Discord is told at once that an answer will come: it waits three seconds, and the worker may
    be busy.

    Args:
        interaction: the member's command, or press of a button.
        make: returns the message in the member's language. What it raises becomes a sentence, with
            the reference that the log has.
        anew: whether it is a new message, or takes the place of that with the button.
    """
    phrases = phrases_for(interaction.locale)
    # Without `thinking`, the answer to a button takes the place of the message that has it.
    if not await acknowledged(interaction, thinking=anew):
        return
    try:
        message = await make(phrases)
    except Exception:
        message = failure(phrases)
    view, *files = message if isinstance(message, tuple) else (message,)
    try:
        # discord.py closes a file once it has tried to send it.
        await deliver(
            lambda: interaction.edit_original_response(view=view, attachments=files),
            0 if files else TRY_FOR,
        )
    except DeliveryError as error:
        error.log(f"interaction={interaction.id}", interaction.channel_id)
        if error.is_about_message:  # Else "thinking …" would stay.
            notice = failure(phrases)
            with suppress(DeliveryError):
                await deliver(
                    lambda: (
                        interaction.edit_original_response(view=notice)
                        if anew
                        else interaction.followup.send(view=notice, ephemeral=True)
                    ),
                    0,
                )


async def acknowledged(interaction: Interaction, *, thinking: bool) -> bool:
    """Tell Discord, as `acknowledge` does, that an answer will come; return whether it was told.
    If not, that is logged."""
    try:
        await acknowledge(interaction, thinking=thinking)
    except DeliveryError as error:
        error.log(f"interaction={interaction.id}", interaction.channel_id)
        return False
    return True


async def whisper(interaction: Interaction, sentence: str) -> None:
    """Show the member alone a sentence, at once."""
    view = problem_message(sentence)
    await respond(interaction, lambda: interaction.response.send_message(view=view, ephemeral=True))


async def respond(interaction: Interaction, send: Callable[[], Awaitable[Any]]) -> None:
    """Send the first response to an interaction, within the seconds that Discord waits for it."""
    try:
        await deliver(send, ACKNOWLEDGE_WITHIN)
    except DeliveryError as error:
        if error.code != ALREADY_ACKNOWLEDGED:  # Else the member has read it already.
            error.log(f"interaction={interaction.id}", interaction.channel_id)


def failure(phrases: Phrases) -> discord.ui.LayoutView:
    """Log the exception being handled, and return the message that has the log's reference.

    A BusyError is not logged: its message is a phrase that says all there is to say. Of a
    DeliveryError the log has a line.
    """
    error = sys.exception()
    if isinstance(error, BusyError):
        return problem_message(phrases(str(error)))
    reference = secrets.token_hex(4)
    if isinstance(error, DeliveryError):
        log.warning("Reference %s: %s.", reference, error)
    else:
        log.exception("Reference %s:", reference)
    return problem_message(phrases("failed"), reference, phrases)
