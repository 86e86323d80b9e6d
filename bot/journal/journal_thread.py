"""A thread that has the journal's file: beside the answers, never in their way. What cannot be
written now is kept in memory and written later."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

from retrieval import OperatorError

from .journal import Journal, Result
from .records import SentAnswer, Unrecorded

BUSY_WAIT = 0.5
"""Seconds that the thread waits for another program that has locked the file."""

CALL_WAIT = 2.0
"""Seconds that a caller waits for the file: Discord waits three for a button's answer."""

LONG_WAIT = 60.0
"""Seconds from its first failure on in which what can wait waits for the file."""

PAUSE = 3.0
"""Seconds after a failure within which the file is not tried again."""

log = logging.getLogger(__name__)

Change = Callable[[Journal], object]


class JournalThread:
    """The file and its thread. No method raises OperatorError: what fails is told once, and once
    when it works again."""

    def __init__(self, file: Path) -> None:
        """Start without opening the file, which the first call does."""
        self._file = file
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._journal: Journal | None = None
        self._identity: tuple[int, int] | None = None
        self._waiting: deque[Change] = deque()
        self._unwritten: dict[str, SentAnswer | None] = {}
        """The answers that wait to be written, and None for those that wait to be forgotten."""
        self._unrecorded = Unrecorded()
        self._failing = self._closed = False
        self._paused_until = self._failing_since = 0.0
        self._writing: asyncio.Task[None] | None = None
        """Writes what waits, until all is written."""
        self.is_reached = True
        """Whether the last call has reached the file."""

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

    async def write(self) -> bool:
        """Write what waits. Return whether all is written."""
        return await self.call(lambda journal: True) is True

    async def change(self, change: Change) -> bool:
        """Change the file now, or as soon as that is possible. Return whether it is done."""
        self._waiting.append(change)
        written = await self.write()
        if not written and not self._closed and (self._writing is None or self._writing.done()):
            self._writing = asyncio.create_task(self._write_later())
        return written

    async def tables(
        self, work: Callable[[sqlite3.Connection], Result], *, writes: bool = False
    ) -> Result | None:
        """Call a function with the tables now, as `call` does; see `Journal.with_tables`."""
        return await self.call(lambda journal: journal.with_tables(work, writes=writes))

    async def change_tables(self, work: Callable[[sqlite3.Connection], object]) -> bool:
        """Change the tables now, or as soon as that is possible. Return whether it is done."""
        return await self.change(lambda journal: journal.with_tables(work, writes=True))

    async def _write_later(self) -> None:
        """Write what waits as soon as that is possible, though the bot is asked nothing."""
        while self._waiting:
            await asyncio.sleep(PAUSE)
            await self.write()

    async def call(
        self, function: Callable[[Journal], Result], *, patient: bool = False
    ) -> Result | None:
        """Call a function in the thread once all that waits is written.

        Args:
            function: reads or changes the journal.
            patient: whether to try again after a failure, unless it has failed for a minute.

        Returns:
            What the function returns; None if the file could not be used.
        """
        end = monotonic() + CALL_WAIT
        if patient:
            end = (self._failing_since if self._failing else monotonic()) + LONG_WAIT
        reached = None
        while not self._closed and self._paused_until < end:
            if (pause := self._paused_until - monotonic()) > 0:
                if not patient:
                    break
                await asyncio.sleep(pause)
                continue
            job = asyncio.get_running_loop().run_in_executor(self._thread, self._run, function)
            done, _ = await asyncio.wait([job], timeout=end - monotonic())
            if not done:
                job.cancel()
                break
            if reached := job.result():
                break
        self.is_reached = reached is not None
        if not self._waiting:
            self._unwritten.clear()
        return reached[0] if reached else None

    def _run(self, function: Callable[[Journal], Result]) -> tuple[Result] | None:
        """In the thread: write what waits, then call a function. Return None on failure."""
        if monotonic() < self._paused_until:
            return None  # It has failed since this was put to the thread.
        try:
            journal = self._open_file()
            while self._waiting:
                try:
                    self._waiting[0](journal)
                except Exception as error:
                    # What can never be written must not keep out what follows.
                    if is_for_good(error):
                        self._waiting.popleft()
                    raise
                self._waiting.popleft()
            result = function(journal)
            self._unrecorded = journal.unrecorded()
        except OperatorError as error:
            if not self._failing:
                log.warning(
                    "%s Answers go on without it; until it can be used, buttons under older ones "
                    "do not work.",
                    error,
                )
                self._failing_since = monotonic()
            self._failing, self._paused_until = True, monotonic() + PAUSE
            self._close_file()
            return None
        if self._failing:
            log.info("The journal %s can be used again.", self._file)
            self._failing = False
        return (result,)

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


def is_for_good(error: Exception) -> bool:
    """Return whether a failure is none of the file, but of words that SQLite does not take."""
    return not isinstance(error, OperatorError) or isinstance(error.__cause__, ValueError)


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        status = os.stat(file)
    except OSError:
        return None
    return status.st_dev, status.st_ino
