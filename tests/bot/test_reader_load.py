"""Many who read at once: pages are made once for all of them, and questions keep their place."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from bot.links import id_of
from bot.reader import articles, recent
from bot.reader.articles import Shelf, Text
from tests.conftest import Folder

from .reading import UNLIMITED, Shelved, get, reading, source

FIRST = f"/articles/{id_of('a.txt')}"
PROSE = "The words of an article stand here."


async def test_a_question_waits_for_no_article(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = folder({"a.txt": PROSE})
    go_on, waiting = threading.Event(), threading.Event()
    read = Shelf.open

    def slow(shelf: Shelf, path: str) -> Text | None:
        waiting.set()
        assert go_on.wait(20)
        return read(shelf, path)

    monkeypatch.setattr(Shelf, "open", slow)
    options = replace(UNLIMITED, at_once=2)
    async with reading(Shelved(source("a.txt")), seeds, options) as client:
        asked = [asyncio.create_task(client.get(f"{FIRST}?{number}")) for number in range(4)]
        await asyncio.to_thread(waiting.wait, 20)
        assert "They met in Hanoi." in await get(client, "/", data={"q": "Where did they meet?"})
        go_on.set()
        assert sorted([(await one).status for one in asked]) == [200, 200, 503, 503]


async def test_a_page_is_made_once_a_second(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = folder({"a.txt": PROSE})
    now = 1_000.0
    monkeypatch.setattr(recent, "monotonic", lambda: now)
    async with reading(Shelved(source("a.txt")), seeds) as client:
        first = await get(client, FIRST)
        assert PROSE in first
        (seeds / "a.txt").write_text("Other words of the article stand here.")
        now += recent.KEPT_FOR
        assert await get(client, FIRST) == first
        async with client.get(FIRST, headers={"Accept-Language": "de"}) as german:
            assert "Other words" in await german.text()
        now += 0.1
        assert "Other words" in await get(client, FIRST)
        (seeds / "a.txt").unlink()
        await get(client, f"{FIRST}?part=1", status=410)


def test_no_more_texts_are_kept_than_a_machine_has_room_for(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = folder({f"{name}.txt": f"{PROSE} {name}" for name in "abcd"})
    monkeypatch.setattr(articles, "MAX_KEPT", 2 * len(PROSE) + 10)
    read: list[str] = []
    extract = articles.of_bytes

    def counted(data: bytes, path: str) -> object:
        read.append(Path(path).stem)
        return extract(data, path)

    monkeypatch.setattr(articles, "of_bytes", counted)
    shelf = Shelf(seeds)
    for name in "abaacabcbdbd":
        text = shelf.open(f"{name}.txt")
        assert text is not None
        assert text.text.endswith(name)
    assert "".join(read) == "abcbcd"
