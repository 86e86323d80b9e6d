"""The searcher over Chroma: what is compared here, what Chroma finds, and what is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from retrieval import Library
from retrieval.embedding.embedder import Embedder
from retrieval.index.records import Indexed, Vocabulary
from retrieval.index.store import Store
from retrieval.search import searcher as searching
from retrieval.search.searcher import Searcher
from retrieval.search.synonyms import ExpandedQuery, Expansion
from tests.conftest import Folder

from ..conftest import Limits
from ..index.test_reload import some, text
from ..toy import QUESTIONS, indexed, ranking


@pytest.mark.parametrize("candidates", [25, 200])
def test_chroma_finds_what_is_found_by_comparing_all(
    library: Library, embedder: Embedder, limits: Limits, candidates: int
) -> None:
    index = library._store.index()
    assert index
    limits(20_000, candidates)
    exact = Searcher(index, embedder)
    limits(0, candidates)
    by_chroma = Searcher(index, embedder)
    assert (exact.exact, by_chroma.exact) == (True, False)
    for question in QUESTIONS:
        assert ranking(by_chroma, question) == ranking(exact, question)
        assert len(ranking(exact, question)) == 20


def test_the_order_is_that_of_the_tokens_and_scores_fall(library: Library) -> None:
    for question in QUESTIONS:
        hits = library.search(question, 20)
        assert all(0 < hit.score < 1 for hit in hits)
        searcher = library._searcher
        assert searcher
        found = searcher.search(ExpandedQuery(question, "en"), 50)
        assert [hit.rank_score for hit in found] == sorted(
            (hit.rank_score for hit in found), reverse=True
        )
        assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
        assert all(hit.answer in hit.passage.sentences for hit in found)


def test_of_a_large_corpus_a_hit_in_another_language_counts_less(
    folder: Folder, store: Store, model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = indexed(folder(some(8)), store, model)
    small = Searcher(index, model)
    monkeypatch.setattr(searching, "SCORE", replace(searching.SCORE, small=2))
    large = Searcher(index, model)
    for language, is_less in (("de", True), ("en", False)):
        question = ExpandedQuery("the harbour", language)
        (before,), (after,) = small.search(question, 1), large.search(question, 1)
        assert (before.passage, before.rank_score) == (after.passage, after.rank_score)
        assert (after.score < before.score) is is_less


def test_only_new_articles_are_read_for_the_next_searcher(
    folder: Folder, store: Store, model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Searcher(indexed(folder(some(8)), store, model), model)
    folder({"003.txt": text(3) + "A zeppelin was seen over the town.", "008.txt": text(8)})
    index = indexed(folder({}), store, model)
    read = list[str]()
    vectors = index.vectors

    def reading(keys: Sequence[str]) -> Any:
        read.extend(keys)
        return vectors(keys)

    monkeypatch.setattr(index, "vectors", reading)
    again = Searcher(index, model, last=first)
    by_key = {article.key: article.source.path for article in index.articles()}
    assert [by_key[key] for key in read] == ["003.txt", "008.txt"]
    fresh = Searcher(indexed(folder({}), store, model), model)
    assert again._ids == fresh._ids
    np.testing.assert_array_equal(again._matrix, fresh._matrix)
    assert not np.shares_memory(again._matrix, first._matrix)
    for rows in again._vectors.values():
        assert np.shares_memory(rows[1], again._matrix)


def test_codes_are_read_once_as_long_as_they_are_held(
    folder: Folder, store: Store, model: Any, monkeypatch: pytest.MonkeyPatch, limits: Limits
) -> None:
    limits(20_000, 4)
    index = indexed(folder(some(12)), store, model)
    read, passages = list[str](), index.passages

    def reading(ids: Sequence[str], articles: Any) -> Any:
        read.extend(ids)
        return passages(ids, articles)

    monkeypatch.setattr(index, "passages", reading)
    searcher = Searcher(index, model)
    first = ranking(searcher, "What is house 2?")
    assert len(read) == 4
    assert ranking(searcher, "What is house 2?") == first
    assert len(read) == 4


def test_what_is_held_is_bounded(
    folder: Folder, store: Store, model: Any, monkeypatch: pytest.MonkeyPatch, limits: Limits
) -> None:
    limits(20_000, 4)
    index = indexed(folder(some(30)), store, model)
    bounded, free = Searcher(index, model), Searcher(index, model)
    asked = [f"What is house {number}?" for number in [*range(30), 0, 3, 0]]
    wanted = [ranking(free, question) for question in asked]
    size = next(iter(free._cached.values()))[1].codes.nbytes
    monkeypatch.setattr(searching, "CACHED_BYTES", 8 * size)
    for question, known in zip(asked, wanted, strict=True):
        assert ranking(bounded, question) == known
        held = sum(tokens.codes.nbytes for _, tokens in bounded._cached.values())
        assert bounded._cached_bytes == held <= 9 * size
    assert len(free._cached) > len(bounded._cached)
    monkeypatch.setattr(searching, "CACHED_BYTES", 0)
    assert ranking(bounded, asked[0]) == wanted[0]
    assert len(bounded._cached) == 4  # What is compared now is held all the same.


def test_the_wording_that_fits_is_what_was_meant(folder: Folder, store: Store, model: Any) -> None:
    seeds = folder(
        {
            "lord.txt": "The Lord Mayor opened a swimming pool in the northern part of the town.",
            "bakery.txt": "The old bakery beside the market sells bread on every working day.",
            "ferry.txt": "The ferry across the river is out of service until the end of spring.",
        }
    )
    searcher = Searcher(indexed(seeds, store, model), model)
    question = "Did Whiskers do anything?"
    plain = searcher.search(ExpandedQuery(question, "en"))
    expanded = ExpandedQuery(
        question, "en", (Expansion(4, 12, ("Whiskers", "Lord Mayor", "Chief")),)
    )
    hits = searcher.search(expanded)
    assert hits[0].passage.source.path == "lord.txt"
    before = next(hit for hit in plain if hit.passage.source.path == "lord.txt")
    assert hits[0].rank_score > before.rank_score
    assert {hit.passage.id for hit in hits} == {hit.passage.id for hit in plain}


@pytest.mark.parametrize("exact", [0, 20_000])
def test_a_corpus_of_one_passage_answers(
    folder: Folder, store: Store, embedder: Embedder, limits: Limits, exact: int
) -> None:
    limits(exact, 200)
    seeds = folder({"a.txt": "Mayor Weber opened the new bridge over the river Saale on Monday."})
    with Library(seeds, store, lambda: embedder) as library:
        library.reload()
        assert library.ask("Who opened the bridge over the Saale?").answered
        assert not library.ask("What is the best pizza in Naples?").answered


@pytest.mark.parametrize("exact", [0, 20_000])
@pytest.mark.parametrize("articles", [0, 1])
def test_a_corpus_without_passages_has_no_hits(
    folder: Folder, store: Store, model: Any, *, limits: Limits, exact: int, articles: int
) -> None:  # fmt: skip
    limits(exact, 200)
    index = indexed(folder(some(1)), store, model)
    (old,) = index.articles()
    writing = store.writing(index.format)
    listed = [Indexed(old.source, 0, (), writing.generation)] * articles
    writing.plan(listed, Vocabulary(), [old])
    empty = store.serve(writing)
    assert len(empty.articles()) == articles
    assert Searcher(empty, model).search(ExpandedQuery("What is house 0?", "en")) == []


def test_a_question_of_signs_alone_has_no_hits(library: Library) -> None:
    assert library._searcher or library.search("x")
    searcher = library._searcher
    assert searcher
    assert searcher.search(ExpandedQuery("\u200b \u00ad", "en")) == []
