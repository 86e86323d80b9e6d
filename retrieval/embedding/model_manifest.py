"""Records the files of a model's folder when it is built, so that damage is seen when it is loaded.

Files of up to SMALL bytes, such as the tokenizer, are checked by their SHA-256, which takes
milliseconds; the weights by their size alone.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

BUILT_FILES = "built-files.json"

SMALL = 2**24


def write_manifest(folder: Path) -> None:
    """Note what a folder holds in a file of its own there. Raises OSError."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    marks = {path.relative_to(folder).as_posix(): _mark(path) for path in files}
    (folder / BUILT_FILES).write_text(json.dumps(marks, indent=2) + "\n", encoding="utf-8")


def damaged_file(folder: Path) -> str | None:
    """Return the first file that is not as it was built; None if all are, or nothing was noted."""
    manifest = folder / BUILT_FILES
    try:
        marks = json.loads(manifest.read_text(encoding="utf-8")) if manifest.exists() else {}
    except (OSError, ValueError):
        return BUILT_FILES
    return next((path for path, mark in marks.items() if _mark(folder / path) != mark), None)


def _mark(path: Path) -> str | int | None:
    try:
        if (size := path.stat().st_size) > SMALL:
            return size
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
