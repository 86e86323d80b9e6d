"""Makes backups, also while the bot runs: the articles, the journal and the pins in one archive.
Restores them: all of it, or nothing where anything is amiss.

The index is not in it, for a reload makes it from the articles. Nor are hidden files, `.env` among
them, and links that lead out of the folder of articles.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from zipfile import is_zipfile

from filelock import FileLock, Timeout

import retrieval
from retrieval import OperatorError, atomic_write, feeds_lock, reason_of, reload_lock

from ..journal.journal import JOURNAL, Journal
from .archive import SEEDS, Manifest, is_hidden, pack, unpack
from .file_switch import RECORD, STAGED, clear, switch, undo_switch

DRAFT = ".passage-export-"
"""How the name of the folder begins in which an export works, beside the archive."""

ARCHIVE_DRAFT, DRAFT_LOCK = "archive.zip", "lock"
"""What is there, with a copy of the journal."""

_OWN = re.compile(rf"[\\/]?({re.escape(DRAFT)}|{re.escape(STAGED)}\b).*")

TRIES = 5
"""How often an export begins, if articles change meanwhile."""

REINDEX = ".import-not-indexed"
"""A file in the data folder, from an import until its articles are indexed."""

EXPENDABLE = (".DS_Store", ".gitkeep", ".gitignore")
"""Hidden files that may be lost; any other keeps its folder from being replaced."""

LOCK_SECONDS = 10.0
"""How long a command that undoes an import waits for a reload."""


@dataclass(frozen=True, slots=True)
class BackupSummary:
    """What an archive holds: how many articles, files, bytes, and ratings by members."""

    file: str
    made_at: str
    articles: int
    members: int
    bytes: int
    feedback: int


def export(file: Path, seeds: Path, data: Path) -> BackupSummary:
    """Write articles, journal and pins, as of one moment, to an archive, whole or not at all.

    Raises:
        OperatorError: a file cannot be read, the articles change all the time, or the archive
            cannot be written.
    """
    with as_operator_error(f"{file} cannot be written"):
        if not seeds.is_dir():
            raise OperatorError(
                f"There is no folder of articles at {seeds}; set PASSAGE_SEEDS_DIR."
            )
        check_apart(file, seeds, data)
        # A pipe would be waited for without end.
        if file.exists() and not (file.is_file() and is_zipfile(file)):
            raise OperatorError(f"{file} is there already and is no archive; choose another name.")
        # Members' questions are in it, so it is private.
        with _draft_folder(file.parent) as drafts:
            with atomic_write(drafts / ARCHIVE_DRAFT, private=True) as stream:
                for _ in range(TRIES):
                    with suppress(FileNotFoundError):  # An article has gone meanwhile.
                        states = _states(seeds)
                        paths = {path.relative_to(seeds).as_posix(): path for path in states}
                        files = {SEEDS + name: path for name, path in paths.items()}
                        ratings = _copy_journal(data / JOURNAL, drafts / JOURNAL, files)
                        if (pins := data / retrieval.PINS).is_file():
                            files[pins.name] = pins
                        stream.truncate(stream.seek(0))
                        manifest = pack(stream, files)
                        if _states(seeds) == states:
                            break
                else:
                    raise OperatorError("The articles change all the time; try again later.")
            os.replace(drafts / ARCHIVE_DRAFT, file)
        return summary(file, manifest, ratings)


def summary(file: Path, manifest: Manifest, ratings: int) -> BackupSummary:
    """Sum up the archive `file`."""
    paths = [member.path for member in manifest.members]
    seeds = (path.removeprefix(SEEDS) for path in paths if path.startswith(SEEDS))
    articles = sum(map(retrieval.is_article, seeds))
    size = file.stat().st_size
    return BackupSummary(str(file), manifest.made_at, articles, len(paths), size, ratings)


def check_apart(file: Path, seeds: Path, data: Path) -> None:
    """Raise OperatorError where the articles, the data and the archive are not apart."""
    articles, data_folder = seeds.resolve(), data.resolve()
    if articles.is_relative_to(data_folder) or data_folder.is_relative_to(articles):
        raise OperatorError(f"{seeds} and {data} must not lie in each other.")
    if file.resolve().is_relative_to(articles):
        raise OperatorError(f"{file} lies in the folder of articles; choose another place for it.")


@contextmanager
def as_operator_error(failure: str) -> Iterator[None]:
    """Raise what the system refuses as an OperatorError that begins with `failure`."""
    try:
        yield
    except OSError as error:
        # Of what an export or import has made for itself, the folder that it is in is known.
        known = _OWN.sub("", str(error.filename or ""))
        where = f": {known}" if known else ""
        raise OperatorError(f"{failure} ({reason_of(error)}{where}).") from error


@contextmanager
def _draft_folder(folder: Path) -> Iterator[Path]:
    """Make a private folder in another one, locked as long as it is used; first remove those that
    exports left there which were killed."""
    for left in folder.glob(f"{DRAFT}*"):
        is_draft = re.fullmatch("[a-z0-9_]{8}", left.name.removeprefix(DRAFT))
        if is_draft and left.is_dir() and not left.is_symlink():
            with suppress(Timeout), FileLock(left / DRAFT_LOCK, blocking=False):
                shutil.rmtree(left, ignore_errors=True)
    with (
        tempfile.TemporaryDirectory(prefix=DRAFT, dir=folder) as drafts,
        FileLock(Path(drafts) / DRAFT_LOCK),
    ):
        yield Path(drafts)


def _states(folder: Path) -> dict[Path, tuple[int, int, int]]:
    """The files that are exported of a folder of articles, with what changes when one of them does.

    Raises FileNotFoundError where one goes meanwhile."""
    home = folder.resolve()
    states = {}
    for file in sorted(folder.rglob("*")):
        hidden = is_hidden(file.relative_to(folder).as_posix())
        if not hidden and file.is_file() and file.resolve().is_relative_to(home):
            stat = file.stat()
            states[file] = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
    return states


def _copy_journal(journal: Path, copied: Path, files: dict[str, Path]) -> int:
    """Add a copy of the journal, if there is one, to the files. Return how many ratings it has."""
    if not journal.is_file():
        return 0
    copied.unlink(missing_ok=True)
    with Journal(journal) as source:
        source.copy_to(copied)
    files[JOURNAL] = copied
    with Journal(copied) as copy:
        return len(copy.feedback())


def restore(file: Path, seeds: Path, data: Path, replace: bool = False) -> BackupSummary:
    """Put what an archive holds in place, and leave a note that the articles are to be indexed.

    All is unpacked and verified beside the old files before these are touched.

    Args:
        file: the archive.
        seeds: the folder of articles. Hidden files in it stay.
        data: the folder of the journal and the pins.
        replace: whether what is there of these may be replaced.

    Raises:
        OperatorError: the archive does not verify, other content is in the way, a bot, a reload or
            a look at followed sources is at work, or the system refuses. Nothing was changed.
    """
    with as_operator_error(f"{file} cannot be restored, and nothing was changed"):
        check_apart(file, seeds, data)
        seeds, data = seeds.resolve(), data.resolve()
        with _alone(data):
            try:
                return _restore(file, seeds, data, replace)
            finally:
                if not (data / RECORD).exists():  # Else a switch is still to be undone.
                    clear((seeds, data))


def undo(data: Path) -> bool:
    """Undo an import that was cut off. Return whether there was one. Raises OperatorError."""
    failure = "An import was cut off and cannot be undone"
    with as_operator_error(failure), _alone(data, LOCK_SECONDS):
        return undo_switch(data / RECORD)


@contextmanager
def _alone(data: Path, seconds: float = 0.0) -> Iterator[None]:
    """Hold off reloads, for which it waits so many seconds, and looks at followed sources. Raises
    OperatorError where one is under way, and OSError."""
    with reload_lock(data, seconds), feeds_lock(data) as no_look:
        if not no_look:
            raise OperatorError(
                "The followed sources are being fetched; try again when that is done."
            )
        yield


def _restore(file: Path, seeds: Path, data: Path, replace: bool) -> BackupSummary:
    clear((seeds, data))
    for folder in (seeds, data):
        (folder / STAGED).mkdir(parents=True)
    manifest = unpack(file, seeds / STAGED, data / STAGED)
    (data / STAGED / REINDEX).touch()
    old_articles = [name for name in os.listdir(seeds) if not is_hidden(name)]
    kept = [name for name in (JOURNAL, retrieval.PINS) if (data / STAGED / name).exists()]
    # What is known of the files of sources is of those before.
    old_data, ratings = [REINDEX, retrieval.FEEDS_STATE, *kept], 0
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
