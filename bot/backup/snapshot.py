"""Copies of what a bot may be using: SQLite files, and Chroma's folder as of one moment."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from retrieval import OperatorError

LOCK = "reload.lock"
"""In Chroma's folder: who reloads holds it."""

DATABASE = "chroma.sqlite3"
WAIT = 60.0
TRIES = 20
BUSY = "A reload is under way; try again when it is done."

Signature = dict[str, tuple[int, int, int]]


def copy_database(source: Path, target: Path) -> None:
    """Copy an SQLite file as of one moment, whoever writes to it.

    `VACUUM INTO` rather than a page-by-page backup: what was deleted (forgotten questions, articles
    that are gone) still stands in a file's free pages, and must not travel. Nothing in Chroma's
    tables or the journal's goes by an implicit rowid, which is all that it may change.

    Raises:
        OSError: it cannot be read or copied.
    """
    try:
        with closing(_connect(source, "rw")) as db:
            db.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        raise OSError(5, str(error), str(source)) from error


def count_rows(file: Path, table: str) -> int:
    """How many rows a table has.

    Raises:
        OSError: the file is no SQLite database, is damaged, or has no such table.
    """
    try:
        # Immutable: a look leaves no files beside it.
        with closing(_connect(file, "ro&immutable=1")) as db:
            (healthy,) = db.execute("PRAGMA quick_check(1)").fetchone()
            if healthy != "ok":
                raise OSError(5, str(healthy), str(file))
            (rows,) = db.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608
    except sqlite3.Error as error:
        raise OSError(5, str(error), str(file)) from error
    return int(rows)


def is_in_use(file: Path) -> bool:
    """Whether another process has an SQLite file in WAL mode open, such as a bot its journal."""
    if not file.is_file():
        return False
    try:
        with closing(_connect(file, "rw", timeout=0.2)) as db:
            # Such a connection holds a shared lock for as long as it is open.
            db.execute("PRAGMA locking_mode=EXCLUSIVE")
            db.execute("BEGIN EXCLUSIVE")
            db.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        return "locked" in str(error)
    except sqlite3.Error:
        return False  # It is no database, so no bot has it open.
    return False


def copy_index(folder: Path, target: Path) -> list[str]:
    """Copy Chroma's folder as of one moment; the paths of the files, below `target`.

    Its vectors are files beside the database, and a client that reads may write them as well as
    one that reloads. So reloads are held off, and the copy is made again until it was made while
    nothing changed.

    Raises:
        OperatorError: a reload does not end, or the files never rest.
        OSError: they cannot be read or copied.
    """
    with reload_lock(folder, WAIT):
        for _ in range(TRIES):
            before = _signature(folder)
            target.mkdir()
            # A file that has gone meanwhile shows in the signature.
            with suppress(FileNotFoundError):
                copy_database(folder / DATABASE, target / DATABASE)
                for name in before:
                    if not name.startswith(DATABASE):
                        (target / name).parent.mkdir(parents=True, exist_ok=True)
                        shutil.copyfile(folder / name, target / name)
            if _signature(folder) == before:
                return sorted(_signature(target))
            shutil.rmtree(target)
            time.sleep(0.25)
    raise OperatorError("The index is being written all the time; try again later.")


@contextmanager
def reload_lock(folder: Path, wait: float = 0.0) -> Iterator[None]:
    """Holds reloads off, where the folder can be written to.

    Raises:
        OperatorError: one is under way, and `wait` seconds later still is.
    """
    lock = None
    # Who may not write there cannot hold it; a folder that is not there needs none.
    with suppress(OSError):
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if lock is not None:
            take_lock(lock, wait, BUSY)
        yield
    finally:
        if lock is not None:
            os.close(lock)


def take_lock(descriptor: int, wait: float, busy: str) -> None:
    """Lock an open file or folder until it is closed. Raises OperatorError(busy)."""
    until = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise OperatorError(busy) from None
            time.sleep(0.1)
        else:
            return


def _connect(file: Path, mode: str, timeout: float = 10.0) -> sqlite3.Connection:
    address = f"file:{quote(str(file.absolute()))}?mode={mode}"
    return sqlite3.connect(address, uri=True, timeout=timeout, isolation_level=None)


def _signature(folder: Path) -> Signature:
    """What changes when a file does, for each of the folder's. Locks and SQLite's own are left out.

    Raises FileNotFoundError where it has no database.
    """
    found: Signature = {}
    for file in [folder / DATABASE, *folder.rglob("*")]:
        name = file.relative_to(folder).as_posix()
        if name.endswith(".lock") or name.startswith(f"{DATABASE}-"):
            continue
        try:
            if file.is_file():
                known = file.stat()
                found[name] = (known.st_ino, known.st_size, known.st_mtime_ns)
        except FileNotFoundError:
            continue
    return found
