"""The checks of the ids in the settings: whether the bot is there, and may write there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from ..options import AskOptions, DiscordOptions
from .checks import OK, WARNING, Check, counted, first_of

Get = Callable[[str], Awaitable[Any]]

ADMINISTRATOR = 1 << 3
NEEDED = 1 << 10 | 1 << 11
"""View Channel and Send Messages."""

NEEDED_IN_THREADS = 1 << 10 | 1 << 38
THREADS = (10, 11, 12)
"""The types of channels that are threads."""


class RefusedError(Exception):
    """Discord answers a request with an error."""

    def __init__(self, status: int) -> None:
        """Note the HTTP status."""
        super().__init__(f"status {status}")
        self.status = status


async def check_ids(
    get: Get,
    me: str,
    guilds: Sequence[Mapping[str, Any]],
    ask: AskOptions,
    discord: DiscordOptions,
) -> list[Check]:
    """Check the ids of servers, channels and roles that the settings name.

    Args:
        get: returns the JSON at a path of Discord's API.
        me: the bot's id.
        guilds: the servers that the bot is on, each with its `id` and the bot's `permissions`.
        ask: the settings with channels and servers.
        discord: the settings with the home server and the role.

    Returns:
        One check; none where the settings name nothing.

    Raises:
        RefusedError: Discord refuses more than what an id names.
    """
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
