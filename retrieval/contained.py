"""Files below a folder: a link that was put there does not lead out of it."""

from __future__ import annotations

from pathlib import Path


def contained(folder: Path, path: str) -> Path:
    """Return the file at a path below a folder.

    Args:
        folder: the folder.
        path: relative to the folder.

    Raises:
        OSError: it lies outside the folder, or is no file: a pipe would be waited for without end.
    """
    file = (folder / path).resolve()
    if not file.is_relative_to(folder.resolve()) or not file.is_file():
        raise FileNotFoundError(f"{path} is no file of {folder}")
    return file
