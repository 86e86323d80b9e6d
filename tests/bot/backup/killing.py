"""Imports and exports that are killed before each of their steps; imports are undone by commands
that are killed too.

Run as a program of its own, for a process with threads cannot be forked, and one that has loaded
little is forked sooner:
`python -m tests.bot.backup.killing ARCHIVE FOLDER` prints how often which state was found.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bot.backup.backup import REINDEX, export, restore, undo
from bot.backup.file_switch import RECORD
from bot.journal.journal import JOURNAL, Journal
from bot.journal.records import Feedback
from retrieval import PINS

IMPORTED = {"chroma", JOURNAL, PINS, REINDEX, ".feeds.lock"}
"""What is in a data folder after an import."""

STEPS = {"os.mkdir", "os.rename", "os.remove", "os.rmdir"}
"""Audit events of what changes a folder; `open` for writing is one more."""


def killed(step: int, work: Callable[[], object]) -> bool:
    """Do work in a child process that is killed before its step of this number, if it gets there.

    Return whether it was.
    """
    if child := os.fork():
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status in {0, -signal.SIGKILL}, status
        return status != 0
    left = step

    def count(event: str, args: tuple[object, ...]) -> None:
        nonlocal left
        if event in STEPS or (event == "open" and int(str(args[2])) & (os.O_WRONLY | os.O_RDWR)):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    try:
        work()
        os._exit(0)
    finally:
        os._exit(1)


def make(folder: Path) -> tuple[Path, Path]:
    """A home with articles of its own, pins, and a journal that one member has rated in."""
    seeds, data = folder / "seeds", folder / "data"
    (seeds / "sub").mkdir(parents=True)
    # A name that the archive has as well, and one that it has not.
    (seeds / "sub" / "mine.txt").write_text("Mine.\n")
    (seeds / "also-mine.txt").write_text("Mine too.\n")
    with Journal(data / JOURNAL) as journal:
        journal.rate(Feedback("old", 1, 0.0, None, "helpful"))
    (data / PINS).write_text("[]")
    # As of a bot that was killed: SQLite's log stands beside the journal.
    (data / f"{JOURNAL}-shm").write_bytes(b"")
    return seeds, data


def state(seeds: Path, data: Path) -> tuple[dict[str, str], list[int], str]:
    """The visible articles, who has rated, and the pins."""
    articles = {
        file.relative_to(seeds).as_posix(): file.read_text()
        for file in seeds.rglob("*")
        if file.is_file() and not file.relative_to(seeds).as_posix().startswith(".")
    }
    # A copy: to open the journal changes what is beside it.
    copy = data.parent / "copy.sqlite3"
    shutil.copyfile(data / JOURNAL, copy)
    with Journal(copy) as journal:
        raters = [feedback.member for feedback in journal.feedback()]
    return articles, raters, (data / PINS).read_text()


def main(archive: Path, folder: Path) -> dict[str, int]:
    os.sync = lambda: None  # A kill loses nothing that was written, unlike a power cut.
    gc.freeze()  # Else a child that is killed would first copy what it looks through for garbage.
    folder.mkdir()
    old = state(*make(folder / "old"))
    restored = make(folder / "new")
    restore(archive, *restored, replace=True)
    new = state(*restored)
    assert old != new
    outcomes = Counter[str]()
    step = 0
    while True:
        step += 1
        seeds, data = make(folder / f"{step}")
        if not killed(step, lambda: restore(archive, seeds, data, replace=True)):  # noqa: B023
            break
        outcomes["kills"] += 1
        again = 0
        while killed(again := again + 1, lambda: undo(data)):  # noqa: B023
            outcomes["kills while undoing"] += 1
        assert not undo(data)
        after = state(seeds, data)
        assert after in (old, new), f"step {step}"
        assert (after == new) == (data / REINDEX).exists()
        outcomes["new" if after == new else "old"] += 1
        restore(archive, seeds, data, replace=True)
        assert state(seeds, data) == new
        assert [file.name for file in seeds.iterdir() if file.name.startswith(".")] == []
        # A record that was being written when it was killed is nobody's.
        left = {file.name for file in data.iterdir() if not file.name.startswith(f".{RECORD}.")}
        assert left == IMPORTED
        shutil.rmtree(folder / f"{step}")
    outcomes["kills while exporting"] = export_and_kill(folder)
    return outcomes


def export_and_kill(folder: Path) -> int:
    """Kill an export before each of its steps: there is no archive, or a whole one. Return how
    often it was."""
    seeds, data = make(folder / "exported")
    before, step = state(seeds, data), 0
    while True:
        step += 1
        archive = folder / f"{step}.zip"
        ended = not killed(step, lambda: export(archive, seeds, data))  # noqa: B023
        assert state(seeds, data) == before
        if archive.exists():
            target = make(folder / f"from-{step}")
            restore(archive, *target, replace=True)
            assert state(*target) == before
        if ended:
            assert archive.exists()
            assert [file.name for file in folder.iterdir() if file.name.startswith(".")] == []
            return step - 1


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))  # noqa: T201
