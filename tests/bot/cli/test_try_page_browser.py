"""The page of `passage try` in a real browser, on a phone and on a desk."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.cli.try_page import BOT_NAME
from tests.waiting import PATIENCE

from ..browser import browser, needs_chromium
from ..server import nothing_found
from .test_try_page import SUGGESTIONS, trying

SEEN = "document.body?.innerText ?? ''"  # There is no body before the page is loaded.
TOOLS = ("Refresh preview", "Capture", "Inspector")


@needs_chromium
@pytest.mark.parametrize(("width", "tools"), [(390, False), (1280, True)])
async def test_on_a_phone_the_workbench_is_out_of_sight(
    tmp_path: Path, width: int, tools: bool
) -> None:
    async with trying(nothing_found()) as (page, _), browser(tmp_path) as do:
        size = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": False}
        await do("Emulation.setDeviceMetricsOverride", **size)
        await do("Page.navigate", url=page.whole_address)
        text = ""
        async with asyncio.timeout(PATIENCE):
            while SUGGESTIONS[2] not in text:
                await asyncio.sleep(0.05)
                text = (await do("Runtime.evaluate", expression=SEEN))["result"]["value"]
    assert BOT_NAME in text
    assert [tool in text for tool in TOOLS] == [tools] * len(TOOLS)
