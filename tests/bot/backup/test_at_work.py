"""Backups while a bot or a reload is at work, and imports that are cut off at any moment."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from bot.backup import backup, file_switch
from bot.backup.backup import undo
from bot.journal.journal import Journal
from bot.journal.records import Feedback
from retrieval import CorpusError, OperatorError, follow_feeds
from tests.conftest import ROOT

from .backups import Home, tree, visible


def test_a_bot_that_writes_its_journal_does_not_matter(origin: Home, tmp_path: Path) -> None:
    busy = Home(tmp_path / "busy")
    shutil.copytree(origin.folder, busy.folder)
    done = threading.Event()

    def write() -> None:
        with Journal(busy.journal) as journal:
            member = 1000
            while not done.is_set():
                member += 1
                journal.rate(Feedback("busy", member, float(member), None, "helpful"))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        counts = [busy.export(tmp_path / f"{n}.zip").feedback for n in range(5)]
    finally:
        done.set()
        writer.join()
    assert counts == sorted(counts)
    assert counts[-1] > 1
    for n, count in enumerate(counts):
        there = Home(tmp_path / str(n))
        assert there.restore(tmp_path / f"{n}.zip").feedback == count
        assert there.raters() == [7, *range(1001, 1000 + count)]


def test_nothing_is_imported_while_a_reload_is_under_way(archive: Path, used: Home) -> None:
    with FileLock(used.data / "chroma" / "reload.lock"):
        assert "A reload or an import is under way" in used.refuse(archive)
    used.restore(archive)


def test_nothing_is_imported_while_sources_are_fetched(archive: Path, used: Home) -> None:
    (used.seeds / "feeds.toml").write_text('[a]\nurl = "https://example.org/feed"\n')
    refused = list[str]()

    def now() -> float:
        refused.append(used.refuse(archive))
        raise OSError

    with pytest.raises(CorpusError):
        follow_feeds(used.seeds, used.data, now=now)
    assert refused == ["The followed sources are being fetched; try again when that is done."]
    used.restore(archive)


def test_nothing_is_imported_under_a_running_bot(archive: Path, used: Home) -> None:
    with Journal(used.journal):
        assert "stop it first" in used.refuse(archive)
    used.restore(archive)


def test_a_kill_before_any_step_leaves_all_or_nothing(used: Home, tmp_path: Path) -> None:
    archive = tmp_path / "b.zip"  # Of few articles: each has steps, and each step its undoing.
    used.export(archive)
    argv = [sys.executable, "-m", "tests.bot.backup.killing", archive, tmp_path / "killed"]
    done = subprocess.run(argv, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    outcomes = json.loads(done.stdout)
    assert outcomes["kills"] == outcomes["old"] + outcomes["new"]
    assert min(outcomes["old"], outcomes["new"], outcomes["kills while undoing"]) > 5
    assert outcomes["kills while exporting"] > 3


class Death(BaseException):
    """Nothing but `finally` runs after it."""


def on_rename(
    monkeypatch: pytest.MonkeyPatch, turn: int, happens: Callable[[], None]
) -> list[object]:
    """Let something happen instead of the `turn`th rename; returns the renames asked for."""
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


def test_what_the_system_refuses_or_ctrl_c_cuts_off_is_taken_back(
    archive: Path, used: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(used.folder)
    turn = 0
    while True:
        turn += 1
        with monkeypatch.context() as patched:
            asked = on_rename(patched, turn, die)
            try:
                used.restore(archive)
            except Death:
                assert tree(used.folder) == before
            else:
                break
        with monkeypatch.context() as patched:
            on_rename(patched, turn, fail)
            sentence = used.refuse(archive)
            assert "nothing was changed (Permission denied: some/where)" in sentence
    # Two old ones, journal and pins go aside; eight new ones, journal, pins and a note come in.
    assert turn == len(asked) + 1 == 4 + 11 + 1


def test_undoing_waits_for_whoever_is_at_work_and_loses_nothing_that_has_come_since(
    archive: Path, used: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "LOCK_SECONDS", 0.0)
    with monkeypatch.context() as patched:
        # Killed with the old articles aside: nothing is undone.
        patched.setattr(file_switch, "undo_switch", lambda record: False)
        on_rename(patched, 3, die)
        with pytest.raises(Death):
            used.restore(archive)
    for lock, sentence in (
        (FileLock(used.data / "chroma" / "reload.lock"), "A reload or an import is under way"),
        (FileLock(used.data / ".feeds.lock"), "sources are being fetched"),
    ):
        half = tree(used.folder)
        with lock, pytest.raises(OperatorError, match=sentence):
            undo(used.data)
        assert tree(used.folder) == half
    (used.seeds / "mine.txt").write_text("Since.\n")
    with pytest.raises(OperatorError, match=r"cannot be undone \(move it away: .*mine.txt"):
        undo(used.data)
    assert (used.seeds / "mine.txt").read_text() == "Since.\n"
    (used.seeds / "mine.txt").rename(used.folder / "moved.txt")
    assert undo(used.data)
    assert visible(used.seeds) == {
        "mine.txt": b"Mine.\n",
        "sub": None,
        "sub/also-mine.txt": b"Mine too.\n",
    }
