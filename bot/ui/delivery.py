"""A message on its way to Discord: passing faults, and the causes of refusals."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import TypeVar

import aiohttp
import discord

TRY_FOR = 14 * 60.0
"""Seconds for which a message is sent again: the token of an interaction is valid for 15 minutes.

A message that is sent again has the same nonce, so that Discord shows it once.
"""

ACKNOWLEDGE_WITHIN = 2.5
"""Seconds for which an interaction is acknowledged; Discord waits for three."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before a message is sent again; each pause is twice as long as the last one."""

ATTEMPT = 60.0
"""Seconds that one attempt may take: discord.py waits for 25 while Discord answers with a 500."""

ALREADY_ACKNOWLEDGED = 40060
EXPIRED = (10015, 10062, 50027)
"""Codes of an interaction whose token is not valid any more."""

WORDS_REFUSED = (200000, 240000)
"""Codes of a message that the server's rules do not let through."""

MESSAGE_REFUSED = (400, 413)
"""Statuses of a message that is not as Discord wants it, or whose file is too large."""

REFUSALS = {
    10003: "the channel was deleted",
    10008: "the message was deleted",
    10015: "the interaction is too old",
    10062: "the interaction is too old",
    20016: "the channel is in slow mode",
    50007: "the member takes no direct messages from the bot",
    50027: "the interaction is too old",
    50083: "the thread is archived",
    50278: "the member takes no direct messages from the bot",
    160005: "the thread is locked",
    200000: "the server's AutoMod does not let these words through",
    240000: "Discord's filter of harmful links does not let them through",
}
"""The causes of Discord's refusals by their codes (Discord's "JSON error codes")."""

DISCORD_FAULTS = (discord.HTTPException, aiohttp.ClientError, OSError)
"""What discord.py raises where Discord refuses a request, or cannot be reached."""

log = logging.getLogger(__name__)

Channel = discord.abc.GuildChannel | discord.Thread | discord.abc.PrivateChannel

Result = TypeVar("Result")


class DeliveryError(Exception):
    """Discord did not take a message; the message of the exception is the cause."""

    def __init__(self, error: Exception) -> None:
        """Tell the cause of what discord.py has raised."""
        self.code = error.code if isinstance(error, discord.HTTPException) else 0
        self.is_gone = isinstance(error, discord.NotFound)
        self.is_passing = _is_passing(error)
        self.is_forbidden = isinstance(error, discord.Forbidden) and self.code not in REFUSALS
        status = error.status if isinstance(error, discord.HTTPException) else 0
        self.is_about_message = self.code in WORDS_REFUSED or (
            status in MESSAGE_REFUSED and self.code not in REFUSALS
        )
        """Whether it is this message that Discord does not take: it may take another one."""
        reason = REFUSALS.get(self.code) or " ".join(str(error).split()) or type(error).__name__
        super().__init__(reason)

    def log(self, event: str, channel: int | None) -> None:
        """Log one line for the operator.

        Args:
            event: what the log calls the message or the interaction that asks.
            channel: the id of its channel.
        """
        if self.is_gone:
            log.info("There is no place any more for the answer to %s: %s.", event, self)
        elif self.is_forbidden:
            log.warning(
                "The bot may not answer in channel=%s: give it View Channel, Send Messages and "
                "Read Message History there.",
                channel,
            )
        else:
            log.warning("The answer to %s in channel=%s is not sent: %s.", event, channel, self)


async def deliver(send: Callable[[], Awaitable[Result]], within: float = TRY_FOR) -> Result:
    """Send a message, again while the fault is a passing one.

    Args:
        send: sends it; called again, it sends the same.
        within: seconds after which it is not tried again.

    Raises:
        DeliveryError: Discord refuses it, or could not be reached.
    """
    end, pause = time.monotonic() + within, FIRST_PAUSE
    while True:
        try:
            async with asyncio.timeout(ATTEMPT):
                return await send()
        except DISCORD_FAULTS as error:
            wait = max(pause, _retry_after(error))
            if not _is_passing(error) or time.monotonic() + wait > end:
                raise DeliveryError(error) from error
            reason = " ".join(str(error).split()) or type(error).__name__
            log.info("Discord takes no message now (%.200s); next try in %.0f s.", reason, wait)
        await asyncio.sleep(wait)
        pause = min(2 * pause, LONGEST_PAUSE)


async def acknowledge(
    interaction: discord.Interaction[discord.Client], *, thinking: bool, private: bool = True
) -> None:
    """Tell Discord that an answer will come. Raises DeliveryError."""
    try:
        await deliver(
            lambda: interaction.response.defer(thinking=thinking, ephemeral=private),
            ACKNOWLEDGE_WITHIN,
        )
    except DeliveryError as error:
        # Discord has heard of it the time before.
        if error.code != ALREADY_ACKNOWLEDGED:
            raise


async def channels_of(client: discord.Client, ids: Iterable[int]) -> dict[int, Channel | None]:
    """Return the channels and threads of these ids but for those that are deleted; None is one that
    cannot be known now. Discord lists no archived threads, and is asked for those."""
    channels = dict[int, Channel | None]()
    for id in ids:
        fetch = partial(client.fetch_channel, id)
        try:
            channels[id] = client.get_channel(id) or await deliver(fetch, 0)
        except (DeliveryError, discord.InvalidData) as error:
            if not (isinstance(error, DeliveryError) and error.is_gone):
                channels[id] = None
    return channels


def _is_passing(error: Exception) -> bool:
    return (
        not isinstance(error, discord.HTTPException) or error.status >= 500 or (error.status == 429)
    )


def _retry_after(error: Exception) -> float:
    """Return how many seconds Cloudflare wants the bot to wait; 0 if it does not say."""
    if not isinstance(error, discord.HTTPException):
        return 0.0
    try:
        return float(error.response.headers.get("Retry-After", 0))
    except (AttributeError, ValueError):
        return 0.0
