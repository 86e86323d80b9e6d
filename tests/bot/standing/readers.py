"""A server whose members follow questions, and articles that come."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord
import simcord

from bot.client import Bot
from bot.corpora.libraries import Corpora
from bot.journal.background import BackgroundJournal
from bot.journal.journal import Journal
from bot.journal.standing_table import StandingQuestion, standing_questions, store_question
from bot.options import AskOptions
from bot.worker import Worker
from retrieval import Library
from tests.conftest import Folder

from ..looks import Looks
from ..server import NO_LIMITS, seen

OLD = "An old article\n\nIt is about bread and how it is baked.\n"
LANDED = "The zeppelin {0} landed beside the old lighthouse of {0} on Sunday morning."
ASKED = "zeppelin landed lighthouse"
WORDS = "landed beside the old lighthouse"


def followed(journal: Journal) -> list[StandingQuestion]:
    return journal.with_tables(standing_questions)


def follow(journal: Journal, question: StandingQuestion) -> None:
    journal.with_tables(lambda db: store_question(db, question), writes=True)


class Readers:
    """The bot on a server, two members, and its articles."""

    def __init__(self, env: simcord.Env, folder: Folder) -> None:
        self.env, self.folder, self.now = env, folder, 1.8e9
        self.looks = Looks("StandingCog")
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
        async with self.look():
            self.env.bot.reloader.start()
            await self.env.bot.reloader.idle()

    @asynccontextmanager
    async def look(self) -> AsyncIterator[None]:
        """At the end, a look for new articles is over that has begun within."""
        async with self.looks.one():
            yield
        await self.env.settle()

    def told(self, who: simcord.MemberActor) -> list[str]:
        return self.history(who.user.dm_channel)

    def history(self, channel: simcord.ChannelHandle) -> list[str]:
        return [seen(message) for message in channel.history()]

    @property
    def posted(self) -> list[str]:
        return self.history(self.channel)


@asynccontextmanager
async def readers(
    library: Library,
    folder: Folder,
    journal: Journal,
    options: AskOptions = NO_LIMITS,
    *,
    corpora: Corpora | None = None,
    kind: type[Readers] = Readers,
) -> AsyncIterator[Readers]:
    async with BackgroundJournal(journal.file) as kept, Worker(library) as worker:
        env = simcord.Env(Bot(worker, kept, options, corpora=corpora), shard_count=1)
        here = kind(env, folder)
        async with here.looks.running(env):
            yield here
