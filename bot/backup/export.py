"""Backups: articles, index and feedback in one archive. (`restoring.py` brings them back.)

Nothing of `.env` is in it: hidden files never are. The index is Chroma's folder; where a server
keeps it, it is left out, for a reload makes it from the articles.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zipfile import is_zipfile

from retrieval import OperatorError, __version__

from ..journal import JOURNAL
from .archive import pack
from .snapshot import DATABASE, copy_database, copy_index, count_rows

SEEDS = "seeds"
INDEX = "index"
CHROMA = "chroma"
BESIDE = ("sources.toml", "synonyms.txt")
"""Files among the articles that are none."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where articles and data are. `server` says whether a Chroma server keeps the index."""

    seeds: Path
    data: Path
    server: bool = False


@dataclass(frozen=True, slots=True)
class Backup:
    """What an archive holds, or what was restored of it. `feedback` counts what members said.

    `index_is` is the manifest's word on the index; `notes` say what was left out.
    """

    file: str
    made_at: str
    articles: int
    members: int
    bytes: int
    index: bool
    feedback: int
    index_is: str
    notes: tuple[str, ...] = ()


def export(file: Path, places: Places) -> Backup:
    """Write an archive, aside first: `file` is the old one or the new one, and whole.

    Raises:
        OperatorError: something cannot be read, or the archive not be written.
    """
    home = file.absolute().parent
    with translated(f"{file} cannot be written"):
        if not places.seeds.is_dir():
            raise OperatorError(
                f"There is no folder of articles at {places.seeds}; set PASSAGE_SEEDS_DIR."
            )
        keep_apart(places)
        if home.resolve().is_relative_to(places.seeds.resolve()):
            raise OperatorError(f"{file} would lie among the articles; choose another place.")
        if file.exists() and not is_zipfile(file):
            raise OperatorError(f"{file} is there already and is no archive; choose another name.")
        with tempfile.TemporaryDirectory(dir=home, prefix=".passage-export-") as folder:
            return _export(file, places, Path(folder))


def _export(file: Path, places: Places, scratch: Path) -> Backup:
    left_out: list[str] = []
    files = {f"{SEEDS}/{name}": source for name, source in _articles(places.seeds, left_out)}
    articles = count_articles(files)
    index = "server" if places.server else "none"
    if not places.server and (places.data / CHROMA / DATABASE).is_file():
        index = "files"
        taken = copy_index(places.data / CHROMA, scratch / CHROMA)
        files |= {f"{INDEX}/{name}": scratch / CHROMA / name for name in taken}
    feedback = 0
    if (places.data / JOURNAL).is_file():
        files[JOURNAL] = scratch / JOURNAL
        copy_database(places.data / JOURNAL, scratch / JOURNAL)
        feedback = count_rows(scratch / JOURNAL, "feedback")
    made = scratch / "made.zip"
    now = datetime.now(UTC).isoformat(timespec="seconds")
    manifest = pack(made, files, made_at=now, passage=__version__, index=index)
    # Members' questions are in it.
    made.chmod(0o600)
    with made.open("rb") as written:
        os.fsync(written.fileno())
    size = made.stat().st_size
    made.replace(file)
    members = len(manifest.members)
    notes = tuple(f"Left out {name!a}: it leads out of the folder." for name in left_out)
    return Backup(str(file), now, articles, members, size, index == "files", feedback, index, notes)


def count_articles(paths: Iterable[str]) -> int:
    """How many of an archive's files are files of articles."""
    beside = {f"{SEEDS}/{name}" for name in BESIDE}
    return sum(path.startswith(f"{SEEDS}/") and path not in beside for path in paths)


def _articles(folder: Path, left_out: list[str]) -> Iterator[tuple[str, Path]]:
    """The files below a folder of articles; links that lead out of it go to `left_out`."""
    home = folder.resolve()
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if is_hidden(name) or not file.is_file():
            continue
        if file.resolve().is_relative_to(home):
            yield name, file
        else:
            left_out.append(name)


def is_hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))


def keep_apart(places: Places) -> None:
    """Raises OperatorError where the two folders cannot be told from each other."""
    seeds, data = places.seeds.resolve(), places.data.resolve()
    if seeds.is_relative_to(data) or data.is_relative_to(seeds):
        raise OperatorError(f"{places.seeds} and {places.data} must not lie in each other.")


@contextmanager
def translated(what: str) -> Iterator[None]:
    """What the system refuses, as an OperatorError."""
    try:
        yield
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        raise OperatorError(f"{what} ({error.strerror or error}{where}).") from error
