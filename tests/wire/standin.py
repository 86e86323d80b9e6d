"""A stand-in for Discord on loopback, to which the bot's own process logs in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from .gateway import Gateway
from .members import Member
from .rest import PREFIX, Rest
from .world import Payload, World

TOKEN = "MTIzNDU2Nzg5.of.the-stand-in"  # noqa: S105 - it opens nothing


class StandIn:
    """Discord with one server and one channel; `standing_in` makes and serves it."""

    def __init__(self) -> None:
        self.world = World()
        self.gateway = Gateway(self.world, TOKEN)
        self.rest = Rest(self.world, self.gateway, TOKEN)
        self.until = self.world.until
        self.guild = self.world.guild("Readers")
        self.channel = self.world.channel(self.guild, "general")
        self.api = ""

    def member(self, name: str) -> Member:
        """Somebody who may write in every channel."""
        return Member(self.world, self.gateway, name)

    def at_home(self, *names: str) -> tuple[list[Member], dict[str, str]]:
        """Admins of these names, and the settings of a bot whose home is the first server."""
        role = self.world.role(self.guild, self.world.snowflake(), name="admin")
        admins = [self.member(name) for name in names]
        for admin in admins:
            admin.roles = [role["id"]]
        home, admin_role = self.guild["id"], role["id"]
        return admins, {"PASSAGE_HOME_GUILD": home, "PASSAGE_ADMIN_ROLE": admin_role}

    async def found(self, name: str, channels: int) -> Payload:
        """A new server, with the bot in it and so many channels."""
        guild = self.world.guild(name)
        for number in range(channels):
            self.world.channel(guild, f"{name}-{number}")
        await self.gateway.dispatch("GUILD_CREATE", guild)
        return guild

    def forget(self, before: str) -> None:
        """Forgets what is older than an id, so that hours fit into memory."""
        self.world.forget(before)
        self.rest.forget(before)
        self.gateway.forget()

    async def answer(self, said: Payload) -> str:
        """What the bot has to say to a message, once it has said it."""
        await self.until(lambda: self.world.answers(said))
        (answer,) = self.world.answers(said)
        return self.world.says(answer["id"])


@asynccontextmanager
async def standing_in() -> AsyncIterator[StandIn]:
    """Serves a stand-in on a free port of 127.0.0.1 until the block ends."""
    discord = StandIn()
    app = web.Application()
    app.router.add_get("/gateway/", discord.gateway.handle)
    discord.rest.add_routes(app)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        discord.api = f"http://127.0.0.1:{port}{PREFIX}"
        discord.gateway.address = f"ws://127.0.0.1:{port}/gateway/"
        yield discord
    finally:
        await runner.cleanup()
