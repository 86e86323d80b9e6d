"""The journal as the bot has it, in a thread: beside the answers, never in their way. What cannot
be written now is kept in memory and written later."""

from __future__ import annotations

import asyncio
import logging
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Self

from retrieval import OperatorError, Quote

from .journal import Journal, Kept, Result, is_locked
from .records import Deletions, Feedback, SentAnswer, Unrecorded

BUSY_WAIT = 0.5
"""Seconds that the thread waits for another program that has locked the file."""

CALL_WAIT = 2.0
"""Seconds that a caller waits for the thread: Discord waits three for a button's answer."""

PAUSE = 3.0
"""Seconds after a failure within which the file is not tried again."""

FORGET_EVERY = 1800.0
"""Seconds after which what is old is forgotten, whether or not the bot is asked anything."""

MAX_WAITING = 1_000
"""The most changes that are kept in memory while the file cannot be written."""

log = logging.getLogger(__name__)

Change = Callable[[Journal], object]


class BackgroundJournal:
    """The journal in a thread of its own. No method raises OperatorError: what fails is told once,
    and once when it works again."""

    def __init__(self, file: Path) -> None:
        """Start without opening the file, which the first call does."""
        self._file = file
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._journal: Journal | None = None
        self._identity: tuple[int, int] | None = None
        self._waiting: deque[Change] = deque()
        self._latest: dict[str, SentAnswer | None] = {}
        """The answers that wait to be written, and None for those that wait to be forgotten."""
        self._held: dict[str, SentAnswer] = {}
        """The answers that are being sent."""
        self._unrecorded = Unrecorded()
        self.deletions = Deletions()
        self._failing = self._busy = self._closed = False
        self._paused_until = 0.0
        self._writing: asyncio.Task[None] | None = None
        """Writes what waits, until all is written."""

    async def __aenter__(self) -> Self:
        await self.write()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Write what waits, if that is possible, and close the file."""
        if not self._closed:
            if self._writing is not None:
                self._writing.cancel()
            self._paused_until = 0.0
            await self.write()
            self._closed = True
            self._thread.submit(self._close_file)
            self._thread.shutdown(wait=False)

    @contextmanager
    def held(self, sent: SentAnswer) -> Iterator[None]:
        """Keep an answer in memory while it is sent: its buttons may be pressed at once."""
        self._held[sent.id] = sent
        try:
            yield
        finally:
            del self._held[sent.id]

    def is_recorded(self, member: int) -> bool:
        """Return whether a member's questions may be recorded, as far as the file was read."""
        return member not in self._unrecorded

    async def record(self, sent: SentAnswer, replaces: str | None = None) -> None:
        """Record an answer that was sent, in place of another one if it takes that one's place."""
        if replaces is not None:
            self._latest[replaces] = None
        if len(self._waiting) < MAX_WAITING:
            self._latest[sent.id] = sent
            await self.change(lambda journal: _record(journal, sent, replaces))

    async def shown(self, id: str, quotes: Sequence[Quote]) -> None:
        """Record which quotes an answer has shown by now."""
        if (sent := self._latest.get(id)) is not None:
            self._latest[id] = replace(sent, quotes=tuple(quotes))
        await self.change(lambda journal: journal.shown(id, quotes))

    async def answer(self, id: str) -> SentAnswer | None:
        """Return the answer of an id; None if it is forgotten, or the file cannot be read."""
        if id in self._latest or id in self._held:
            return self._latest.get(id) or self._held.get(id)
        return await self.call(lambda journal: journal.answer(id))

    async def answer_to(self, message: int) -> SentAnswer | None:
        """Return the answer to the question in a message; None as `answer` does."""
        if (sent := self._unwritten_answer_to(message)) is not None:
            return sent
        sent = await self.call(lambda journal: journal.answer_to(message))
        return None if sent is None or sent.id in self._latest else sent

    async def answer_before(self, message: int | None, channel: int) -> SentAnswer | None:
        """Return the answer that a message may go on from; see `Journal`. None as `answer` does."""
        return await self.call(lambda journal: journal.answer_before(message, channel))

    async def forget(self, id: str) -> None:
        """Forget an answer that was deleted."""
        self._latest[id] = None
        await self.change(lambda journal: journal.forget(id))

    async def forget_question(self, message: int) -> asyncio.Future[SentAnswer | None]:
        """Forget the answer to a message that was deleted, or that it was. Return the one to it,
        None if there was none: now, or once the file can be used; cancelled if that cannot be."""
        forgotten: Future[SentAnswer | None] = Future()
        if (sent := self._unwritten_answer_to(message)) is not None:
            await self.forget(sent.id)
            forgotten.set_result(sent)
        elif len(self._waiting) < MAX_WAITING:
            await self.change(lambda journal: _forget_question(journal, message, forgotten))
        else:
            forgotten.cancel()
        return asyncio.wrap_future(forgotten)

    async def rate(self, feedback: Feedback) -> bool:
        """Record feedback, unless nothing of the member may be. Return whether it is written."""
        return await self.change(lambda journal: _rate(journal, feedback))

    async def forget_before(self, at: float, now: float) -> bool:
        """Forget what is older than a time; see `Journal`. Return whether that is done."""
        self._forget_held(lambda sent: sent.at < at)
        return await self.change(lambda journal: journal.forget_before(at, now))

    async def forget_guilds_except(self, guilds: Iterable[int]) -> bool:
        """Forget what is of all servers but these. Return whether that is done."""
        kept = frozenset(guilds)
        self._forget_held(lambda sent: sent.guild is not None and sent.guild not in kept)
        return await self.change(lambda journal: journal.forget_guilds_except(kept))

    async def forget_member(self, member: int) -> bool:
        """Forget a member's questions and feedback. Return whether that is done."""
        self.deletions.note(member)
        self._forget_held(lambda sent: sent.asker == member)
        return await self.change(lambda journal: journal.forget_member(member))

    async def set_recorded(self, member: int, recorded: bool) -> bool:
        """Set whether a member's questions may be recorded. Return whether that is kept."""
        return await self.change(lambda journal: journal.set_recorded(member, recorded))

    async def kept_of(self, member: int) -> Kept | None:
        """Return what is kept of a member; None on failure."""
        return await self.call(lambda journal: journal.kept_of(member))

    async def write(self) -> bool:
        """Write what waits. Return whether all is written."""
        return await self.call(lambda journal: True) is True

    async def settle(self, seconds: float) -> bool:
        """Wait, at most so long, while another program locks the file; return if all is written."""
        end = monotonic() + seconds
        while self._waiting and monotonic() < end:
            self._paused_until = 0.0
            if not await self.write() and not self._busy:
                break
        return not self._waiting

    def _unwritten_answer_to(self, message: int) -> SentAnswer | None:
        return next((s for s in self._latest.values() if s and s.asked_in == message), None)

    def _forget_held(self, of: Callable[[SentAnswer], bool]) -> None:
        self._latest |= {id: None for id, sent in self._latest.items() if sent and of(sent)}

    async def change(self, change: Change) -> bool:
        """Change the file now, or as soon as that is possible. Return whether it is done."""
        self._waiting.append(change)
        written = await self.write()
        if not written and not self._closed and (self._writing is None or self._writing.done()):
            self._writing = asyncio.create_task(self._write_later())
        return written

    async def _write_later(self) -> None:
        """Write what waits as soon as that is possible, though the bot is asked nothing."""
        while self._waiting:
            await asyncio.sleep(PAUSE)
            await self.write()

    async def call(self, function: Callable[[Journal], Result]) -> Result | None:
        """Call a function in the thread once all that waits is written; None on failure."""
        if self._closed or monotonic() < self._paused_until:
            return None
        job = asyncio.get_running_loop().run_in_executor(self._thread, self._run, function)
        done, _ = await asyncio.wait([job], timeout=CALL_WAIT)
        if not done:
            job.cancel()
            return None
        if not self._waiting:
            self._latest.clear()
        return job.result()

    def _run(self, function: Callable[[Journal], Result]) -> Result | None:
        """In the thread: write what waits, then call a function."""
        try:
            journal = self._open_file()
            while self._waiting:
                self._write_next(journal)
            result = function(journal)
            self._unrecorded = journal.unrecorded()
        except OperatorError as error:
            if not self._failing:
                log.warning(
                    "%s Answers go on without it; until it can be used, buttons under older ones "
                    "do not work.",
                    error,
                )
            self._failing, self._paused_until = True, monotonic() + PAUSE
            self._busy = is_locked(error)
            self._close_file()
            return None
        if self._failing:
            log.info("The journal %s can be used again.", self._file)
            self._failing = False
        return result

    def _write_next(self, journal: Journal) -> None:
        try:
            self._waiting[0](journal)
        except OperatorError as error:
            # Words that SQLite never takes, or an unreadable row, must not keep out what follows.
            if isinstance(error.__cause__, ValueError):
                self._waiting.popleft()
            raise
        self._waiting.popleft()

    def _open_file(self) -> Journal:
        """Return the open journal: a new one if the file was moved away or put there anew."""
        if self._journal is not None and self._identity != _identity(self._file):
            self._close_file()
        if self._journal is None:
            self._journal = Journal(self._file, BUSY_WAIT)
            self._identity = _identity(self._file)
        return self._journal

    def _close_file(self) -> None:
        if self._journal is not None:
            self._journal.close()
            self._journal = None


def _record(journal: Journal, sent: SentAnswer, replaces: str | None) -> None:
    if sent.copy_of is not None and journal.answer(sent.copy_of) is None:
        return  # What it is a copy of was forgotten meanwhile.
    if sent.asker not in journal.unrecorded():
        journal.record(sent, replaces)
    elif replaces is not None:
        journal.forget(replaces)


def _rate(journal: Journal, feedback: Feedback) -> None:
    if feedback.member not in journal.unrecorded():
        journal.rate(feedback)


def _forget_question(journal: Journal, message: int, forgotten: Future[SentAnswer | None]) -> None:
    try:
        sent = journal.answer_to(message)
        if gone := sent or journal.answer_before(message, 0):
            journal.forget(gone.id)
    except OperatorError as error:
        if isinstance(error.__cause__, ValueError):  # It is not tried again.
            forgotten.cancel()
        raise
    forgotten.set_result(sent)


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        status = os.stat(file)
    except OSError:
        return None
    return status.st_dev, status.st_ino
