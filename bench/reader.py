"""`python -m bench.reader`: questions to the web reader while its articles are asked for.

`passage reader` runs in a process of its own. Questions are put to it one after another: first in
quiet, then while another process asks for 500 articles a second, whether they come or not. The
limit of pages holds for each visitor, so it is done twice: by one visitor, whom the reader soon
refuses, and by as many as there are requests, none of whom it refuses.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientSession

from bench.gold import load_questions
from bench.percentiles import in_ms

PASSAGE = Path(sys.executable).with_name("passage")

PAUSE = 0.05
"""Seconds between two questions."""

WARM_UP = 3.0
"""Seconds of questions before any is timed."""

REQUEST = "GET {path} HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-For: visitor {visitor}\r\n\r\n"

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def main() -> int:
    """The exit code: 0; 1 when the reader failed, or a question had no answer."""
    args = _parse()
    questions = [
        question.text for question in load_questions(args.questions) if question.answerable
    ]
    with tempfile.TemporaryDirectory(prefix="bench-") as work:
        figures = asyncio.run(_measure(args, questions, Path(work)))
    print(json.dumps(figures, indent=2))
    return int(any(figure["failed"] for figure in figures.values()))


async def _measure(
    args: argparse.Namespace, questions: Sequence[str], work: Path
) -> dict[str, Any]:
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        async with _reader(args.seeds.resolve(), work) as (address, pid):
            paths = await _articles(address)
            await _asking(address, questions, WARM_UP)
            figures = {"quiet": await _asking(address, questions, args.seconds)}
            for name, alone in (("one visitor", True), ("many visitors", False)):
                flood = loop.run_in_executor(
                    pool, _flood, address, paths, alone, args.rate, args.seconds
                )
                figures[name] = await _asking(address, questions, args.seconds)
                flooded = await flood
                figures[name] |= flooded | {"peak, MiB": _peak_mib(pid)}
                figures[name]["failed"] += flooded["articles"].get("500", 0)
    return figures


@asynccontextmanager
async def _reader(seeds: Path, work: Path) -> AsyncIterator[tuple[str, int]]:
    """A reader without limits of questions: its address and its process."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("PASSAGE_")}
    process = await asyncio.create_subprocess_exec(
        PASSAGE,
        "reader",
        env=mine
        | {
            "HF_HUB_OFFLINE": "1",
            "PASSAGE_DATA_DIR": str(work / "data"),
            "PASSAGE_QUESTIONS_PER_GUILD": "0",
            "PASSAGE_QUESTIONS_PER_MEMBER": "0",
            "PASSAGE_READER_PORT": "0",
            "PASSAGE_SEEDS_DIR": str(seeds),
        },
        cwd=work,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        line = await process.stdout.readline() if process.stdout else b""
        yield line.decode().strip(), process.pid
    finally:
        process.send_signal(signal.SIGINT)
        await process.wait()


async def _articles(address: str) -> list[str]:
    """The addresses of the articles, as far as the first page of their list has them."""
    async with ClientSession() as session, session.get(f"{address}articles") as page:
        paths = re.findall(r'href="[./]*(articles/[0-9a-f]+)"', await page.text())
    return [f"/{path}" for path in dict.fromkeys(paths)]


async def _asking(address: str, questions: Sequence[str], seconds: float) -> dict[str, Any]:
    """Asks one question after another for so many seconds."""
    took: list[float] = []
    failed = 0
    until = time.monotonic() + seconds
    async with ClientSession() as session:
        for number, question in enumerate(cycle(questions)):
            began = time.monotonic()
            if began > until:
                break
            visitor = {"X-Forwarded-For": f"question {number}"}
            async with session.post(address, data={"q": question}, headers=visitor) as answer:
                failed += "<h1" not in await answer.text() or answer.status != 200
            took.append(time.monotonic() - began)
            await asyncio.sleep(PAUSE)
    return {"questions": len(took), "failed": failed, "p50, p95, ms": in_ms(took)}


def _flood(
    address: str, paths: Sequence[str], alone: bool, rate: int, seconds: float
) -> dict[str, Any]:
    return asyncio.run(_flooding(address, paths, alone, rate, seconds))


async def _flooding(
    address: str, paths: Sequence[str], alone: bool, rate: int, seconds: float
) -> dict[str, Any]:
    """Sends each request when it is due, and as many connections as that takes."""
    url = urlsplit(address)
    free: list[Connection] = []
    statuses: Counter[str] = Counter()
    took: dict[str, list[float]] = {}

    async def visit(number: int) -> None:
        began = time.monotonic()
        try:
            reader, writer = (
                free.pop() if free else await asyncio.open_connection(url.hostname, url.port)
            )
            path, visitor = paths[number % len(paths)], "alone" if alone else number
            writer.write(REQUEST.format(path=path, host=url.netloc, visitor=visitor).encode())
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            await reader.readexactly(int(re.findall(r"Content-Length: (\d+)", head)[0]))
            free.append((reader, writer))
        except (OSError, asyncio.IncompleteReadError):
            status = "none"
        else:
            status = head.split()[1]
        statuses[status] += 1
        took.setdefault(status, []).append(time.monotonic() - began)

    start = time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        for number in range(int(rate * seconds)):
            await asyncio.sleep(start + number / rate - time.monotonic())
            tasks.create_task(visit(number))
    return {
        "articles": dict(statuses),
        "articles a second": round(statuses.total() / (time.monotonic() - start)),
        "article p50, p95, ms": {status: in_ms(times) for status, times in took.items()},
    }


def _peak_mib(pid: int) -> int:
    """The most memory that a process has held; on Linux alone."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return round(int(re.findall(r"^VmHWM:\s+(\d+) kB", status, re.M)[0]) / 1024)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.reader", description=__doc__)
    parser.add_argument("--seeds", type=Path, default=Path("seeds"), help="the folder of articles")
    parser.add_argument(
        "--questions",
        type=Path,
        default=Path("tests/data/questions.jsonl"),
        help="gold questions, JSON Lines",
    )
    parser.add_argument("--rate", type=int, default=500, metavar="N", help="articles a second")
    parser.add_argument("--seconds", type=float, default=10.0, metavar="S", help="of each part")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
