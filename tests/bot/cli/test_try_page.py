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
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from bot.cli.suggestions import QUESTIONS, suggestions
from bot.cli.try_page import BOT_NAME, MEMBERS, PreviewError, serve_page
from bot.corpora.seen import Asker
from bot.i18n.phrases import phrases_in
from bot.web.options import ReaderOptions
from retrieval import Answer, Library, Outcome
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from tests.conftest import SEEDS, Folder
from tests.waiting import PATIENCE

from ..markup import shown
from ..server import Scripted, certain, face, nothing_found

SUGGESTIONS = ["Who came?", "Wer kam?", "Ai đã đến?"]


class Page:
    """The page as its own script uses it: over HTTP, with the secret that the address holds."""

    def __init__(self, http: aiohttp.ClientSession, address: str) -> None:
        self.whole_address = address
        self.address, _, secret = address.partition("#")
        self._http = http
        self._headers = {"X-Simcord-Capability": secret}
        self.state: dict[str, Any] = {}
        self._turns = 0

    async def open(self) -> list[str]:
        """Open the page; returns the names of those one can speak as, each with a channel."""
        self.state = await self._call("POST", "pages", {})
        self._headers["X-Simcord-Context"] = self.state["context"]["id"]
        return [viewer["name"] for viewer in self.state["viewers"]]

    async def act(self, kind: str, **fields: str) -> None:
        """Do something, and once more as long as the page has changed meanwhile."""
        self._turns += 1
        async with asyncio.timeout(PATIENCE):
            while "stale-revision" in str(done := await self._acted(kind, fields)):
                self.state = await self._call("GET", "state")
        assert done["settlement"] in ("settled", "closed"), done

    async def _acted(self, kind: str, fields: dict[str, str]) -> Any:
        return await self._call(
            "POST",
            "action",
            {
                "protocol_version": self.state["protocolVersion"],
                "sequence": self._turns,
                "request_id": uuid4().hex,
                "generation": self.state["context"]["generation"],
                "bot_generation": self.state["botGeneration"],
                "published_revision": self.state["publishedRevision"],
                "kind": kind,
                **fields,
            },
        )

    async def switch(self, name: str) -> None:
        """Choose as whom, and where, to look at the page."""
        (id,) = (viewer["id"] for viewer in self.state["viewers"] if viewer["name"] == name)
        await self.act("viewer", viewer_id=id)

    async def press(self, face: str) -> None:
        message, control_key = self.buttons[face]
        await self.act("click", target_id=message, control_key=control_key)

    @property
    def buttons(self) -> dict[str, tuple[str, str]]:
        """The buttons that are shown, the newest of each face: its message and its key."""
        return {
            face(item): (id, item["control_key"])
            for id in self.state["timeline"]
            for row in self.state["messages"][id]["components"]
            for item in row.get("components", [])
            if item.get("control_key")
        }

    async def shows(self, true: Callable[[list[str]], bool]) -> list[str]:
        """The messages on the page, as soon as they are so; fails if they never are."""
        async with asyncio.timeout(PATIENCE):
            while True:
                self.state = await self._call("GET", "state")
                messages = self._messages()
                if true(messages):
                    return messages
                await asyncio.sleep(0.05)

    @property
    def addresses(self) -> list[str]:
        """Where the links of the newest message lead."""
        newest = self.state["messages"][self.state["timeline"][-1]]
        return re.findall(r"'url': '([^']+)'", str(newest["components"]))

    @property
    def newest_is_in_view(self) -> bool:
        return bool(self.state["targetId"] == self.state["timeline"][-1])

    def _messages(self) -> list[str]:
        messages = [self.state["messages"][one] for one in self.state["timeline"]]
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
            assert (response.status, response.content_type) == (200, "text/html")
            text = await response.text()
        assert re.search(f'<title>{BOT_NAME}.*class="preview-toolbar"', text, re.DOTALL)
        assert page.address.startswith("http://127.0.0.1:")
        seen_by = await page.open()
        assert seen_by[:3] == [f"{name} in #general" for name in MEMBERS]
        assert [name.partition(" in a ")[2] for name in seen_by[3:]] == [
            *["thread"] * 3,
            *["direct message"] * 3,
        ]
        welcome, _thread = await page.shows(bool)
        author = page.state["messages"][page.state["timeline"][0]]["author"]
        assert [author[key] for key in ("name", "avatar_kind")] == [BOT_NAME, "custom"]
        assert list(page.buttons) == SUGGESTIONS

    assert "`/ask`" in welcome


async def test_a_channel_a_thread_and_a_direct_message_answer_what_is_pressed_and_written() -> None:
    asker = certain()
    async with trying(asker) as (page, _):
        await page.open()
        for name in ("Minh (Tiếng Việt) in #general", "Ana in a thread", "Ana in a direct message"):
            await page.switch(name)
            await page.shows(bool)
            await page.press(SUGGESTIONS[2])
            await page.shows(lambda messages: messages[-1].startswith(f"### {SUGGESTIONS[2]}"))
            await page.act("send_message", content=f"@Passage {name}")
            await page.shows(lambda messages: messages[-1].startswith("-# 1. "))
    assert asker.asked[::2] == [SUGGESTIONS[2]] * 3
    assert len(asker.asked) == 6


async def test_a_member_is_thanked_in_the_language_of_her_discord() -> None:
    async with trying(certain()) as (page, _):
        await page.open()
        for name, language in (("Lena (Deutsch)", "de"), ("Minh (Tiếng Việt)", "vi")):
            await page.switch(f"{name} in #general")
            await page.shows(bool)
            await page.press(SUGGESTIONS[0])
            await page.shows(lambda _: "\N{THUMBS UP SIGN}" in page.buttons)
            await page.press("\N{THUMBS UP SIGN}")
            thanks = phrases_in(language)("thanks")
            await page.shows(lambda messages: thanks in messages[-1])  # noqa: B023


def test_only_what_the_articles_answer_is_suggested(library: Library) -> None:
    assert [*suggestions(library)] == [*QUESTIONS]
    assert "Ai" in QUESTIONS[-1]


def test_of_other_articles_the_titles_are_suggested_that_find_them(
    folder: Folder, embedder: Embedder, tmp_path: Path
) -> None:
    seeds = folder({"soup.md": "# Lentil soup\n\nFor lentil soup, boil the lentils for an hour.\n"})
    with Library(seeds, Store.open(tmp_path / "chroma"), lambda: embedder) as library:
        library.reload_here()
        assert [*suggestions(library)] == ["Lentil soup"]


async def test_a_typed_name_is_a_mention_and_is_answered_on_the_page(library: Library) -> None:
    question = "Who took over as Chief of the Party Central Office?"
    async with trying(library) as (page, _):
        await page.open()
        await page.shows(bool)
        await page.act("send_message", content=f"@passage {question}")
        *_, asked, answer = await page.shows(lambda messages: len(messages) == 4)

        await page.shows(lambda _: page.newest_is_in_view)

    assert asked.endswith(f"> {question}")
    assert answer.startswith("-# 1. ")
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
