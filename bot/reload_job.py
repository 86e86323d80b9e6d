"""Bringing the index up to the files while the bot answers: in a thread of its own, one at a time.

Whoever asks for a reload while one is under way joins it.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self

from retrieval import PassageError, Reload

from .worker import STOPPING, Asker, BusyError

STEP_SECONDS = 3.0
"""How often is told how far a reload is."""

RETRY_SECONDS = 60.0
"""After so long a reload that failed is tried again, where no question can be answered without."""

log = logging.getLogger(__name__)


class CancelledReloadError(Exception):
    """Ends a reload that a person, or the end of the bot, has cancelled."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a reload ended: with a report, with a failure, or with neither: cancelled."""

    report: Reload | None = None

    reference: str | None = None
    """Under which the log has the failure."""

    reason: str | None = None
    """A sentence on the failure, where it is one that the operator can mend."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class Run:
    """A reload, from its start to its end. It is changed in its thread and read in others."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.id = secrets.token_hex(4)
        self.outcome: Outcome | None = None
        """How it ended; None while it is under way."""
        self.counts: tuple[int, int] | None = None
        """Texts done and texts in all, once they are known."""
        self.cancelled = False
        """Whether it is to be cancelled. In its last steps it no longer is."""
        self._clock = clock
        self._first = self._last = (0.0, 0)

    def progress(self, done: int, total: int) -> None:
        """Called by the reload. Raises CancelledReloadError where it is to be cancelled."""
        self.go_on()
        self._last = (self._clock(), done)
        if self.counts is None:
            self._first = self._last
        self.counts = (done, total)

    def go_on(self) -> None:
        """Called while it waits. Raises CancelledReloadError where it is to be cancelled."""
        if self.cancelled:
            raise CancelledReloadError

    @property
    def seconds_left(self) -> float | None:
        """How long the rest will take, at the pace so far; None where there is none yet."""
        (began, before), (now, done) = self._first, self._last
        if self.counts is None or done <= before or now <= began:
            return None
        return (self.counts[1] - done) * (now - began) / (done - before)


def _tell_nobody(run: Run) -> None:
    """Tells nobody."""


class Reloader:
    """Runs reloads in a thread of its own, so that neither Discord nor questions wait for them."""

    def __init__(
        self, asker: Asker, tell: Callable[[Run], object] = _tell_nobody, grace: float = 10.0
    ) -> None:
        """`asker` is whose articles are reloaded; `grace` is the seconds that `close` waits.

        `tell` is called in the event loop: now and then while a reload is under way, when it is
        cancelled, and when it has ended.
        """
        self.run: Run | None = None
        """The newest reload, under way or ended."""
        self.last: Outcome | None = None
        """How the last one ended."""
        self.articles: int | None = None
        """How many articles the last one left that ended well."""
        self.step = STEP_SECONDS
        self._asker = asker
        self._tell = tell
        self._grace = grace
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reload")
        self._driving: asyncio.Task[None] | None = None
        self._rebuilding: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def under_way(self) -> bool:
        return self.run is not None and self.run.outcome is None

    def start(self) -> Run:
        """The reload that is under way, or a new one. Raises BusyError where this is closed."""
        if self._closed:
            raise BusyError(STOPPING)
        if self.run is None or self.run.outcome is not None:
            self.run = Run()
            # It outlives the command that has started it, and is none of its context.
            loop = asyncio.get_running_loop()
            self._driving = Context().run(loop.create_task, self._drive(self.run))
        return self.run

    def rebuild(self, pause: float = RETRY_SECONDS) -> None:
        """Reload for an index that cannot answer: again, `pause` seconds after each failure."""
        self._rebuilding = asyncio.create_task(self._rebuild(pause))

    def cancel(self, id: str) -> bool:
        """Cancels the reload of that id, if it is under way; False where the id is unknown."""
        if self.run is None or self.run.id != id:
            return False
        self.run.cancelled = True
        self._tell(self.run)
        return True

    async def _rebuild(self, pause: float) -> None:
        while not self._closed:
            run = self.start()
            if self._driving is not None:
                await asyncio.wait([self._driving])
            if run.outcome is not None and run.outcome.reference is None:
                return
            await asyncio.sleep(pause)

    async def _drive(self, run: Run) -> None:
        result = asyncio.wrap_future(
            self._thread.submit(self._asker.reload, run.progress, run.go_on)
        )
        while not (await asyncio.wait([result], timeout=self.step))[0]:
            self._tell(run)
        run.outcome = self.last = outcome = _outcome(result, run.id)
        if outcome.report:
            self.articles = outcome.report.articles
        self._tell(run)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Cancels what is under way and takes no more.

        Returns when it has ended, or after the grace: what is being written by then is finished.
        """
        self._closed = True
        if self._rebuilding is not None:
            self._rebuilding.cancel()
        if self.run is not None and self._driving is not None:
            self.run.cancelled = True
            await asyncio.wait([self._driving], timeout=self._grace)
        self._thread.shutdown(wait=False)


def _outcome(result: asyncio.Future[Reload], id: str) -> Outcome:
    try:
        report = result.result()
    except CancelledReloadError:
        log.info("Reload %s was cancelled; the old articles stay.", id)
        return Outcome()
    except PassageError as error:
        reference = secrets.token_hex(4)
        log.error("Reference %s: reload %s failed: %s", reference, id, error)
        return Outcome(reference=reference, reason=str(error))
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("Reference %s: reload %s failed:", reference, id)
        return Outcome(reference=reference)
    log.info(
        "Reload %s is done: added=%d changed=%d removed=%d failed=%d articles=%d seconds=%.1f",
        id,
        len(report.added),
        len(report.changed),
        len(report.removed),
        len(report.failed),
        report.articles,
        report.seconds,
    )
    return Outcome(report)
