"""Starts a contender's processes one after the other and collects what they measured."""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LIMIT_S = 600
"""After so many seconds a process has failed."""

OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "LANGSMITH_TRACING": "false",
    "DO_NOT_TRACK": "1",
}
"""What every process has in its environment: no model hub, no telemetry."""

Event = dict[str, Any]


class ContenderFailedError(Exception):
    """A contender did not come to its end; the message is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A contender: its name in the table and the module that runs it."""

    name: str
    module: str


@dataclass(frozen=True, slots=True)
class Round:
    """One index process and one serve process of a contender.

    Names say the unit. `index_s` begins when the model is loaded; the two `start_to_…` begin
    just before the process does. `ranks` has an entry for each answerable question.
    """

    chunks: int
    index_s: float
    start_to_index_s: float
    start_to_answer_s: float
    warm_p50_ms: float
    warm_p95_ms: float
    index_peak_mib: float
    serve_peak_mib: float
    ranks: tuple[int | None, ...]


def measure(entry: Entry, seeds: Path, questions: Path) -> Round:
    """Both phases of a contender, with an index folder that exists for this round alone."""
    with tempfile.TemporaryDirectory(prefix="bench-") as work:
        options = ["--seeds", str(seeds), "--questions", str(questions), "--work", work]
        index = _process(entry, [*options, "--phase", "index"])
        serve = _process(entry, [*options, "--phase", "serve"])
    built, served = index["done"], serve["done"]
    percentiles = statistics.quantiles(served["latencies_ms"], n=100, method="inclusive")
    return Round(
        chunks=built["chunks"],
        index_s=built["seconds"],
        start_to_index_s=built["since_start_s"],
        start_to_answer_s=serve["first answer"]["since_start_s"],
        warm_p50_ms=percentiles[49],
        warm_p95_ms=percentiles[94],
        index_peak_mib=built["peak_mib"],
        serve_peak_mib=served["peak_mib"],
        ranks=tuple(served["ranks"]),
    )


def _process(entry: Entry, options: list[str]) -> dict[str, Event]:
    """Run one phase; its events by name, each with the seconds since the process was started."""
    command = [sys.executable, "-m", entry.module, *options]
    events: dict[str, Event] = {}
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        start = time.monotonic()
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, **OFFLINE},
        ) as process:
            limit = threading.Timer(LIMIT_S, process.kill)
            limit.daemon = True
            limit.start()
            for line in process.stdout or ():
                since_start_s = time.monotonic() - start
                if event := _event(line):
                    events[event["event"]] = {**event, "since_start_s": since_start_s}
            code = process.wait()
            limit.cancel()
        if code or "done" not in events:
            errors.seek(0)
            raise ContenderFailedError(_why(entry, options[-1], code, errors.read()))
    return events


def _event(line: str) -> Event | None:
    """The event that a line of stdout tells; None for anything that a library prints there."""
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) and "event" in value else None


def _why(entry: Entry, phase: str, code: int, errors: str) -> str:
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    reason = lines[-1] if lines else "it said nothing"
    if code == -signal.SIGKILL:
        reason = f"it took more than {LIMIT_S} s, or more memory than there is"
    return f"{entry.name} failed in the phase '{phase}' with exit code {code}: {reason}."
