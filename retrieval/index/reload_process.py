"""A reload in a process of its own: this side starts it, listens to it and ends it.

So a reload takes neither the interpreter nor the processor away from questions, and a crash of it
does not end the bot. The other side is `reload_worker.py`.
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
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import asdict, dataclass, replace
from queue import Empty, SimpleQueue
from typing import IO, Any

from pydantic import TypeAdapter

from .. import errors
from ..errors import StoreError
from ..formats.helper_process import end_process, read_lines
from ..reports import Reload

RELOAD_WORKER = "retrieval.reload_worker"

ENDING_SECONDS = 5.0
"""Seconds in which the process has to end by itself once it has said its last."""

TICK_SECONDS = 0.2
"""Seconds without a message from the process after which `waiting` is called."""

REPORT = TypeAdapter(Reload)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReloadJob:
    """What the process is told: the arguments of `Library.open`."""

    seeds_dir: str
    data_dir: str
    model: str
    chroma_url: str | None = None
    threads: int | None = None
    """For the model; None for as many as there are cores."""
    models_dir: str | None = None


def reload_in_process(
    job: ReloadJob,
    progress: Callable[[int, int], None] | None = None,
    waiting: Callable[[], None] | None = None,
) -> Reload:
    """Reload in a process of its own, and return its report; its seconds are those of all this.

    `progress` and `waiting` are called as by `Library.reload`. What they raise ends the process and
    is raised here; the old index stays.

    Raises:
        CorpusError, StoreError, ModelError: as `Library.reload` raises them in that process; or
            StoreError, where the process has ended before its work was done.
    """
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, "-P", "-m", RELOAD_WORKER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(),
    )
    lines: SimpleQueue[bytes] = SimpleQueue()
    threads = [
        threading.Thread(target=_drain, args=(process.stderr,), daemon=True),
        threading.Thread(target=read_lines, args=(process.stdout, lines), daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        for message in _messages(process, job, lines):
            match message:
                case {"waiting": _}:
                    if waiting:
                        waiting()
                case {"progress": [done, total]}:
                    if progress:
                        progress(done, total)
                case {"log": [name, level, text]}:
                    logging.getLogger(name).log(level, "%s", text)
                case {"report": values}:
                    report = REPORT.validate_python(values)
                    return replace(report, seconds=round(time.perf_counter() - started, 3))
                case {"error": [kind, sentence]}:
                    raise getattr(errors, kind)(sentence)
                case {"unexpected": [reason, trace]}:
                    error = RuntimeError(reason)
                    error.add_note(trace)
                    raise error
        with suppress(subprocess.TimeoutExpired):
            process.wait(ENDING_SECONDS)
    finally:
        end_process(process)
        for thread in threads:
            thread.join(ENDING_SECONDS)
    raise StoreError(_death(process.returncode))


def _environment() -> dict[str, str]:
    """This process's environment, without the bot's token: a reload has no use for it."""
    environment = {
        name: value for name, value in os.environ.items() if name.upper() != "DISCORD_TOKEN"
    }
    # Batches are embedded side by side, each on a core: threads of one product would wait for each
    # other, busily, wherever something else runs too.
    environment["OMP_NUM_THREADS"] = "1"
    # glibc gives threads heaps of their own, up to eight a core, and what batches have freed stays
    # in each: 1.7 GiB after 1,475 passages, and growing, where with two it stays at 1.3.
    environment.setdefault("MALLOC_ARENA_MAX", "2")
    return environment


def _messages(
    process: subprocess.Popen[bytes], job: ReloadJob, lines: SimpleQueue[bytes]
) -> Iterator[Any]:
    """Yield the messages of the process, and {"waiting": True} whenever it is silent for
    TICK_SECONDS, so that the caller can cancel. Ends with the process; an unfinished last line is
    ignored."""
    level = logging.getLogger(__package__).getEffectiveLevel()
    request = json.dumps({"job": asdict(job), "log_level": level}).encode()
    if process.stdin:
        with suppress(OSError):
            # The pipe stays open: at its end the process would know that this one is gone.
            os.write(process.stdin.fileno(), request + b"\n")
    while True:
        try:
            line = lines.get(timeout=TICK_SECONDS)
        except Empty:
            yield {"waiting": True}
            continue
        if not line.endswith(b"\n"):
            return
        yield json.loads(line)


def _drain(stderr: IO[bytes] | None) -> None:
    """Log what libraries print on stderr, at level debug."""
    with stderr or nullcontext(()) as lines:
        for line in lines:
            log.debug("%s", line.decode("utf-8", "replace").rstrip())


def _death(status: int) -> str:
    """A sentence on a process that has ended by itself."""
    if status >= 0:
        how = f"ended with exit status {status}"
    else:
        with suppress(ValueError):
            status = signal.Signals(-status).name  # type: ignore[assignment]
        how = f"was killed ({status}), perhaps for lack of memory"
    return f"The process that reloads {how}; the articles stay as they were, so reload once more."
