"""News of two corpora, each of which another server sees."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import simcord

from bot.client import Bot
from bot.corpora.entries import CorpusEntry
from bot.corpora.libraries import Corpora
from bot.journal.background import BackgroundJournal
from bot.options import NewsOptions
from bot.server_settings import ServerSettings
from bot.worker import Worker
from retrieval import Library, StoreError
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store

from ..looks import Looks
from ..server import NO_LIMITS, seen

NAMES = ("main", "team")
REPORT = "The {0} meet\n\nThe council of {0} met in Bonn on 3 May 2025.\n"


class Channels:
    """A channel for news of each corpus, by its name."""

    def __init__(self, env: simcord.Env, corpora: Corpora) -> None:
        self.env, self.corpora = env, corpora
        self.guilds = {name: env.create_guild() for name in NAMES}
        self.of = {name: guild.create_text_channel("news") for name, guild in self.guilds.items()}
        self.heard = dict.fromkeys(NAMES, 0)

    def brings(self, corpus: str, title: str) -> None:
        """An article comes to a corpus."""
        file = self.corpora.entries[corpus].seeds / f"{title}.txt"
        file.write_text(REPORT.format(title), "utf-8")
        self.corpora.library(corpus).reload_here()

    async def look(self) -> dict[str, str]:
        """What the channels are told until a look is over, and have not been before."""
        await self.env.bot.get_cog("NewsCog").look()
        await self.env.settle()
        told = {}
        for name, channel in self.of.items():
            texts = [seen(message) for message in channel.history()]
            if new := texts[self.heard[name] :]:
                (told[name],) = new
            self.heard[name] = len(texts)
        return told


@pytest.fixture
def corpora(tmp_path: Path, embedder: Embedder) -> Iterator[Corpora]:
    entries = {name: CorpusEntry(tmp_path / name) for name in NAMES}

    def library(name: str) -> Library:
        return Library(entries[name].seeds, Store.open(tmp_path / "data" / name), lambda: embedder)

    for name, entry in entries.items():
        entry.seeds.mkdir()
        (entry.seeds / "old.txt").write_text(f"Old {name}\n\nIt is about bread.\n", "utf-8")
    with library("main") as main, Corpora(main, entries, library) as corpora:
        for name in NAMES:
            corpora.library(name).reload_here()
        yield corpora


@asynccontextmanager
async def channels(corpora: Corpora, folder: Path) -> AsyncIterator[Channels]:
    async with BackgroundJournal(Path(":memory:")) as journal, Worker(corpora.main) as worker:
        bot = Bot(worker, journal, NO_LIMITS, folder, corpora=corpora)
        bot.news = NewsOptions(at_once=True)
        bot.servers = ServerSettings(journal, NO_LIMITS, bot.news)
        env = simcord.Env(bot, shard_count=1)
        here = Channels(env, corpora)
        seeds = {name: entry.seeds for name, entry in corpora.entries.items()}
        corpora.entries = {
            name: CorpusEntry(seeds[name], servers=frozenset({guild.id}))
            for name, guild in here.guilds.items()
        }
        for name, guild in here.guilds.items():
            await bot.servers.change(guild.id, "news", here.of[name].id, 1.0, 7)
        async with Looks("NewsCog").running(env):
            yield here


async def test_what_two_corpora_say_of_a_meeting_is_told_each_by_itself(
    corpora: Corpora, tmp_path: Path
) -> None:
    async with channels(corpora, tmp_path) as here:
        assert await here.look() == {}
        for name in NAMES:
            here.brings(name, f"{name}s")
        told = await here.look()
        for name, other in (NAMES, NAMES[::-1]):
            assert "**1 new meeting**" in told[name]
            assert f"The {name}s meet" in told[name]
            assert other not in told[name]
        assert await here.look() == {}


async def test_a_channel_that_cannot_be_looked_up_once_hears_later_what_came(
    corpora: Corpora, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with channels(corpora, tmp_path) as here:
        assert await here.look() == {}
        bot, away = here.env.bot, here.of["team"].id
        real = bot.get_channel

        async def fetch(id: int) -> None:
            raise OSError("The network is gone.")

        for name in NAMES:
            here.brings(name, "Foxes")
        with monkeypatch.context() as patched:
            patched.setattr(bot, "get_channel", lambda id: None if id == away else real(id))
            patched.setattr(bot, "fetch_channel", fetch)
            assert (await here.look()).keys() == {"main"}
        told = await here.look()
        assert told.keys() == {"team"}
        assert "**1 new article**" in told["team"]
        assert await here.look() == {}


async def test_a_corpus_that_cannot_be_asked_once_is_not_told_as_new(
    corpora: Corpora, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with channels(corpora, tmp_path) as here:
        assert await here.look() == {}
        real = here.corpora.library

        def broken(name: str) -> object:
            if name == "team":
                raise StoreError("There is no index.")
            return real(name)

        for name in NAMES:
            here.brings(name, f"{name}s")
        with monkeypatch.context() as patched:
            patched.setattr(corpora, "library", broken)
            patched.setattr(corpora, "_views", {})
            assert (await here.look()).keys() == {"main"}
        told = await here.look()
        assert told.keys() == {"team"}
        assert "**1 new article**" in told["team"]
