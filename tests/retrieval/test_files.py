"""A file is written whole or not at all, and a reload is held off."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from retrieval import StoreError, atomic_write, reload_lock
from retrieval.index.reload_lock import INDEX_FOLDER
from retrieval.index.store import Store

from ..conftest import ROOT


def test_the_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("old")
    with atomic_write(file) as stream:
        stream.write(b"new, and longer")
        stream.flush()
        assert file.read_text() == "old"
    assert file.read_text() == "new, and longer"
    assert list(tmp_path.iterdir()) == [file]


def test_what_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("old")

    def write_half() -> None:
        with atomic_write(file) as stream:
            stream.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]
    with pytest.raises(FileNotFoundError), atomic_write(tmp_path / "none" / "a.txt"):
        pass
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(OSError), atomic_write(folder) as stream:  # noqa: PT011
        stream.write(b"a file in the place of a folder")
    assert set(tmp_path.iterdir()) == {file, folder}


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_a_private_file_is_its_owners(tmp_path: Path) -> None:
    modes = []
    for private in (True, False):
        with atomic_write(tmp_path / "a.txt", private=private):
            pass
        modes.append(stat.S_IMODE((tmp_path / "a.txt").stat().st_mode))
    umask = os.umask(0)
    os.umask(umask)
    assert modes == [0o600, 0o666 & ~umask]


HOLDING = """
import sys
from pathlib import Path
from retrieval import reload_lock
with reload_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_lock_holds_reloads_off_until_its_process_dies(tmp_path: Path) -> None:
    def give_up() -> None:
        raise TimeoutError

    argv = [sys.executable, "-c", HOLDING, str(tmp_path)]
    with (
        closing(Store.open(tmp_path / INDEX_FOLDER)) as store,
        subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder,
    ):
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(StoreError, match="try again when it is done"), reload_lock(tmp_path):
            pass
        with pytest.raises(TimeoutError), store.exclusively(give_up):
            pass
        holder.kill()
        holder.wait()
        with store.exclusively(give_up):
            pass
        with reload_lock(tmp_path):
            pass
