"""A reload in a process of its own: what it tells, what ends it, and what outlives it."""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from retrieval import DEFAULT_MODEL, CorpusError, Library, ModelError, StoreError
from retrieval.embedding.embedder import Embedder
from retrieval.index import reload_process
from retrieval.index.reload_process import ReloadJob, reload_in_process
from retrieval.reports import Reload
from tests.conftest import ROOT, Folder
from tests.waiting import PATIENCE, wait_until

from .test_reload import some

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")

PARENT = """
import sys
from pathlib import Path
from retrieval import Library
from tests.retrieval.index.test_reload_process import children
with Library.open(Path(sys.argv[1]), Path(sys.argv[2])) as library:
    library.reload(lambda done, total: print(*children(), flush=True))
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
def library(folder: Folder) -> Iterator[Library]:
    seeds = folder(some(3))
    with Library.open(seeds, seeds.parent / "data", reload_threads=1) as library:
        yield library


def reload_here(library: Library, embedder: Embedder) -> Reload:
    """Reload in this process, which takes no seconds to load."""
    with Library(library._folder, library._store.reconnect(), lambda: embedder) as here:
        return here.reload()


def test_a_process_reloads_and_its_parent_answers(
    library: Library,
    folder: Folder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a-secret")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr(reload_process, "RELOAD_WORKER", "tests.retrieval.talking_worker")
    told: list[tuple[int, int]] = []
    environments: list[bytes] = []

    def progress(done: int, total: int) -> None:
        told.append((done, total))
        environments.extend(of_process(pid, "environ") for pid in children())

    caplog.set_level(logging.INFO)
    report = library.reload(progress)
    assert (report.articles, len(report.added), report.failed) == (3, 3, ())
    assert "embedder" not in vars(library)
    assert {total for _, total in told} == {report.passages}
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (report.passages, report.passages)
    assert all(b"OMP_NUM_THREADS=1\0" in own for own in environments if own)
    assert any(environments)
    assert not any(b"DISCORD" in own or b"a-secret" in own for own in environments)
    assert ("retrieval.talking", logging.INFO, "It begins.") in caplog.record_tuples

    assert library.ask("What is house 2?").answered
    folder({"003.txt": "A zeppelin was seen over the town on Sunday. It was large."})
    library.reload()
    made = library._ready
    assert "zeppelin" in str(library.ask("Where was a zeppelin seen?").quotes)
    assert library._searcher is made is not None
    assert children() == []


def killed(pids: list[int]) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def cancelled(pids: list[int]) -> None:
    raise InterruptedError


@pytest.mark.parametrize(
    ("end", "raised", "says"),
    [(killed, StoreError, r"was killed \(SIGKILL\).*reload once more"), (cancelled, OSError, "^$")],
)
def test_what_ends_early_leaves_the_old_articles(
    *,
    library: Library,
    folder: Folder,
    embedder: Embedder,
    end: Callable[[list[int]], None],
    raised: type[Exception],
    says: str,
) -> None:
    reload_here(library, embedder)
    folder(some(6))
    with pytest.raises(raised, match=says):
        library.reload(lambda done, total: end(children()))
    assert children() == []
    assert library.status().articles == 3
    assert library.ask("What is house 2?").answered
    report = reload_here(library, embedder)
    assert (len(report.added), len(report.unchanged)) == (3, 3)


def test_what_is_cancelled_when_the_new_articles_serve_is_done(
    library: Library, folder: Folder, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They serve here as soon as they do for the process that has reloaded, which stands still."""
    reload_here(library, embedder)
    serving = Library(library._folder, library._store, lambda: embedder)
    assert serving.ask("What is house 2?").answered
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr(reload_process, "RELOAD_WORKER", "tests.retrieval.switching_worker")
    folder(some(6))

    def cancel() -> None:
        if library.status().articles == 6:
            assert serving.search("What is house 5?")[0].passage.source.path == "005.txt"
            raise InterruptedError

    assert library.reload(waiting=cancel).articles == 6
    assert library.status().articles == 6
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


def test_it_ends_with_its_parent(folder: Folder, tmp_path: Path) -> None:
    seeds = folder(some(60))
    argv = [sys.executable, "-c", PARENT, str(seeds), str(tmp_path / "data")]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        (worker,) = map(int, parent.stdout.readline().split())
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


@pytest.mark.parametrize(
    ("seeds", "model", "kind", "says"),
    [
        ("nowhere", DEFAULT_MODEL, CorpusError, r"There is no folder of articles at .*nowhere"),
        ("seeds", "broken", ModelError, "'broken' cannot be loaded.*PASSAGE_EMBEDDING_MODEL"),
    ],
)
def test_failures_come_through(
    *,
    seeds: str,
    model: str,
    kind: type[Exception],
    says: str,
    folder: Folder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr(reload_process, "RELOAD_WORKER", "tests.retrieval.talking_worker")
    folder(some(1))
    with pytest.raises(kind, match=says):
        reload_in_process(ReloadJob(str(tmp_path / seeds), str(tmp_path / "data"), model))


def test_what_nobody_expected_has_its_traceback(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr(reload_process, "RELOAD_WORKER", "tests.retrieval.talking_worker")
    job = ReloadJob(str(folder(some(1))), str(tmp_path / "data"), "unexpected")
    with pytest.raises(RuntimeError, match="ZeroDivisionError: nobody expected it") as raised:
        reload_in_process(job)
    assert "Traceback" in raised.value.__notes__[0]
