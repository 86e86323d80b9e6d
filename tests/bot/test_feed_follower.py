"""The running bot follows its sources: it looks in a thread, and reloads once after a change."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import feed_follower
from bot.articles import view
from bot.feed_follower import FeedFollower, FollowedSources, Sleep
from bot.i18n.phrases import ENGLISH, LANGUAGES, phrases_in
from bot.reload_job import Reloader
from bot.ui.text import escape
from retrieval import CorpusError, FeedReport, Library, Reload, StoreError
from retrieval.embedding.embedder import Embedder
from retrieval.errors import FetchTrouble
from retrieval.feeds.follow import follow_feeds as follow
from retrieval.feeds.state import has_unindexed
from retrieval.index.store import Store
from tests.conftest import Folder
from tests.retrieval.feeds.sources import Followed, article, rss
from tests.retrieval.website import Website, page

from .server import nothing_found, seen, serving, until

DONE = Reload((), (), (), (), (), 1, 1, 0, 0.0)


class Reloading:
    """Counts its reloads; the first `failing` of them fail."""

    def __init__(self, failing: int = 0) -> None:
        self.reloads, self.failing = 0, failing

    def reload(self, progress: Any = None, waiting: Any = None) -> Reload:
        self.reloads += 1
        if self.reloads <= self.failing:
            raise StoreError("The disk is full.")
        return DONE


class Pretended(FollowedSources):
    """Does what it is told to do."""

    def __init__(self, look: Callable[[Sleep], bool], indexed: Any = lambda: None) -> None:
        self.look = look  # type: ignore[method-assign]
        self.mark_indexed = indexed


async def test_a_new_item_is_quoted_by_the_running_bot_an_interval_later(
    folder: Folder, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = folder({"old.txt": "An old article\n\nIt is about bread.\n"})
    data, store = seeds.parent / "data", Store.open(seeds.parent / "chroma")
    with Website().open() as site, Library(seeds, store, lambda: embedder) as library:
        library.reload()
        source = Followed(site, seeds.parent)
        source.follow(f'[news]\nurl = "{site.root}/feed"\n')
        web = {"way": site.way(), "now": lambda: source.now, "sleep": source.sleep}
        monkeypatch.setattr(feed_follower, "follow_feeds", lambda *of, sleep: follow(*of, **web))
        sources = FollowedSources({"main": (seeds, data)})

        async def shows(*names: str) -> None:
            site.pages |= {f"/{name}": page(article(name)) for name in names}
            site.pages["/feed"] = page(rss(site, names), "application/rss+xml")
            await until(lambda: len(source.files) == len(names) and not has_unindexed(data))

        async with serving(library) as server:
            async with FeedFollower(sources, server.env.bot.reloader, 0.01):
                await shows("aden")
                source.now += 3_600
                await shows("aden", "bonn")
            asked = "Where did the council of Bonn meet on Tuesday?"
            assert "The council of bonn met on Tuesday" in await server.ask(asked)


def test_a_corpus_that_cannot_be_followed_keeps_none_of_the_others_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with Website().open() as site:
        site.pages["/list"] = page(article("aden"))
        folders = {}
        for name in ("broken", "whole"):
            source = Followed(site, tmp_path / name)
            source.follow(f'[news]\naddresses = ["{site.root}/list"]\n')
            folders[name] = (source.seeds, source.data)
        folders["broken"][1].write_text("A file.")
        web = {"way": site.way(), "sleep": source.sleep}
        monkeypatch.setattr(feed_follower, "follow_feeds", lambda *of, sleep: follow(*of, **web))
        sources = FollowedSources(folders)
        assert sources.look(source.sleep)
        assert source.files == ["news-of-aden"]
        assert [report.articles for report in sources.reports(folders)] == [0, 1]
        (line,) = [each.getMessage() for each in caplog.records]
        assert "The look has broken off: " in line


def test_a_host_that_two_corpora_follow_has_its_pause_between_them(tmp_path: Path) -> None:
    slept, following = list[float](), tmp_path / "following"
    following.mkdir()
    (following / "feeds.toml").touch()
    folders = {name: (following if name in "bd" else tmp_path, tmp_path) for name in "abcde"}
    assert not FollowedSources(folders).look(slept.append)
    assert slept == [1.0]


async def test_a_look_that_changes_a_file_reloads_once() -> None:
    looks, threads, asker = [], set[str](), Reloading()

    def look(sleep: Sleep) -> bool:
        looks.append(len(looks))
        threads.add(threading.current_thread().name)
        return looks[-1] == 1

    sources = Pretended(look)
    async with Reloader(asker.reload) as reloader, FeedFollower(sources, reloader, 0.001):  # type: ignore[arg-type]
        await until(lambda: len(looks) > 5)
    assert asker.reloads == 1
    assert all(name.startswith("feeds") for name in threads)


async def test_a_reload_that_failed_is_tried_again_and_so_is_a_look() -> None:
    looks, indexed, asker = [], [], Reloading(failing=1)

    def look(sleep: Sleep) -> bool:
        looks.append(len(looks))
        if looks[-1] == 0:
            raise CorpusError("The folder cannot be written.")
        if looks[-1] == 1:
            raise RuntimeError
        return looks[-1] >= 2 and not indexed

    sources = Pretended(look, lambda: indexed.append(asker.reloads))
    async with Reloader(asker.reload) as reloader, FeedFollower(sources, reloader, 0.001):  # type: ignore[arg-type]
        await until(lambda: len(looks) > 6)
    assert asker.reloads == 2
    assert indexed == [2]


async def test_a_reload_that_fails_is_not_tried_at_each_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(feed_follower, "RETRY_AFTER", 1e6)
    asker, sources = Reloading(failing=99), Pretended(lambda sleep: True)
    async with Reloader(asker.reload) as reloader, FeedFollower(sources, reloader, 0.001):  # type: ignore[arg-type]
        await until(lambda: asker.reloads)
        await asyncio.sleep(0.1)
    assert asker.reloads == 1


async def test_it_goes_on_where_what_is_indexed_cannot_be_noted() -> None:
    looks, noted, asker = [], [], Reloading()

    def look(sleep: Sleep) -> bool:
        looks.append(len(looks))
        return not noted

    def indexed() -> None:
        if asker.reloads == 1:
            raise OSError("The disk is full.")
        noted.append(asker.reloads)

    sources = Pretended(look, indexed)
    async with Reloader(asker.reload) as reloader, FeedFollower(sources, reloader, 0.001):  # type: ignore[arg-type]
        await until(lambda: len(looks) > 3)
    assert noted == [2]


async def test_the_end_of_the_bot_ends_a_look_that_waits() -> None:
    begun, ended = threading.Event(), threading.Event()

    def look(sleep: Sleep) -> bool:
        begun.set()
        try:
            sleep(3_600)
        finally:
            ended.set()
        return False

    async with Reloader(Reloading().reload) as reloader:  # type: ignore[arg-type]
        async with FeedFollower(Pretended(look), reloader):
            await asyncio.to_thread(begun.wait)
        assert await asyncio.to_thread(ended.wait, 30)


async def test_sources_feeds() -> None:
    report = FeedReport("news", "https://n.example/", None, None, None, 0, 0, (), ())
    async with serving(nothing_found()) as server:
        result = await server.ana.slash(server.channel, "sources", feeds=True)
        assert seen(result.response.message) == "No sources are being followed."
        server.env.bot.feeds = FollowedSources({})
        server.env.bot.feeds.reports = lambda corpora: [report]  # type: ignore[method-assign]
        result = await server.ana.slash(server.channel, "sources", feeds=True)
        assert seen(result.response.message) == "**news**\n-# not fetched yet"


@pytest.mark.parametrize("count", [0, 1, 20])
def test_what_members_see_of_the_sources(count: int) -> None:
    report = FeedReport(
        "news", "https://n.example/feed", 1.7e9, None, "It lists more than 5000 articles.", 2, 9,
        (("https://n.example/a", "https://n.example/a cannot be fetched: the server says 403."),),
        ("https://n.example/b",),
    )  # fmt: skip
    text = "\n".join(part.text for part in view.feed_parts([report] * count, ENGLISH))
    assert len(text) < 4_000
    if count:
        assert "<t:1700000000:R> · articles: 9, new: 2, failed: 1, withdrawn: 1" in text
        assert "403" in text
        assert ("and 12 more" in text) == (count == 20)
    else:
        assert text == "No sources are being followed."


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_a_source_failed_is_said_in_each_language(language: str) -> None:
    phrases, url = phrases_in(language), "https://n.example/"
    said = phrases.table("feed_troubles")
    for trouble in [*FetchTrouble, "503"]:
        failed = ((f"{url}a", "An English sentence."),)
        report = FeedReport(
            "n", url, 1.7e9, "Another one.", "And a note.", 0, 1, failed, (), trouble, (trouble,)
        )
        (part,) = view.feed_parts([report], phrases)
        sentence = said("status", status="503") if trouble == "503" else said(trouble)
        lines = [sentence, said("cut"), f"{sentence} {url}a"]
        assert part.text.split("\n")[2:] == [f"-# {escape(line)}" for line in lines]


def test_sources_that_all_fail_at_length_are_shown_as_far_as_there_is_room() -> None:
    why = "*_ does (not) answer ~ " * 9
    failed = (("https://n.example/a", why),)
    report = FeedReport("https://n.example/" + "a-b" * 99, None, 1.7e9, why, why, 2, 9, failed, ())
    texts = [part.text for part in view.feed_parts([report] * 8, ENGLISH)]
    assert len("".join(texts)) <= 4_000
    assert texts[-1] == f"and {9 - len(texts)} more"
