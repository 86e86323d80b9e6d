"""Bringing a backup back: all of it, or nothing where anything is amiss."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from retrieval import Library, OperatorError, StoreError

from ..journal import JOURNAL
from . import file_switch
from .archive import Archive, ArchiveError, Manifest, Member, digest, opened
from .export import (
    CHROMA,
    INDEX,
    SEEDS,
    Backup,
    Places,
    count_articles,
    is_hidden,
    keep_apart,
    translated,
)
from .file_switch import Step, remove, switch
from .snapshot import count_rows, is_in_use, reload_lock, take_lock

NEW, OLD = ".import", ".import-old"
"""Folders in the data folder, and the ends of the names of those beside the articles."""

EXPENDABLE = (".DS_Store", ".gitkeep", ".gitignore")
"""Hidden files that nobody misses; any other keeps its folder from being replaced."""

OpenLibrary = Callable[[Path, Path], Library]
"""Opens the library of a folder of articles and a folder of data."""


def restore(file: Path, places: Places, open_library: OpenLibrary, replace: bool) -> Backup:
    """Put what is in an archive in its places: all of it, or nothing where anything is amiss.

    The whole archive is unpacked beside the places and checked there. Articles are switched first,
    then the index, then the journal. Should a death between them never be mended (`finish`), then
    the index speaks of other files than there are: a quote is checked against its file before it
    is shown, so it quotes nothing that is not there, and a reload mends it.

    Raises:
        OperatorError: the archive does not verify, other content is in the way and `replace` is
            not said, a bot or a reload is at work, or the system refuses. Nothing was changed.
    """
    with translated(f"{file} cannot be restored"):
        keep_apart(places)
        places = Places(places.seeds.resolve(), places.data.resolve(), places.server)
        for place in (places.seeds, places.data / CHROMA):
            if file.resolve().is_relative_to(place):
                raise OperatorError(f"{file} lies in a folder that it would replace; move it away.")
        for place in (places.seeds.parent, places.data):
            place.mkdir(parents=True, exist_ok=True)
        with _alone(places), opened(file, places.data) as archive:
            new = Places(places.seeds.with_name(f".{places.seeds.name}{NEW}"), places.data / NEW)
            try:
                return _restore(archive, places, new, open_library, replace)
            finally:
                # If a switch was cut off by an error that is none of the system's, it is still
                # decided, and needs them.
                if not (places.data / file_switch.RECORD).exists():
                    remove(new.seeds)
                    remove(new.data)
                    with suppress(OSError):
                        (places.data / OLD).rmdir()


def _restore(
    archive: Archive, places: Places, new: Places, open_library: OpenLibrary, replace: bool
) -> Backup:
    manifest = archive.manifest
    for place in (new.seeds, new.data):
        remove(place)
        place.mkdir()
    archive.unpack(lambda member: _place(member, new))
    notes: list[str] = []
    index = manifest.index == "files" and not places.server
    if index:
        try:
            with open_library(new.seeds, new.data) as library:
                library.status()
        except StoreError as error:
            index = False
            notes.append(f"The index was left out: {error}")
    has_journal = manifest.has(JOURNAL)
    feedback = count_rows(new.data / JOURNAL, "feedback") if has_journal else 0

    journal = places.data / JOURNAL
    aside = places.data / OLD
    old_seeds = places.seeds.with_name(f".{places.seeds.name}{OLD}")
    steps = [Step(places.seeds, new.seeds, old_seeds)]
    in_way = [_says_other(places.seeds, manifest)]
    if index:
        chroma = places.data / CHROMA
        in_way.append(f"an index in {chroma}" if _has_index(chroma) else "")
        steps.append(Step(chroma, new.data / CHROMA, aside / CHROMA))
    if has_journal:
        in_way.append(f"{journal}" if journal.exists() else "")
        # SQLite would play an old log into the new file: the logs go first.
        for end in ("-wal", "-shm"):
            steps.append(Step(Path(f"{journal}{end}"), None, aside / f"{JOURNAL}{end}"))
        steps.append(Step(journal, new.data / JOURNAL, aside / JOURNAL))
    if any(in_way) and not replace:
        named = " and ".join(filter(None, in_way))
        raise OperatorError(f"There is {named} already; --replace puts the archive's in the place.")
    for step in steps:
        if step.target.is_mount():
            raise OperatorError(f"{step.target} is a mount, so nothing can take its place.")
        if step.aside.exists():
            raise OperatorError(f"{step.aside} is in the way; look what it is, and move it away.")
    switch(places.data, steps)
    return Backup(
        file=str(archive.file),
        made_at=manifest.made_at,
        articles=count_articles(member.path for member in manifest.members),
        members=len(manifest.members),
        bytes=archive.file.stat().st_size,
        index=index,
        feedback=feedback,
        index_is=manifest.index,
        notes=tuple(notes),
    )


def finish(data: Path) -> bool:
    """Finish an import that was cut off; whether there was one. Raises OperatorError."""
    data = data.resolve()
    if not file_switch.finish(data):
        return False
    for name in (NEW, OLD):
        remove(data / name)
    return True


def changed(library: Library, seeds: Path) -> list[str]:
    """The indexed articles whose files are not those that were indexed. Raises: as `ask`."""
    return [one.path for one in library.sources() if digest(seeds / one.path) != one.sha256]


def _place(member: Member, new: Places) -> Path:
    """Where a member is unpacked. Raises ArchiveError where no backup has such a one."""
    top, _, rest = member.path.partition("/")
    if top == SEEDS and rest and not is_hidden(rest):
        return new.seeds / rest
    if top == INDEX and rest:
        return new.data / CHROMA / rest
    if member.path == JOURNAL:
        return new.data / JOURNAL
    raise ArchiveError(f"The archive holds {member.path}, which no backup has.")


def _says_other(folder: Path, manifest: Manifest) -> str:
    """What a folder of articles holds beside what the archive would put there; "" if nothing.

    Raises OperatorError where it holds what could not come back.
    """
    if not folder.exists():
        return ""
    if not folder.is_dir():
        raise OperatorError(f"{folder} is no folder; set PASSAGE_SEEDS_DIR.")
    wanted = {member.path: member.sha256 for member in manifest.below(SEEDS)}
    others = 0
    for file in folder.rglob("*"):
        name = file.relative_to(folder).as_posix()
        if is_hidden(name):
            if file.name not in EXPENDABLE:
                raise OperatorError(f"{file} is in no backup and would be lost; move it away.")
        elif file.is_symlink() or not file.is_dir():
            same = not file.is_symlink() and file.is_file() and digest(file)
            others += not same or same != wanted.get(f"{SEEDS}/{name}")
    if not others:
        return ""
    return f"1 other file in {folder}" if others == 1 else f"{others} other files in {folder}"


def _has_index(folder: Path) -> bool:
    """Whether Chroma has ever written vectors there, and not only been opened."""
    return folder.is_dir() and any(child.is_dir() for child in folder.iterdir())


@contextmanager
def _alone(places: Places) -> Iterator[None]:
    """Raises OperatorError where a bot, a reload or another import is at work on the data."""
    lock = os.open(places.data, os.O_RDONLY)
    try:
        take_lock(lock, 0.0, "Another import is under way.")
        if is_in_use(places.data / JOURNAL):
            raise OperatorError(
                f"A bot is running on {places.data} (its journal is open); stop it first."
            )
        with reload_lock(places.data / CHROMA):
            yield
    finally:
        os.close(lock)
