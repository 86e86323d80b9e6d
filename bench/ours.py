"""Passage itself, through the object that its commands and its bot use."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from bench.child import run
from bench.gold import Chunk
from retrieval import Library


class Passage:
    """A contender, see `bench.child.Contender`."""

    def __init__(self, seeds: Path, work: Path) -> None:
        self._library = Library.open(seeds_dir=seeds, data_dir=work, threads=os.cpu_count() or 1)

    def load(self) -> None:
        """Load what the process loads that a reload has to itself."""
        self._library.embedder.questions.query("warm")
        self._library.embedder.passages.passages(["warm"])

    def index(self) -> int:
        return self._library.reload_here().passages

    def open(self) -> None:
        """Nothing to do: the library is open."""

    def warm(self) -> None:
        self._library.warm()

    def answer(self, question: str) -> object:
        return self._library.ask(question)

    def search(self, question: str, limit: int) -> Sequence[Chunk]:
        hits = self._library.search(question, limit)
        return [Chunk(hit.passage.source.path, hit.passage.text) for hit in hits]


if __name__ == "__main__":
    run(Passage)
