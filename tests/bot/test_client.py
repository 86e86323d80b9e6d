"""Running the bot: what the operator reads when Discord refuses it, and how it ends."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import discord
import pytest
from aiohttp import web

from bot.connection import ConnectError, run_bot
from bot.corpora.libraries import Corpora
from bot.options import LibraryOptions
from bot.settings import Settings
from tests.waiting import PATIENCE

from .server import nothing_found


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> type[discord.http.Route]:
    """Where discord.py looks for Discord: nowhere yet."""
    monkeypatch.setattr(discord.http.Route, "BASE", "http://127.0.0.1:9")
    return discord.http.Route


def in_folder(folder: Path) -> Settings:
    return Settings(library=LibraryOptions(data_dir=folder))


@asynccontextmanager
async def answering(api: type[discord.http.Route], handler: web.Handler) -> AsyncIterator[None]:
    """A Discord on loopback that answers every request alike."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        host, port = runner.addresses[0]
        api.BASE = f"http://{host}:{port}"
        yield
    finally:
        await runner.cleanup()


async def test_a_refused_token_says_what_to_set(
    api: type[discord.http.Route], tmp_path: Path
) -> None:
    async def refuse(request: web.Request) -> web.Response:
        return web.json_response({"message": "401: Unauthorized", "code": 0}, status=401)

    async with answering(api, refuse):
        with pytest.raises(ConnectError, match="DISCORD_TOKEN"):
            await run_bot("wrong", Corpora(nothing_found()), in_folder(tmp_path))


async def test_no_way_to_discord_is_one_sentence(
    api: type[discord.http.Route], tmp_path: Path
) -> None:
    with pytest.raises(ConnectError, match=r"^Discord cannot be reached: "):
        await run_bot("token", Corpora(nothing_found()), in_folder(tmp_path))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_it_even_while_discord_is_silent(
    api: type[discord.http.Route], number: signal.Signals, tmp_path: Path
) -> None:
    asked = asyncio.Event()

    async def say_nothing(request: web.Request) -> web.Response:
        asked.set()
        await asyncio.sleep(PATIENCE)
        return web.Response()

    async with answering(api, say_nothing):
        running = asyncio.create_task(
            run_bot("token", Corpora(nothing_found()), in_folder(tmp_path))
        )
        await asked.wait()
        os.kill(os.getpid(), number)
        await asyncio.wait_for(running, PATIENCE)
