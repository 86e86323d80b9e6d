"""Replaces files of several folders by others: all of them or none, whenever it is cut off.

The new files stand ready in a folder `.import` of each folder. When a record has named them, the
old files go to `.import-old` and the new ones take their places; the record's end is the switch.
Where that fails, or the process dies, the record tells how to undo it. Nothing is moved out of its
folder, so a folder may be a mount.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import TypeAdapter

from retrieval import write_json

RECORD = ".import.json"
"""The record's name in the data folder."""

STAGED, REPLACED = ".import", ".import-old"

_RECORD = TypeAdapter(dict[Path, list[str]])
"""The names of the new files, by the absolute path of the folder that they are for."""


def switch(record: Path, replaced: Mapping[Path, Iterable[str]]) -> None:
    """Let the files in the `.import` of folders take the place of others.

    Args:
        record: where the record is kept meanwhile.
        replaced: the names of the old files and folders, by the absolute path of their folder.

    Raises:
        OSError: the system refuses a step. All is as it was, or `undo_switch` makes it so.
    """
    new = {folder: os.listdir(folder / STAGED) for folder in replaced}
    write_json(record, _RECORD, new)
    _flush()
    try:
        for folder, names in replaced.items():
            (folder / REPLACED).mkdir()
            _move(names, folder, folder / REPLACED)
            _move(new[folder], folder / STAGED, folder)
        _flush()
    except BaseException:
        undo_switch(record)
        raise
    record.unlink()
    _flush()


def undo_switch(record: Path) -> bool:
    """Undo a switch that was cut off. Return whether there was one. Raises OSError."""
    if not record.exists():
        return False
    for folder, names in _RECORD.validate_json(record.read_bytes()).items():
        switched = [name for name in names if not (folder / STAGED / name).exists()]
        _move(switched, folder, folder / STAGED)
        if (folder / REPLACED).exists():
            _move(os.listdir(folder / REPLACED), folder / REPLACED, folder)
    _flush()
    record.unlink()
    return True


def clear(folders: Iterable[Path]) -> None:
    """Remove what switches have left in folders. Raises OSError."""
    for path in [folder / name for folder in folders for name in (STAGED, REPLACED)]:
        if path.exists():
            shutil.rmtree(path)


def _move(names: Iterable[str], source: Path, target: Path) -> None:
    """Rename those files that are there. Raises OSError, also where another has the name."""
    for name in names:
        if os.path.lexists(source / name):
            if os.path.lexists(target / name):
                raise FileExistsError(errno.EEXIST, "move it away", str(target / name))
            os.rename(source / name, target / name)


def _flush() -> None:
    """Let all that went before be on the disk before what comes."""
    if hasattr(os, "sync"):  # Windows has none.
        os.sync()
