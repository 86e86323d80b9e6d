"""Discord's API as far as the doctor asks it, on loopback."""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from bot.cli.checks import Check

APPLICATION = "1234567890123456789"
REST = f"{'x' * 6}.{'y' * 38}"
TOKEN = base64.urlsafe_b64encode(APPLICATION.encode()).decode().rstrip("=") + "." + REST
ENOUGH = 309237713984
INVITE = (
    f"https://discord.com/oauth2/authorize?client_id={APPLICATION}"
    f"&scope=bot+applications.commands&permissions={ENOUGH}"
)


def guild(number: int, permissions: int = ENOUGH, name: str | None = None) -> dict[str, Any]:
    return {
        "id": str(number),
        "name": name or f"Server {number}",
        "permissions": str(permissions),
    }


@dataclasses.dataclass
class Portal:
    """Discord's API as far as the doctor asks it."""

    guilds: list[dict[str, Any]] = dataclasses.field(default_factory=lambda: [guild(1)])
    flags: int = 0
    status: int = 200
    application_values: dict[str, Any] = dataclasses.field(default_factory=dict)
    others: dict[str, Any] = dataclasses.field(default_factory=dict)
    """What is at other addresses, by their paths."""
    accepts: str = TOKEN

    async def me(self, request: web.Request) -> web.Response:
        if request.headers["Authorization"] != f"Bot {self.accepts}":
            return web.json_response({"message": "401: Unauthorized", "code": 0}, status=401)
        return web.json_response({"id": APPLICATION, "username": "passage"}, status=self.status)

    async def application(self, request: web.Request) -> web.Response:
        values = {
            "id": APPLICATION,
            "flags": self.flags,
            "bot_public": False,
            "privacy_policy_url": "https://example.org/privacy",
            "terms_of_service_url": "https://example.org/terms",
        }
        return web.json_response(values | self.application_values)

    async def other(self, request: web.Request) -> web.Response:
        if request.path not in self.others:
            return web.json_response({"message": "Unknown", "code": 10003}, status=404)
        return web.json_response(self.others[request.path])

    async def list(self, request: web.Request) -> web.Response:
        limit, after = int(request.query["limit"]), int(request.query["after"])
        assert limit <= 200
        found = [one for one in self.guilds if int(one["id"]) > after]
        return web.json_response(found[:limit])


@asynccontextmanager
async def serving(portal: Portal) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/users/@me", portal.me)
    app.router.add_get("/applications/@me", portal.application)
    app.router.add_get("/users/@me/guilds", portal.list)
    app.router.add_get("/{path:.*}", portal.other)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def named(checks: list[Check]) -> dict[str, Check]:
    found = {check.name: check for check in checks}
    assert len(found) == len(checks)
    return found


def states(checks: dict[str, Check]) -> dict[str, str]:
    return {name: check.state.value for name, check in checks.items()}
