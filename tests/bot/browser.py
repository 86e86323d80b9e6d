"""A real browser for the tests: headless Chromium, told what to do by its DevTools protocol."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.waiting import PATIENCE

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)

Do = Callable[..., Awaitable[dict[str, Any]]]

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")


@asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[Do]:
    """A Chromium of its own with one page: gives the function that sends it a command."""
    process = await asyncio.create_subprocess_exec(
        str(CHROMIUM),
        *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars"),
        *("--disable-background-networking", "--remote-debugging-port=0"),
        *("--window-size=390,844", f"--user-data-dir={folder}", "about:blank"),
        stderr=asyncio.subprocess.DEVNULL,
        env={"HOME": str(folder), "PATH": os.environ["PATH"]},
    )
    try:
        async with asyncio.timeout(PATIENCE):
            while not (port := _port(folder)):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            address = f"http://127.0.0.1:{port}/json"
            async with ClientSession() as session:
                async with session.get(address) as said:
                    pages = [one for one in await said.json() if one["type"] == "page"]
                async with session.ws_connect(
                    pages[0]["webSocketDebuggerUrl"], max_msg_size=0
                ) as socket:

                    async def do(method: str, **params: Any) -> dict[str, Any]:
                        await socket.send_json({"id": 1, "method": method, "params": params})
                        while (answer := await socket.receive_json()).get("id") != 1:
                            pass
                        assert "result" in answer, answer
                        return dict(answer["result"])

                    yield do
    finally:
        process.terminate()
        await process.wait()


def _port(folder: Path) -> str:
    """The port that the browser has told in its folder; empty as long as it has not."""
    told = folder / "DevToolsActivePort"
    return told.read_text().partition("\n")[0] if told.exists() else ""
