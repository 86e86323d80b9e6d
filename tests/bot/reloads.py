"""A home server for the tests of `/reload`, and articles whose reload waits for the test."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import discord
import simcord

from bot.client import Bot
from bot.journal.background import BackgroundJournal
from bot.options import Home
from bot.worker import Worker
from retrieval import Answer, Failure, Outcome, Reload
from tests.discord_limits import request_problems

from .server import NO_LIMITS, Scripted, seen, until

HOME = 5 << 22
ROLE = 77


def report(**kinds: Any) -> Reload:
    counts = {"articles": 5, "passages": 80, "embedded": 12, "seconds": 0.42}
    empty: dict[str, Any] = dict.fromkeys(
        ("added", "changed", "removed", "unchanged", "failed"), ()
    )
    return Reload(**{**empty, **counts, **kinds})


DONE = report(added=("new.txt",), removed=("old.txt",), failed=(Failure("bad.pdf", "it is empty"),))


class Slow(Scripted):
    """Its reload tells of 64 texts more, of 256, for each `go.release()`, and then ends so."""

    def __init__(self, end: Callable[[], Reload] = lambda: DONE) -> None:
        super().__init__(lambda question: Answer(question, "en", Outcome.NOT_FOUND))
        self.reloads = 0
        self.go = threading.Semaphore(0)
        self._end = end

    def reload(self, progress: Callable[[int, int], None], waiting: Callable[[], None]) -> Reload:
        self.reloads += 1
        for done in range(64, 257, 64):
            while not self.go.acquire(timeout=0.01):
                waiting()
            progress(done, 256)
        return self._end()

    def finish(self) -> None:
        self.go.release(4)


class HomeServer:
    """The bot at home, its owner, and what they see."""

    def __init__(self, env: simcord.Env, guild: simcord.GuildHandle) -> None:
        self.env = env
        self.guild = guild
        self.channel = guild.create_text_channel("general")
        self.admin = guild.create_role("admin", permissions=discord.Permissions(administrator=True))
        self.owner = self.member("olga", self.admin)
        env.bot.owner_id = self.owner.id
        env.bot.reloader.step = 0.1

    def member(self, name: str, *roles: simcord.RoleHandle) -> simcord.MemberActor:
        return self.guild.add_member(self.env.create_user(name), roles=list(roles))

    async def reload(self, who: simcord.MemberActor | None = None) -> Shown:
        """What `/reload` answers."""
        result = await (who or self.owner).slash(self.channel, "reload")
        assert result.ephemeral
        return Shown(result)


class Shown:
    """A message that the bot may change."""

    def __init__(self, result: simcord.InteractionResult) -> None:
        self._result = result

    @property
    def message(self) -> discord.Message:
        return self._result.response.message

    @property
    def text(self) -> str:
        return seen(self.message)

    async def shows(self, *parts: str) -> str:
        """Its text, as soon as all of this is in it."""
        await until(lambda: all(part in self.text for part in parts))
        return self.text


@asynccontextmanager
async def at_home(
    asker: Any, *, role: int | None = None, folder: Path | None = None
) -> AsyncIterator[HomeServer]:
    """The bot, with a server that is its home."""
    async with BackgroundJournal(Path(":memory:")) as journal, Worker(asker) as worker:
        bot = Bot(worker, journal, NO_LIMITS, folder, Home(HOME, role))
        env = simcord.Env(bot, shard_count=1)
        guild = env.create_guild(id=HOME)
        await env.start()
        try:
            yield HomeServer(env, guild)
            assert request_problems(env.http_requests) == []
        finally:
            await env.bot.reloader.close()
            await env.shutdown()
