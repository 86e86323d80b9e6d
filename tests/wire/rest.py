"""The stand-in's HTTP interface: the routes that the bot uses, each body held to the limits."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.discord_limits import message_problems, request_problems

from .callbacks import Callbacks, body_of
from .faults import Faults, RefusalError
from .gateway import MESSAGE_CONTENT, Gateway
from .world import EPHEMERAL, Payload, World

PREFIX = "/api/v10"

CONTENT_LIMITED = 1 << 19
"""An application's flag for message content on up to 100 servers."""

Handler = Callable[[web.Request], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Request:
    """A request that the bot has made."""

    method: str
    path: str
    json: Any


class Rest:
    """Where the bot says what it has to say."""

    def __init__(self, world: World, gateway: Gateway, token: str) -> None:
        self._world = world
        self._gateway = gateway
        self._token = token
        self._nonces: dict[tuple[str, str], Payload] = {}
        self.faults = Faults()
        self.callbacks = Callbacks(world, gateway)
        self.requests: list[Request] = []
        self.problems: list[str] = []
        """What Discord would not have taken, and the routes that are not known here."""

    def asked(self, method: str, path: str) -> int:
        """How often the bot has made a request of a method whose path ends in a pattern."""
        end = re.compile(path + "$")
        return sum(one.method == method and bool(end.search(one.path)) for one in self.requests)

    def forget(self, before: str) -> None:
        """Forgets all requests, and the nonces of messages that are older than an id."""
        self.requests.clear()
        self._nonces = {key: sent for key, sent in self._nonces.items() if sent["id"] >= before}

    def add_routes(self, app: web.Application) -> None:
        """Adds the routes to those of a server."""
        message = "/channels/{channel}/messages/{message}"
        original = "/webhooks/{app}/{token}/messages/@original"
        table: list[tuple[str, str, Handler]] = [
            ("GET", "/users/@me", self._me),
            ("GET", "/users/@me/guilds", self._guilds),
            ("GET", "/guilds/{guild}", self._guild),
            ("GET", "/oauth2/applications/@me", self._application),
            ("GET", "/applications/@me", self._application),
            ("GET", "/gateway/bot", self._address),
            ("PUT", "/applications/{app}/commands", self._sync),
            ("GET", "/applications/{app}/commands", self._commands),
            ("PUT", "/applications/{app}/guilds/{guild}/commands", self._sync),
            ("POST", "/channels/{channel}/typing", self._nothing),
            ("POST", "/channels/{channel}/messages", self._send),
            ("GET", "/channels/{channel}/messages", self._history),
            ("GET", message, self._read),
            ("PATCH", message, self._edit),
            ("DELETE", message, self._delete),
            ("PUT", message + "/reactions/{emoji}/@me", self._react),
            ("POST", message + "/threads", self._open_thread),
            ("POST", "/interactions/{id}/{token}/callback", self.callbacks.take),
            ("POST", "/webhooks/{app}/{token}", self.callbacks.follow_up),
            ("GET", original, self.callbacks.read),
            ("PATCH", original, self.callbacks.edit),
            ("DELETE", original, self.callbacks.delete),
            ("*", "/{path:.*}", self._unknown),
        ]
        for method, path, handler in table:
            app.router.add_route(method, PREFIX + path, self._serve(handler))

    def _serve(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def serve(request: web.Request) -> web.Response:
            body = await body_of(request) if request.can_read_body else None
            made = Request(request.method, request.path.removeprefix(PREFIX), body)
            self.requests.append(made)
            fault = self.faults.meet(made.method, made.path)
            self._world.change()
            if fault is None:
                return await self._answer(handler, request, made)
            if fault.gate is not None:
                await fault.gate.wait()
                return await self._answer(handler, request, made)
            if fault.taken:
                await self._answer(handler, request, made)
            return _response(fault.body, fault.status, fault.headers)

        return serve

    async def _answer(self, handler: Handler, request: web.Request, made: Request) -> web.Response:
        try:
            self._check(request, made)
            return _response(await handler(request))
        except RefusalError as refusal:
            return _response(refusal.body, refusal.status)

    def _check(self, request: web.Request, made: Request) -> None:
        public = made.path.startswith(("/interactions/", "/webhooks/"))
        if not public and request.headers.get("Authorization") != f"Bot {self._token}":
            raise RefusalError(401, 0, "401: Unauthorized")
        problems = request_problems([made])
        if made.path.startswith("/webhooks/") and made.method == "POST":
            problems += message_problems(made.json)
        if problems:
            self.problems += [f"{made.method} {made.path}: {problem}" for problem in problems]
            raise RefusalError(400, 50035, "Invalid Form Body")

    async def _unknown(self, request: web.Request) -> None:
        self.problems.append(f"{request.method} {request.path} is not known here")
        raise RefusalError(404, 0, "404: Not Found")

    async def _nothing(self, request: web.Request) -> None:
        """To have been asked is all."""

    async def _me(self, request: web.Request) -> Payload:
        return self._world.bot

    async def _guilds(self, request: web.Request) -> list[Payload]:
        after = int(request.query.get("after", 0))
        return [guild for id, guild in sorted(self._world.guilds.items()) if int(id) > after]

    async def _guild(self, request: web.Request) -> Payload:
        guild = self._world.guilds.get(request.match_info["guild"])
        if guild is None:
            raise RefusalError(404, 10004, "Unknown Guild")
        return guild

    async def _application(self, request: web.Request) -> Payload:
        bot = self._world.bot
        return {
            "id": bot["id"], "name": bot["username"], "description": "", "icon": None,
            "bot_public": True, "bot_require_code_grant": False, "owner": bot, "team": None,
            "verify_key": "0" * 64, "rpc_origins": [],
            "flags": CONTENT_LIMITED if self._gateway.allowed & MESSAGE_CONTENT else 0,
        }  # fmt: skip

    async def _address(self, request: web.Request) -> Payload:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        shards = self._gateway.shards
        return {"url": self._gateway.address, "shards": shards, "session_start_limit": limit}

    async def _sync(self, request: web.Request) -> list[Payload]:
        new, guild = self._world.snowflake, request.match_info.get("guild")
        commands = [
            {"description": "", "options": [], **command, "id": new(), "version": new(),
             "default_member_permissions": command.get("default_member_permissions"),
             "application_id": self._world.bot["id"], "guild_id": guild}
            for command in await request.json()
        ]  # fmt: skip
        others = [known for known in self._world.commands if known["guild_id"] != guild]
        self._world.commands = others + commands
        return commands

    async def _commands(self, request: web.Request) -> list[Payload]:
        return self._world.commands

    async def _send(self, request: web.Request) -> Payload:
        body = await request.json()
        channel = self._world.channels[request.match_info["channel"]]
        nonce = (channel["id"], str(body.get("nonce")))
        if body.get("enforce_nonce") and nonce in self._nonces:
            return self._nonces[nonce]
        sent = self._nonces[nonce] = self._world.post(channel, self._world.bot, body)
        await self._gateway.announce("MESSAGE_CREATE", sent)
        return sent

    async def _history(self, request: web.Request) -> list[Payload]:
        after, limit = int(request.query["after"]), int(request.query["limit"])
        channel = request.match_info["channel"]
        later = [
            message for message in self._world.messages.values()
            if message["channel_id"] == channel and int(message["id"]) > after
            and not message["flags"] & EPHEMERAL
        ]  # fmt: skip
        # Those that are nearest to `after`, the newest first.
        return sorted(later, key=lambda message: int(message["id"]))[:limit][::-1]

    async def _read(self, request: web.Request) -> Payload:
        message = self._world.messages.get(request.match_info["message"])
        if message is None:
            raise RefusalError(404, 10008, "Unknown Message")
        return message

    async def _edit(self, request: web.Request) -> Payload:
        edited = self._world.edit(await self._read(request), await request.json())
        await self._gateway.announce("MESSAGE_UPDATE", edited)
        return edited

    async def _delete(self, request: web.Request) -> None:
        await self._gateway.withdraw(await self._read(request))

    async def _open_thread(self, request: web.Request) -> Payload:
        channel = self._world.channels[request.match_info["channel"]]
        name, id = (await request.json())["name"], (await self._read(request))["id"]
        if id in self._world.channels:
            raise RefusalError(400, 160004, "A thread has already been created for this message")
        thread = self._world.thread(channel, name, id)
        await self._gateway.dispatch("THREAD_CREATE", thread)
        return thread

    async def _react(self, request: web.Request) -> None:
        self._world.react(await self._read(request), request.match_info["emoji"])


def _response(
    body: object, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    if body is None:
        return web.Response(status=204)
    # As bytes: discord.py reads JSON only where the type says nothing of a character set.
    data = json.dumps(body).encode()
    return web.Response(body=data, status=status, headers=headers, content_type="application/json")
