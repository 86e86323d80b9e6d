"""A member who manages a server, and its settings as the bot shows them to that member."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import discord
import simcord

from .server import (
    Server,
    rows,
    seen,
)


@dataclass
class Manager:
    """A member who manages a server, and the settings as the bot shows them."""

    member: simcord.MemberActor
    result: simcord.InteractionResult

    @property
    def text(self) -> str:
        return seen(self.result.response.message)

    @property
    def menus(self) -> dict[str, dict[str, Any]]:
        """The menus by their settings."""
        items = rows(self.result.response.message)
        return {item["custom_id"].partition(":")[2]: item for item in items if item["type"] != 2}

    async def choose(self, setting: str, *values: Any) -> None:
        message = self.result.response.message
        await self.member.select(message, list(values), custom_id=f"settings:{setting}")

    async def undo(self) -> None:
        items = rows(self.result.response.message)
        (id,) = (item["custom_id"] for item in items if item.get("label") == "Undo last")
        await self.member.click(self.result.response.message, custom_id=id)


def member(server: Server, name: str, **allowed: bool) -> simcord.MemberActor:
    role = server.guild.create_role(name, permissions=discord.Permissions(**allowed))
    return server.guild.add_member(server.env.create_user(name), roles=[role])


async def managing(server: Server, name: str = "kim") -> Manager:
    kim = member(server, name, manage_guild=True)
    result = await kim.slash(server.channel, "settings")
    assert result.ephemeral
    return Manager(kim, result)
