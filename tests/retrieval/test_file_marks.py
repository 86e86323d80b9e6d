"""Whether files have changed."""

from __future__ import annotations

import os
import time
from pathlib import Path

from retrieval.files import FRESH, file_mark, settled_marks


def written(file: Path, text: str, age: float = 0) -> Path:
    file.write_text(text)
    when = time.time() - age
    os.utime(file, (when, when))
    return file


def test_a_mark_tells_a_file_from_another(tmp_path: Path) -> None:
    file = written(tmp_path / "a", "one", 60)
    first = file_mark(file)
    assert first
    assert file_mark(file) == first
    assert file_mark(written(file, "four", 60)) != first
    other = written(tmp_path / "b", "one")
    os.utime(other, ns=(first[0], first[0]))
    assert file_mark(file) != file_mark(other)
    assert file_mark(tmp_path / "none") is None


def test_marks_are_known_once_files_have_settled(tmp_path: Path) -> None:
    old, none = written(tmp_path / "old", "x", 60), tmp_path / "none"
    assert settled_marks([old, none]) == (file_mark(old), None)
    new = written(tmp_path / "new", "x")
    assert settled_marks([old, new]) is None
    written(new, "x", FRESH + 0.1)
    assert settled_marks([old, new]) == (file_mark(old), file_mark(new))
    assert settled_marks([written(old, "x", -3600)]) is None  # A clock was set back.


def test_nothing_is_known_of_files_that_are_not_there(tmp_path: Path) -> None:
    assert settled_marks([]) is None
    assert settled_marks([tmp_path / "none"]) is None
