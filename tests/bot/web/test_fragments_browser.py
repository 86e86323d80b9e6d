"""Published pages in a real browser: what it marks and scrolls to are the words of the quote."""

from __future__ import annotations

import asyncio
import base64
import html
import io
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from math import ceil, floor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from aiohttp import web
from PIL import Image

from retrieval.articles.passages import passages
from retrieval.articles.scan import scan
from retrieval.quotes.text_fragments import text_fragment
from tests.conftest import SEEDS
from tests.waiting import PATIENCE

from ..browser import Do, browser, needs_chromium

Mask = np.ndarray[Any, np.dtype[np.bool_]]

MARKED = (0x12, 0xEF, 0x34)
"""The colour in which the pages have marked words; nothing else on them has it."""

STEP = 18
"""Each so-manieth passage of the seeds is looked at; the rest are matched without a browser."""

PAGE = """<!doctype html><html><head><meta charset="utf-8"><link rel="icon" href="data:,"><style>
body {{ font: 16px/1.5 sans-serif; margin: 8px; color: #000; background: #fff }}
::target-text {{ background: #12ef34; color: #000 }}
</style></head><body><nav><a href="#">Home</a> <a href="#">Politics</a> <a href="#">World</a></nav>
<main>{}</main><footer><p>Read more</p><p>All rights reserved.</p></footer></body></html>"""

COUNCILS = """The council met on Tuesday. It approved the budget, and rose at noon.
The “well-known” board met & rose as well. It approved the budget, and rose at noon.
市议会于周二召开会议，批准了明年的预算。主席王明主持了会议。市议会于周二休会。
สภาเมืองประชุมเมื่อวันอังคาร และอนุมัติงบประมาณ นายกขอบคุณ
Hội nghị đã họp tại Hà Nội. Ba đại biểu phát biểu."""

QUOTES = (
    "It approved the budget, and rose at noon.\nThe “well-known” board met & rose as well.",
    "The “well-known” board met & rose as well.",
    "主席王明主持了会议。",
    "และอนุมัติงบประมาณ นายกขอบคุณ",
    "Ba đại biểu phát biểu.",
)

pytestmark = needs_chromium


class Case(NamedTuple):
    """A page's text and a span of it."""

    text: str
    start: int
    end: int


def cases() -> Iterator[Case]:
    seeds = scan(SEEDS).articles
    every = [Case(one.text, p.start, p.end) for one in seeds for p in passages(one)]
    yield from every[::STEP]
    for quote in QUOTES:
        start = COUNCILS.index(quote)
        yield Case(COUNCILS, start, start + len(quote))
    # The same words once more: those before tell which are meant.
    start = COUNCILS.rindex(again := "It approved the budget, and rose at noon.")
    yield Case(COUNCILS, start, start + len(again))


@asynccontextmanager
async def published(texts: list[str]) -> AsyncIterator[str]:
    """Serves each text as a page by its number, with a paragraph a line."""

    async def page(request: web.Request) -> web.Response:
        lines = texts[int(request.match_info["number"])].split("\n")
        body = "\n".join(f"<p>{html.escape(line)}</p>" for line in lines)
        return web.Response(text=PAGE.format(body), content_type="text/html")

    app = web.Application()
    app.router.add_get("/{number}", page)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


DRAWN = """new Promise(done => {
  const drawn = () => requestAnimationFrame(() => requestAnimationFrame(done));
  document.readyState === "complete" ? drawn() : addEventListener("load", drawn);
})"""
"""Waits until a page is there and to be seen."""

BOXES = """(([first, from], [last, upto]) => {
  const lines = document.querySelectorAll("main p"), words = document.createRange();
  words.setStart(lines[first].firstChild, from);
  words.setEnd(lines[last].firstChild, upto);
  return [...words.getClientRects()].map(box => [box.left, box.top, box.right, box.bottom]);
})"""
"""Where the browser has the characters between two places, each a line and an offset in it."""


async def boxes(do: Do, case: Case) -> list[list[float]]:
    words = case.text[case.start : case.end]
    letters = [at for at, letter in enumerate(words, case.start) if letter.isalnum()]
    ends = [place(case.text, letters[0]), place(case.text, letters[-1] + 1)]
    said = await do(
        "Runtime.evaluate",
        expression=f"{BOXES}(...{json.dumps(ends)})",
        returnByValue=True,
    )
    return [box for box in said["result"]["value"] if box[2] - box[0] > 1]


def place(text: str, at: int) -> tuple[int, int]:
    # JavaScript counts in UTF-16, which is the same below U+10000.
    return text.count("\n", 0, at), at - text.rfind("\n", 0, at) - 1


async def marked(do: Do) -> Mask:
    """Which pixels, by row and column, the browser has marked, as soon as there are any."""
    while True:
        picture = base64.b64decode((await do("Page.captureScreenshot"))["data"])
        with Image.open(io.BytesIO(picture)) as shot:
            pixels: Mask = (np.asarray(shot.convert("RGB")) == MARKED).all(axis=2)
        if pixels.any():
            return pixels
        await asyncio.sleep(0.1)


async def test_the_words_of_a_quote_are_marked_and_in_view(tmp_path: Path) -> None:
    every = list(cases())
    async with published([case.text for case in every]) as address, browser(tmp_path) as do:
        for number, case in enumerate(every):
            fragment = text_fragment(case.text, case.start, case.end)
            await do("Page.navigate", url=f"{address}/{number}#{fragment}")
            await do("Runtime.evaluate", expression=DRAWN, awaitPromise=True)
            async with asyncio.timeout(PATIENCE):
                pixels = await marked(do)
            for left, top, right, bottom in await boxes(do, case):
                assert top >= 0, fragment
                assert bottom <= len(pixels), fragment
                box = np.s_[floor(top) : ceil(bottom), floor(left) : ceil(right)]
                # Letters have another colour, and so has what lies between lines.
                assert pixels[box].mean() > 0.3, fragment
                pixels[box] = False
            assert not pixels.any(), fragment
