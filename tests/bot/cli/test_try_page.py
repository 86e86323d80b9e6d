"""`passage try`: the page is served, a member asks there, and it ends cleanly."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from bot.cli.try_page import PreviewError, serve_page
from bot.web.options import ReaderOptions
from bot.worker import Asker
from retrieval import Answer, Library, Outcome
from tests.conftest import SEEDS
from tests.waiting import PATIENCE

from ..markup import shown
from ..server import Scripted, nothing_found

SUGGESTIONS = ["Who came?", "Wer kam?", "¿Quién vino?"]


class Page:
    """The page as its own script uses it: over HTTP, with the secret that the address holds."""

    def __init__(self, http: aiohttp.ClientSession, address: str) -> None:
        self.address, _, secret = address.partition("#")
        self._http = http
        self._headers = {"X-Simcord-Capability": secret}
        self._state: dict[str, Any] = {}
        self._turns = 0

    async def open(self) -> list[str]:
        """Open the page; returns the names of those one can speak as."""
        self._state = await self._call("POST", "pages", {})
        self._headers["X-Simcord-Context"] = self._state["context"]["id"]
        return [viewer["name"] for viewer in self._state["viewers"]]

    async def act(self, kind: str, **fields: str) -> dict[str, Any]:
        self._turns += 1
        return await self._call(
            "POST",
            "action",
            {
                "protocol_version": self._state["protocolVersion"],
                "sequence": self._turns,
                "request_id": uuid4().hex,
                "generation": self._state["context"]["generation"],
                "bot_generation": self._state["botGeneration"],
                "published_revision": self._state["publishedRevision"],
                "kind": kind,
                **fields,
            },
        )

    async def shows(self, true: Callable[[list[str]], bool]) -> list[str]:
        """The messages on the page, as soon as they are so; fails if they never are."""
        async with asyncio.timeout(PATIENCE):
            while True:
                self._state = await self._call("GET", "state")
                messages = self._messages()
                if true(messages):
                    return messages
                await asyncio.sleep(0.05)

    @property
    def addresses(self) -> list[str]:
        """Where the links of the newest message lead."""
        newest = self._state["messages"][self._state["timeline"][-1]]
        return re.findall(r"'url': '([^']+)'", str(newest["components"]))

    @property
    def newest_is_in_view(self) -> bool:
        return bool(self._state["targetId"] == self._state["timeline"][-1])

    def _messages(self) -> list[str]:
        messages = [self._state["messages"][one] for one in self._state["timeline"]]
        return [
            shown("\n".join([message["content"], *map(_text, message["components"])]).strip())
            for message in messages
        ]

    async def _call(self, method: str, path: str, body: Any = None) -> Any:
        async with self._http.request(
            method, f"{self.address}api/{path}", json=body, headers=self._headers
        ) as response:
            assert response.status == 200, await response.text()
            return await response.json()


def _text(component: dict[str, Any]) -> str:
    own = component.get("content", "")
    return "\n".join([own, *map(_text, component.get("components", []))]).strip()


@asynccontextmanager
async def trying(
    asker: Asker, reader: ReaderOptions | None = None
) -> AsyncIterator[tuple[Page, asyncio.Task[None]]]:
    """The page of a running `passage try`, and the task that serves it."""
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(
        serve_page(asker, on_ready=address.set_result, suggestions=SUGGESTIONS, reader=reader)
    )
    try:
        await asyncio.wait([address, serving], return_when=asyncio.FIRST_COMPLETED)
        async with aiohttp.ClientSession() as http:
            yield Page(http, address.result()), serving
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def test_a_newcomer_finds_the_page_and_is_told_how_to_ask() -> None:
    async with trying(nothing_found()) as (page, _):
        async with aiohttp.request("GET", page.address) as response:
            assert response.status == 200
            assert response.content_type == "text/html"
        assert page.address.startswith("http://127.0.0.1:")
        assert await page.open() == ["ana", "bo"]
        (welcome,) = await page.shows(bool)

    assert "`/ask`" in welcome
    assert [f"- @Passage {question}" in welcome for question in SUGGESTIONS] == [True] * 3


async def test_a_typed_name_is_a_mention_and_is_answered_on_the_page(library: Library) -> None:
    question = "Who took over as Chief of the Party Central Office?"
    async with trying(library) as (page, _):
        await page.open()
        await page.shows(bool)
        sent = await page.act("send_message", content=f"@passage {question}")
        assert sent["settlement"] == "settled", sent
        _, asked, answer = await page.shows(lambda messages: len(messages) == 3)

        await page.shows(lambda _: page.newest_is_in_view)

    assert asked.endswith(f"> {question}")
    assert answer.startswith(f"### {question}\n-# 1. ")
    assert "Le Hoai Trung" in answer


async def test_a_quote_without_a_page_of_its_own_opens_in_the_reader_beside_it(
    library: Library,
) -> None:
    question = "Who is Le Minh Hung?"
    async with trying(library, ReaderOptions(SEEDS, port=0)) as (page, _):
        await page.open()
        await page.act("send_message", content=f"@Passage {question}")
        await page.shows(lambda messages: "articles as of" in messages[-1])
        first, *_, last = page.addresses
        assert first.startswith("https://")
        assert last.startswith("http://127.0.0.1:")
        async with aiohttp.request("GET", last) as opened:
            assert opened.status == 200
            assert '<mark id="quote"' in await opened.text()
    with pytest.raises(aiohttp.ClientError):
        async with aiohttp.request("GET", last):
            pytest.fail("It is still served.")


async def test_a_question_shows_while_the_bot_still_works_on_it() -> None:
    free = threading.Event()

    def slowly(question: str) -> Answer:
        assert free.wait(PATIENCE)
        return Answer(question, "en", Outcome.NOT_FOUND)

    async with trying(Scripted(slowly)) as (page, _):
        await page.open()
        await page.shows(bool)
        sending = asyncio.create_task(page.act("send_message", content="@Passage Who came?"))
        await page.shows(lambda messages: messages[-1].endswith("Who came?"))
        assert not sending.done()
        free.set()
        await sending
        await page.shows(lambda messages: "The articles do not answer this." in messages[-1])


async def test_the_end_button_of_the_page_ends_it() -> None:
    async with trying(nothing_found()) as (page, serving):
        await page.open()
        await page.act("close")
        await asyncio.wait_for(serving, PATIENCE)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_it_without_a_trace(number: signal.Signals) -> None:
    async with trying(nothing_found()) as (page, serving):
        await page.open()
        os.kill(os.getpid(), number)
        await asyncio.wait_for(serving, PATIENCE)
        with pytest.raises(aiohttp.ClientError):
            await page.open()


async def test_a_taken_port_is_a_plain_reason() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PreviewError, match=f"The page cannot start: .* port {port}"):
            await serve_page(nothing_found(), on_ready=pytest.fail, port=port)


async def test_a_missing_simcord_is_a_plain_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "simcord", None)
    with pytest.raises(PreviewError, match=r"pip install 'passage-bot\[try\]'"):
        await serve_page(nothing_found(), on_ready=pytest.fail)
