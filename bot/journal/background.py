"""The journal as the bot has it: answers are there from the moment in which they are sent.

While an answer is sent it is in `_held`. Then it is in `_unwritten` until the file has it; there a
deleted answer stands as None until the file has forgotten it. The ids of what was deleted are in
`_gone` as well, so that an answer which was being sent then is not recorded afterwards.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Self

from retrieval import Quote

from .journal import Journal
from .journal_thread import JournalThread
from .records import SentAnswer

FORGET_EVERY = 1800.0
"""Seconds after which what is old is forgotten, whether or not the bot is asked anything."""

MAX_WAITING = 1_000
"""The most changes that are kept in memory while the file cannot be written."""

MAX_GONE = 1_000
"""How many deleted answers and messages are remembered."""


class BackgroundJournal(JournalThread):
    """The journal in a thread of its own, and in memory what it has not written yet."""

    def __init__(self, file: Path) -> None:
        """Start without opening the file, which the first call does."""
        super().__init__(file)
        self._held: dict[str, SentAnswer] = {}
        """The answers that are being sent."""
        self._gone: deque[str | int] = deque(maxlen=MAX_GONE)
        """The ids of the answers and messages that were deleted last."""
        self.deletions = Counter[int]()
        """How often each member has had everything deleted in this run of the bot: what was under
        way then is not recorded afterwards."""

    async def __aenter__(self) -> Self:
        await self.write()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

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
        return "too_old" if self.is_reached else "journal_away"

    async def answer(self, id: str, *, patient: bool = False) -> SentAnswer | None:
        """Return the answer of an id; None if it is forgotten, or the file cannot be read, which a
        patient caller waits for."""
        if id in self._unwritten or id in self._held:
            self.is_reached = True
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
            await self.change(lambda journal: _forget_question(journal, message, forgotten))
        else:
            forgotten.cancel()
        return asyncio.wrap_future(forgotten)

    async def forget_before(self, at: float, now: float) -> bool:
        """Forget what is older than a time; see `Journal`. Return whether that is done."""
        self._forget_waiting(lambda sent: sent.at < at)
        return await self.change(lambda journal: journal.forget_before(at, now))

    async def forget_guilds_except(self, guilds: Iterable[int]) -> bool:
        """Forget what is of all servers but these. Return whether that is done."""
        kept = frozenset(guilds)
        self._forget_waiting(lambda sent: sent.guild is not None and sent.guild not in kept)
        return await self.change(lambda journal: journal.forget_guilds_except(kept))

    async def forget_member(self, member: int) -> bool:
        """Forget a member's questions and feedback. Return whether that is done."""
        self.deletions[member] += 1
        self._forget_waiting(lambda sent: sent.asker == member)
        return await self.change(lambda journal: journal.forget_member(member))

    def _waiting_answer_to(self, message: int) -> SentAnswer | None:
        return next((s for s in self._unwritten.values() if s and s.asked_in == message), None)

    def _forget_waiting(self, of: Callable[[SentAnswer], bool]) -> None:
        self._unwritten |= {id: None for id, sent in self._unwritten.items() if sent and of(sent)}


def _forget_question(journal: Journal, message: int, forgotten: Future[SentAnswer | None]) -> None:
    sent = journal.answer_to(message)
    gone = sent or journal.answer_before(message, 0)
    while gone is not None:  # Of two edits at once both may have an answer.
        journal.forget(gone.id)
        gone = journal.answer_to(message)
    forgotten.set_result(sent)
