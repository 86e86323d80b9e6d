"""News to a channel: what is told, when, and never twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import discord
import pytest
import simcord

from bot.client import Bot
from bot.i18n.phrases import LANGUAGES, phrases_in
from bot.journal.background import BackgroundJournal
from bot.news import cog
from bot.news.told import News, Told
from bot.news.view import digest_message
from bot.options import NewsOptions
from bot.server_settings import ServerSettings
from bot.ui.links import NO_READER
from bot.worker import Worker
from retrieval import MAIN_CORPUS, Day, Library, MeetingStatus, Source
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from tests.conftest import Folder

from ..agenda import evidence, meeting
from ..looks import Looks
from ..markup import HOSTILE, live
from ..server import NO_LIMITS, seen, serving, until

THREAD = discord.ChannelType.public_thread
OLD = "An old article\n\nIt is about bread.\n"
NEW = (
    "---\ntitle: {0}\nurl: https://news.example/{0}\n---\n\n"
    "The council of {0} met in Bonn on 3 May 2025.\n"
)


class Channel:
    """The bot on a server with a channel for news, and its articles."""

    def __init__(self, env: simcord.Env, channel: simcord.ChannelHandle) -> None:
        self.env, self.channel, self.now = env, channel, 1.8e9
        self.looks = Looks("NewsCog")
        env.bot.clock.now = lambda: self.now

    async def reload(self) -> None:
        async with self.looks.one():
            self.env.bot.reloader.start()
            await self.env.bot.reloader.idle()
        await self.env.settle()

    @property
    def told(self) -> list[str]:
        return [seen(message) for message in self.channel.history()]


@asynccontextmanager
async def news_channel(library: Library, folder: Path, *, at_once: bool) -> AsyncIterator[Channel]:
    async with BackgroundJournal(Path(":memory:")) as journal, Worker(library) as worker:
        bot = Bot(worker, journal, NO_LIMITS, folder)
        env = simcord.Env(bot, shard_count=1)
        channel = env.create_guild().create_text_channel("news")
        bot.news = NewsOptions(channel.id, at_once)
        bot.servers = ServerSettings(journal, NO_LIMITS, bot.news)
        here = Channel(env, channel)
        async with here.looks.running(env):
            yield here


@pytest.fixture
def library(folder: Folder, embedder: Embedder) -> Library:
    seeds = folder({"old.txt": OLD})
    library = Library(seeds, Store.open(seeds.parent / "chroma"), lambda: embedder)
    library.reload()
    return library


async def test_a_reload_that_brought_something_is_told_at_once(
    library: Library, folder: Folder, tmp_path: Path
) -> None:
    async with news_channel(library, tmp_path, at_once=True) as here:
        assert here.told == []
        folder({"new.md": NEW.format("Budget")})
        await here.reload()
        await until(lambda: here.told)
        (text,) = here.told
        assert text.startswith(
            "### News\n**1 new article**\n- [Budget](<https://news.example/Budget>)"
        )
        assert "**1 new meeting**" in text
        assert "3 May 2025 · Bonn" in text
        await here.reload()
        assert len(here.told) == 1
        folder({"new.md": NEW.format("Budget").replace("3 May", "4 May")})
        await here.reload()
        await until(lambda: len(here.told) == 2)
        (text,) = set(here.told) - {text}
        assert "new article" not in text
        assert "4 May 2025 · Bonn" in text


async def test_once_a_day_tells_all_of_the_day(
    library: Library, folder: Folder, tmp_path: Path
) -> None:
    async with news_channel(library, tmp_path, at_once=False) as here:
        folder({"a.md": NEW.format("Alpha")})
        await here.reload()
        await until(lambda: here.told)
        for name in ("Beta", "Gamma"):
            folder({f"{name}.md": NEW.format(name)})
            await here.reload()
        here.now += 80_000
        await here.reload()
        assert len(here.told) == 1
        here.now += 7_000
        await here.env.advance_time(cog.CHECK_SECONDS + 1)
        await until(lambda: len(here.told) == 2)
        text = next(text for text in here.told if "Alpha" not in text)
        assert "**2 new articles**" in text
        assert "Beta" in text
        assert "Gamma" in text


async def test_what_goes_and_comes_back_is_no_news(
    library: Library, folder: Folder, tmp_path: Path
) -> None:
    async with news_channel(library, tmp_path, at_once=True) as here:
        alpha = {"alpha.md": NEW.format("Alpha")}
        for number, name in enumerate(("Alpha", "Beta", "Gamma"), 1):
            held = NEW.format(name).replace("3 May", f"{number + 2} May")
            folder({**alpha, f"{name.lower()}.md": held})
            if name == "Beta":  # A source has withdrawn it for a while.
                (folder({}) / "alpha.md").unlink()
            await here.reload()
            await until(lambda number=number: len(here.told) == number)
        assert [text.count("Alpha](") for text in here.told] == [2, 0, 0]
        assert [text.count("Gamma](") for text in here.told] == [0, 0, 2]


async def test_what_came_while_the_bot_was_away_is_told_once(
    library: Library, folder: Folder, tmp_path: Path
) -> None:
    async with news_channel(library, tmp_path, at_once=True) as here:
        assert here.told == []
    folder({"new.md": NEW.format("Budget")})
    library.reload()
    async with news_channel(library, tmp_path, at_once=True) as here:
        await until(lambda: here.told)
    async with news_channel(library, tmp_path, at_once=True) as here:
        assert here.told == []


async def test_each_server_chooses_its_channel_and_what_was_there_before_is_no_news(
    library: Library, folder: Folder
) -> None:
    async with serving(library) as server:
        bot, other = server.env.bot, server.env.create_guild()
        gone, parent = server.guild.create_text_channel("gone"), other.create_text_channel("far")
        opened = await bot.get_channel(parent.id).create_thread(name="far", type=THREAD)
        # Of a thread that is archived the bot is told no more; who writes in it opens it again.
        await opened.edit(archived=True)
        await server.env.settle()
        assert bot.get_channel(opened.id) is None
        (far,) = parent.threads
        kim = server.guild.add_member(
            server.env.create_user("kim"),
            roles=[
                server.guild.create_role("kim", permissions=discord.Permissions(manage_guild=True))
            ],
        )
        folder({"early.md": NEW.format("Early")})
        await reloaded(bot)
        opened = await kim.slash(server.channel, "settings")
        menu = {"custom_id": "settings:news"}
        await kim.select(opened.response.message, [server.channel], **menu)
        await bot.servers.change(other.id, "news", far.id, 1.0, kim.id)
        await bot.servers.change(other.id, "language", "de", 1.0, kim.id)
        await bot.servers.change(3, "news", gone.id, 1.0, kim.id)
        await bot.get_channel(gone.id).delete()
        folder({"late.md": NEW.format("Late")})
        await reloaded(bot)
        await until(lambda: far.history() and server.channel.history())
        told = [seen(channel.last_message) for channel in (server.channel, far)]
        assert [text.split("\n")[0] for text in told] == ["### News", "### Neues"]
        assert all("Late" in text and "Early" not in text for text in told)
        # Of two messages with one nonce Discord shows the first alone.
        sent = [request.json for request in server.env.http_requests if request.method == "POST"]
        nonces = [body["nonce"] for body in sent if isinstance(body, dict) and body.get("nonce")]
        assert len(nonces) == len(set(nonces)) >= 2
        # Without a channel nothing is kept for later.
        await kim.select(opened.response.message, [], **menu)
        for guild in (other.id, 3):
            await bot.servers.change(guild, "news", None, 2.0, kim.id)
        folder({"lost.md": NEW.format("Lost")})
        await reloaded(bot)
        await kim.select(opened.response.message, [server.channel], **menu)
        assert len(server.channel.history()) == 1


async def test_what_came_while_its_channel_was_deleted_is_no_news_in_another(
    library: Library, folder: Folder
) -> None:
    async with serving(library) as server:
        bot, guild = server.env.bot, server.guild
        gone, new = guild.create_text_channel("gone"), guild.create_text_channel("new")

        async def brought(name: str) -> None:
            folder({f"{name}.md": NEW.format(name)})
            await reloaded(bot)
            await bot.get_cog("NewsCog").look()

        await bot.servers.change(guild.id, "news", gone.id, 1.0, 1)
        await brought("Early")
        await bot.get_channel(gone.id).delete()
        await brought("Lost")
        await bot.servers.change(guild.id, "news", new.id, 2.0, 1)
        await brought("Known")
        await brought("Late")
        await until(new.history)
        (told,) = map(seen, new.history())
        assert "Late" in told
        assert not any(name in told for name in ("Early", "Lost", "Known"))


async def reloaded(bot: Bot) -> None:
    bot.reloader.start()
    await bot.reloader.idle()


def source(number: int, **facts: str) -> Source:
    return replace(Source(f"{number}.txt", f"{number:064x}", f"Title {number}", "en"), **facts)


def test_what_is_moved_or_edited_is_not_new() -> None:
    before, held = source(1, url="https://a.example/1"), replace(meeting(1), uid="1")
    told = Told().with_corpora(frozenset({MAIN_CORPUS}), [before], [held])
    for now in (
        replace(before, path="2.txt"),
        replace(before, sha256="f" * 64, title="Other"),
        replace(before, path="2.txt", sha256="f" * 64),
    ):
        assert not told.news([now], [replace(held, evidence=evidence(2))])
    cancelled = replace(held, status=MeetingStatus.CANCELLED)
    later, new = replace(held, date=Day(2, 1, 2025)), replace(held, uid="2")
    assert told.news([], [cancelled]).changed == [cancelled]
    assert told.news([], [later]).changed == [later]
    assert told.news([source(3)], [new]) == News([source(3)], [new], [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_digest_of_much_fits_one_message_and_is_plain_text(language: str) -> None:
    long = " ".join(HOSTILE) + " Wörter" * 80
    articles = [
        source(n, title=long, date="2025-02-07", url="https://a.example/" + "x" * 480)
        for n in range(200)
    ]
    meetings = [
        meeting(1 + n % 28, name=long, place=long, evidence=evidence(n, title=long))
        for n in range(200)
    ]
    view = digest_message(News(articles, meetings, meetings), phrases_in(language), NO_READER)
    texts = [item.content for item in view.walk_children()]
    assert sum(len(text) for text in texts) <= 4_000
    assert len("".join(texts).encode()) < 10_000
    assert "199" in texts[1] or "198" in texts[1]
    for hostile in HOSTILE:
        news = News([source(1, title=hostile)], [], [])
        (_, text) = (
            item.content
            for item in digest_message(news, phrases_in(language), NO_READER).walk_children()
        )
        assert live(text.split("\n")[1].removeprefix("- ")) == []
