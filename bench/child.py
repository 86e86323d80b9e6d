"""What runs in a contender's process: one phase, told to the parent as JSON lines on stdout.

`index` builds an index from nothing. `serve` opens it, answers a first question, then every
gold question once, so that no cache of answers can help, and last looks at the rankings.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from bench.gold import Chunk, Question, load_questions, rank

MAX_QUOTES = 3
"""How many chunks an answer shows."""

WARM_UP = (
    "Who says so?",
    "What is this text about?",
    "How many people does this text name, and which of them has the most to say?",
    "Wer sagt das?",
    "Worum geht es in diesem Text?",
    "Wie viele Menschen nennt dieser Text, und wer von ihnen hat am meisten zu sagen?",
    "¿Quién lo dice?",
    "¿De qué trata este texto?",
    "¿A cuántas personas nombra este texto, y cuál de ellas tiene más que decir?",
    "Ai nói vậy?",
    "Văn bản này nói về điều gì?",
    "Văn bản này nêu tên bao nhiêu người, và ai trong số họ có nhiều điều để nói nhất?",
)
"""Asked after the first question and before any is timed: short and long ones, as a contender may
take longer for the first of its length. No gold question is among them."""


class Contender(Protocol):
    """A way from articles to answers. `open` or `index` comes first, and only one of them."""

    def load(self) -> None:
        """Have the model in memory and used once, so that `index` times the indexing alone."""

    def index(self) -> int:
        """Build the index on disk; the number of chunks in it."""

    def open(self) -> None:
        """Get ready to answer from the index on disk."""

    def warm(self) -> None:
        """What its server does before it answers anybody, if it has one."""

    def answer(self, question: str) -> object:
        """All that is done for a person's question: this is what is timed."""

    def search(self, question: str, limit: int) -> Sequence[Chunk]:
        """The best chunks, best first, whether or not an answer would show them."""


def run(make: Callable[[Path, Path], Contender]) -> None:
    """The main function of a contender's module; `make` gets the seeds and the work folder."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--phase", choices=["index", "serve"], required=True)
    args = parser.parse_args()
    contender = make(args.seeds, args.work)
    if args.phase == "index":
        _index(contender)
    else:
        _serve(contender, load_questions(args.questions))


def _index(contender: Contender) -> None:
    contender.load()
    start = time.perf_counter()
    chunks = contender.index()
    seconds = time.perf_counter() - start
    _tell("done", seconds=seconds, chunks=chunks, peak_mib=peak_mib())


def _serve(contender: Contender, questions: Sequence[Question]) -> None:
    contender.open()
    contender.answer(questions[0].text)
    _tell("first answer")
    contender.warm()
    for text in WARM_UP:
        contender.answer(text)
    latencies_ms = [_timed_ms(contender, question.text) for question in questions]
    ranks = [
        rank(question, contender.search(question.text, MAX_QUOTES))
        for question in questions
        if question.answerable
    ]
    _tell("done", latencies_ms=latencies_ms, ranks=ranks, peak_mib=peak_mib())


def _timed_ms(contender: Contender, question: str) -> float:
    start = time.perf_counter()
    contender.answer(question)
    return (time.perf_counter() - start) * 1000


def peak_mib() -> float:
    """The most memory that this process has held, in MiB: Linux counts in KiB, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _tell(event: str, **facts: object) -> None:
    print(json.dumps({"event": event, **facts}), flush=True)
