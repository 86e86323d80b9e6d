"""`python -m bench.reloading [N]`: what a reload costs, and what it costs those who ask meanwhile.

N articles are indexed for the first time, and again after small changes, each reload in a process
of its own. Then, as in the bot, one thread asks questions about the five seeds while another one
adds the N articles to them.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench import corpus
from bench.child import peak_mib
from bench.gold import load_questions
from bench.percentiles import in_ms
from bench.runner import OFFLINE
from retrieval import Answer, Library, PassageError

SEEDS = Path("seeds")

BEFORE = 200
"""Questions asked before and after the reload; meanwhile it is as many as there is time for."""

PAUSE_S = 0.1
"""Between an answer and the next question: ten a second are more than a busy server has."""

Quoted = tuple[tuple[str, int, int], ...]
"""Where the quotes of an answer stand."""


@dataclass(frozen=True, slots=True)
class Timed:
    """A question, what it got (None for an error), and the seconds that it took."""

    question: str
    quoted: Quoted | None
    seconds: float


def main() -> int:
    """The exit code: 0; 1 when an answer was not as it is before or after the reload."""
    args = _parse()
    os.environ.update(OFFLINE)
    questions = [q.text for q in load_questions(args.questions) if q.answerable]
    with tempfile.TemporaryDirectory(prefix="bench-") as work:
        folder = Path(work)
        figures = {
            "articles": args.number,
            "load at the start": round(os.getloadavg()[0], 1),
            "reloads": dict(_reloads(folder / "reloads", args.number)),
            "asking meanwhile": _fresh(_meanwhile, folder / "asking", args.number, questions),
            "load at the end": round(os.getloadavg()[0], 1),
        }
    print(json.dumps(figures, indent=2))
    return int(figures["asking meanwhile"]["during"]["answers"].get("wrong", 0) > 0)


def _reloads(work: Path, number: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each reload by its name; the files change between them."""
    seeds = work / "seeds"
    corpus.write(seeds, number)
    yield "first", _fresh(_reload, work)
    yield "none changed", _fresh(_reload, work)
    article = min(seeds.rglob("*.txt"))
    article.write_text(article.read_text("utf-8") + "A zeppelin was seen over the town.\n", "utf-8")
    yield "one changed", _fresh(_reload, work)
    (seeds / "added.txt").write_text("Another zeppelin was seen over the harbour.\n", "utf-8")
    yield "one added", _fresh(_reload, work)
    article.unlink()
    yield "one removed", _fresh(_reload, work)


def _fresh(function: Callable[..., dict[str, Any]], *args: object) -> dict[str, Any]:
    """What a function returns in a process that has done nothing before."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as process:
        figures = process.submit(function, *args).result()
    print(json.dumps(figures), file=sys.stderr)
    return figures


def _reload(work: Path) -> dict[str, Any]:
    with Library.open(work / "seeds", work / "data") as library:
        report = library.reload()
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {
        "seconds": round(report.seconds, 2),
        "texts embedded": report.embedded,
        "passages": report.passages,
        "peak, MiB": round(peak_mib()),
        "peak of the process that reloads, MiB": round(children),
    }


def _meanwhile(work: Path, number: int, questions: Sequence[str]) -> dict[str, Any]:
    seeds = work / "seeds"
    shutil.copytree(SEEDS, seeds)
    with Library.open(seeds, work / "data") as library, ThreadPoolExecutor(max_workers=1) as thread:
        library.reload()
        library.warm()
        asking = cycle(questions)
        before = [_ask(library, next(asking)) for _ in range(BEFORE)]
        old = {answer.question: answer.quoted for answer in before}
        corpus.write(seeds / "new", number)
        reload = thread.submit(library.reload)
        during = list(_until(reload, library, asking))
        after = [_ask(library, next(asking)) for _ in range(BEFORE)]
        new = {answer.question: answer.quoted for answer in after}
        report = reload.result()
    return {
        "reload, s": round(report.seconds, 1),
        "peak, MiB": round(peak_mib()),
        "before": _figures(before, old, old),
        "during": _figures(during, old, new),
        "after": _figures(after, new, new),
    }


def _until(reload: Future[Any], library: Library, questions: Iterator[str]) -> Iterator[Timed]:
    while not reload.done():
        yield _ask(library, next(questions))


def _ask(library: Library, question: str) -> Timed:
    start = time.perf_counter()
    try:
        quoted = _quoted(library.ask(question))
    except PassageError as error:
        print(error, file=sys.stderr)
        quoted = None
    seconds = time.perf_counter() - start
    time.sleep(PAUSE_S)
    return Timed(question, quoted, seconds)


def _quoted(answer: Answer) -> Quoted:
    """Where its quotes stand; all of them are verified by then."""
    return tuple((quote.article, quote.start, quote.end) for quote in answer.quotes)


def _figures(
    answers: Sequence[Timed], old: dict[str, Quoted | None], new: dict[str, Quoted | None]
) -> dict[str, Any]:
    """Latencies, and how many answers are those of the old index, of the new one, of neither.

    One of the old index is wrong where one of the new has been given before.
    """
    counts = Counter[str]()
    for timed in answers:
        of = [
            timed.quoted is not None and timed.quoted == index[timed.question]
            for index in (old, new)
        ]
        if of == [True, False] and not counts["of the new"]:
            counts["of the old"] += 1
        elif of == [False, True]:
            counts["of the new"] += 1
        else:
            counts["of both alike" if all(of) else "wrong"] += 1
    seconds = [timed.seconds for timed in answers]
    return {
        "questions": len(answers),
        "p50, p95, most, ms": [*in_ms(seconds), round(max(seconds) * 1000, 1)],
        "answers": dict(counts),
    }


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.reloading", description=__doc__)
    parser.add_argument("number", type=int, nargs="?", default=2_000, metavar="N")
    parser.add_argument(
        "--questions",
        type=Path,
        default=Path("tests/data/questions.jsonl"),
        help="gold questions, JSON Lines",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
