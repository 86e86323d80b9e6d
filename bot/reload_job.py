"""Reloads while the bot answers: in a thread of their own, one at a time.

Who asks for a reload while another one is under way joins it.
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

from .worker import STOPPING, BusyError

STEP_SECONDS = 3.0
"""Seconds between two reports of a reload's progress."""

RETRY_SECONDS = 60.0
"""After so long a reload that failed is tried again, where no question can be answered without."""

log = logging.getLogger(__name__)


class CancelledReloadError(Exception):
    """Ends a reload that a person or the end of the bot has cancelled."""


@dataclass(frozen=True, slots=True)
class ReloadOutcome:
    """How a reload ended. One that was cancelled has neither a report nor a reference."""

    report: Reload | None = None

    reference: str | None = None
    """The failure's reference in the log."""

    reason: str | None = None
    """A sentence on a failure that the operator can mend."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class ReloadRun:
    """A reload from its start to its end: written by its thread, read by others."""

    def __init__(self) -> None:
        self.id = secrets.token_hex(4)
        self.outcome: ReloadOutcome | None = None
        """None while it is under way."""
        self.counts: tuple[int, int] | None = None
        """Texts that are embedded, and texts in all; None before the first is."""
        self.cancelled = False
        """Whether it is to be cancelled, which its last steps ignore."""
        self._first = self._last = (0.0, 0)

    def progress(self, done: int, total: int) -> None:
        """Record the progress in texts. Raises CancelledReloadError where it is to be cancelled."""
        self.check_cancelled()
        self._last = (time.perf_counter(), done)
        if self.counts is None:
            self._first = self._last
        self.counts = (done, total)

    def check_cancelled(self) -> None:
        """Raise CancelledReloadError where the reload is to be cancelled."""
        if self.cancelled:
            raise CancelledReloadError

    @property
    def seconds_left(self) -> float | None:
        """Seconds that the rest will take at the speed so far; None where that is not known yet."""
        (start, first), (now, done) = self._first, self._last
        if self.counts is None or done <= first or now <= start:
            return None
        return (self.counts[1] - done) * (now - start) / (done - first)


class Reloader:
    """Runs reloads in a thread, so that neither Discord nor questions wait for them."""

    def __init__(
        self,
        reload: Callable[[Callable[[int, int], None], Callable[[], None]], Reload],
        tell: Callable[[ReloadRun], object] = lambda run: None,
        grace: float = 10.0,
    ) -> None:
        """Start the thread.

        Args:
            reload: brings the index up to the files; called with `ReloadRun.progress` and
                `ReloadRun.check_cancelled`, which may raise (see `Library.reload`).
            tell: called in the event loop with a reload: every `step` seconds while it is under
                way, when it is cancelled, and once when it has ended.
            grace: seconds that `close` waits for a reload.
        """
        self.run: ReloadRun | None = None
        """The newest reload, whether it has ended or not."""
        self.last: ReloadOutcome | None = None
        """The outcome of the last reload that ended."""
        self.step = STEP_SECONDS
        self._reload = reload
        self._tell = tell
        self._grace = grace
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reload")
        self._driving: asyncio.Task[None] | None = None
        self._rebuilding: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def under_way(self) -> bool:
        return self.run is not None and self.run.outcome is None

    def start(self) -> ReloadRun:
        """Return the reload that is under way, or start one. Raises BusyError once it is closed."""
        if self._closed:
            raise BusyError(STOPPING)
        if self.run is None or self.run.outcome is not None:
            self.run = ReloadRun()
            # It outlives the command that starts it, so it does not run in its context.
            loop = asyncio.get_running_loop()
            self._driving = Context().run(loop.create_task, self._drive(self.run))
        return self.run

    def rebuild(self, pause: float = RETRY_SECONDS) -> None:
        """Reload for an index that cannot answer: again, `pause` seconds after each failure."""
        self._rebuilding = asyncio.create_task(self._rebuild(pause))

    def cancel(self, id: str) -> bool:
        """Cancel the reload of an id; return False where that is not under way."""
        if self.run is None or self.run.id != id or not self.under_way:
            return False
        self.run.cancelled = True
        self._tell(self.run)
        return True

    async def idle(self) -> None:
        """Wait until no reload is under way."""
        if self._driving is not None:
            await asyncio.wait([self._driving])

    async def _rebuild(self, pause: float) -> None:
        while not self._closed:
            run = self.start()
            await self.idle()
            if run.outcome is not None and run.outcome.reference is None:
                return
            await asyncio.sleep(pause)

    async def _drive(self, run: ReloadRun) -> None:
        result = asyncio.wrap_future(
            self._thread.submit(self._reload, run.progress, run.check_cancelled)
        )
        while not (await asyncio.wait([result], timeout=self.step))[0]:
            self._tell(run)
        run.outcome = self.last = _outcome(result, run.id)
        self._tell(run)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Cancel the reload that is under way and start no other one.

        Returns when it has ended or the grace period is over; an index that is being written is
        finished even then.
        """
        self._closed = True
        if self._rebuilding is not None:
            self._rebuilding.cancel()
        if self.run is not None and self._driving is not None:
            self.run.cancelled = True
            await asyncio.wait([self._driving], timeout=self._grace)
        self._thread.shutdown(wait=False)


def _outcome(result: asyncio.Future[Reload], id: str) -> ReloadOutcome:
    try:
        report = result.result()
    except CancelledReloadError:
        log.info("Reload %s was cancelled; the old articles stay.", id)
        return ReloadOutcome()
    except Exception as error:
        reference = secrets.token_hex(4)
        reason = str(error) if isinstance(error, PassageError) else None
        log.error("Reference %s: reload %s failed: %s", reference, id, error, exc_info=not reason)
        return ReloadOutcome(reference=reference, reason=reason)
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
    return ReloadOutcome(report)
