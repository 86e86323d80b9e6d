"""A quote's page in a real browser: the marked words are in sight, with JavaScript or without."""

from __future__ import annotations

import asyncio
import base64
import io
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from PIL import Image

from bot.reader.addresses import quote_page
from bot.reader.app import serving
from bot.worker import Worker
from retrieval import Library, Quote
from tests.conftest import SEEDS

from .reading import UNLIMITED

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
MARK = {"light": (0xFD, 0xE9, 0xA9), "dark": (0x5A, 0x47, 0x0F)}
"""The colour of marked words."""

Do = Callable[..., Awaitable[dict[str, Any]]]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")


@asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[Do]:
    """A Chromium of its own with one page, to be told what to do by its DevTools protocol."""
    process = await asyncio.create_subprocess_exec(
        str(CHROMIUM),
        *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars"),
        *("--disable-background-networking", "--remote-debugging-port=0"),
        *("--window-size=390,844", f"--user-data-dir={folder}", "about:blank"),
        stderr=asyncio.subprocess.DEVNULL,
        env={"HOME": str(folder), "PATH": os.environ["PATH"]},
    )
    try:
        async with asyncio.timeout(60):
            while not (told := folder / "DevToolsActivePort").exists():  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            address = f"http://127.0.0.1:{told.read_text().split()[0]}/json"
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
                        return dict(answer["result"])

                    yield do
    finally:
        process.terminate()
        await process.wait()


@pytest.fixture
def quote(library: Library) -> Quote:
    quote = library.ask("Who received the Ho Chi Minh Order?").quotes[0]
    assert quote.start > 2_000  # Far below what a phone shows first.
    return quote


async def loaded(do: Do, address: str) -> None:
    await do("Page.navigate", url=address)
    await asyncio.sleep(1)


@pytest.mark.parametrize("scheme", MARK)
async def test_the_quote_is_in_sight_without_javascript(
    library: Library, quote: Quote, tmp_path: Path, scheme: str
) -> None:
    async with (
        Worker(library) as worker,
        serving(worker, replace(UNLIMITED, folder=SEEDS)) as address,
        browser(tmp_path) as do,
    ):
        await do("Emulation.setScriptExecutionDisabled", value=True)
        wanted = {"name": "prefers-color-scheme", "value": scheme}
        await do("Emulation.setEmulatedMedia", features=[wanted])
        await loaded(do, address + quote_page(quote))
        picture = (await do("Page.captureScreenshot"))["data"]
    with Image.open(io.BytesIO(base64.b64decode(picture))) as shot:
        colours = shot.convert("RGB").getcolors(shot.width * shot.height) or []
        marked = sum(count for count, colour in colours if colour == MARK[scheme])
        assert marked > shot.width * shot.height / 20


async def test_the_copy_button_copies_the_quote_and_its_source(
    library: Library, quote: Quote, tmp_path: Path
) -> None:
    async with (
        Worker(library) as worker,
        serving(worker, replace(UNLIMITED, folder=SEEDS)) as address,
        browser(tmp_path) as do,
    ):
        await do("Browser.grantPermissions", permissions=["clipboardReadWrite"])
        await loaded(do, address + quote_page(quote))

        async def found(script: str) -> object:
            said = await do("Runtime.evaluate", expression=script, awaitPromise=True)
            return said["result"].get("value")

        assert await found("document.querySelector('.copy').hidden") is False
        await found("navigator.clipboard.writeText = text => window.copied = text; 0")
        await found("document.querySelector('.copy').click()")
        assert await found("window.copied") == f"“{quote.text}”\n— {quote.title}, {quote.link}"
        assert await found("document.querySelector('.told').textContent") == "Copied."
