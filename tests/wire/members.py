"""What people do in Discord: write, use commands, press buttons, fill in forms."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Mapping
from typing import Any

from tests.waiting import PATIENCE

from .callbacks import COMMAND, COMPONENT, MODAL, OPEN_MODAL
from .gateway import Gateway
from .world import PERMISSIONS, Interaction, Payload, World, parts

BUTTON, SELECT, TEXT_INPUT, LABEL = 2, 3, 4, 18
"""Kinds of components."""


class Member:
    """Somebody in a server."""

    def __init__(self, world: World, gateway: Gateway, name: str) -> None:
        self._world = world
        self._gateway = gateway
        self.user = world.user(name)
        self.roles: list[str] = []
        self.permissions = PERMISSIONS

    async def say(self, channel: Payload, text: str, to: Payload | None = None) -> Payload:
        """Writes a message, or a reply to another one; returns it."""
        body = {"content": text, "message_reference": to and {"message_id": to["id"]}}
        said = self._world.post(channel, self.user, body)
        await self._gateway.announce("MESSAGE_CREATE", said)
        return said

    async def open_post(self, forum: Payload, title: str, text: str) -> Payload:
        """Opens a post in a forum; returns its first message, which has the id of the post."""
        post = self._world.thread(forum, title)
        await self._gateway.dispatch("THREAD_CREATE", post)
        said = self._world.post(post, self.user, {"content": text}, id=post["id"])
        await self._gateway.announce("MESSAGE_CREATE", said)
        return said

    async def mention(self, channel: Payload, question: str) -> Payload:
        """Asks the bot in a message."""
        return await self.say(channel, f"<@{self._world.bot['id']}> {question}")

    async def ask_instead(self, message: Payload, question: str) -> None:
        """Edits a message in which they have asked the bot."""
        content = f"<@{self._world.bot['id']}> {question}"
        changed = self._world.edit(message, {"content": content})
        await self._gateway.announce("MESSAGE_UPDATE", changed)

    async def remove(self, message: Payload) -> None:
        """Deletes a message, as who wrote it or as a moderator."""
        await self._gateway.withdraw(message)

    async def slash(self, channel: Payload, name: str, **options: str | bool) -> Interaction:
        """Uses a command; returns when the bot has acknowledged it, or has come too late."""
        (command,) = (one for one in self._world.commands if one["name"] == name)
        kinds = {option["name"]: option["type"] for option in command["options"]}
        given = [
            {"name": key, "type": kinds[key], "value": value} for key, value in options.items()
        ]
        data = {"id": command["id"], "name": name, "type": 1, "options": given}
        if command["guild_id"]:
            data["guild_id"] = command["guild_id"]
        return await self._interact(COMMAND, channel, data)

    async def click(self, message: str | Payload | None, label: str) -> Interaction:
        """Presses the button of that label or emoji under a message."""
        source = self._world.messages[message] if isinstance(message, str) else message
        assert source is not None
        (button,) = (
            part
            for part in parts(source)
            if part["type"] == BUTTON and label in (part.get("label"), _emoji(part))
        )
        data = {"custom_id": button["custom_id"], "component_type": BUTTON, "id": button["id"]}
        channel = self._world.channels[source["channel_id"]]
        return await self._interact(COMPONENT, channel, data, source)

    async def choose(self, message: str | None, custom_id: str, *values: str) -> Interaction:
        """Chooses values, or channels by their ids, in a menu of a message."""
        source = self._world.messages[message or ""]
        (menu,) = (part for part in parts(source) if part.get("custom_id") == custom_id)
        assert not menu.get("disabled")
        data = {"custom_id": custom_id, "component_type": menu["type"], "id": menu["id"]}
        chosen = [self._world.channels[id] for id in values if id in self._world.channels]
        resolved = {"channels": {each["id"]: {**each, "permissions": "0"} for each in chosen}}
        data |= {"values": list(values), "resolved": resolved}
        channel = self._world.channels[source["channel_id"]]
        return await self._interact(COMPONENT, channel, data, source)

    async def submit(self, opened: Interaction, answers: Mapping[str, str]) -> Interaction:
        """Sends the form that an interaction has opened, filled in by the labels of its fields."""
        assert opened.callback is not None
        assert opened.callback["type"] == OPEN_MODAL
        form = opened.callback["data"]
        fields = [_filled(field, answers) for field in form["components"]]
        data = {"custom_id": form["custom_id"], "components": fields}
        return await self._interact(MODAL, opened.channel, data, opened.source)

    async def _interact(
        self, kind: int, channel: Payload, data: Payload, source: Payload | None = None
    ) -> Interaction:
        world = self._world
        guild, bot = channel["guild_id"], world.bot["id"]
        membership = world.membership() | {"roles": self.roles}
        member = {"user": self.user, "permissions": self.permissions, **membership}
        payload = {
            "id": world.snowflake(), "application_id": bot, "type": kind, "version": 1,
            "token": f"token-{world.snowflake()}", "guild_id": guild, "channel_id": channel["id"],
            "guild": {"id": guild, "features": [], "locale": "en-US"}, "guild_locale": "en-US",
            "locale": "en-US", "channel": {**channel, "permissions": PERMISSIONS},
            "member": member, "app_permissions": PERMISSIONS, "entitlements": [], "context": 0,
            "authorizing_integration_owners": {"0": guild}, "data": data,
            "attachment_size_limit": 10_485_760,
        }  # fmt: skip
        if source is not None:
            payload["message"] = copy.deepcopy(source)
        made = Interaction(payload, channel, source)
        world.interactions[payload["token"]] = made
        await self._gateway.dispatch("INTERACTION_CREATE", payload)
        async with asyncio.timeout(PATIENCE):
            await made.settled.wait()
        return made


def _emoji(button: Payload) -> str | None:
    return (button.get("emoji") or {}).get("name")


def _filled(field: Payload, answers: Mapping[str, str]) -> Payload:
    """A labelled field as the member's client sends it; it would not send a wrong one."""
    assert field["type"] == LABEL
    asked, given = field["component"], answers.get(field["label"], "")
    sent: dict[str, Any] = {"type": asked["type"], "custom_id": asked["custom_id"], "id": 2}
    if asked["type"] == SELECT:
        sent["values"] = [one["value"] for one in asked["options"] if one["label"] == given]
        assert sent["values"], f"{given!r} is not among the options"
    else:
        assert asked["type"] == TEXT_INPUT
        assert given or not asked.get("required", True)
        assert len(given) <= asked.get("max_length", 4000)
        sent["value"] = given
    return {"type": LABEL, "id": 1, "component": sent}
