"""The best sentence of a passage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval import Library, search
from retrieval.embedding import Embedder
from retrieval.scoring import Weights
from retrieval.sentence_matches import SentenceMatches
from retrieval.store import Store
from tests.conftest import Folder

VECTORS = [
    np.array([[1, 0], [0, 1]], np.float16),
    np.array([[0.6, 0.8]], np.float16),
    np.array([[-1, 0], [0.8, 0.6], [0, -1]], np.float16),
]


def test_a_passage_is_as_near_as_its_best_sentence() -> None:
    matches = SentenceMatches(VECTORS, np.array([0, 1, 0]), 2)
    question = np.array([0.8, 0.6], np.float32)
    assert matches.best(np.array([0, 1, 2]), question) == pytest.approx([0.8, 0.96, 1], abs=1e-3)
    assert matches.best(np.array([2, 0]), question) == pytest.approx([1, 0.8], abs=1e-3)
    assert matches.products(2, question) == pytest.approx([-0.8, 1, -0.6], abs=1e-3)


def test_the_mean_is_over_the_sentences_of_a_language() -> None:
    matches = SentenceMatches(VECTORS, np.array([0, 1, 0]), 2)
    assert matches.means == pytest.approx(np.array([[0.16, 0.12], [0.6, 0.8]]), abs=1e-3)
    assert SentenceMatches([], np.array([], np.intp), 2).means.shape == (0, 2)


BRIDGE = (
    "The council met in the old town hall on Monday. It heard a report on the harbour. "
    "The new bridge over the river will cost eleven million euros. The mayor thanked everybody.\n"
)
RIVER = (
    "The river has many bridges, old ones and new ones, and the town is proud of each of them. "
    "Bridges are painted every ten years, and bridges are cleaned in spring.\n"
)


@pytest.fixture
def town(folder: Folder, embedder: Embedder, tmp_path: Path) -> Library:
    seeds = folder({"bridge.txt": BRIDGE, "river.txt": RIVER})
    library = Library(seeds, Store.open(tmp_path / "chroma"), lambda: embedder)
    library.reload()
    return library


def test_the_sentence_that_answers_is_marked(town: Library) -> None:
    with town:
        hit = town.search("Cây cầu mới tốn bao nhiêu tiền?")[0]
        start, end = hit.answer
        assert BRIDGE[start:end] == "The new bridge over the river will cost eleven million euros."


def test_the_score_is_no_higher_than_that_of_the_best_passage_as_a_whole(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "Wer ist der Ehemann von Truong Thi Mai?"  # Another passage would score higher.
    by_sentences = library.search(question)
    monkeypatch.setattr(library._searcher, "_weights", Weights(sentence=0))
    by_wholes = library.search(question)
    assert by_sentences[0].passage != by_wholes[0].passage
    assert by_sentences[0].score == by_wholes[0].score


def test_a_passage_with_the_sentence_goes_before_one_on_the_subject(
    town: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "What does a bridge cost?"
    gaps = []
    with town:
        for worth in (0.0, search.Weights().sentence):
            town.search(question)
            monkeypatch.setattr(town._searcher, "_weights", Weights(sentence=worth))
            ranks = {h.passage.source.path: h.rank_score for h in town.search(question)}
            gaps.append(ranks["bridge.txt"] - ranks["river.txt"])
    assert gaps[1] > gaps[0]
    assert gaps[1] > 0
