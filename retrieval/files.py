"""Files: written whole or not at all, held below their folder, and whether they have changed."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from filelock import FileLock, Timeout

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Stored = TypeVar("Stored")

Mark = tuple[int, int, int]
"""A file's time, size and number: those of its later self, or of another in its place, differ."""

FRESH = 2.0
"""Seconds. A file that is written twice within less may have one time: no file system in use
counts in longer steps."""


@contextmanager
def atomic_write(file: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """Open a temporary file that takes the name `file` when the block ends.

    Its bytes are on the disk before it does, so after a crash `file` is the old one or the new
    one. If the block raises, `file` stays as it was.

    Args:
        file: the file to make or replace; its folder must exist.
        private: whether only the owner may read it. If not, the process's umask decides.

    Raises:
        OSError: the file cannot be written.
    """
    mode = 0o600 if private else 0o666
    # A hidden name: neither a reload nor a backup takes it for an article.
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with open(draft, "xb", opener=lambda path, flags: os.open(path, flags, mode)) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(draft, file)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


@contextmanager
def locked(file: Path, timeout: float = 0.0) -> Iterator[bool]:
    """Hold a lock file, for which one waits so many seconds; yield whether it is held, for another
    process may have it. The system releases the lock if this process dies. Raises OSError."""
    try:
        lock = FileLock(file).acquire(timeout=timeout)
    except Timeout:
        yield False
        return
    with lock:
        yield True


def read_json(file: Path, kind: TypeAdapter[Stored]) -> Stored | None:
    """Return the value that a file of JSON has; None where there is no file, or a damaged one."""
    try:
        return kind.validate_json(file.read_bytes())
    except (OSError, ValueError):
        return None


def write_json(file: Path, kind: TypeAdapter[Stored], value: Stored) -> None:
    """Let a value be what a file of JSON has, as `atomic_write` does. Raises OSError."""
    with atomic_write(file) as stream:
        stream.write(kind.dump_json(value))


def contained(folder: Path, path: str) -> Path:
    """Return the file at a relative path below a folder; a link that was put there does not lead
    out of it.

    Raises:
        OSError: it lies outside the folder, or is no file: a pipe would be waited for without end.
    """
    file = (folder / path).resolve()
    if not file.is_relative_to(folder.resolve()) or not file.is_file():
        raise FileNotFoundError(f"{path} is no file of {folder}")
    return file


def file_mark(file: Path) -> Mark | None:
    """Return what tells a file from its earlier self; None where there is none."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def settled_marks(files: Iterable[Path]) -> tuple[Mark | None, ...] | None:
    """Return the marks of some files, if they tell of every change to come: None if a file is still
    fresh, or if there is none of them. Git knows this as the racy index."""
    current = tuple(map(file_mark, files))
    times = [each[0] for each in current if each]
    settled = bool(times) and time.time() - max(times) / 1e9 > FRESH
    return current if settled else None
