"""The checks that ask Discord: the bot's token, intents and permissions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp

from retrieval import __version__

from ..discord_token import PERMISSIONS, WHERE, application_id, invite_address
from .checks import OK, PROBLEM, WARNING, Check, counted, first_of

API = "https://discord.com/api/v10"
TIMEOUT = 5.0
"""Seconds that a request to Discord may take."""

ADMINISTRATOR = 1 << 3
CONTENT_INTENT = 1 << 18 | 1 << 19
"""The application's flags for message content: allowed, or allowed up to 100 servers."""

GUILDS_A_PAGE = 200


def check_token(token: str | None) -> Check:
    """Check that there is a token and that it is shaped like one; it is not in the check."""
    where = WHERE[0].upper() + WHERE[1:]
    if not token:
        says = "DISCORD_TOKEN is not set, so `passage run` has no bot to connect."
        return Check("Token", PROBLEM, says, f"{where} into .env. `passage try` needs none.")
    if (number := application_id(token)) is None:
        says = "DISCORD_TOKEN is not a bot's token, which has three parts with dots between them."
        do = f"{where}; the client secret and the public key are something else."
        return Check("Token", PROBLEM, says, do)
    return Check("Token", OK, f"It has the shape of a token, of the application {number}.")


class _RefusedError(Exception):
    """Discord answers a request with an error."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


async def check_discord(token: str, wants_content: bool, api: str = API) -> list[Check]:
    """Check the token, the intents and the permissions.

    Args:
        token: the bot's token.
        wants_content: whether the settings need the Message Content intent.
        api: the address of Discord's API.

    Returns:
        The checks; a single warning where Discord cannot be reached.
    """
    headers = {
        "Authorization": f"Bot {token}",
        "User-Agent": f"DiscordBot (passage, {__version__})",
    }
    timeout = aiohttp.ClientTimeout(total=TIMEOUT)
    try:
        async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
            me = await _get(session, f"{api}/users/@me")
            application = await _get(session, f"{api}/applications/@me")
            guilds = await _guilds(session, api)
    except _RefusedError as error:
        if error.status == 401:
            do = "Reset it in the developer portal under Bot, and set DISCORD_TOKEN to the new."
            return [Check("Discord", PROBLEM, "Discord does not accept the token.", do)]
        says = f"Discord answers with the status {error.status}, so more was not looked at."
        return [Check("Discord", WARNING, says, "Try again in a while.")]
    except (aiohttp.ClientError, OSError, ValueError) as error:
        reason = " ".join(str(error).split()) or f"no answer within {TIMEOUT:.0f} s"
        do = "Check this machine's network: the bot needs https and wss to discord.com."
        return [Check("Discord", WARNING, f"Discord cannot be reached ({reason}).", do)]
    says = f"The token is accepted: {me.get('username')}, on {counted(len(guilds), 'server')}."
    return [
        Check("Discord", OK, says),
        _intents(int(application.get("flags") or 0), wants_content),
        _permissions(guilds, str(application.get("id"))),
    ]


async def _get(session: aiohttp.ClientSession, address: str) -> Any:
    async with session.get(address) as answer:
        if answer.status != 200:
            raise _RefusedError(answer.status)
        return await answer.json()


async def _guilds(session: aiohttp.ClientSession, api: str) -> list[Mapping[str, Any]]:
    guilds: list[Mapping[str, Any]] = []
    after = "0"
    while True:
        page = await _get(session, f"{api}/users/@me/guilds?limit={GUILDS_A_PAGE}&after={after}")
        guilds += page
        if len(page) < GUILDS_A_PAGE:
            return guilds
        after = page[-1]["id"]


def _intents(flags: int, wants_content: bool) -> Check:
    if not wants_content:
        return Check("Intents", OK, "No privileged intent is needed.")
    if flags & CONTENT_INTENT:
        return Check("Intents", OK, "The Message Content intent is allowed.")
    says = "PASSAGE_CHANNELS needs the Message Content intent, and it is not allowed."
    do = (
        "Allow it in the developer portal under Bot, Privileged Gateway Intents; or leave "
        "PASSAGE_CHANNELS empty."
    )
    return Check("Intents", PROBLEM, says, do)


def _permissions(guilds: Sequence[Mapping[str, Any]], application: str) -> Check:
    invite = invite_address(application)
    if not guilds:
        return Check("Permissions", WARNING, "The bot is on no server.", f"Add it: {invite}")
    incomplete = []
    for guild in guilds:
        has = int(guild["permissions"])
        if lacks := [name for bit, name in PERMISSIONS.items() if not has & (bit | ADMINISTRATOR)]:
            incomplete.append(f"{guild['name']} ({', '.join(lacks)})")
    if not incomplete:
        says = "It has what it needs on each server; single channels can still forbid it."
        return Check("Permissions", OK, says)
    do = f"Allow them in the server's settings under Roles, or add the bot again: {invite}"
    return Check("Permissions", WARNING, f"Missing on {first_of(incomplete)}.", do)
