"""`passage reload`, and with `--watch` again whenever the files change."""

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

from watchfiles import Change, watch

import retrieval
from retrieval import CorpusError, OperatorError, Reload, StoreError

from . import reload_report
from .commands import Context
from .json_output import print_json, print_json_line, reload_json
from .output import Terminal

LOOK_MS = 300
"""The time between two looks at what has changed."""

MOST_LOOKS = 30
"""After so many it is reloaded though files still change: one may change all the time."""

POLL_MS = 1_000
"""The time between two looks at the files themselves, where the system tells of no changes."""

RETRY_S = 30.0
"""After so long a reload is tried again that found the index out of reach."""

TEMPORARY = ("~", ".tmp", ".swp", ".swx", ".part", ".crdownload")
"""How the names of files end that editors and downloads leave for a moment."""


def reload(on: Context) -> None:
    """`passage reload`. Raises CorpusError, StoreError, ModelError."""
    if on.args.watch:
        _follow(on)
        return
    report = _reload(on.library, on.terminal)
    if on.args.json:
        print_json(reload_json(report))
    else:
        on.terminal.reload(report)


def _reload(library: retrieval.Library, terminal: Terminal) -> Reload:
    with terminal.progress("Indexing") as bar:
        return library.reload(bar)


def _follow(on: Context) -> None:
    """Reload now and whenever the files have changed, until Ctrl-C or SIGTERM.

    Raises OperatorError where the folder cannot be watched, ModelError.
    """
    follower = _Follower(on)
    retry_at = math.inf
    with _interrupting(signal.SIGTERM):
        try:
            on.terminal.note(f"Watching {on.settings.seeds_dir}; Ctrl-C ends it.")
            for changed in _looks(on.settings.seeds_dir, on.settings.data_dir):
                if changed or time.monotonic() > retry_at:
                    retry_at = math.inf if follower.reload() else time.monotonic() + RETRY_S
        except KeyboardInterrupt:
            on.terminal.note("Stopped watching.")


class _Follower:
    """Reloads, and tells what is new since the last time."""

    def __init__(self, on: Context) -> None:
        self._on = on
        self._library = on.library  # Opened now: out of reach at the start, nothing is watched.
        self._last: Reload | None = None
        self._failure: str | None = None

    def reload(self) -> bool:
        """Reload and tell of it; False where it should be tried again though no file changes."""
        try:
            report = _reload(self._library, self._on.terminal)
        except (CorpusError, StoreError) as error:
            if str(error) != self._failure:
                self._on.terminal.error(f"{_now()} {error}")
            self._failure = str(error)
            return isinstance(error, CorpusError)
        news = reload_report.news(report, self._last)
        if self._failure and not news:
            news = f"nothing has changed; {report.seconds:.1f} s"
        first, self._last, self._failure = self._last is None, report, None
        if self._on.args.json:
            if first or news:
                print_json_line(reload_json(report))
        elif first:
            self._on.terminal.reload(report)
        elif news:
            self._on.terminal.line(f"{_now()} {news}")
        return True


def _looks(folder: Path, data: Path) -> Iterator[bool]:
    """Whether anything below the folder has changed and come to rest, look by look.

    What changes between two looks is in the second. The first one has all as changed, as has the
    first after the folder has gone, or come back. Raises OperatorError where it cannot be watched.
    """
    while True:
        home = _identity(folder)
        looks = 1  # since what has not been told.
        for changed in _changes(folder.resolve(), data.resolve()) if home else _nothing():
            if _identity(folder) != home:
                break
            looks += bool(looks) or changed
            due = looks > 0 and (not changed or looks > MOST_LOOKS)
            yield due
            if due:
                looks = 0


def _changes(folder: Path, data: Path) -> Iterator[bool]:
    """Whether anything has changed since the last look. Ends where the folder is removed."""
    looking = watch(
        folder,
        watch_filter=None,
        step=LOOK_MS,
        rust_timeout=LOOK_MS,
        yield_on_timeout=True,
        poll_delay_ms=POLL_MS,
        ignore_permission_denied=True,
    )
    try:
        for changes in looking:
            if (Change.deleted, str(folder)) in changes:
                return
            yield any(_counts(path, folder, data) for _, path in changes)
    except FileNotFoundError:
        return
    except (OSError, RuntimeError) as error:
        raise OperatorError(
            f"{folder} cannot be watched ({error}); with WATCHFILES_FORCE_POLLING=1 its files are "
            "looked at every second instead."
        ) from error


def _nothing() -> Iterator[bool]:
    while True:
        yield False
        time.sleep(LOOK_MS / 1000)


def _counts(path: str, folder: Path, data: Path) -> bool:
    """Whether a file may be an article: none that is hidden, temporary, or the index' own."""
    parts = path.removeprefix(str(folder)).split(os.sep)
    hidden = any(part.startswith(".") for part in parts)
    return not (hidden or path.endswith(TEMPORARY) or Path(path).is_relative_to(data))


def _identity(folder: Path) -> tuple[int, int] | None:
    """What tells a folder from another one of its name; None where there is none."""
    try:
        known = folder.stat()
    except OSError:
        return None
    return (known.st_dev, known.st_ino) if stat.S_ISDIR(known.st_mode) else None


@contextmanager
def _interrupting(number: signal.Signals) -> Iterator[None]:
    """Lets a signal do what Ctrl-C does."""
    before = signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(number, before)


def _now() -> str:
    return datetime.now().strftime("%H:%M:%S")
