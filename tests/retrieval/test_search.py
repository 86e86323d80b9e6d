"""The searcher over Chroma: what is compared here and what Chroma finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval import Library, corpus, search
from retrieval.embedding import Embedder, Embedding
from retrieval.index import Index
from retrieval.models import Hit, Passage
from retrieval.records import Indexed
from retrieval.store import Store
from tests.conftest import SEEDS

QUESTIONS = (
    "Who received the Ho Chi Minh Order?",
    "Wann war das Treffen?",
    "¿Qué acordaron los dos partidos?",
    "Ai đã được trao huân chương?",
)


def ranking(library: Library, question: str) -> list[tuple[str, float]]:
    return [(hit.passage.id, round(hit.score, 4)) for hit in library.search(question, 20)]


def test_chroma_finds_what_is_found_by_comparing_all(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "NEAREST", 25)
    monkeypatch.setattr(search, "SAID", 5)
    exact = [ranking(library, one) for one in QUESTIONS]
    monkeypatch.setattr(search, "EXACT", 0)
    assert [ranking(library, one) for one in QUESTIONS] == exact


def test_an_index_that_is_built_anew_while_chroma_is_asked(
    tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "EXACT", 0)
    with Library(SEEDS, Store.open(tmp_path / "chroma"), lambda: embedder) as asked:
        asked.reload()
        before = ranking(asked, QUESTIONS[0])
        searcher = asked._searcher
        assert searcher
        find = searcher.search

        def late(*args: Any) -> list[Hit]:
            with closing(asked._store.beside()) as other:
                for one in other._client.list_collections():
                    other._client.delete_collection(one.name)
                corpus.reload(SEEDS, other, embedder)
            return find(*args)

        monkeypatch.setattr(searcher, "search", late)
        assert ranking(asked, QUESTIONS[0]) == before
        assert asked._searcher is not searcher


def test_only_new_articles_are_read_for_the_next_searcher(
    library: Library, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.search(QUESTIONS[0])
    first = library._searcher
    assert first
    words = first._word_vectors
    index = first._index
    read: list[str] = []

    def passages(articles: Sequence[Indexed]) -> Iterator[tuple[Indexed, Passage, Embedding]]:
        read.extend(one.source.path for one in articles)
        return Index.passages(index, articles)

    monkeypatch.setattr(index, "passages", passages)
    monkeypatch.setattr(index, "articles", lambda: first.articles[1:])
    fewer = search.Searcher(index, embedder, words, last=first)
    assert read == []
    monkeypatch.undo()
    monkeypatch.setattr(index, "passages", passages)
    again = search.Searcher(index, embedder, words, last=fewer)
    assert read == [first.articles[0].source.path]
    assert [one.id for one in again.passages] == [one.id for one in first.passages]
    np.testing.assert_array_equal(again._vectors, first._vectors)
    assert not np.shares_memory(again._vectors, fewer._vectors)
