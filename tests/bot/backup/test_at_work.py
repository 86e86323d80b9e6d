"""Backups while a bot or a reload is at work, and imports that are cut off at any moment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from bot.backup import file_switch, snapshot
from bot.backup.archive import digest
from bot.backup.export import CHROMA, Places, export
from bot.backup.restore import OpenLibrary, finish, restore
from bot.journal import JOURNAL, Feedback, Journal
from retrieval import OperatorError
from tests.bot.backup.backups import answer, refused, tree, visible
from tests.conftest import ROOT
from tests.waiting import PATIENCE


@pytest.fixture
def used(used: Places) -> Places:
    """With a journal."""
    with Journal(used.data / JOURNAL) as journal:
        journal.rate(Feedback("old", 1, 0.0, None, "helpful"))
    return used


def test_a_bot_that_writes_its_journal_does_not_matter(
    origin: Places, open_library: OpenLibrary, tmp_path: Path
) -> None:
    busy = Places(tmp_path / "busy" / "seeds", tmp_path / "busy" / "data")
    shutil.copytree(origin.seeds, busy.seeds)
    shutil.copytree(origin.data, busy.data)
    done = threading.Event()

    def write() -> None:
        with Journal(busy.data / JOURNAL) as journal:
            member = 1000
            while not done.is_set():
                member += 1
                journal.rate(Feedback("busy", member, float(member), None, "helpful"))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        counts = [export(tmp_path / f"{n}.zip", busy).feedback for n in range(5)]
    finally:
        done.set()
        writer.join()
    assert counts == sorted(counts)
    assert counts[-1] > 1
    for n, count in enumerate(counts):
        there = Places(tmp_path / str(n) / "seeds", tmp_path / str(n) / "data")
        assert restore(tmp_path / f"{n}.zip", there, open_library, replace=False).feedback == count
        with Journal(there.data / JOURNAL) as journal:
            assert [one.member for one in journal.feedback()] == [7, *range(1001, 1000 + count)]


RELOAD = """
import sys, time
from pathlib import Path
from retrieval import Library
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
seeds = Path(sys.argv[1])
# It reloads itself: a process for each would mostly load the model.
with Library(seeds, Store.open(Path(sys.argv[2]) / "chroma"), Embedder.load) as library:
    library.reload()
    print("ready", flush=True)
    for turn in range(10_000):
        text = f"The council of Leeds met for the {turn}th time today.\\n" * 9
        (seeds / "turn.txt").write_text(text)
        library.reload()
        time.sleep(0.2)  # Else nobody gets the lock in between but by chance.
"""


def test_a_process_that_reloads_does_not_matter(
    origin: Places, open_library: OpenLibrary, tmp_path: Path
) -> None:
    busy = Places(tmp_path / "busy" / "seeds", tmp_path / "busy" / "data")
    shutil.copytree(origin.seeds, busy.seeds)
    shutil.copytree(origin.data, busy.data)
    before = answer(origin, open_library)
    argv = [sys.executable, "-c", RELOAD, str(busy.seeds), str(busy.data)]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE) as reloading:
        try:
            assert reloading.stdout is not None
            assert reloading.stdout.readline() == b"ready\n"
            for n in range(6):
                export(tmp_path / f"{n}.zip", busy)
            assert reloading.poll() is None
        finally:
            reloading.kill()
    for n in range(6):
        there = Places(tmp_path / str(n) / "seeds", tmp_path / str(n) / "data")
        back = restore(tmp_path / f"{n}.zip", there, open_library, replace=False)
        assert back.index
        found = answer(there, open_library)
        assert found.quotes[0].text == before.quotes[0].text  # type: ignore[attr-defined]
        with open_library(there.seeds, there.data) as library:
            library.reload()
            assert {one.path: one.sha256 for one in library.sources()} == {
                name: digest(there.seeds / name)
                for name in visible(there.seeds)
                if name.endswith((".txt", ".md")) and name != "synonyms.txt"
            }


def test_vectors_that_change_while_they_are_copied_are_copied_again(
    origin: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / CHROMA
    shutil.copytree(origin.data / CHROMA, folder)
    copied: list[Path] = []
    real = shutil.copyfile

    def copy(source: Path, target: Path) -> None:
        copied.append(source)
        if len(copied) == 1:
            source.write_bytes(source.read_bytes() + b"more")
        real(source, target)
        if len(copied) == 1:
            source.write_bytes(source.read_bytes() + b"and more")

    monkeypatch.setattr(snapshot.shutil, "copyfile", copy)
    names = snapshot.copy_index(folder, tmp_path / "copy")
    assert copied.count(copied[0]) == 2
    assert names == sorted(name for name, data in tree(folder).items() if data is not None)
    for name in names:
        if name != snapshot.DATABASE:
            assert (tmp_path / "copy" / name).read_bytes() == (folder / name).read_bytes()

    monkeypatch.setattr(snapshot, "_signature", lambda folder: {"a": (len(copied), 0, 0)})
    monkeypatch.setattr(snapshot.time, "sleep", lambda seconds: copied.append(folder))
    monkeypatch.setattr(snapshot.shutil, "copyfile", lambda source, target: copied.append(source))
    with pytest.raises(OperatorError, match="written all the time"):
        snapshot.copy_index(folder, tmp_path / "another")


def test_a_reload_under_way_is_waited_for(  # noqa: PLR0917
    origin: Places, made: Path, used: Places, open_library: OpenLibrary, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(snapshot, "WAIT", 0.2)
    with FileLock(origin.data / CHROMA / snapshot.LOCK):
        with pytest.raises(OperatorError, match="A reload is under way"):
            export(tmp_path / "none.zip", origin)
        assert [file.name for file in tmp_path.iterdir()] == ["home"]
        monkeypatch.setattr(snapshot, "WAIT", PATIENCE)
        done = threading.Thread(target=export, args=(tmp_path / "late.zip", origin))
        done.start()
        done.join(0.5)
        assert done.is_alive()
    done.join()
    assert (tmp_path / "late.zip").exists()
    with FileLock(used.data / CHROMA / snapshot.LOCK):
        assert "A reload is under way" in refused(made, used, open_library)


def test_nothing_is_imported_under_a_running_bot(
    made: Path, used: Places, open_library: OpenLibrary
) -> None:
    with Journal(used.data / JOURNAL):
        assert "stop it first" in refused(made, used, open_library)
    restore(made, used, open_library, replace=True)


class Death(BaseException):
    """Nothing but `finally` runs after it."""


def on_rename(
    monkeypatch: pytest.MonkeyPatch, turn: int, happens: Callable[[], None]
) -> list[object]:
    """Let something happen instead of the `turn`th rename; the renames that were asked for."""
    asked: list[object] = []
    real = os.rename

    def rename(source: Path, target: Path) -> None:
        asked.append(source)
        if len(asked) == turn:
            happens()
        real(source, target)

    monkeypatch.setattr(file_switch.os, "rename", rename)
    return asked


def die() -> None:
    raise Death


def fail() -> None:
    raise PermissionError(13, "Permission denied", "some/where")


RENAMES = 6
"""Articles, index and journal, each aside and into its place."""


@pytest.mark.parametrize("turn", range(1, RENAMES + 1))
def test_a_death_between_two_renames_is_mended(  # noqa: PLR0917
    turn: int, made: Path, used: Places, origin: Places, open_library: OpenLibrary,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    old = tree(used.seeds.parent)
    with monkeypatch.context() as patched:
        on_rename(patched, turn, die)
        with pytest.raises(Death):
            restore(made, used, open_library, replace=True)
    # Nothing is half: each is the old one, the new one, or not there.
    if used.seeds.exists():
        assert visible(used.seeds) in ({"mine.txt": b"Mine.\n"}, visible(origin.seeds))
    assert set(old) - {name.replace("/.import-old/", "/") for name in everything(used)} == set()
    with monkeypatch.context() as patched:
        # It dies again while it is mended.
        on_rename(patched, 1, die)
        with pytest.raises(Death):
            finish(used.data)
    assert finish(used.data)
    assert not finish(used.data)
    assert visible(used.seeds) == visible(origin.seeds)
    assert answer(used, open_library) == answer(origin, open_library)
    assert {file.name for file in used.seeds.parent.iterdir()} == {"seeds", "data"}
    assert {file.name for file in used.data.iterdir()} == {CHROMA, JOURNAL}


def everything(places: Places) -> set[str]:
    """The names below the folder, those that went aside by their old ones."""
    home = places.seeds.parent
    return {name.replace(".seeds.import-old", "seeds") for name in tree(home)}


@pytest.mark.parametrize("turn", range(1, RENAMES + 1))
def test_what_the_system_refuses_is_taken_back(
    turn: int, made: Path, used: Places, open_library: OpenLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_rename(monkeypatch, turn, fail)
    assert "nothing was changed" in refused(made, used, open_library)
    asked = on_rename(monkeypatch, 0, die)
    restore(made, used, open_library, replace=True)
    assert len(asked) == RENAMES


def test_what_has_come_back_since_is_not_lost(
    made: Path, used: Places, open_library: OpenLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        on_rename(patched, 2, die)
        with pytest.raises(Death):
            restore(made, used, open_library, replace=True)
    used.seeds.mkdir()
    (used.seeds / "since.txt").write_text("Since.\n")
    with pytest.raises(OperatorError, match="come back since; move it away"):
        finish(used.data)
    assert tree(used.seeds) == {"since.txt": b"Since.\n"}
    used.seeds.rename(used.seeds.with_name("moved"))
    assert finish(used.data)
