"""Restores backups: all of it, or nothing where anything is amiss."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import retrieval
from retrieval import OperatorError, reload_lock

from ..journal.journal import JOURNAL, Journal
from .archive import is_hidden, unpack
from .export import BackupSummary, as_operator_error, check_apart, summary
from .file_switch import RECORD, STAGED, clear, switch, undo_switch

REINDEX = ".import-not-indexed"
"""A file in the data folder, from an import until its articles are indexed."""

EXPENDABLE = (".DS_Store", ".gitkeep", ".gitignore")
"""Hidden files that may be lost; any other keeps its folder from being replaced."""

LOCK_SECONDS = 10.0
"""How long a command that undoes an import waits for a reload."""


def restore(file: Path, seeds: Path, data: Path, replace: bool = False) -> BackupSummary:
    """Put what an archive holds in place, and leave a note that the articles are to be indexed.

    All is unpacked and verified beside the old files before these are touched.

    Args:
        file: the archive.
        seeds: the folder of articles. Hidden files in it stay.
        data: the folder of the journal and the pins.
        replace: whether what is there of these may be replaced.

    Raises:
        OperatorError: the archive does not verify, other content is in the way, a bot or a reload
            is at work, or the system refuses. Nothing was changed.
    """
    with as_operator_error(f"{file} cannot be restored, and nothing was changed"):
        check_apart(file, seeds, data)
        seeds, data = seeds.resolve(), data.resolve()
        with reload_lock(data):
            try:
                return _restore(file, seeds, data, replace)
            finally:
                if not (data / RECORD).exists():  # Else a switch is still to be undone.
                    clear((seeds, data))


def undo(data: Path) -> bool:
    """Undo an import that was cut off. Return whether there was one. Raises OperatorError."""
    failure = "An import was cut off and cannot be undone"
    with as_operator_error(failure), reload_lock(data, LOCK_SECONDS):
        return undo_switch(data / RECORD)


def _restore(file: Path, seeds: Path, data: Path, replace: bool) -> BackupSummary:
    clear((seeds, data))
    for folder in (seeds, data):
        (folder / STAGED).mkdir(parents=True)
    manifest = unpack(file, seeds / STAGED, data / STAGED)
    (data / STAGED / REINDEX).touch()
    old_articles = [name for name in os.listdir(seeds) if not is_hidden(name)]
    kept = [name for name in (JOURNAL, retrieval.PINS) if (data / STAGED / name).exists()]
    old_data, ratings = [REINDEX, *kept], 0
    in_the_way = [f"the articles in {seeds}"] if old_articles else []
    in_the_way += [str(data / name) for name in kept if (data / name).exists()]
    if JOURNAL in kept:
        with Journal(data / STAGED / JOURNAL) as journal:
            ratings = len(journal.feedback())
        # SQLite would play an old log into the new journal, so the logs go as well.
        old_data = [f"{JOURNAL}-wal", f"{JOURNAL}-shm", *old_data]
    if in_the_way and not replace:
        raise OperatorError(
            f"It would replace {' and '.join(in_the_way)}; --replace lets it do so."
        )
    for hidden in (file for name in old_articles for file in (seeds / name).rglob(".*")):
        if hidden.name not in EXPENDABLE:  # It is in no backup.
            raise OperatorError(f"{hidden} is in no backup and would be lost; move it away.")
    if _is_in_use(data / JOURNAL):
        raise OperatorError(f"A bot is running on {data} (its journal is open); stop it first.")
    switch(data / RECORD, {seeds: old_articles, data: old_data})
    return summary(file, manifest, ratings)


def _is_in_use(file: Path) -> bool:
    """Whether another process, such as a bot that runs, has the journal open."""
    if not file.is_file():
        return False
    try:
        with closing(sqlite3.connect(file, timeout=0.2, isolation_level=None)) as db:
            # In WAL mode each connection holds a shared lock for as long as it is open.
            db.execute("PRAGMA locking_mode=EXCLUSIVE")
            db.execute("BEGIN EXCLUSIVE")
            db.execute("ROLLBACK")
    except sqlite3.Error as error:
        return "locked" in str(error)  # Else it is no database, so nobody uses it.
    return False
