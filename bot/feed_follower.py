"""Follows the sources of `feeds.toml` while the bot runs, in a thread of its own."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self

from retrieval import FeedReport, PassageError, feed_reports, follow_feeds, mark_indexed

from .reload_job import Reloader
from .worker import BusyError

LOOK_SECONDS = 60.0
"""Seconds between two looks whether a source is due."""

RETRY_AFTER = 10
"""So many times that long it is until a reload that failed is tried again: it is one of all
corpora."""

Sleep = Callable[[float], object]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FollowedSources:
    """The sources of `feeds.toml`: `look` looks at those that are due; given what it is to sleep
    with, it returns whether a file is to be indexed (`retrieval.follow_feeds`), `indexed` is called
    when that is done. `reports` is what is known of those of the corpora of some names."""

    look: Callable[[Sleep], bool]
    indexed: Callable[[], object]
    reports: Callable[[Iterable[str]], Sequence[FeedReport]]

    @classmethod
    def of(
        cls, folders: Callable[[str], tuple[Path, Path]], corpora: Collection[str]
    ) -> FollowedSources:
        """Return the sources of the corpora of some names, each of which has its `folders`: that of
        its articles, and that of its data."""
        every = [*map(folders, corpora)]
        return cls(
            partial(_look_at_each, every),
            lambda: [*map(mark_indexed, (data for _, data in every))],
            lambda names: [each for name in names for each in feed_reports(*folders(name))[0]],
        )


def _look_at_each(folders: Iterable[tuple[Path, Path]], sleep: Sleep) -> bool:
    """Look at the sources of corpora. One that fails keeps none of the others from it."""
    changed = False
    for seeds, data in folders:
        try:
            changed |= follow_feeds(seeds, data, sleep=sleep)
        except PassageError as error:
            log.error("The sources of %s cannot be followed: %s", seeds, error)
    return changed


class CancelledLookError(Exception):
    """Ends a look at the sources that the end of the bot has cancelled."""


class FeedFollower:
    """Looks at the sources that are due, and reloads once after a look that changed a file."""

    def __init__(
        self, sources: FollowedSources, reloader: Reloader, pause: float = LOOK_SECONDS
    ) -> None:
        """Start nothing yet; use it as a context.

        Args:
            sources: looks at the sources.
            reloader: reloads.
            pause: seconds between two looks.
        """
        self._sources, self._reloader, self._pause = sources, reloader, pause
        self._stop = threading.Event()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="feeds")
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop.set()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _sleep(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise CancelledLookError

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        with suppress(BusyError, CancelledLookError):
            while True:
                pause = self._pause
                try:
                    changed = await loop.run_in_executor(
                        self._thread, self._sources.look, self._sleep
                    )
                    if changed and not await self._reload():
                        pause *= RETRY_AFTER
                except (BusyError, CancelledLookError):
                    raise
                except PassageError as error:
                    log.error("The sources cannot be followed: %s", error)
                except Exception:
                    log.exception("The sources cannot be followed:")
                await asyncio.sleep(pause)

    async def _reload(self) -> bool:
        """Reload, and return whether that is done; a reload that is under way may have read the
        files before they changed."""
        await self._reloader.idle()
        run = self._reloader.start()
        await self._reloader.idle()
        if run.outcome is None or run.outcome.report is None:
            return False
        await asyncio.to_thread(self._sources.indexed)
        return True
