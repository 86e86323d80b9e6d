"""A program of ours that reads files apart from this process, each within a time limit: both sides.

So a file made to exhaust its reader takes down the helper and nothing else: it is told nothing of
the bot's settings, may take `MEMORY` bytes, and is ended by its parent when its time is up.

On its stdin, a line of JSON: a list of what is said of each of some files, with `size`; then the
bytes of them all. Then the next such list. On its stdout, first an empty object, and for each file
a line of JSON, with `refused` (a reason) and `trouble`, or with what the program makes of it.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import fields
from queue import Empty, SimpleQueue
from typing import IO, Any, Self

from ..errors import Trouble

CPU_SECONDS = 20
"""For one file to be read in, of a processor's time, where the system can limit that."""

SECONDS = 120.0
"""For one file to be read in, by the clock, on a machine however busy."""

MEMORY = 2 * 1024**3
"""Bytes of address space; a page of 5 MB took 1 GiB at the most."""

TOO_MUCH_MEMORY = "it takes too much memory to read"

BROKEN = "its reader broke down over it"

Request = tuple[Mapping[str, Any], bytes]
"""What is said about a file, and its bytes."""

_OUT_OF_TIME = {-signal.SIGXCPU} if hasattr(signal, "SIGXCPU") else set()
"""The exit status of a process that has used up its processor time."""

log = logging.getLogger(__name__)


class HelperProcess:
    """A helper; started when it is first needed, and anew after it has broken down.

    For one thread. Use it as a context: it ends with it.
    """

    def __init__(self, program: str, seconds: float = SECONDS):
        """`program` is the name of the module that is run; a file may take so many seconds."""
        self._program = program
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._lines = SimpleQueue[bytes]()
        """What the process writes; an empty line at its end."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def replies(self, requests: Sequence[Request]) -> Iterator[dict[str, Any]]:
        """What the helper makes of each file, in order: its reply, with `refused` and a reason, as
        "it is broken", where it makes nothing of it. All are sent at once: waiting for each reply
        would cost more than a small file does."""
        left = list(requests)
        while left:
            self._process = self._process or self._start()
            if not self._sent(self._process, left):
                self._end()
                left.pop(0)
                yield _refused(BROKEN)
            while left and self._process is not None:
                reply = self._receive()
                left.pop(0)
                yield reply

    def _sent(self, process: subprocess.Popen[bytes], requests: Sequence[Request]) -> bool:
        """Sends files, at once. Returns whether it can."""
        head = [{**about, "size": len(data)} for about, data in requests]
        # What TOML has beside JSON are dates and times, which are read from text as well.
        line = json.dumps(head, default=str).encode() + b"\n"
        clock = threading.Timer(self._seconds, process.kill)
        clock.start()
        try:
            process.stdin.write(line + b"".join(data for _, data in requests))  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
        except OSError:  # A broken pipe, which Windows calls an invalid argument.
            return False
        finally:
            clock.cancel()
        return True

    def _receive(self) -> dict[str, Any]:
        """The next reply. After one that is late, or is none, the helper is ended."""
        try:
            reply: dict[str, Any] = json.loads(self._lines.get(timeout=self._seconds))
            if not isinstance(reply, dict):
                raise ValueError
        except Empty:
            reply = _late(self._seconds)
            self._end()
        except (ValueError, RecursionError):
            used_up = self._end() in _OUT_OF_TIME
            reply = _late(CPU_SECONDS) if used_up else _refused(BROKEN)
        if trace := reply.get("trace"):
            log.info("A file's reader broke down:\n%s", trace)
        return reply

    def _start(self) -> subprocess.Popen[bytes]:
        # It inherits no settings: it needs none, and the bot's hold a token; Windows starts nothing
        # without SYSTEMROOT. A fixed seed, so that no order depends on chance; -P, so that it
        # imports from where this process does alone.
        process = subprocess.Popen(  # noqa: S603 (our own program)
            [sys.executable, "-P", "-X", "utf8", "-m", self._program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={
                "PYTHONHASHSEED": "0",
                "PYTHONPATH": os.pathsep.join(filter(os.path.isabs, sys.path)),
                **{name: value for name, value in os.environ.items() if name == "SYSTEMROOT"},
            },
        )
        self._lines = SimpleQueue()
        threading.Thread(target=read_lines, args=(process.stdout, self._lines), daemon=True).start()
        if not self._lines.get():  # It is ready: its start is in no file's time.
            self._lines.put(b"")  # Or it has ended already.
        return process

    def _end(self) -> int | None:
        """End the helper; return its exit status, which is negative for a signal's number."""
        if self._process is None:
            return None
        process, self._process = self._process, None
        return end_process(process)


def _refused(reason: str, trouble: Trouble = Trouble.BROKEN) -> dict[str, Any]:
    return {"refused": reason, "trouble": trouble}


def _late(seconds: float) -> dict[str, Any]:
    return _refused(f"it takes longer than {seconds:g} s to read", Trouble.LIMIT)


def trouble_of(reply: Mapping[str, Any]) -> Trouble:
    """Return the kind of trouble for which a reply refuses a file."""
    with suppress(ValueError):
        return Trouble(reply.get("trouble", Trouble.NOTHING_TO_QUOTE))
    return Trouble.BROKEN  # What a helper says need not be right.


def end_process(process: subprocess.Popen[bytes]) -> int:
    """End a process of ours at once, and return its exit status."""
    process.kill()
    if process.stdin is not None:
        with suppress(OSError):  # What it had not read is nobody's any more.
            process.stdin.close()
    return process.wait()


def read_lines(stdout: IO[bytes] | None, lines: SimpleQueue[bytes]) -> None:
    """Put each line that a process writes into a queue, for which one can wait for a while, and at
    the end an empty one."""
    with stdout or nullcontext(()) as written:
        for line in written:
            lines.put(line)
    lines.put(b"")


_Reader = Callable[[dict[str, Any], bytes], dict[str, Any]]
"""What is said about a file, and its bytes → the reply."""


def reply_of(reader: _Reader, about: dict[str, Any], data: bytes) -> dict[str, Any]:
    """Return what a reader makes of a file; or `refused` with the reason and `trouble`, and the
    `trace` of an error that nobody foresaw. A ValueError is a reason."""
    try:
        return reader(about, data)
    except ValueError as error:
        trouble = getattr(error, "trouble", Trouble.NOTHING_TO_QUOTE)
        return {"refused": str(error), "trouble": trouble}
    except MemoryError:
        return {"refused": TOO_MUCH_MEMORY, "trouble": Trouble.LIMIT}
    except Exception:
        return {"refused": BROKEN, "trouble": Trouble.BROKEN, "trace": traceback.format_exc()}


def serve_files(reader: _Reader) -> None:
    """In the helper: reply to each file on stdin, as `reply_of` does, until there are no more. The
    process may take `MEMORY` bytes, and `CPU_SECONDS` for a file."""
    _limit("RLIMIT_AS", MEMORY)
    logging.disable()
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # What a library prints is no answer.
    answers.write("{}\n")  # It is ready.
    answers.flush()
    while line := sys.stdin.buffer.readline():
        # All are read before the first reply: else both sides might wait for the other to read.
        files = [(about, sys.stdin.buffer.read(about["size"])) for about in json.loads(line)]
        for about, data in files:
            _limit("RLIMIT_CPU", int(time.process_time()) + CPU_SECONDS)
            answers.write(json.dumps(reply_of(reader, about, data), default=_fields) + "\n")
            answers.flush()


def _fields(value: Any) -> dict[str, Any]:
    """A dataclass as JSON has it."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _limit(name: str, most: int) -> None:
    with suppress(ImportError, ValueError, OSError):  # There is none on Windows.
        import resource  # noqa: PLC0415

        number = getattr(resource, name)
        resource.setrlimit(number, (most, resource.getrlimit(number)[1]))
