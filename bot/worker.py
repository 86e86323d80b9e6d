"""One thread that runs the synchronous core, so that Discord's event loop never waits for it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Protocol, Self

from retrieval import Answer


class Asker(Protocol):
    """Whatever answers a question."""

    def ask(self, question: str) -> Answer:
        """Raises QuestionError where the question cannot be searched for."""


class Worker:
    """Puts questions to an asker, one after another, in a thread of its own."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="passage")

    async def ask(self, question: str) -> Answer:
        """The asker's answer. Raises what the asker raises."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._asker.ask, question)

    async def close(self) -> None:
        """Drops the questions that wait, and returns when the one that runs has ended."""
        await asyncio.to_thread(self._thread.shutdown, cancel_futures=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()
