"""The journal as the bot has it: a thread has the file, beside the answers and never in their way.
Answers are there from the moment in which they are sent; what cannot be written now is later.

While an answer is sent it is in `_held`. Then it is in `_unwritten` until the file has it; there a
deleted answer stands as None until the file has forgotten it. The ids of what was deleted are in
`_gone` as well, so that an answer which was being sent then is not recorded afterwards.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Self

from retrieval import OperatorError, Quote

from .journal import Journal, Result
from .records import SentAnswer, Unrecorded

MAX_WAITING = 1_000
"""The most changes that are kept in memory while the file cannot be written."""

MAX_GONE = 1_000
"""How many deleted answers and messages are remembered."""

FORGET_EVERY = 1800.0
"""Seconds after which what is old is forgotten, whether or not the bot is asked anything."""

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


class BackgroundJournal:
    """The journal in a thread of its own, and in memory what it has not written yet. No method
    raises OperatorError: what fails is told once, and once when it works again."""

    def __init__(self, file: Path) -> None:
        """Start without opening the file, which the first call does."""
        self._file = file
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._journal: Journal | None = None
        self._waiting: deque[Change] = deque()
        self._writing: asyncio.Task[None] | None = None
        """Writes what waits, until all is written."""
        self._held: dict[str, SentAnswer] = {}
        """The answers that are being sent."""
        self._unwritten: dict[str, SentAnswer | None] = {}
        """The answers that wait to be written, and None for those that wait to be forgotten."""
        self._gone: deque[str | int] = deque(maxlen=MAX_GONE)
        """The ids of the answers and messages that were deleted last."""
        self._unrecorded = Unrecorded()
        self._failing = self._closed = False
        self._paused_until = self._failing_since = 0.0
        self._is_reached = True
        """Whether the last look for an answer has reached the file."""
        self.deletions = Counter[int]()
        """How often each member has had everything deleted in this run of the bot: what was under
        way then is not recorded afterwards."""

    async def __aenter__(self) -> Self:
        await self.write()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Write what waits, if that is possible, and close the file."""
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
            self._unwritten[replaces] = None
        if sent.id in self._gone or sent.sent_as in self._gone:
            # It was deleted as soon as it could be seen.
            for id in filter(None, (replaces, sent.id)):
                await self.forget(id)
        elif len(self._waiting) < MAX_WAITING:
            self._unwritten[sent.id] = sent
            await self.change(lambda journal: journal.record(sent, replaces))

    async def shown(self, id: str, quotes: Sequence[Quote]) -> None:
        """Record which quotes an answer has shown by now."""
        if (sent := self._unwritten.get(id)) is not None:
            self._unwritten[id] = replace(sent, quotes=tuple(quotes))
        await self.change(lambda journal: journal.shown(id, quotes))

    @property
    def why_absent(self) -> str:
        """The phrase for an answer that was just looked up and is not there."""
        return "too_old" if self._is_reached else "journal_away"

    async def answer(self, id: str, *, patient: bool = False) -> SentAnswer | None:
        """Return the answer of an id; None if it is forgotten, or the file cannot be read, which a
        patient caller waits for."""
        if id in self._unwritten or id in self._held:
            self._is_reached = True
            return self._unwritten.get(id) or self._held.get(id)
        return await self.call(lambda journal: journal.answer(id), patient=patient)

    async def answer_to(self, message: int) -> SentAnswer | None:
        """Return the answer to the question in a message, patiently; None as `answer` does."""
        if (sent := self._waiting_answer_to(message)) is not None:
            return sent
        sent = await self.call(lambda journal: journal.answer_to(message), patient=True)
        return None if sent is None or sent.id in self._unwritten else sent

    async def forget(self, id: str) -> None:
        """Forget an answer that was deleted."""
        self._gone.append(id)
        self._unwritten[id] = None
        await self.change(lambda journal: journal.forget(id))

    async def forget_question(self, message: int) -> asyncio.Future[SentAnswer | None]:
        """Forget the answer to a message that was deleted, or that it was. Return the one to it,
        None if there was none: now, or once the file can be used; cancelled if that cannot be."""
        forgotten: Future[SentAnswer | None] = Future()
        self._gone.append(message)
        if (sent := self._waiting_answer_to(message)) is not None:
            await self.forget(sent.id)
            forgotten.set_result(sent)
        elif len(self._waiting) < MAX_WAITING:
            await self.change(
                lambda journal: forgotten.set_result(journal.forget_question(message))
            )
        else:
            forgotten.cancel()
        return asyncio.wrap_future(forgotten)

    async def forget_before(self, at: float, now: float) -> None:
        """Forget what is older than a time; see `Journal`."""
        self._forget_waiting(lambda sent: sent.at < at)
        await self.change(lambda journal: journal.forget_before(at, now))

    async def forget_guilds_except(self, guilds: Iterable[int]) -> None:
        """Forget what is of all servers but these."""
        kept = frozenset(guilds)
        self._forget_waiting(lambda sent: sent.guild is not None and sent.guild not in kept)
        await self.change(lambda journal: journal.forget_guilds_except(kept))

    async def forget_member(self, member: int) -> bool:
        """Forget a member's questions and feedback. Return whether that is done."""
        self.deletions[member] += 1
        self._forget_waiting(lambda sent: sent.asker == member)
        return await self.change(lambda journal: journal.forget_member(member))

    def _waiting_answer_to(self, message: int) -> SentAnswer | None:
        return next((s for s in self._unwritten.values() if s and s.asked_in == message), None)

    def _forget_waiting(self, of: Callable[[SentAnswer], bool]) -> None:
        self._unwritten |= {id: None for id, sent in self._unwritten.items() if sent and of(sent)}

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

    async def change_tables(self, work: Callable[[sqlite3.Connection], object]) -> bool:
        """Change the tables, as `change` does; see `Journal.with_tables`."""
        return await self.change(lambda journal: journal.with_tables(work, writes=True))

    async def tables(
        self, work: Callable[[sqlite3.Connection], Result], *, writes: bool = False
    ) -> Result | None:
        """Call a function with the tables now, as `call` does; see `Journal.with_tables`."""
        return await self.call(lambda journal: journal.with_tables(work, writes=writes))

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
        self._is_reached = reached is not None
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
                    # What can never be written, such as words that SQLite does not take, must not
                    # keep out what follows.
                    if not isinstance(error, OperatorError) or isinstance(
                        error.__cause__, ValueError
                    ):
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
        if self._journal is not None and not self._journal.is_in_place():
            self._close_file()
        if self._journal is None:
            self._journal = Journal(self._file, BUSY_WAIT)
        return self._journal

    def _close_file(self) -> None:
        if self._journal is not None:
            self._journal.close()
            self._journal = None
