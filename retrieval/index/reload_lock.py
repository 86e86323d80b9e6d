"""The lock that one reload at a time holds, in whatever process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import StoreError
from ..files import locked

INDEX_FOLDER = "chroma"
"""The index's folder in the data folder. The lock is in it even where a server keeps the index."""

LOCK_FILE = "reload.lock"


@contextmanager
def reload_lock(data_dir: Path, timeout: float = 0.0) -> Iterator[None]:
    """Hold reloads off. The system releases the lock if the process dies.

    Args:
        data_dir: the data folder, as of `Library.open`; it is made if it is not there.
        timeout: how many seconds to wait for a reload that is under way.

    Raises:
        StoreError: a reload is still under way.
        OSError: the lock's file cannot be made.
    """
    folder = data_dir / INDEX_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / LOCK_FILE, timeout) as is_held:
        if not is_held:
            raise StoreError("A reload or an import is under way; try again when it is done.")
        yield
