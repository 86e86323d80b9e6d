"""Standing questions: what is posted, where, never twice, and when it ends."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import discord
import pytest
import simcord

from bot.background_journal import BackgroundJournal
from bot.client import Bot
from bot.journal import Journal
from bot.journal_standing import FOLLOWED_FOR, StandingQuestion
from bot.options import AskOptions
from bot.standing import cog
from bot.worker import Worker
from retrieval import Library
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from tests.conftest import Folder
from tests.discord_limits import request_problems

from ..conftest import Speak
from ..server import NO_LIMITS, face, press, rows, seen, until

OLD = "An old article\n\nIt is about bread and how it is baked.\n"
LANDED = "The zeppelin {0} landed beside the old lighthouse of {0} on Sunday morning."
ASKED = "zeppelin landed lighthouse"
WORDS = "landed beside the old lighthouse"


class Readers:
    """The bot on a server, two members, and its articles."""

    def __init__(self, env: simcord.Env, folder: Folder) -> None:
        self.env, self.folder, self.now = env, folder, 1.8e9
        self.guild = env.create_guild()
        self.channel = self.guild.create_text_channel("general")
        self.ana = self.guild.add_member(env.create_user("ana"))
        moderator = discord.Permissions(manage_messages=True)
        role = self.guild.create_role("moderator", permissions=moderator)
        self.mod = self.guild.add_member(env.create_user("mod"), roles=[role])
        env.bot.clock.now = lambda: self.now

    async def follow(
        self, who: simcord.MemberActor, question: str | None = ASKED, **options: object
    ) -> discord.Message:
        asked = {} if question is None else {"question": question}
        result = await who.slash(self.channel, "follow", **asked, **options)
        assert result.ephemeral
        message: discord.Message = result.response.message
        return message

    async def brings(self, files: dict[str, str | bytes]) -> None:
        """Articles come, or change, and a reload brings them."""
        self.folder(files)
        self.env.bot.reloader.start()
        await self.env.bot.reloader.idle()
        await self.env.settle()
        looking = next(c for name, c in self.env.bot.cogs.items() if name == "StandingCog")
        async with looking._looking:
            pass
        await self.env.settle()

    def told(self, who: simcord.MemberActor) -> list[str]:
        return [seen(message) for message in who.user.dm_channel.history()]

    @property
    def posted(self) -> list[str]:
        return [seen(message) for message in self.channel.history()]


@asynccontextmanager
async def readers(
    library: Library, folder: Folder, journal: Journal, options: AskOptions = NO_LIMITS
) -> AsyncIterator[Readers]:
    async with BackgroundJournal(journal.file) as kept, Worker(library) as worker:
        env = simcord.Env(Bot(worker, kept, options), shard_count=1)
        here = Readers(env, folder)
        await env.start()
        try:
            yield here
            assert request_problems(env.http_requests) == []
        finally:
            await env.bot.reloader.close()
            await env.shutdown()


@pytest.fixture
def library(folder: Folder, embedder: Embedder) -> Library:
    seeds = folder({"old.txt": OLD, "older.txt": LANDED.format("Alba")})
    library = Library(seeds, Store.open(seeds.parent / "chroma"), lambda: embedder)
    library.reload()
    return library


async def test_new_articles_alone_are_asked_and_nothing_is_told_twice(
    library: Library, folder: Folder, journal: Journal
) -> None:
    async with readers(library, folder, journal) as here:
        kept = await here.follow(here.ana)
        assert ASKED in seen(kept)
        assert [face(item) for item in rows(kept)] == ["Unfollow"]
        await here.brings({"bread.txt": "Rye is baked longer than wheat, says the miller.\n"})
        assert here.told(here.ana) == []
        await here.brings({"new.txt": LANDED.format("Berta")})
        (text,) = here.told(here.ana)
        assert "Berta" in text
        assert "Alba" not in text
        message = here.ana.user.dm_channel.last_message
        assert [face(item) for item in rows(message)][-1] == "Unfollow"
        (sent,) = journal.answers_of(here.ana.id)
        assert (sent.sent_as, sent.question) == (message.id, ASKED)
        assert journal.asked() == []
        await here.brings({"next.txt": LANDED.format("Carla")})
        assert len(here.told(here.ana)) == 2
        assert "Carla" in here.told(here.ana)[1]
        shown = await here.ana.user.click(
            here.ana.user.dm_channel.last_message, label="Show in context"
        )
        assert "Carla" in seen(shown.response.message)
        # The same words, whether they are moved, copied or stand in an edited article, are not new.
        edited = f"{OLD}\n{LANDED.format('Berta')}\n\n{LANDED.format('Alba')}\n"
        await here.brings({"copy.txt": LANDED.format("Berta"), "old.txt": edited})
        (folder({}) / "new.txt").rename(folder({}) / "moved.txt")
        await here.brings({})
        assert len(here.told(here.ana)) == 2


async def test_who_unfollows_is_told_no_more(
    library: Library, folder: Folder, journal: Journal
) -> None:
    async with readers(library, folder, journal) as here:
        await here.follow(here.ana)
        await here.follow(here.ana, "Who bakes the bread?")
        listed = await here.follow(here.ana, None)
        assert [face(item) for item in rows(listed)] == ["Unfollow (1)", "Unfollow (2)"]
        ended = await press(here.ana, listed, "Unfollow (1)")
        assert seen(ended.response.message) == "This question is followed no longer."
        assert "Who bakes" in seen(await here.follow(here.ana, None))
        assert ASKED not in seen(await here.follow(here.ana, None))
        await here.brings({"new.txt": LANDED.format("Berta")})
        assert here.told(here.ana) == []


async def test_a_channel_is_for_its_moderators(
    library: Library, folder: Folder, journal: Journal, speak: Speak
) -> None:
    async with readers(library, folder, journal) as here:
        refused = await here.follow(here.ana, here=True)
        assert "manage messages" in seen(refused)
        speak("de")
        await here.follow(here.mod, "zeppelin landed lighthouse", here=True)
        speak("en-US")
        await here.brings({"new.txt": LANDED.format("Berta")})
        (text,) = here.posted
        assert WORDS in text
        assert here.told(here.mod) == []
        message = here.channel.last_message
        # The server's language, not that of who follows.
        assert [face(item) for item in rows(message)][-1] == "Unfollow"
        denied = await press(here.ana, message, "Unfollow")
        assert "a moderator" in seen(denied.response.message)
        await press(here.mod, message, "Unfollow")
        assert journal.standing.all() == []


async def test_a_member_who_takes_no_direct_messages_is_forgotten(
    library: Library, folder: Folder, journal: Journal
) -> None:
    async with readers(library, folder, journal) as here:
        await here.follow(here.ana)
        here.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
        await here.brings({"new.txt": LANDED.format("Berta")})
        assert journal.standing.all() == []


async def test_what_could_not_be_sent_is_sent_later_and_once(
    library: Library, folder: Folder, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cog, "SEND_WITHIN", 0)
    async with readers(library, folder, journal) as here:
        await here.follow(here.mod, here=True)
        here.env.inject_error("POST", "/channels/*/messages", status=403, code=50013)
        await here.brings({"new.txt": LANDED.format("Berta")})
        assert here.posted == []
        await here.env.advance_time(cog.BETWEEN_LOOKS + 1)
        await until(lambda: here.posted)
        await here.env.advance_time(cog.BETWEEN_LOOKS + 1)
        assert len(here.posted) == 1


async def test_a_channel_that_is_deleted_takes_its_questions_along(
    library: Library, folder: Folder, journal: Journal
) -> None:
    async with readers(library, folder, journal) as here:
        await here.follow(here.mod, here=True)
        await here.env.bot.get_channel(here.channel.id).delete()
        await here.env.settle()
        await until(lambda: journal.standing.all() == [])
        gone = StandingQuestion(1.8e9, ASKED, here.ana.id, here.guild.id, 77, "en-US", 0)
        journal.standing.add(gone)
    async with readers(library, folder, journal):
        await until(lambda: journal.standing.all() == [])


async def test_at_most_so_many_answers_a_day_and_the_rest_on_the_next(
    library: Library, folder: Folder, journal: Journal
) -> None:
    async with readers(library, folder, journal) as here:
        await here.follow(here.ana)
        for name in ("Berta", "Carla", "Dora", "Elsa"):
            await here.brings({f"{name}.txt": LANDED.format(name)})
        assert len(here.told(here.ana)) == cog.POSTS_A_DAY
        here.now += cog.POSTS_WITHIN + 1
        await here.env.advance_time(cog.BETWEEN_LOOKS + 1)
        await until(lambda: len(here.told(here.ana)) == cog.POSTS_A_DAY + 1)
        assert "Elsa" in here.told(here.ana)[-1]


async def test_what_came_while_the_bot_was_away_is_told_once(
    library: Library, folder: Folder, journal: Journal
) -> None:
    async with readers(library, folder, journal) as here:
        await here.follow(here.mod, here=True)
        folder({"new.txt": LANDED.format("Berta")})
        library.reload()
        for _ in range(2):
            bot = here.env.bot
            await here.env.restart_bot(Bot(bot.worker, bot.journal, NO_LIMITS))
            await until(lambda: here.posted)
            await here.brings({})
            assert len(here.posted) == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (replace(NO_LIMITS, direct_messages=False), "no direct messages"),
        (replace(NO_LIMITS, per_member=1), "many questions"),
        (NO_LIMITS, "Please ask in words"),
    ],
)
async def test_what_cannot_be_followed_is_said(
    library: Library, folder: Folder, journal: Journal, options: AskOptions, said: str
) -> None:
    async with readers(library, folder, journal, options) as here:
        await here.follow(here.ana, ASKED)
        assert said in seen(await here.follow(here.ana, "???"))


async def test_privacy_shows_and_deletes_what_is_followed(
    library: Library, folder: Folder, journal: Journal
) -> None:
    async with readers(library, folder, journal) as here:
        for number in range(cog.MAX_FOLLOWED):
            await here.follow(here.ana, f"{ASKED} {number}")
        assert "at most 10" in seen(await here.follow(here.ana))
        overview = (await here.ana.slash(here.channel, "privacy")).response.message
        assert "a question that you follow" in seen(overview)
        sent = (await press(here.ana, overview, "Send me mine")).response.message
        followed = json.loads(await sent.attachments[0].read())["followed"]
        assert len(followed) == cog.MAX_FOLLOWED
        await press(here.ana, overview, "Delete mine")
        assert journal.standing.all() == []
        await here.follow(here.ana)
        await press(here.ana, overview, "Don't record me")
        assert journal.standing.all() == []
        assert "not to record you" in seen(await here.follow(here.ana))


def test_old_questions_and_those_of_left_servers_are_forgotten(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.sqlite3") as journal:
        kept = StandingQuestion(1.8e9, ASKED, 1, 5, None, "en-US", 0, ("a",), (1.0,))
        old = replace(kept, at=1.8e9 - FOLLOWED_FOR - 1, id="0" * 16)
        elsewhere = replace(kept, guild=6, id="1" * 16)
        for question in (kept, old, elsewhere):
            journal.standing.add(question)
        journal.forget_before(1.8e9 - 30 * 86_400, 1.8e9 + 1)
        assert set(journal.standing.all()) == {kept, elsewhere}
        journal.forget_guilds_except([5])
        assert journal.standing.all() == [kept]


def test_articles_are_numbered_by_their_words(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.sqlite3") as journal:
        standing = journal.standing
        last = standing.note_articles({"a": "a.txt", "b": "b.txt"})
        assert standing.note_articles({"a": "moved.txt"}) == last
        assert standing.articles_after(last) == []
        assert standing.note_articles({"a": "moved.txt", "c": "c.txt"}) == last + 1
        assert standing.articles_after(last) == ["c.txt"]
        assert standing.articles_after(0) == ["c.txt", "moved.txt"]
