"""A thread that runs the synchronous retrieval, so that no event loop waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, Self, TypeVar

import retrieval
from retrieval import Answer, OutdatedIndexError, Turn

if TYPE_CHECKING:  # It takes long to import.
    from .corpora.seen import Asker

FULL_QUEUE = "queue_full"
ONE_AT_A_TIME = "one_at_a_time"
STOPPING = "stopping"
READING_ANEW = "reading_anew"

log = logging.getLogger(__name__)

_Key = tuple[str, Turn | None, "Asker"]
"""A question as it is compared with others, the one before it, and who answers it."""

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class BusyError(Exception):
    """The worker does not take the question; the message is the key of a phrase."""


@dataclass(eq=False, slots=True)
class _Job:
    """A question in the thread's queue or at work."""

    thread_future: Future[Answer]
    result: asyncio.Future[Answer]
    waiting: int = 0
    """How many callers wait for the answer."""


class Worker:
    """Runs an asker in a thread of its own, one call after another."""

    def __init__(self, asker: retrieval.Library, queue: int = 50, grace: float = 10.0) -> None:
        """Start the thread.

        Args:
            asker: answers the questions for which there is no other one.
            queue: how many questions may wait while another one is at work.
            grace: seconds that `close` gives to questions that are not answered yet.
        """
        self.asker = asker
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="passage")
        self._queue = queue
        self._grace = grace
        self._jobs: dict[_Key, _Job] = {}
        self._runs = 0
        """How many other calls are in the queue or at work."""
        self._members: set[int] = set()
        self._closed = False

    async def ask(
        self,
        question: str,
        member: int | None = None,
        before: Turn | None = None,
        asker: Asker | None = None,
    ) -> Answer:
        """Return the asker's answer; the same question of several callers is searched for once.

        Args:
            question: the question as it was typed.
            member: the id of who asks, for whom only one question at a time is taken.
            before: the question that it may go on from.
            asker: answers it, instead of the worker's own.

        Raises:
            BusyError: the queue is full, the member's last question is not answered yet, the index
                has first to be rebuilt, or the worker is closed.
            PassageError: the asker raises it.
        """
        if self._closed:
            raise BusyError(STOPPING)
        if member in self._members:
            raise BusyError(ONE_AT_A_TIME)
        job = self._job(question, before, asker or self.asker)
        if member is not None:
            self._members.add(member)
        job.waiting += 1
        try:
            # `await job.result` would cancel it with this task, though others wait for it too.
            await asyncio.wait([job.result])
        finally:
            job.waiting -= 1
            if member is not None:
                self._members.remove(member)
            if not job.waiting:
                # A question at work cannot be cancelled and stays in the queue until it ends.
                job.thread_future.cancel()
        if job.result.cancelled():
            raise BusyError(STOPPING)
        try:
            answer = job.result.result()
        except OutdatedIndexError as error:
            raise BusyError(READING_ANEW) from error
        # Another caller may have spelt the same question differently.
        return answer if answer.question == question else replace(answer, question=question)

    async def run(
        self,
        function: Callable[Arguments, Result],
        /,
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Call a function in the worker's thread and return its result.

        Raises:
            BusyError: the queue is full, the index has first to be rebuilt, or the worker is
                closed.
            PassageError: the function raises it.
        """
        if self._closed:
            raise BusyError(STOPPING)
        self._check_queue()
        loop = asyncio.get_running_loop()
        self._runs += 1
        try:
            return await loop.run_in_executor(self._thread, partial(function, *args, **kwargs))
        except OutdatedIndexError as error:
            raise BusyError(READING_ANEW) from error
        finally:
            self._runs -= 1

    async def idle(self, seconds: float) -> None:
        """Wait until the questions taken so far are answered, at most this many seconds."""
        if self._jobs:
            await asyncio.wait([job.result for job in self._jobs.values()], timeout=seconds)

    def _job(self, question: str, before: Turn | None, asker: Asker) -> _Job:
        key = " ".join(question.split()).casefold(), before, asker
        job = self._jobs.get(key)
        if job is not None and not job.thread_future.cancelled():
            return job
        self._check_queue()
        thread_future = self._thread.submit(asker.ask, question, before)
        job = self._jobs[key] = _Job(thread_future, asyncio.wrap_future(thread_future))
        job.result.add_done_callback(partial(self._ended, key, job))
        return job

    @property
    def queue_length(self) -> int:
        """How many calls wait or are at work."""
        return len(self._jobs) + self._runs

    def _check_queue(self) -> None:
        if self.queue_length > self._queue:
            raise BusyError(FULL_QUEUE)

    def _ended(self, key: _Key, job: _Job, result: asyncio.Future[Answer]) -> None:
        if self._jobs.get(key) is job:
            del self._jobs[key]
        error = None if result.cancelled() else result.exception()
        if error is not None and not job.waiting:
            log.warning("A question failed that nobody waits for any more.", exc_info=error)

    async def close(self) -> None:
        """Take no more questions, and let the others finish within the grace period.

        Questions that are not answered by then raise BusyError. A question that is still at work
        in the thread cannot be stopped: the process does not end before it.
        """
        if self._closed:
            return
        self._closed = True
        # There is a single thread, so this is done when everything submitted before it is.
        drained = asyncio.wrap_future(self._thread.submit(int))
        await asyncio.wait([drained], timeout=self._grace)
        for job in self._jobs.values():
            job.result.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
