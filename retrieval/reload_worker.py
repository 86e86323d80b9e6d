"""The process that reloads for another one, which has started it: see `reload_process.py`.

On stdin: a line of JSON, with `job`, a ReloadJob, and `log_level`. When stdin ends, the other
process is gone, and this one ends at once. On stdout, a line of JSON each: `waiting`, `progress`,
`log`, and at last one of `report`, `error` and `unexpected`.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .errors import PassageError
from .index.reload_process import REPORT, ReloadJob
from .reports import Reload

NICENESS = 10
"""Questions go before a reload."""

Tell = Callable[[str, Any], None]


class _Telling(logging.Handler):
    """Hands on what is logged."""

    def __init__(self, tell: Tell) -> None:
        super().__init__()
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        self._tell("log", [record.name, record.levelno, self.format(record)])


def main() -> None:
    """Do the job on stdin."""
    # Ctrl-C goes to all processes of a terminal; the one that has started this one ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # What a library prints is no answer.

    def tell(kind: str, what: Any) -> None:
        answers.write(json.dumps({kind: what}) + "\n")
        answers.flush()

    told = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if hasattr(os, "nice"):  # There is none on Windows.
        os.nice(NICENESS)
    logger = logging.getLogger(__package__)
    logger.setLevel(told["log_level"])
    logger.addHandler(_Telling(tell))
    logger.propagate = False
    try:
        report = _reload(ReloadJob(**told["job"]), tell)
    except PassageError as error:
        tell("error", [type(error).__name__, str(error)])
    except Exception as error:
        tell("unexpected", [f"{type(error).__name__}: {error}", traceback.format_exc()])
    else:
        tell("report", REPORT.dump_python(report, mode="json"))


def _reload(job: ReloadJob, tell: Tell) -> Reload:
    # It takes a second to load, in which Ctrl-C and the other process's end are heard already.
    from .library import Library  # noqa: PLC0415

    with Library.open(
        Path(job.seeds_dir),
        Path(job.data_dir),
        job.model,
        job.chroma_url,
        threads=job.threads or _cores(),
        models_dir=Path(job.models_dir) if job.models_dir else None,
    ) as library:
        return library.reload_here(
            lambda done, total: tell("progress", [done, total]), lambda: tell("waiting", True)
        )


def _cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _end_with_parent() -> None:
    # Not through `sys.stdin`: a thread that holds its lock would be in the way at the end.
    while os.read(0, 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
