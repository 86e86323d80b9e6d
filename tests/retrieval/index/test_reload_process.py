"""A reload in a process of its own: what it tells, what ends it, and what outlives it."""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval import CorpusError, Library, StoreError
from retrieval.embedding.embedder import Embedder
from retrieval.index import reload_process
from retrieval.index.reload_process import ReloadJob, reload_in_process
from retrieval.reports import Reload
from tests.conftest import ROOT, Folder
from tests.waiting import PATIENCE, wait_until

from .test_reload import some

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")

PARENT = """
from retrieval.index import reload_process
reload_process.RELOAD_WORKER = "tests.retrieval.talking_worker"
job = reload_process.ReloadJob("nowhere", "nowhere", "waiting")
reload_process.reload_in_process(job, waiting=lambda: print("It waits.", flush=True))
"""


def children(of: int | str = "self", what: bytes = rb"\.(reload|talking)_worker") -> list[int]:
    """The processes that reload for this one, or that do `what` for another one."""
    tasks = [task.name for task in Path(f"/proc/{of}/task").glob("*")]
    pids = [int(pid) for task in tasks for pid in of_process(of, f"task/{task}/children").split()]
    return [pid for pid in pids if re.search(what, of_process(pid, "cmdline"))]


def of_process(pid: int | str, what: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{what}").read_bytes()
    except OSError:  # It has ended.
        return b""


def wait_for_end(pid: int) -> None:
    """Return when a process has ended; one that nobody waits for is left as a name alone."""
    wait_until(lambda: not of_process(pid, "cmdline"))


@pytest.fixture
def library(folder: Folder, embedder: Embedder) -> Iterator[Library]:
    seeds = folder(some(3))
    with Library.open(seeds, seeds.parent / "data", reload_threads=1) as library:
        library._load = lambda: embedder
        yield library


def reload_here(library: Library, embedder: Embedder) -> Reload:
    """Reload in this process, which takes no seconds to load."""
    with Library(library._folder, library._store.reconnect(), lambda: embedder) as here:
        return here.reload()


@pytest.fixture(autouse=True)
def _talking(monkeypatch: pytest.MonkeyPatch) -> None:
    """What reloads is `tests.retrieval.talking_worker`."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr(reload_process, "RELOAD_WORKER", "tests.retrieval.talking_worker")


def test_a_process_reloads_and_its_parent_answers(
    *,
    library: Library,
    folder: Folder,
    embedder: Embedder,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    reload_here(library, embedder)
    assert library.ask("What is house 2?").answered
    folder({"003.txt": "A zeppelin was seen over the town on Sunday. It was large."})
    monkeypatch.setenv("DISCORD_TOKEN", "a-secret")
    told: list[tuple[int, int]] = []
    environments: list[bytes] = []

    def progress(done: int, total: int) -> None:
        told.append((done, total))
        environments.extend(of_process(pid, "environ") for pid in children())

    caplog.set_level(logging.INFO)
    report = library.reload(progress)
    assert (report.articles, report.added, report.failed) == (4, ("003.txt",), ())
    assert {total for _, total in told} == {report.embedded}
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (report.embedded, report.embedded)
    assert all(b"OMP_NUM_THREADS=1\0" in own for own in environments if own)
    assert any(environments)
    assert not any(b"DISCORD" in own or b"a-secret" in own for own in environments)
    assert ("retrieval.talking", logging.INFO, "It begins.") in caplog.record_tuples

    made = library._ready
    assert "zeppelin" in str(library.ask("Where was a zeppelin seen?").quotes)
    assert library._searcher is made is not None
    assert children() == []


def test_that_it_was_killed_is_told() -> None:
    """What that leaves is looked at in `test_killed.py`."""

    def kill() -> None:
        for pid in children():
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(StoreError, match=r"was killed \(SIGKILL\).*reload once more"):
        reload_in_process(ReloadJob("nowhere", "nowhere", "waiting"), waiting=kill)
    assert children() == []


def test_what_is_cancelled_when_the_new_articles_serve_is_done(
    library: Library, folder: Folder, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They serve here as soon as they do for the process that has reloaded, which stands still."""
    reload_here(library, embedder)
    serving = Library(library._folder, library._store, lambda: embedder)
    assert serving.ask("What is house 2?").answered
    monkeypatch.setattr(reload_process, "RELOAD_WORKER", "tests.retrieval.switching_worker")
    folder(some(6))

    def cancel() -> None:
        if library.status().articles == 6:
            assert serving.search("What is house 5?")[0].passage.source.path == "005.txt"
            raise InterruptedError

    assert library.reload(waiting=cancel).articles == 6
    assert library.status().articles == 6
    assert "embedder" not in vars(library)
    assert children() == []


def test_it_waits_for_another_reload_and_may_think_better_of_it(library: Library) -> None:
    def enough() -> None:
        raise InterruptedError

    with library._store.exclusively(), pytest.raises(InterruptedError):
        library.reload(waiting=enough)
    assert children() == []


def test_before_it_has_said_a_word_it_may_be_cancelled(library: Library) -> None:
    def enough() -> None:
        raise InterruptedError

    # Its start takes longer than it may be silent.
    with pytest.raises(InterruptedError):
        library.reload(waiting=enough)
    assert children() == []
    assert not library.indexed


def test_it_ends_with_its_parent() -> None:
    argv = [sys.executable, "-c", PARENT]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(argv, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"It waits.\n"
        (worker,) = children(parent.pid)
        parent.kill()
    wait_for_end(worker)


def test_ctrl_c_ends_it_without_a_word(folder: Folder, tmp_path: Path) -> None:
    settings = {
        "PASSAGE_SEEDS_DIR": str(folder(some(300))),
        "PASSAGE_DATA_DIR": str(tmp_path / "data"),
    }
    code = "import sys; from bot.cli.app import main; sys.exit(main(['reload']))"
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:

        def workers() -> list[int]:
            assert process.poll() is None
            reloading = children(process.pid)
            return reloading + [pid for one in reloading for pid in children(one, b"file_worker")]

        # Some way into its work: the process that reloads has one that reads files.
        wait_until(lambda: len(workers()) == 2)
        pids = workers()
        os.killpg(process.pid, signal.SIGINT)
        out, _ = process.communicate(timeout=PATIENCE)
        assert (process.returncode, out) == (130, b"")
    for pid in pids:
        wait_for_end(pid)


def test_a_failure_comes_through() -> None:
    with pytest.raises(CorpusError, match=r"^There is no folder of articles\.$"):
        reload_in_process(ReloadJob("nowhere", "nowhere", "refused"))


def test_what_nobody_expected_has_its_traceback() -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError: nobody expected it") as raised:
        reload_in_process(ReloadJob("nowhere", "nowhere", "unexpected"))
    assert "Traceback" in raised.value.__notes__[0]


def test_what_progress_raises_ends_it() -> None:
    def cancel(done: int, total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        reload_in_process(ReloadJob("nowhere", "nowhere", "unexpected"), cancel)
    assert children() == []
