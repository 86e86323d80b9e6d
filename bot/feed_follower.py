"""Follows the sources of `feeds.toml` while the bot runs, in a thread of its own."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Self

from retrieval import (
    FEEDS_FILE,
    FeedReport,
    PassageError,
    feed_reports,
    follow_feeds,
    mark_indexed,
)

from .reload_job import Reloader
from .worker import BusyError

LOOK_SECONDS = 60.0
"""Seconds between two looks whether a source is due."""

RETRY_AFTER = 10
"""So many times that long it is until a reload that failed is tried again: it is one of all
corpora."""

BETWEEN_CORPORA = 1.0
"""Seconds between the looks of two corpora: both may be at the same host."""

Sleep = Callable[[float], object]

log = logging.getLogger(__name__)


class FollowedSources:
    """The sources of `feeds.toml` of all corpora."""

    def __init__(self, folders: Mapping[str, tuple[Path, Path]]) -> None:
        """`folders` are, by the name of each corpus, that of its articles and that of its data."""
        self._folders = folders

    def look(self, sleep: Sleep) -> bool:
        """Look at those that are due, one corpus after another; return whether a file is to be
        indexed (see `retrieval.follow_feeds`). One that fails keeps none of the others from it."""
        changed = has_looked = False
        for seeds, data in self._folders.values():
            follows = (seeds / FEEDS_FILE).is_file()
            if has_looked and follows:
                sleep(BETWEEN_CORPORA)
            has_looked |= follows
            try:
                changed |= follow_feeds(seeds, data, sleep=sleep)
            except PassageError as error:
                log.error("The sources of %s cannot be followed: %s", seeds, error)
        return changed

    def mark_indexed(self) -> None:
        """Note that what was to be indexed is. Raises OSError."""
        for _, data in self._folders.values():
            mark_indexed(data)

    def reports(self, corpora: Iterable[str]) -> list[FeedReport]:
        """Return what is known of the sources of these corpora."""
        return [each for name in corpora for each in feed_reports(*self._folders[name])[0]]


class CancelledLookError(Exception):
    """Ends a look at the sources that the end of the bot has cancelled."""


class FeedFollower:
    """Looks at the sources that are due, and reloads once after a look that changed a file."""

    def __init__(
        self, sources: FollowedSources, reloader: Reloader, pause: float = LOOK_SECONDS
    ) -> None:
        """Start nothing yet; use it as a context. `pause` is the seconds between two looks."""
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
        await asyncio.to_thread(self._sources.mark_indexed)
        return True
