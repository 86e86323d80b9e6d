"""The shape of a bot's token, which can be checked without Discord."""

from __future__ import annotations

import base64
import re

WHERE = "copy the bot's token (Bot, Reset Token) from https://discord.com/developers/applications"
"""How to get a token, as a part of a sentence."""

PERMISSIONS = {
    1 << 10: "View Channels",
    1 << 11: "Send Messages",
    1 << 16: "Read Message History",
    1 << 6: "Add Reactions",
    1 << 35: "Create Public Threads",
    1 << 38: "Send Messages in Threads",
}

_TOKEN = re.compile(r"([\w-]+)\.[\w-]+\.[\w-]+", re.ASCII)


def application_id(token: str) -> str | None:
    """Return the application's id from a token; None if it is not shaped like a token.

    A token has three parts in base64url with dots between them, of which the first is the id.
    """
    if (parts := _TOKEN.fullmatch(token)) is None:
        return None
    try:
        number = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)).decode("ascii")
    except ValueError:
        return None
    return number if number.isdecimal() else None


def invite_address(application: str) -> str:
    """Return the address at which a server's admin adds the bot, given its application's id."""
    return (
        f"https://discord.com/oauth2/authorize?client_id={application}"
        f"&scope=bot+applications.commands&permissions={sum(PERMISSIONS)}"
    )
