"""What the tests of several corpora share: ten of them, indexed, as the bench has them."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import simcord

from bench.several_corpora import given, name_of, opened, write_articles
from bot.client import Bot
from bot.corpora.entries import CorpusEntry
from bot.corpora.libraries import Corpora
from bot.journal.background import BackgroundJournal
from bot.options import Home, NewsOptions
from bot.server_settings import ServerSettings
from bot.ui.links import NO_READER, Links
from bot.worker import Worker
from retrieval import MAIN_CORPUS, Library
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from tests.discord_limits import request_problems

from ..reloads import HOME
from ..server import NO_LIMITS, Server


@pytest.fixture(scope="session")
def corpora(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Corpora]:
    """Ten corpora in folders of their own, with the bench's entries. Nothing is read twice: that
    takes four fifths of a question's time."""
    folder = tmp_path_factory.mktemp("corpora")
    entries = given(write_articles(folder))
    data = folder / "data"
    seeds = entries[MAIN_CORPUS].seeds
    model = copy.copy(embedder)
    vars(model)["reader"] = None
    main = Library(seeds, Store.open(data / "chroma"), lambda: model)
    with opened(data, entries, main) as corpora:
        for name in entries:
            corpora.library(name).reload_here()
        yield corpora


@dataclass
class Tenants:
    """A bot on ten servers, each with a channel that has only what its server has, and one that has
    a corpus of its own; in each a member, and one with a role that has a further corpus."""

    env: simcord.Env
    corpora: Corpora
    guilds: list[simcord.GuildHandle]
    plain: list[simcord.ChannelHandle]
    special: list[simcord.ChannelHandle]
    members: list[simcord.MemberActor]
    staff: list[simcord.MemberActor]

    def take_away(self, number: int) -> None:
        """Give the corpus of a number to nobody any more."""
        name = name_of(number)
        entry = CorpusEntry(self.corpora.entries[name].seeds)
        self.corpora.entries = {**self.corpora.entries, name: entry}

    def at(self, server: int, *, special: bool = False, staff: bool = False) -> Server:
        """A member of a server, in one of its channels."""
        channel = (self.special if special else self.plain)[server]
        member = (self.staff if staff else self.members)[server]
        return Server(self.env, self.guilds[server], channel, member)


Serve = Callable[..., AbstractAsyncContextManager[Tenants]]


@pytest.fixture
def tenants(corpora: Corpora) -> Serve:
    """Starts a bot on as many servers as a test asks for, with the ids that these have."""

    @asynccontextmanager
    async def serve(
        servers: int = 2, links: Links = NO_READER, news: Path | None = None
    ) -> AsyncIterator[Tenants]:
        before = corpora.entries
        async with (
            BackgroundJournal(Path(":memory:")) as journal,
            Worker(corpora.main) as worker,
        ):
            bot = Bot(worker, journal, NO_LIMITS, news, Home(HOME), links=links, corpora=corpora)
            env = simcord.Env(bot, shard_count=1)
            here, ids = Tenants(env, corpora, [], [], [], [], []), dict[int, int]()
            for number in range(servers):
                guild = env.create_guild(**({} if number else {"id": HOME}))
                role = guild.create_role("staff")
                here.guilds.append(guild)
                here.plain.append(guild.create_text_channel("general"))
                here.special.append(guild.create_text_channel("special"))
                here.members.append(guild.add_member(env.create_user(f"ana{number}")))
                bo = env.create_user(f"bo{number}")
                here.staff.append(guild.add_member(bo, roles=[role]))
                bench = (1 + number, 100 + number, 200 + number)
                ids |= zip(bench, (guild.id, here.special[-1].id, role.id), strict=True)

            def real(of_bench: frozenset[int]) -> frozenset[int]:
                return frozenset(ids.get(id, id) for id in of_bench)

            corpora.entries = {
                name: CorpusEntry(
                    each.seeds, real(each.servers), real(each.channels), real(each.roles)
                )
                for name, each in before.items()
            }
            if news:
                bot.news = NewsOptions(here.plain[0].id, at_once=True)
                bot.servers = ServerSettings(journal, NO_LIMITS, bot.news)
            await env.start()
            try:
                yield here
                assert request_problems(env.http_requests) == []
            finally:
                corpora.entries = before
                await env.shutdown()

    return serve
