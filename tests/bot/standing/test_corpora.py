"""Standing questions of several corpora: each keeps to what is seen where it is posted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import discord
import simcord

from bot.corpora.entries import CorpusEntry
from bot.corpora.libraries import Corpora
from bot.journal.journal import Journal
from retrieval import MAIN_CORPUS, Library
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from tests.conftest import Folder

from ..server import face, rows
from .readers import LANDED, OLD, Readers, followed, readers

TRADE = "trade"


class Tenants(Readers):
    """Beside the main corpus, which the server has, one that a channel and a role have."""

    special: simcord.ChannelHandle
    bo: simcord.MemberActor
    trade: Path

    async def trades(self, files: dict[str, str]) -> None:
        """Articles come to the other corpus."""
        for name, text in files.items():
            (self.trade / name).write_text(text)
        await self.brings({})

    def told_of(self, who: simcord.MemberActor) -> str:
        return " ".join(self.told(who))


@asynccontextmanager
async def tenants(folder: Folder, journal: Journal, embedder: Embedder) -> AsyncIterator[Tenants]:
    seeds = folder({"old.txt": OLD})
    data, trade = seeds.parent / "data", seeds.parent / TRADE
    trade.mkdir()
    (trade / "older.txt").write_text(LANDED.format("Alba"))
    main = Library(seeds, Store.open(data / "chroma"), lambda: embedder)
    entries = {MAIN_CORPUS: CorpusEntry(seeds), TRADE: CorpusEntry(trade)}

    def opened(name: str) -> Library:
        return Library(entries[name].seeds, Store.open(data / name), lambda: embedder)

    with Corpora(main, entries, opened) as corpora:
        corpora.reload()
        async with readers(main, folder, journal, corpora=corpora, kind=Tenants) as here:
            assert isinstance(here, Tenants)
            here.trade = trade
            here.special = here.guild.create_text_channel("special")
            role = here.guild.create_role("staff")
            here.bo = here.guild.add_member(here.env.create_user("bo"), roles=[role])
            channels = frozenset({here.special.id})
            corpora.entries = {
                MAIN_CORPUS: CorpusEntry(seeds, servers=frozenset({here.guild.id})),
                TRADE: CorpusEntry(trade, channels=channels, roles=frozenset({role.id})),
            }
            await here.env.settle()
            yield here


async def test_a_passage_is_posted_where_its_corpus_is_seen_and_nowhere_else(
    folder: Folder, journal: Journal, embedder: Embedder
) -> None:
    async with tenants(folder, journal, embedder) as here:
        await here.follow(here.mod, here=True)
        await here.mod.slash(here.special, "follow", question="zeppelin landed", here=True)
        await here.follow(here.ana)
        await here.follow(here.bo)
        await here.trades({"berta.txt": LANDED.format("Berta")})
        assert here.posted == here.told(here.ana) == []
        assert "Berta" in " ".join(here.history(here.special))
        assert "Berta" in here.told_of(here.bo)
        # The other buttons would find nothing in direct messages, where nobody has this corpus.
        message = here.bo.user.dm_channel.last_message
        assert [face(item) for item in rows(message)] == ["Unfollow"]
        await here.brings({"carla.txt": LANDED.format("Carla")})
        for told in (here.posted, here.told(here.ana), here.told(here.bo)):
            assert "Carla" in told[-1]
        assert "Carla" in here.history(here.special)[-1]
        assert "Alba" not in " ".join([*here.history(here.special), here.told_of(here.bo)])


async def test_an_archived_thread_has_the_corpus_of_its_channel(
    folder: Folder, journal: Journal, embedder: Embedder
) -> None:
    async with tenants(folder, journal, embedder) as here:
        channel = here.env.bot.get_channel(here.special.id)
        opened = await channel.create_thread(name="all", type=discord.ChannelType.public_thread)
        (thread,) = here.special.threads
        await here.mod.slash(thread, "follow", question="zeppelin landed", here=True)
        await opened.edit(archived=True)
        await here.env.settle()
        await here.trades({"berta.txt": LANDED.format("Berta")})
        assert "Berta" in here.history(thread)[-1]


async def test_a_question_ends_where_its_channel_or_thread_is_deleted(
    folder: Folder, journal: Journal, embedder: Embedder
) -> None:
    async with tenants(folder, journal, embedder) as here:
        channel = here.env.bot.get_channel(here.special.id)
        opened = await channel.create_thread(name="all", type=discord.ChannelType.public_thread)
        (thread,) = here.special.threads
        for place in (here.channel, here.special, thread):
            await here.mod.slash(place, "follow", question="zeppelin landed", here=True)
        await here.ana.slash(here.special, "follow", question="zeppelin landed")
        for deleted in (opened, channel):
            await deleted.delete()
        await here.env.settle()
        await here.brings({"carla.txt": LANDED.format("Carla")})
        left = [(question.channel, question.is_public) for question in followed(journal)]
        assert left == [(here.channel.id, True), (here.special.id, False)]


async def test_who_loses_the_role_or_the_server_is_told_no_more_of_its_corpus(
    folder: Folder, journal: Journal, embedder: Embedder
) -> None:
    async with tenants(folder, journal, embedder) as here:
        await here.follow(here.bo)
        here.guild.remove_member(here.bo)
        here.guild.add_member(here.bo.user)
        await here.trades({"berta.txt": LANDED.format("Berta")})
        assert here.told(here.bo) == []
        await here.brings({"carla.txt": LANDED.format("Carla")})
        assert "Berta" not in here.told_of(here.bo)
        assert "Carla" in here.told_of(here.bo)
        here.guild.remove_member(here.bo)
        await here.brings({"dora.txt": LANDED.format("Dora")})
        assert "Dora" not in here.told_of(here.bo)
        assert followed(journal) == []


async def test_a_corpus_that_is_given_later_is_news_from_then_on(
    folder: Folder, journal: Journal, embedder: Embedder
) -> None:
    async with tenants(folder, journal, embedder) as here:
        await here.follow(here.mod, here=True)
        entries = here.env.bot.corpora.entries
        given = frozenset({here.guild.id})
        here.env.bot.corpora.entries = {
            **entries,
            TRADE: CorpusEntry(here.trade, servers=given),
        }
        await here.brings({})
        assert here.posted == []
        await here.trades({"berta.txt": LANDED.format("Berta")})
        assert ["Berta" in text for text in here.posted] == [True]
