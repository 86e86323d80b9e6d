"""How tests wait for a look of the bot's at its articles: for its end, once it has begun."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from unittest.mock import patch

import simcord

from bot.ui.repeating_cog import RepeatingCog
from tests.discord_limits import request_problems

from .server import until


class Looks:
    """Counts the looks of a cog, but for those that are due while the bot reloads: another one
    follows these."""

    def __init__(self, cog: str) -> None:
        """Set up the count for the class of this name: of that itself each bot loads another."""
        self._cog, self._look = cog, RepeatingCog.look
        self._begun = self._ended = 0

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count them, whichever run of the bot looks."""

        async def look(cog: Any) -> None:
            counts = type(cog).__name__ == self._cog and not cog.bot.reloader.under_way
            self._begun += counts
            try:
                await self._look(cog)
            finally:
                self._ended += counts

        with patch.object(RepeatingCog, "look", look):
            yield

    @asynccontextmanager
    async def running(self, env: simcord.Env) -> AsyncIterator[None]:
        """Run an environment's bot and count its looks. Its requests are such as Discord takes."""
        with self.counted():
            await env.start()
            try:
                yield
                assert request_problems(env.http_requests) == []
            finally:
                await env.bot.reloader.close()
                await env.shutdown()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """At the end, a look is over that has begun within."""
        before = self._begun
        yield
        # They follow each other: the first to end are the first that began.
        await until(lambda: self._ended > before)
