"""The ablation's first row is Passage itself."""

from __future__ import annotations

from pathlib import Path

from bench.ablation import Set, measured, seed_figures
from bench.in_memory import Models
from bench.variants import ROWS
from retrieval import Library, evaluate
from retrieval.embedding import Embedder
from retrieval.packaged import WORDS_MODEL
from tests.conftest import DATA, SEEDS

QUESTIONS = DATA / "questions.jsonl"


def test_as_shipped_is_what_eval_finds(
    library: Library, embedder: Embedder, tmp_path: Path
) -> None:
    words = embedder.words
    assert words is not None
    loaded = Models(tmp_path, {embedder.name: embedder, WORDS_MODEL: words})
    found = measured(ROWS["shipped"], [Set("seeds", SEEDS, QUESTIONS)], loaded, {})
    assert seed_figures(found["seeds"][0]) == seed_figures(evaluate(library, QUESTIONS))
