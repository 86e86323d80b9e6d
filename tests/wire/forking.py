"""Bots that begin with all loaded: to import what a bot needs, and its model, takes seconds.

`python -m tests.wire.forking ADDRESS` is a process that does so once; for each line on stdin, which
says in JSON where a bot is to run, it becomes two, and one of them is `tests.wire.launch`; for each
connection at the address, of `tests.wire.reloading`, it becomes two, and one of them reloads. What
they do behind their last statement, as waiting for threads, is not seen: they end by `os._exit`.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import select
import signal
import socket
import sys
import tempfile
import traceback
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from bot.client import EXTENSIONS
from retrieval import DEFAULT_MODEL
from retrieval.embedding.embedder import Embedder
from tests.waiting import PATIENCE

from .launch import launch
from .reloading import reload_for

ROOT = Path(__file__).parent.parent.parent


class ForkedBot:
    """What is asked of an `asyncio.subprocess.Process`, of a bot that another process forks."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.ended = asyncio.Event()

    async def wait(self) -> int:
        """The exit status, once it has ended."""
        await self.ended.wait()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: signal.Signals) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)


class Forker:
    """The process whose children the bots are."""

    def __init__(self, process: asyncio.subprocess.Process, address: str) -> None:
        """Reloads are forked for who connects to `address`."""
        self.address = address
        self._process = process
        self._bots = dict[int, ForkedBot]()
        self._starting = deque[asyncio.Future[ForkedBot]]()
        self._listening = asyncio.create_task(self._listen())

    async def start(self, folder: Path, environment: Mapping[str, str], errors: Path) -> ForkedBot:
        """Start a bot in a folder that writes to a file what it has to say.

        Raises AssertionError if the process that forks it is gone, or TimeoutError.
        """
        assert self._process.stdin
        assert not self._listening.done(), "The process that forks bots has ended."
        request = {"folder": str(folder), "environment": dict(environment), "errors": str(errors)}
        started = asyncio.get_running_loop().create_future()
        self._starting.append(started)
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        return await asyncio.wait_for(started, PATIENCE)

    async def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        self._process.stdin.close()
        await self._process.wait()
        await self._listening

    async def _listen(self) -> None:
        """Hear which bots have started and ended, until the process ends."""
        assert self._process.stdout
        async for line in self._process.stdout:
            pid, status = line.split()
            if status == b"started":
                bot = self._bots[int(pid)] = ForkedBot(int(pid))
                started = self._starting.popleft()
                if not started.done():
                    started.set_result(bot)
            else:
                bot = self._bots.pop(int(pid))
                bot.returncode = int(status)
                bot.ended.set()
        for started in self._starting:
            if not started.done():
                started.set_exception(AssertionError("The process that forks bots has ended."))


@asynccontextmanager
async def forking() -> AsyncIterator[Forker]:
    """A process that starts bots until the block ends."""
    with tempfile.TemporaryDirectory() as folder:  # Of a short name, as addresses are to be.
        address = str(Path(folder) / "reloads")
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", __name__, address, cwd=ROOT,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        forker = Forker(process, address)
        try:
            yield forker
        finally:
            await forker.close()


def _load() -> None:
    """Load what bots load, and have them find the model loaded."""
    for name in (*EXTENSIONS, "chromadb.api.rust"):
        import_module(name)  # Else a bot does when it begins.
    loaded, load = Embedder.load(), Embedder.load
    reader = loaded.reader
    assert reader
    reader._reading = cache(reader._reading)  # type: ignore[method-assign]
    assert loaded.space  # They are loaded when they are first asked for.

    def once(name: str = DEFAULT_MODEL, *args: Any, **options: Any) -> Embedder:
        return loaded if name == DEFAULT_MODEL else load(name, *args, **options)

    Embedder.load = once  # type: ignore[method-assign]


def main() -> None:
    """Fork until stdin ends, and tell of each bot's start and then of its end."""
    reloads, reloading = socket.socket(socket.AF_UNIX), set[int]()
    reloads.bind(sys.argv[1])
    reloads.listen()
    _load()
    gc.freeze()
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    signal.signal(signal.SIGCHLD, lambda *_: None)  # The byte in the pipe is enough.
    requests = open(0, "rb", buffering=0)  # noqa: SIM115 - a line behind in a buffer wakes nobody
    while True:
        ready, _, _ = select.select([requests, reading, reloads], [], [])
        if reading in ready:
            os.read(reading, 1_000)
            _tell_of_ends(reloading)
        if reloads in ready:
            with reloads.accept()[0] as asking:
                if child := os.fork():
                    reloading.add(child)
                else:
                    _be_another()
                    reload_for(asking)
        if requests in ready:
            line = requests.readline()
            if not line:
                return
            if child := os.fork():
                os.write(1, f"{child} started\n".encode())
            else:
                _be_another()
                _be_bot(json.loads(line))


def _tell_of_ends(reloading: set[int]) -> None:
    """Tell of the bots that have ended, and take those that reload out of the set."""
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            if ended[0] in reloading:
                reloading.remove(ended[0])
            else:
                os.write(1, f"{ended[0]} {os.waitstatus_to_exitcode(ended[1])}\n".encode())


def _be_another() -> None:
    """Hear of no process that ends: this one has just been forked."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def _be_bot(request: Mapping[str, Any]) -> NoReturn:
    """Run a bot, and end: ONNX Runtime's thread is not in this process, and Python's own end, also
    that by an error, would wait for it."""
    status = 1
    try:
        _take_place(request)
        status = launch()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _take_place(request: Mapping[str, Any]) -> None:
    """Take the folder, the environment and the file for errors that a bot is to have."""
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    nothing = os.open(os.devnull, os.O_RDWR)
    errors = os.open(request["errors"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for own, given in ((0, nothing), (1, nothing), (2, errors)):
        os.dup2(given, own)
    os.close(nothing)
    os.close(errors)


if __name__ == "__main__":
    main()
