"""Many who read at once: questions go first, and no more is kept than there is room for."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from bot.ui.links import fingerprint
from bot.web import article_text, views
from bot.web.article_text import TextCache
from retrieval import Answer, Article, Turn
from tests.conftest import Folder
from tests.waiting import PATIENCE

from ..reading import UNLIMITED, Shelved, get, reading, source

FIRST = f"/articles/{fingerprint('a.txt')}"
PROSE = "The words of an article stand here."


async def test_a_question_waits_for_no_article(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = folder({"a.txt": PROSE})
    go_on, waiting = threading.Event(), threading.Event()
    read = TextCache.open

    def slow(shelf: TextCache, path: str) -> Article | None:
        waiting.set()
        assert go_on.wait(PATIENCE)
        return read(shelf, path)

    monkeypatch.setattr(TextCache, "open", slow)
    options = replace(UNLIMITED, at_once=2)
    async with reading(Shelved(source("a.txt")), seeds, options) as client:
        asked = [asyncio.create_task(client.get(f"{FIRST}?{number}")) for number in range(4)]
        await asyncio.to_thread(waiting.wait, PATIENCE)
        assert "They met in Hanoi." in await get(client, "/", data={"q": "Where did they meet?"})
        go_on.set()
        assert sorted([(await one).status for one in asked]) == [200, 200, 503, 503]


async def test_an_article_waits_for_a_question(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "YIELD_SECONDS", PATIENCE)
    go_on, asking = threading.Event(), threading.Event()

    class Slow(Shelved):
        def ask(self, question: str, before: Turn | None = None) -> Answer:
            asking.set()
            assert go_on.wait(PATIENCE)
            return super().ask(question)

    async with reading(Slow(source("a.txt")), folder({"a.txt": PROSE})) as client:
        assert PROSE in await get(client, FIRST)
        question = asyncio.create_task(get(client, "/", data={"q": "Where did they meet?"}))
        await asyncio.to_thread(asking.wait, PATIENCE)
        article = asyncio.create_task(get(client, FIRST))
        for _ in range(20):
            await get(client, "/articles")
        assert not article.done()
        go_on.set()
        assert "They met in Hanoi." in await question
        assert PROSE in await article


async def test_an_article_does_not_wait_for_ever(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "YIELD_SECONDS", 0.01)
    go_on = threading.Event()

    class Slow(Shelved):
        def ask(self, question: str, before: Turn | None = None) -> Answer:
            assert go_on.wait(PATIENCE)
            return super().ask(question)

    async with reading(Slow(source("a.txt")), folder({"a.txt": PROSE})) as client:
        assert PROSE in await get(client, FIRST)
        question = asyncio.create_task(get(client, "/", data={"q": "Where did they meet?"}))
        assert PROSE in await get(client, FIRST)
        go_on.set()
        await question


def test_no_more_texts_are_kept_than_a_machine_has_room_for(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = folder({f"{name}.txt": f"{PROSE} {name}" for name in "abcd"})
    monkeypatch.setattr(article_text, "MAX_CACHED", 2 * len(PROSE) + 10)
    read: list[str] = []
    extract = article_text.of_bytes

    def counted(data: bytes, path: str) -> object:
        read.append(Path(path).stem)
        return extract(data, path)

    monkeypatch.setattr(article_text, "of_bytes", counted)
    shelf = TextCache(seeds)
    for name in "abaacabcbdbd":
        text = shelf.open(f"{name}.txt")
        assert text is not None
        assert text.text.endswith(name)
    assert "".join(read) == "abcbcd"
