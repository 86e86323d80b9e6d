"""One thread that runs the synchronous core, so that Discord's event loop never waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from types import TracebackType
from typing import ParamSpec, Protocol, Self, TypeVar

from retrieval import (
    Answer,
    Context,
    Meeting,
    MeetingFilter,
    OutdatedIndexError,
    Quote,
    Reload,
    Source,
    Status,
)

FULL = "queue_full"
ONE_AT_A_TIME = "one_at_a_time"
STOPPING = "stopping"
READING_ANEW = "reading_anew"

log = logging.getLogger(__name__)

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Asker(Protocol):
    """Whatever answers a question."""

    def ask(self, question: str) -> Answer:
        """Raises QuestionError where the question cannot be searched for."""

    def sources(self) -> list[Source]:
        """The articles, newest first. Raises PassageError where they cannot be read."""

    def holds(self, quote: Quote) -> bool:
        """Whether the quote's file still holds it."""

    def meetings(self, wanted: MeetingFilter | None = None) -> list[Meeting]:
        """The meetings, newest first. Raises PassageError where they cannot be read."""

    def more(self, question: str, seen: Sequence[Quote]) -> Answer:
        """The next quotes after those seen."""

    def context(self, quote: Quote) -> Context | None:
        """The paragraphs around a quote; None if its file no longer holds it."""

    def article(self, path: str) -> str | None:
        """An article's text as its file holds it now; None if it holds none."""

    def status(self) -> Status:
        """The state of the index. Raises PassageError where there is none."""

    def reload(
        self,
        progress: Callable[[int, int], None] | None = None,
        waiting: Callable[[], None] | None = None,
    ) -> Reload:
        """Brings the index up to the files, in another thread than that which answers.

        What `progress` and `waiting` raise ends it. Raises PassageError where it fails.
        """


class BusyError(Exception):
    """The worker does not take the question; the message is the key of what is to be said."""


@dataclass(eq=False, slots=True)
class _Job:
    """A question that waits or runs, and how many wait for its answer."""

    native: Future[Answer]
    result: asyncio.Future[Answer] = field(init=False)
    waiting: int = 0

    def __post_init__(self) -> None:
        self.result = asyncio.wrap_future(self.native)


class Worker:
    """Puts questions to an asker, one after another, in a thread of its own."""

    def __init__(self, asker: Asker, queue: int = 50, grace: float = 10.0) -> None:
        """`queue` questions may wait while one runs; `grace` is the seconds that `close` waits."""
        self.asker = asker
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="passage")
        self._queue = queue
        self._grace = grace
        self._jobs: dict[str, _Job] = {}
        self._members: set[int] = set()
        self._closed = False

    async def ask(self, question: str, member: int | None = None) -> Answer:
        """The asker's answer. The same question, asked while it is worked on, is computed once.

        Raises BusyError where the queue is full, the member's last question is not answered yet,
        the index has first to be built anew, or the worker is closed; and what the asker raises.
        """
        if self._closed:
            raise BusyError(STOPPING)
        if member in self._members:
            raise BusyError(ONE_AT_A_TIME)
        job = self._job(question)
        if member is not None:
            self._members.add(member)
        job.waiting += 1
        try:
            # Unlike to await it, to wait for it leaves it alone when this task is cancelled.
            await asyncio.wait([job.result])
        finally:
            job.waiting -= 1
            if member is not None:
                self._members.remove(member)
            if not job.waiting:
                # One that runs cannot be cancelled: it keeps its place until it ends.
                job.native.cancel()
        if job.result.cancelled():
            raise BusyError(STOPPING)
        try:
            answer = job.result.result()
        except OutdatedIndexError as error:
            raise BusyError(READING_ANEW) from error
        # The words of another who asked the same may be spelt otherwise.
        return answer if answer.question == question else replace(answer, question=question)

    async def run(
        self, function: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs
    ) -> Result:
        """What a function of the asker returns, called in the worker's thread.

        Raises BusyError where the index has first to be built anew or the worker is closed, and
        what the function raises.
        """
        if self._closed:
            raise BusyError(STOPPING)
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, partial(function, *args, **kwargs))
        except OutdatedIndexError as error:
            raise BusyError(READING_ANEW) from error

    async def idle(self, seconds: float) -> None:
        """Waits until the questions that are worked on now are answered, or so many seconds."""
        if self._jobs:
            await asyncio.wait([job.result for job in self._jobs.values()], timeout=seconds)

    def _job(self, question: str) -> _Job:
        key = " ".join(question.split()).casefold()
        job = self._jobs.get(key)
        if job is not None and not job.native.cancelled():
            return job
        if len(self._jobs) > self._queue:
            raise BusyError(FULL)
        job = self._jobs[key] = _Job(self._thread.submit(self.asker.ask, question))
        job.result.add_done_callback(partial(self._ended, key, job))
        return job

    def _ended(self, key: str, job: _Job, result: asyncio.Future[Answer]) -> None:
        if self._jobs.get(key) is job:
            del self._jobs[key]
        error = None if result.cancelled() else result.exception()
        if error is not None and not job.waiting:
            log.warning("A question failed that nobody waits for any more.", exc_info=error)

    async def close(self) -> None:
        """Takes no more questions, and lets those that it has finish, up to the grace.

        What is not answered then raises BusyError. A question that still runs in the thread cannot
        be stopped: the process ends when it has.
        """
        if self._closed:
            return
        self._closed = True
        # There is one thread: this is done when all that was taken before it is.
        last = asyncio.wrap_future(self._thread.submit(int))
        await asyncio.wait([last], timeout=self._grace)
        for job in self._jobs.values():
            job.result.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()
