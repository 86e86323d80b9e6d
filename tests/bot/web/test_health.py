"""The health endpoint, as a supervisor asks it."""

from __future__ import annotations

import asyncio
import gc
import logging
import math
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import pytest

from bot.metrics import Metrics
from bot.web.health import health_page
from bot.web.listening import PortError
from retrieval import Library
from tests.waiting import PATIENCE

from ..server import nothing_found, until
from ..server import serving as discord_server


@dataclass
class Shard:
    closed: bool = False

    def is_closed(self) -> bool:
        return self.closed


@dataclass
class Client:
    """A client as it comes and goes."""

    ready: bool = True
    closed: bool = False
    latency: float = 0.0423
    shards: dict[int, Shard] = field(default_factory=lambda: {0: Shard(), 1: Shard()})

    def is_ready(self) -> bool:
        return self.ready

    def is_closed(self) -> bool:
        return self.closed


@asynccontextmanager
async def asking(client: Client) -> AsyncIterator[aiohttp.ClientSession]:
    async with (
        health_page(client, 0, Metrics(lambda: 0)) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        yield session


async def health(client: Client) -> tuple[int, dict[str, object]]:
    async with asking(client) as session, session.get("/healthz") as answer:
        return answer.status, await answer.json()


async def test_a_bot_that_is_well() -> None:
    says = {"status": "ok", "ready": True, "latency_ms": 42}
    assert await health(Client()) == (200, says)


@pytest.mark.parametrize(
    "client",
    [
        Client(ready=False, latency=math.nan, shards={}),
        Client(latency=math.inf, shards={0: Shard(), 1: Shard(closed=True)}),
        Client(latency=math.inf, closed=True),
    ],
    ids=["not ready yet", "a shard lost", "closed"],
)
async def test_a_bot_that_is_not_well(client: Client) -> None:
    says = {"status": "unavailable", "ready": False, "latency_ms": None}
    assert await health(client) == (503, says)


async def test_the_real_bot() -> None:
    async with discord_server(nothing_found()) as server:
        status, says = await health(server.env.bot)
    assert (status, says["ready"]) == (200, True)


async def test_the_figures_of_the_real_bot(library: Library) -> None:
    async with discord_server(library) as server:
        bot = server.env.bot
        await server.ask("Who received the Ho Chi Minh Order?")
        await server.ask("🙂")
        bot.reloader.start()
        await until(lambda: bot.reloader.last)
        async with (
            health_page(bot, 0, bot.metrics) as port,
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port}/metrics") as answer,
        ):
            assert answer.content_type == "text/plain"
            lines = (await answer.text()).splitlines()
        for line in (
            'passage_questions_total{outcome="quoted"} 1.0',
            'passage_questions_total{outcome="refused"} 1.0',
            "passage_answer_seconds_count 2.0",
            'passage_reloads_total{outcome="done"} 1.0',
        ):
            assert line in lines
        # A reload leaves work behind: what answers and news make of it.
        assert any(re.fullmatch(r"passage_queue \d+\.0", line) for line in lines)
        assert str(server.ana.id) not in "".join(lines)


async def test_nothing_else_is_there() -> None:
    async with asking(Client()) as session:
        for method, path, status in (
            ("HEAD", "/healthz", 200),
            ("HEAD", "/metrics", 200),
            ("GET", "/", 404),
            ("GET", "/healthz/more", 404),
            ("GET", "/../bot/health.py", 404),
            ("POST", "/healthz", 405),
            ("DELETE", "/healthz", 405),
            ("POST", "/", 404),
        ):
            async with session.request(method, path) as answer:
                assert (method, path, answer.status) == (method, path, status)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"CONNECT  \r\nHost: localhost\r\n\r\n", b""),
        (b"CONNECT :0 HTTP/1.1\r\nHost: localhost\r\n\r\n", b"HTTP/1.0 400"),
        (
            b"GET /healthz HTTP/1.1\r\nHost: a\r\nExpect: \xff\r\nConnection: close\r\n\r\n",
            b"HTTP/1.1 400",
        ),
        (b"GET /healthz HTTP/1.0\r\nContent-Length: x\r\n\r\n", b"HTTP/1.0 400"),
    ],
)
async def test_what_is_no_request_is_hung_up_on_without_a_word_in_the_log(
    sent: bytes, status: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    async with health_page(Client(), 0, Metrics(lambda: 0)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        said = await asyncio.wait_for(reader.read(), PATIENCE)
        writer.close()
    gc.collect()  # A task's exception is told when the task goes.
    assert said[:12] == status
    assert caplog.records == []


async def test_it_listens_on_loopback_alone_and_closes() -> None:
    async with health_page(Client(), 0, Metrics(lambda: 0)) as port:
        elsewhere = socket.create_server(("127.0.0.2", port))  # Free, were it on all addresses not.
        elsewhere.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    # A connection that a supervisor leaves open holds nothing up.
    await asyncio.wait_for(reader.read(), PATIENCE)
    writer.close()
    await writer.wait_closed()
    with pytest.raises(OSError, match="Connect"):
        await asyncio.open_connection("127.0.0.1", port)


async def test_a_port_that_is_taken_names_the_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        with pytest.raises(PortError, match="PASSAGE_HEALTH_PORT") as caught:
            async with health_page(Client(), taken.getsockname()[1], Metrics(lambda: 0)):
                pass
        assert "\n" not in str(caught.value)
