"""Bots that begin with all loaded: to import what a bot needs, and its model, takes seconds.

`python -m tests.wire.forking` is a process that does so once; for each line on stdin, which says in
JSON where a bot is to run, it becomes two, and one of them is `tests.wire.launch` as it ever is.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.client import EXTENSIONS
from retrieval import DEFAULT_MODEL
from retrieval.embedding.embedder import Embedder

from .launch import launch

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

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._bots = dict[int, ForkedBot]()
        self._started: asyncio.Queue[ForkedBot] = asyncio.Queue()

    async def start(self, folder: Path, environment: Mapping[str, str], errors: Path) -> ForkedBot:
        """Start a bot in a folder that writes to a file what it has to say."""
        assert self._process.stdin
        said = {"folder": str(folder), "environment": dict(environment), "errors": str(errors)}
        self._process.stdin.write(json.dumps(said).encode() + b"\n")
        return await self._started.get()

    async def listen(self) -> None:
        """Hear which bots have started and ended, until the process ends."""
        assert self._process.stdout
        async for line in self._process.stdout:
            pid, status = line.split()
            if status == b"started":
                bot = self._bots[int(pid)] = ForkedBot(int(pid))
                self._started.put_nowait(bot)
            else:
                bot = self._bots.pop(int(pid))
                bot.returncode = int(status)
                bot.ended.set()


@asynccontextmanager
async def forking() -> AsyncIterator[Forker]:
    """A process that starts bots until the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, cwd=ROOT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    forker = Forker(process)
    listening = asyncio.create_task(forker.listen())
    try:
        yield forker
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()
        await listening


def _load() -> None:
    """Load what bots load, and have them find the model loaded."""
    for name in (*EXTENSIONS, "chromadb.api.rust"):
        import_module(name)  # Else a bot does when it begins.
    loaded, load = Embedder.load(), Embedder.load
    assert loaded.reader
    assert loaded.space  # They are loaded when they are first asked for.

    def once(name: str = DEFAULT_MODEL, *args: Any, **options: Any) -> Embedder:
        return loaded if name == DEFAULT_MODEL else load(name, *args, **options)

    Embedder.load = once  # type: ignore[method-assign]


def main() -> None:
    """Fork until stdin ends."""
    _load()
    gc.freeze()
    signal.signal(signal.SIGCHLD, _tell_of_ends)
    while line := sys.stdin.buffer.readline():
        # Nobody hears of an end before the start.
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
        if child := os.fork():
            os.write(1, f"{child} started\n".encode())
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
        _take_place(json.loads(line))
        status = launch()
        sys.stderr.flush()
        # ONNX Runtime's thread is not in this process, and its end would wait for that.
        os._exit(status)


def _tell_of_ends(*_: object) -> None:
    while True:
        try:
            child, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not child:
            return
        os.write(1, f"{child} {os.waitstatus_to_exitcode(status)}\n".encode())


def _take_place(said: Mapping[str, Any]) -> None:
    """Take the folder, the environment and the file for errors that a bot is to have."""
    os.chdir(said["folder"])
    os.environ.clear()
    os.environ.update(said["environment"])
    nothing = os.open(os.devnull, os.O_RDWR)
    errors = os.open(said["errors"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for own, given in ((0, nothing), (1, nothing), (2, errors)):
        os.dup2(given, own)
    os.close(nothing)
    os.close(errors)


if __name__ == "__main__":
    main()
