"""What the bot does about interactions: its callback in time, the answer, and what follows it."""

from __future__ import annotations

import json
import time
from typing import Any

from aiohttp import web

from tests.waiting import PATIENCE

from .faults import RefusalError
from .gateway import Gateway
from .world import EPHEMERAL, LOADING, Interaction, Payload, World

DEADLINE = PATIENCE / 200
"""Seconds that Discord waits for the first callback: three, or more on a machine that is slow."""

COMMAND, COMPONENT, MODAL = 2, 3, 5
"""Kinds of interactions."""

MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, OPEN_MODAL = 4, 5, 6, 7, 9
"""Kinds of callbacks."""

ALLOWED = {
    COMMAND: {MESSAGE, DEFERRED, OPEN_MODAL},
    COMPONENT: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, OPEN_MODAL},
    MODAL: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE},
}


async def body_of(request: web.Request) -> Any:
    """The JSON of a request: of one with files that beside them, with the `text` of each."""
    if request.content_type != "multipart/form-data":
        return await request.json()
    form = await request.post()
    body = json.loads(str(form["payload_json"]))
    for number, each in enumerate(body["attachments"]):
        file = form[f"files[{number}]"]
        assert isinstance(file, web.FileField)
        file.file.seek(0)  # It may have been read.
        data, url = file.file.read(), f"https://cdn.example/{number}"
        each |= {"size": len(data), "url": url, "proxy_url": url, "text": data.decode()}
    return body


class Callbacks:
    """The routes of an interaction's token."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world = world
        self._gateway = gateway

    async def take(self, request: web.Request) -> Payload:
        """The first callback: in time, only once, and of a kind that fits."""
        interaction, body = self._of(request), await body_of(request)
        after = time.monotonic() - interaction.made
        interaction.settled.set()
        if interaction.callback is not None:
            raise RefusalError(400, 40060, "Interaction has already been acknowledged.")
        if after > DEADLINE:
            raise RefusalError(404, 10062, "Unknown interaction")
        kind, data = body["type"], body.get("data") or {}
        if kind not in ALLOWED[interaction.payload["type"]]:
            raise RefusalError(400, 50035, "Invalid Form Body")
        interaction.callback, interaction.acknowledged_after = body, after
        message = None
        if kind == MESSAGE:
            message = await self._post(interaction, data)
        elif kind == DEFERRED:
            flags = (data.get("flags") or 0) & EPHEMERAL | LOADING
            message = await self._post(interaction, {}, flags)
        elif interaction.source is not None and kind in (DEFERRED_UPDATE, UPDATE):
            message = interaction.source
            if kind == UPDATE:
                await self._change(message, data)
        if message is not None:
            interaction.original = message["id"]
        self._world.change()
        told = {
            "id": interaction.payload["id"],
            "type": interaction.payload["type"],
            "response_message_id": interaction.original,
        }
        resource = {"type": kind} if message is None else {"type": kind, "message": message}
        return {"interaction": told, "resource": resource}

    async def follow_up(self, request: web.Request) -> Payload:
        """A further message; the first one takes the place of the one that was deferred."""
        interaction, body = self._of(request), await body_of(request)
        original = self._world.messages.get(interaction.original or "")
        if original is not None and original["flags"] & LOADING:
            return await self._change(original, body)
        sent = await self._post(interaction, body)
        interaction.followups.append(sent["id"])
        return sent

    async def read(self, request: web.Request) -> Payload:
        """The message that answers."""
        message = self._world.messages.get(self._of(request).original or "")
        if message is None:
            raise RefusalError(404, 10008, "Unknown Message")
        return message

    async def edit(self, request: web.Request) -> Payload:
        """Changes the message that answers."""
        return await self._change(await self.read(request), await body_of(request))

    async def delete(self, request: web.Request) -> None:
        """Deletes the message that answers."""
        await self._gateway.withdraw(await self.read(request))

    def _of(self, request: web.Request) -> Interaction:
        interaction = self._world.interactions.get(request.match_info["token"])
        if interaction is None:
            raise RefusalError(404, 10062, "Unknown interaction")
        return interaction

    async def _post(self, interaction: Interaction, body: Payload, flags: int = 0) -> Payload:
        sent = self._world.post(interaction.channel, self._world.bot, body, flags)
        if not sent["flags"] & EPHEMERAL:
            await self._gateway.announce("MESSAGE_CREATE", sent)
        return sent

    async def _change(self, message: Payload, body: Payload) -> Payload:
        changed = self._world.edit(message, body)
        if not changed["flags"] & EPHEMERAL:
            await self._gateway.announce("MESSAGE_UPDATE", changed)
        return changed
