"""Quotes' pages in a real browser: the marked words are in sight, with JavaScript or without."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image

from bot.ui.links import quote_page
from bot.ui.text import clean
from bot.web.app import serving
from bot.worker import Worker
from retrieval import Library, Quote
from retrieval.evaluation.gold import read_gold
from tests.conftest import DATA, SEEDS
from tests.waiting import PATIENCE

from ..agenda import evidence
from ..browser import Do, browser, needs_chromium
from ..reading import UNLIMITED

WIDTH, HEIGHT = 390, 844
"""Of the screen, a phone's, in pixels."""

MARK = {"light": (0xFD, 0xE9, 0xA9), "dark": (0x5A, 0x47, 0x0F)}
"""The colour of marked words."""

SEEN = """(() => {
    const marks = [...document.querySelectorAll("mark")], at = marks[0]?.getClientRects();
    return document.readyState === "complete" && at && {
        words: marks.map(mark => mark.innerText).join("\\n"),
        left: Math.min(...[...at].map(line => line.left)),
        right: Math.max(...[...at].map(line => line.right)),
        top: at[0].top,
        first: at[0].bottom,
        bottom: marks.at(-1).getBoundingClientRect().bottom,
        scripts: !document.querySelector(".copy").hidden,
    };
})()"""
"""What the page shows of the marked words and where, in pixels; DevTools may ask without scripts
being allowed."""

pytestmark = [needs_chromium, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def started(
    library: Library, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Do, str]]:
    """A browser as large as a phone, and the address of a reader."""
    async with (
        Worker(library) as worker,
        serving(worker, replace(UNLIMITED, folder=SEEDS)) as address,
        browser(tmp_path_factory.mktemp("browser")) as do,
    ):
        await do(
            "Emulation.setDeviceMetricsOverride",
            width=WIDTH,
            height=HEIGHT,
            deviceScaleFactor=1,
            mobile=True,
        )
        yield do, address


@pytest_asyncio.fixture(loop_scope="module")
async def phone(started: tuple[Do, str]) -> tuple[Do, str]:
    """The same, with JavaScript and light colours, and nothing shown."""
    do, _ = started
    await do("Emulation.setScriptExecutionDisabled", value=False)
    await do("Emulation.setEmulatedMedia", features=[])
    await do("Page.navigate", url="about:blank")
    return started


async def value(do: Do, script: str) -> Any:
    said = await do("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
    return said["result"].get("value")


async def seen(do: Do, address: str, until: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """What SEEN says of a page once it is loaded and `until` holds, or never will."""
    await do("Page.navigate", url=address)
    shown: dict[str, Any] | None = None
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while not (shown := await value(do, SEEN)) or not until(shown):  # noqa: ASYNC110
                await asyncio.sleep(0.002)
    assert shown, address
    return shown


def in_sight(shown: dict[str, Any]) -> bool:
    """Whether the marked words are on the screen: all of them, or as many as it has room for."""
    fits = shown["bottom"] - shown["top"] <= HEIGHT
    return (
        shown["top"] >= 0
        and (shown["bottom"] if fits else shown["first"]) <= HEIGHT
        and 0 <= shown["left"] < shown["right"] <= WIDTH
    )


@pytest.fixture(scope="module")
def quotes(library: Library) -> list[Quote]:
    """All that the gold questions are answered with, and the words that should be."""
    found: dict[str, Quote] = {}
    for gold in read_gold(DATA / "questions.jsonl"):
        if gold.answerable:
            golden = (_quoted(*passage) for passage in gold.passages)
            given = library.ask(gold.question).quotes
            found |= {quote_page(quote): quote for quote in (*given, *golden)}
    return list(found.values())


def _quoted(path: str, words: str) -> Quote:
    start = (SEEDS / path).read_text("utf-8").index(words)
    end = start + len(words)
    return evidence(article=path, text=words, start=start, end=end, answer=(start, end))


@pytest.mark.parametrize("scripts", [False, True], ids=["without JavaScript", "with JavaScript"])
async def test_every_quote_of_the_gold_questions_is_in_sight(
    phone: tuple[Do, str], quotes: list[Quote], scripts: bool
) -> None:
    """With JavaScript one in four: the page is the same, and its script scrolls nowhere."""
    do, address = phone
    assert len(quotes) > 30
    assert len({quote.article for quote in quotes}) == 5
    await do("Emulation.setScriptExecutionDisabled", value=not scripts)
    for quote in quotes[:: 4 if scripts else 1]:
        shown = await seen(do, address + quote_page(quote), in_sight)
        assert in_sight(shown), (quote_page(quote), shown)
        assert shown["words"].split() == clean(quote.text).split()
        assert shown["scripts"] is scripts


@pytest.fixture
def quote(library: Library) -> Quote:
    quote = library.ask("Who received the Ho Chi Minh Order?").quotes[0]
    assert quote.start > 2_000  # Far below what a phone shows first.
    return quote


@pytest.mark.parametrize("scheme", MARK)
async def test_marked_words_have_a_colour_of_their_own(
    phone: tuple[Do, str], quote: Quote, scheme: str
) -> None:
    do, address = phone
    await do("Emulation.setScriptExecutionDisabled", value=True)
    wanted = {"name": "prefers-color-scheme", "value": scheme}
    await do("Emulation.setEmulatedMedia", features=[wanted])
    await seen(do, address + quote_page(quote), in_sight)
    picture = (await do("Page.captureScreenshot"))["data"]
    with Image.open(io.BytesIO(base64.b64decode(picture))) as shot:
        assert shot.size == (WIDTH, HEIGHT)
        colours = shot.convert("RGB").getcolors(WIDTH * HEIGHT) or []
        marked = sum(count for count, colour in colours if colour == MARK[scheme])
        assert marked > WIDTH * HEIGHT / 20


async def test_the_copy_button_copies_the_quote_and_its_source(
    phone: tuple[Do, str], quote: Quote
) -> None:
    do, address = phone
    await do("Browser.grantPermissions", permissions=["clipboardReadWrite"])
    await seen(do, address + quote_page(quote), lambda shown: shown["scripts"])
    await value(do, "navigator.clipboard.writeText = text => window.copied = text; 0")
    await value(do, "document.querySelector('.copy').click()")
    assert await value(do, "window.copied") == f"“{quote.text}”\n— {quote.title}, {quote.link}"
    assert await value(do, "document.querySelector('.told').textContent") == "Copied."
