"""The checks that ask Discord: the token, intents and permissions, and the ids in the settings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

import aiohttp

from retrieval import __version__

from ..discord_token import PERMISSIONS, WHERE, application_id, invite_address
from ..options import DEFAULTS, AskOptions, DiscordOptions
from .checks import OK, PROBLEM, WARNING, Check, counted, first_of

API = "https://discord.com/api/v10"
TIMEOUT = 5.0
"""Seconds that a request to Discord may take."""

CONTENT_INTENT = 1 << 18 | 1 << 19
"""The application's flags for message content: allowed, or allowed up to 100 servers."""

REVIEWED_CONTENT = 1 << 18
"""The flag of an application that Discord lets read message content whoever uses it."""

REVIEW_USERS = 10_000
"""Users from which Discord reviews a privileged intent, since June 2026."""

REVIEW_SOON = 7_500
"""Members of all servers together from which the doctor tells of the review."""

GUILDS_A_PAGE = 200

ADMINISTRATOR = 1 << 3
NEEDED = 1 << 10 | 1 << 11
"""View Channel and Send Messages."""

NEEDED_IN_THREADS = 1 << 10 | 1 << 38
THREADS = (10, 11, 12)
"""The types of channels that are threads."""

ADDRESSES = {"privacy_policy_url": "privacy policy", "terms_of_service_url": "terms of service"}
"""What Discord calls the addresses that the portal should have, and what people call them."""

Get = Callable[[str], Awaitable[Any]]
"""Returns the JSON at a path of Discord's API."""


class RefusedError(Exception):
    """Discord answers a request with an error."""

    def __init__(self, status: int) -> None:
        """Note the HTTP status."""
        super().__init__(f"status {status}")
        self.status = status


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


async def check_discord(
    token: str,
    ask: AskOptions = DEFAULTS,
    discord: DiscordOptions = DiscordOptions(),  # noqa: B008 - it is frozen
    api: str = API,
) -> list[Check]:
    """Check the token, the portal, the intents, the permissions and the ids in the settings.

    Args:
        token: the bot's token.
        ask: the settings with channels and servers.
        discord: the settings with the home server and the role.
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
            get = partial(_get, session, api)
            me = await get("/users/@me")
            application = await get("/applications/@me")
            guilds = await _guilds(get)
            ids = await _ids(get, me["id"], guilds, ask, discord)
    except RefusedError as error:
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
        _portal(application, bool(ask.guilds)),
        _intents(int(application.get("flags") or 0), bool(ask.channels), guilds),
        _permissions(guilds, str(application.get("id"))),
        *ids,
    ]


async def _get(session: aiohttp.ClientSession, api: str, path: str) -> Any:
    async with session.get(api + path) as answer:
        if answer.status != 200:
            raise RefusedError(answer.status)
        return await answer.json()


async def _guilds(get: Get) -> list[Mapping[str, Any]]:
    guilds: list[Mapping[str, Any]] = []
    after = "0"
    while True:
        page = await get(f"/users/@me/guilds?with_counts=true&limit={GUILDS_A_PAGE}&after={after}")
        guilds += page
        if len(page) < GUILDS_A_PAGE:
            return guilds
        after = page[-1]["id"]


def _portal(application: Mapping[str, Any], only_named_guilds: bool) -> Check:
    missing = [name for key, name in ADDRESSES.items() if not application.get(key)]
    says, do = [], []
    if missing:
        says.append(f"The developer portal has no address of your {' and '.join(missing)}.")
        do.append("Put it under General Information; PRIVACY.md is a policy to adapt.")
    if application.get("bot_public", True) and not only_named_guilds:
        says.append("Anybody may add the bot to a server.")
        do.append("Switch off Public Bot under Bot, or name your servers in PASSAGE_GUILDS.")
    if says:
        return Check("Portal", WARNING, " ".join(says), " ".join(do))
    return Check("Portal", OK, "It has a privacy policy and terms of service.")


def _intents(flags: int, wants_content: bool, guilds: Sequence[Mapping[str, Any]]) -> Check:
    if not (wants_content or flags & CONTENT_INTENT):
        says = "No privileged intent is needed; without Message Content, `/settings` sets no "
        return Check("Intents", OK, f"{says}channels aside.")
    if flags & CONTENT_INTENT:
        users = sum(int(guild.get("approximate_member_count") or 0) for guild in guilds)
        if flags & REVIEWED_CONTENT or users < REVIEW_SOON:
            return Check("Intents", OK, "The Message Content intent is allowed.")
        says = (
            f"The Message Content intent is allowed, but the bot's servers have {users:,} members: "
            f"from {REVIEW_USERS:,} users on Discord reviews "
            "it."
        )
        do = "Apply for it in the developer portal, or forbid it and leave PASSAGE_CHANNELS empty."
        return Check("Intents", WARNING, says, do)
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


async def _ids(
    get: Get,
    me: str,
    guilds: Sequence[Mapping[str, Any]],
    ask: AskOptions,
    discord: DiscordOptions,
) -> list[Check]:
    """Check the ids of servers, channels and roles that the settings name: one check, or none where
    they name nothing. Raises RefusedError where Discord refuses more than what an id names."""
    by_id = {int(guild["id"]): guild for guild in guilds}
    wrong = [
        f"PASSAGE_GUILDS {id}: the bot is not on that server"
        for id in sorted(ask.guilds - by_id.keys())
    ]
    home, role = discord.home_guild, discord.admin_role
    if home is not None and home not in by_id:
        wrong.append(f"PASSAGE_HOME_GUILD {home}: the bot is not on that server")
    elif home is not None and role is not None:
        roles = await get(f"/guilds/{home}/roles")
        if role not in {int(guild_role["id"]) for guild_role in roles}:
            wrong.append(f"PASSAGE_ADMIN_ROLE {role}: the home server has no such role")
    for channel in sorted(ask.channels):
        if fault := await _fault_of_channel(get, me, by_id, channel):
            wrong.append(f"PASSAGE_CHANNELS {channel}: {fault}")
    checked = len(ask.guilds) + len(ask.channels) + (home is not None) + (role is not None)
    if wrong:
        do = "Mend the setting, add the bot to the server, or give it the rights in the channel."
        return [Check("Ids", WARNING, f"{first_of(wrong, '; ')}.", do)]
    says = f"The bot reaches what the settings name: {counted(checked, 'id')}."
    return [Check("Ids", OK, says)] if checked else []


async def _fault_of_channel(
    get: Get, me: str, guilds: Mapping[int, Mapping[str, Any]], id: int
) -> str | None:
    try:
        channel = await get(f"/channels/{id}")
        needed = NEEDED
        if channel["type"] in THREADS:
            needed = NEEDED_IN_THREADS
            channel = await get(f"/channels/{channel['parent_id']}")
    except RefusedError as error:
        if error.status not in (403, 404):
            raise
        return "the bot sees no such channel"
    guild = guilds.get(int(channel.get("guild_id") or 0))
    if guild is None:
        return "it is no channel of the bot's servers"
    member = await get(f"/guilds/{guild['id']}/members/{me}")
    rights = _rights(int(guild["permissions"]), channel, guild["id"], member["roles"], me)
    return None if rights & needed == needed else "the bot may not write there"


def _rights(
    base: int, channel: Mapping[str, Any], guild: str, roles: Sequence[str], me: str
) -> int:
    """Return the bot's permissions in a channel, as Discord computes them ("Permissions").

    Args:
        base: those on the server.
        channel: the channel, with its overwrites.
        guild: the id of the server, which is also that of the role that everybody has.
        roles: the ids of the bot's roles.
        me: the bot's id.
    """
    if base & ADMINISTRATOR:
        return ~0
    overwrites = {rule["id"]: rule for rule in channel.get("permission_overwrites", [])}
    for ids in ([guild], roles, [me]):
        present = [overwrites[id] for id in ids if id in overwrites]
        for rule in present:
            base &= ~int(rule["deny"])
        for rule in present:
            base |= int(rule["allow"])
    return base
