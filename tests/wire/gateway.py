"""The stand-in's gateway: sessions, their events, and all the ways in which they are lost."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from .world import EPHEMERAL, Payload, World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID_SESSION, HELLO, ACK = (
    0, 1, 2, 6, 7, 9, 10, 11,
)  # fmt: skip

MEMBERS, PRESENCES, MESSAGE_CONTENT = 1 << 1, 1 << 8, 1 << 15
PRIVILEGED = MEMBERS | PRESENCES | MESSAGE_CONTENT

HEARTBEAT_MS = 41_250

BAD_TOKEN, DISALLOWED_INTENTS = 4004, 4014


@dataclass(eq=False)
class Session:
    """A login of the bot; it outlives its sockets."""

    id: str
    intents: int
    socket: web.WebSocketResponse | None
    shard: int = 0
    sent: list[Payload] = field(default_factory=list)
    """All its events; the first has the sequence number 1."""


class Gateway:
    """Where the bot hears what happens."""

    def __init__(self, world: World, token: str) -> None:
        self._world = world
        self._token = token
        self.sockets: dict[web.WebSocketResponse, asyncio.Transport] = {}
        self._open = asyncio.Event()
        self._open.set()
        self.sessions: dict[str, Session] = {}
        self.address = ""
        self.shards = 1
        """How many the bot is to have: each hears of its share of the servers."""
        self.resumed = 0
        """How often a session was taken up again."""
        self.knows_token = True
        """Whether the bot's token has not been reset, which HTTP may hear of later."""
        self.allowed = 0
        """The privileged intents that the application may have."""
        self.status: int | None = None
        """The HTTP status with which no socket is opened, if any."""
        self.refused = 0
        """How many sockets were not opened."""
        self.repeats = 0
        """How many events, which the bot has got already, come again with a session."""

    @property
    def connected(self) -> bool:
        """Whether the bot hears what happens now, in each shard."""
        live = {session.shard for session in self.sessions.values() if session.socket}
        return len(live) == self.shards

    async def dispatch(self, event: str, data: Payload, bare: Payload | None = None) -> None:
        """Tells the sessions of its server; `bare` goes to those without message content."""
        guild = data["guild_id"] if "guild_id" in data else data["id"]
        for session in self._of(guild):
            shown = data if bare is None or session.intents & MESSAGE_CONTENT else bare
            await self._event(session, event, shown)

    def _of(self, guild: str) -> list[Session]:
        shard = (int(guild) >> 22) % self.shards
        return [session for session in self.sessions.values() if session.shard == shard]

    def forget(self) -> None:
        """Forgets the events that no session will want again, but not their number."""
        for session in self.sessions.values():
            if (old := len(session.sent) - 1_000) > 0:
                session.sent[:old] = [{}] * old

    async def announce(self, event: str, message: Payload) -> None:
        """Tells of a message; its words only to whom they concern, or who may read them all."""
        world = self._world
        guild = world.channels[message["channel_id"]]["guild_id"]
        data = {**message, "guild_id": guild, "member": world.membership()}
        concerned = [message["author"], *message["mentions"]]
        bare = {"content": "", "embeds": [], "attachments": [], "components": []}
        concerns_bot = any(user["id"] == world.bot["id"] for user in concerned)
        await self.dispatch(event, data, None if concerns_bot else {**data, **bare})

    async def withdraw(self, message: Payload) -> None:
        """Deletes a message, and tells of it unless one member alone saw it."""
        del self._world.messages[message["id"]]
        self._world.change()
        if not message["flags"] & EPHEMERAL:
            channel = self._world.channels[message["channel_id"]]
            ids = {"channel_id": channel["id"], "guild_id": channel["guild_id"]}
            await self.dispatch("MESSAGE_DELETE", {"id": message["id"], **ids})

    async def drop(self) -> None:
        """The sockets are gone, without a word."""
        for transport in list(self.sockets.values()):
            transport.abort()
        await self._world.until(lambda: not self.sockets)

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        """The sockets are gone, and a new one opens only when the block ends."""
        self._open.clear()
        try:
            await self.drop()
            yield
        finally:
            self._open.set()

    async def ask_to_reconnect(self) -> None:
        """Discord is about to restart a server of its own."""
        await self._tell({"op": RECONNECT, "d": None})

    async def invalidate(self, *, resumable: bool) -> None:
        """The sessions are no longer valid."""
        if not resumable:
            live = [session for session in self.sessions.values() if session.socket]
            for session in live:
                del self.sessions[session.id]
        await self._tell({"op": INVALID_SESSION, "d": resumable})

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """A socket of the bot's, from its opening to its end."""
        await self._open.wait()
        if self.status:
            self.refused += 1
            self._world.change()
            return web.Response(status=self.status)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        assert isinstance(request.transport, asyncio.Transport)
        self.sockets[socket] = request.transport
        try:
            await _send(socket, {"op": HELLO, "d": {"heartbeat_interval": HEARTBEAT_MS}})
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._hear(socket, json.loads(message.data))
        finally:
            del self.sockets[socket]
            for session in self.sessions.values():
                if session.socket is socket:
                    session.socket = None
            self._world.change()
        return socket

    async def _hear(self, socket: web.WebSocketResponse, packet: Payload) -> None:
        if packet["op"] == HEARTBEAT:
            await _send(socket, {"op": ACK})
        elif packet["op"] == IDENTIFY:
            await self._identify(socket, packet["d"])
        elif packet["op"] == RESUME:
            await self._resume(socket, packet["d"])

    async def _identify(self, socket: web.WebSocketResponse, data: Payload) -> None:
        if not self.knows_token or data["token"] != self._token:
            await socket.close(code=BAD_TOKEN, message=b"Authentication failed.")
            return
        if data["intents"] & PRIVILEGED & ~self.allowed:
            await socket.close(code=DISALLOWED_INTENTS, message=b"Disallowed intent(s).")
            return
        world = self._world
        shard = data.get("shard", [0, 1])
        session = Session(world.snowflake(), data["intents"], socket, shard[0])
        self.sessions[session.id] = session
        guilds = [guild for one, guild in world.guilds.items() if session in self._of(one)]
        ready = {
            "v": 10,
            "user": world.bot,
            "guilds": [{"id": guild["id"], "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.address,
            "shard": shard,
            "application": {"id": world.bot["id"], "flags": 0},
        }
        await self._event(session, "READY", ready)
        for guild in guilds:
            await self._event(session, "GUILD_CREATE", guild)
        world.change()

    async def _resume(self, socket: web.WebSocketResponse, data: Payload) -> None:
        session = self.sessions.get(data["session_id"])
        if session is None:
            await _send(socket, {"op": INVALID_SESSION, "d": False})
            return
        session.socket = socket
        for packet in session.sent[max(data["seq"] - self.repeats, 0) :]:
            await _send(socket, packet)
        await self._event(session, "RESUMED", {})
        self.resumed += 1
        self._world.change()

    async def _event(self, session: Session, event: str, data: Payload) -> None:
        number = len(session.sent) + 1
        packet = {"op": DISPATCH, "t": event, "s": number, "d": copy.deepcopy(data)}
        session.sent.append(packet)
        if session.socket is not None:
            await _send(session.socket, packet)

    async def _tell(self, packet: Payload) -> None:
        for socket in list(self.sockets):
            await _send(socket, packet)


async def _send(socket: web.WebSocketResponse, packet: Payload) -> None:
    # A socket that has just gone is the bot's to notice; the session keeps what it has missed.
    with suppress(ConnectionError):
        await socket.send_str(json.dumps({"s": None, "t": None, "d": None, **packet}))
