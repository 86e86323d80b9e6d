"""Whether files have changed since they were looked at, by what their folders tell of them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path

Mark = tuple[int, int, int]
"""A file's time, size and number: those of its later self, or of another in its place, differ."""

FRESH = 2.0
"""Seconds. A file that is written twice within less may have one time: no file system in use
counts in longer steps."""


def mark(file: Path) -> Mark | None:
    """What tells a file from its earlier self; None where there is none."""
    try:
        status: os.stat_result = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def marks(files: Iterable[Path]) -> tuple[Mark | None, ...] | None:
    """Those of some files, if they tell of every change to come: None if a file is still fresh,
    or if there is none of them. Git knows this as the racy index."""
    current = tuple(map(mark, files))
    times = [each[0] for each in current if each]
    settled = bool(times) and time.time() - max(times) / 1e9 > FRESH
    return current if settled else None
