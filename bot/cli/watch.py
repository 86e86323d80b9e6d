"""`passage reload`, with `--watch` whenever the files change."""

from __future__ import annotations

import math
import os
import signal
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from watchfiles import watch

from retrieval import CorpusError, OperatorError, Reload, StoreError, reason_of

from . import reload_report
from .context import CommandContext, reload_index
from .json_output import print_json, reload_json

REST_MS = 300
"""Milliseconds without a change after which files have come to rest."""

MOST_MS = 9_000
"""Milliseconds after which it is reloaded though files still change: a file may change all the
time."""

POLL_MS = 1_000
"""Milliseconds between two looks at the files, where the system reports no changes."""

RETRY_S = 30.0
"""Seconds after which a reload is tried again for which the index was out of reach."""

TEMPORARY = ("~", ".tmp", ".swp", ".swx", ".part", ".crdownload")
"""Endings of the temporary files of editors and downloads."""


def reload_articles(context: CommandContext) -> int:
    """Update the index to the files: `passage reload`. Return the exit status.

    Raises:
        CorpusError, StoreError, ModelError: the reload fails.
        OperatorError: the folder cannot be watched.
    """
    if context.args.watch:
        _follow(context)
        return 0
    report = reload_index(context.library, context.terminal)
    context.show(report, context.terminal.reload, reload_json)
    return reload_report.exit_status(report)


def _follow(context: CommandContext) -> None:
    """Reload now and whenever the files have changed, until Ctrl-C or SIGTERM."""
    follower = _Follower(context)
    retry_at = math.inf
    with _interrupting(signal.SIGTERM):
        try:
            folder, data = context.settings.library.seeds_dir, context.settings.library.data_dir
            context.terminal.note(f"Watching {folder}; Ctrl-C ends it.")
            for changed in _changes(folder, data):
                if changed or time.monotonic() > retry_at:
                    retry_at = math.inf if follower.reload() else time.monotonic() + RETRY_S
        except KeyboardInterrupt:
            context.terminal.note("Stopped watching.")


class _Follower:
    """Reloads, and prints the report where something is new since the last time."""

    def __init__(self, context: CommandContext) -> None:
        self._context = context
        # Opened now: nothing is watched where the index is out of reach.
        self._library = context.library
        self._last: Reload | None = None
        self._failure: str | None = None

    def reload(self) -> bool:
        """Reload and print it; return False where to try again though no file changes."""
        try:
            report = reload_index(self._library, self._context.terminal)
        except (CorpusError, StoreError) as error:
            if str(error) != self._failure:
                self._context.terminal.error(f"{datetime.now():%H:%M:%S} {error}")
            self._failure = str(error)
            return isinstance(error, CorpusError)
        last, failure, self._last, self._failure = self._last, self._failure, report, None
        changed = report.added or report.changed or report.removed
        if last is None or failure or changed or report.failed != last.failed:
            if self._context.args.json:
                print_json(reload_json(report), indent=None)
            else:
                self._context.terminal.note(f"{datetime.now():%H:%M:%S}")
                self._context.terminal.reload(report)
        return True


def _changes(folder: Path, data: Path) -> Iterator[bool]:
    """Yield some three times a second whether the files below the folder have changed and come to
    rest.

    The first look counts as a change, and so does the first one after the folder has disappeared
    or come back. Raises OperatorError where it cannot be watched.
    """
    while True:
        identity, is_first = _identity(folder), True
        for changed in _changes_in(folder.resolve(), data.resolve()) if identity else _nothing():
            if _identity(folder) != identity:
                break
            yield changed or is_first
            is_first = False


def _changes_in(folder: Path, data: Path) -> Iterator[bool]:
    """Yield, as `_changes` does, for a folder that is there now."""
    looks = watch(
        folder,
        watch_filter=lambda _, path: _counts(path, folder, data),
        step=REST_MS,
        debounce=MOST_MS,
        rust_timeout=REST_MS,
        yield_on_timeout=True,
        poll_delay_ms=POLL_MS,
        ignore_permission_denied=True,
    )
    try:
        yield from map(bool, looks)
    except FileNotFoundError:
        return
    except (OSError, RuntimeError) as error:
        raise OperatorError(
            f"{folder} cannot be watched ({reason_of(error)}); with WATCHFILES_FORCE_POLLING=1 its "
            "files are looked at every second instead."
        ) from error


def _nothing() -> Iterator[bool]:
    while True:
        yield False
        time.sleep(REST_MS / 1000)


def _counts(path: str, folder: Path, data: Path) -> bool:
    """Return whether a file may be an article: not hidden, temporary, or of the index."""
    parts = path.removeprefix(str(folder)).split(os.sep)
    hidden = any(part.startswith(".") for part in parts)
    return not (hidden or path.endswith(TEMPORARY) or Path(path).is_relative_to(data))


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return what distinguishes a folder from another one of its name; None without a folder."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if stat.S_ISDIR(status.st_mode) else None


@contextmanager
def _interrupting(number: signal.Signals) -> Iterator[None]:
    """Let a signal do what Ctrl-C does."""
    previous = signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(number, previous)
