"""What Discord says of the bot: its token, its intents, and what servers let it do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import aiohttp

from ..discord_token import WHERE, application_id
from .checks import Check, State, count, named

API = "https://discord.com/api/v10"
TIMEOUT = 5.0
"""Seconds that a request to Discord may take."""

PERMISSIONS = {
    1 << 10: "View Channels",
    1 << 11: "Send Messages",
    1 << 16: "Read Message History",
    1 << 38: "Send Messages in Threads",
}
ADMINISTRATOR = 1 << 3
CONTENT_INTENT = 1 << 18 | 1 << 19
"""The application's flags for message content: allowed, or allowed up to 100 servers."""

GUILDS_A_PAGE = 200


def check_token(token: str | None) -> Check:
    """Whether there is a token, and whether it is shaped like one. It is never repeated."""
    where = WHERE[0].upper() + WHERE[1:]
    if not token:
        return Check(
            "Token",
            State.PROBLEM,
            "DISCORD_TOKEN is not set, so `passage run` has no bot to connect.",
            f"{where} into .env. `passage try` needs none.",
        )
    if (number := application_id(token)) is None:
        return Check(
            "Token",
            State.PROBLEM,
            "DISCORD_TOKEN is not a bot's token, which has three parts with dots between them.",
            f"{where}; the client secret and the public key are something else.",
        )
    return Check("Token", State.OK, f"It has the shape of a token, of the application {number}.")


class _RefusedError(Exception):
    """Discord answers a request with an error."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


async def check_discord(token: str, wants_content: bool, api: str = API) -> list[Check]:
    """What Discord's API at the address `api` says; one warning where it cannot be reached."""
    headers = {
        "Authorization": f"Bot {token}",
        "User-Agent": f"DiscordBot (passage, {version('passage')})",
    }
    timeout = aiohttp.ClientTimeout(total=TIMEOUT)
    try:
        async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
            me = await _get(session, f"{api}/users/@me")
            application = await _get(session, f"{api}/applications/@me")
            guilds = await _guilds(session, api)
    except _RefusedError as error:
        if error.status == 401:
            return [
                Check(
                    "Discord",
                    State.PROBLEM,
                    "Discord does not accept the token.",
                    "Reset it in the developer portal under Bot, and set DISCORD_TOKEN to the new.",
                )
            ]
        says = f"Discord answers with the status {error.status}, so more was not looked at."
        return [Check("Discord", State.WARNING, says, "Try again in a while.")]
    except (aiohttp.ClientError, OSError, ValueError) as error:
        reason = " ".join(str(error).split()) or f"no answer within {TIMEOUT:.0f} s"
        return [
            Check(
                "Discord",
                State.WARNING,
                f"Discord cannot be reached ({reason}).",
                "Check this machine's network: the bot needs https and wss to discord.com.",
            )
        ]
    name, number = str(me.get("username")), str(application.get("id"))
    return [
        Check("Discord", State.OK, f"The token is accepted: {name}, on {count(guilds, 'server')}."),
        _intents(int(application.get("flags") or 0), wants_content),
        _permissions(guilds, number),
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
        return Check("Intents", State.OK, "No privileged intent is needed.")
    if flags & CONTENT_INTENT:
        return Check("Intents", State.OK, "The Message Content intent is allowed.")
    return Check(
        "Intents",
        State.PROBLEM,
        "PASSAGE_CHANNELS needs the Message Content intent, and it is not allowed.",
        "Allow it in the developer portal under Bot, Privileged Gateway Intents; or leave "
        "PASSAGE_CHANNELS empty.",
    )


def _permissions(guilds: Sequence[Mapping[str, Any]], application: str) -> Check:
    invite = (
        f"https://discord.com/oauth2/authorize?client_id={application}"
        f"&scope=bot+applications.commands&permissions={sum(PERMISSIONS)}"
    )
    if not guilds:
        return Check("Permissions", State.WARNING, "The bot is on no server.", f"Add it: {invite}")
    lacking = []
    for guild in guilds:
        has = int(guild["permissions"])
        if lacks := [name for bit, name in PERMISSIONS.items() if not has & (bit | ADMINISTRATOR)]:
            lacking.append(f"{guild['name']} ({', '.join(lacks)})")
    if not lacking:
        says = "It has what it needs on each server; single channels can still forbid it."
        return Check("Permissions", State.OK, says)
    return Check(
        "Permissions",
        State.WARNING,
        f"Missing on {named(lacking)}.",
        f"Allow them in the server's settings under Roles, or add the bot again: {invite}",
    )
