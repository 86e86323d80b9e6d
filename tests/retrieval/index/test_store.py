"""Chroma, in a folder and on a server, and what an index remembers of what made it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
import pytest
from chromadb.config import Settings

from retrieval import Library, Outcome, StoreError
from retrieval.articles.passages import passages
from retrieval.articles.scan import scan
from retrieval.embedding.embedder import Embedder, PassageVectors
from retrieval.index.generation import IndexFormat
from retrieval.index.records import Indexed, Vocabulary, article_key, stored_id, text_of
from retrieval.index.store import Store
from retrieval.meetings.extract import extract_meetings
from retrieval.models import Passage
from tests.conftest import SEEDS

MADE = IndexFormat("a-model", 4, "1")
WORDS = Vocabulary().changed((), ["some words"])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "chroma")
    yield opened
    opened.close()


def at_random(dice: np.random.Generator, passage: Passage) -> PassageVectors:
    """A unit vector for a passage, and codes of two tokens for its title and each sentence."""
    vector = dice.normal(size=4).astype(np.float32)
    count = 1 + len(passage.sentences)
    codes = dice.integers(0, 256, size=(2 * count, 3), dtype=np.uint8)
    ends = tuple(range(2, 2 * count + 1, 2))
    return PassageVectors(vector / np.linalg.norm(vector), codes, ends)


def write(store: Store, count: int | None = None) -> list[Indexed]:
    """Write the seeds' articles, or so many of them, with vectors at random, for what was there."""
    dice = np.random.default_rng(1)
    old = store.index()
    writing = store.writing(MADE)
    entries = [
        (
            Indexed(
                article.source,
                len(passages(article)),
                tuple(extract_meetings(article).meetings),
                writing.generation,
            ),
            passages(article),
        )
        for article in scan(SEEDS).articles[:count]
    ]
    writing.plan([entry for entry, _ in entries], WORDS, old.articles() if old else [])
    for entry, own in entries:
        writing.add([(entry, own)], {text_of(one): at_random(dice, one) for one in own})
    return store.serve(writing).articles()


def test_articles_and_passages_come_back_as_they_went_in(store: Store) -> None:
    assert store.state() is None
    assert store.index() is None
    written = write(store)
    index = store.index()
    assert index
    assert index.format == MADE
    assert index.articles() == written
    before = {p.id: p for article in scan(SEEDS).articles for p in passages(article)}
    by_key = {one.key: one for one in written}
    ids = [id for own, _ in index.vectors(list(by_key)).values() for id in own]
    read = index.passages([*ids, stored_id("gone", written[0].key)], by_key)
    assert {own.id: own for own, *_ in read.values()} == before
    assert all(read[id][0].source == by_key[article_key(id)].source for id in ids)
    assert sum(one.passages for one in written) == len(before)
    assert [len(one.meetings) for one in written] == [1] * 5


def test_after_many_passages_nothing_is_left_for_other_processes_to_insert(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.index.store.MANY", 50)
    written = write(store)
    with closing(sqlite3.connect(tmp_path / "chroma" / "chroma.sqlite3")) as database:
        ((left,),) = database.execute(
            "SELECT count(*) FROM collections JOIN segments ON collection = collections.id "
            "JOIN embeddings_queue ON topic LIKE '%' || collection "
            "LEFT JOIN max_seq_id ON segment_id = segments.id "
            "WHERE dimension = 4 AND scope = 'VECTOR' "
            "AND embeddings_queue.seq_id > coalesce(max_seq_id.seq_id, 0)"
        )
    assert left == 0
    index = store.index()
    assert index
    assert index.articles() == written
    assert len(index.vectors([one.key for one in written])) == 5
    assert write(store, 2) != written


def test_vectors_come_back_as_they_went_in(store: Store) -> None:
    article = scan(SEEDS).articles[0]
    own = passages(article)
    assert {len(one.sentences) for one in own} >= {1, 2}
    dice = np.random.default_rng(2)
    made = {text_of(one): at_random(dice, one) for one in own}
    writing = store.writing(MADE)
    entry = Indexed(article.source, len(own), (), writing.generation)
    writing.plan([entry], WORDS)
    writing.add([(entry, own)], made)
    index = store.serve(writing)
    read = index.stored([entry])
    assert read.keys() == made.keys()
    ((ids, rows),) = index.vectors([entry.key]).values()
    assert len(ids) == len(own)
    by_id = index.passages(ids, {entry.key: entry})
    for id, row in zip(ids, rows, strict=True):
        passage, codes, ends = by_id[id]
        written = made[text_of(passage)]
        np.testing.assert_allclose(row, written.vector, rtol=1e-5)
        np.testing.assert_allclose(read[text_of(passage)].vector, written.vector, rtol=1e-5)
        for kept in (codes, read[text_of(passage)].codes):
            np.testing.assert_array_equal(kept, written.codes)
        assert ends == read[text_of(passage)].sentence_ends == written.sentence_ends


def test_the_nearest_of_those_that_are_served(store: Store) -> None:
    keys = [article.key for article in write(store)]
    index = store.index()
    assert index
    vectors = index.vectors(keys)
    (one, *_), (vector, *_) = vectors[keys[0]]
    assert index.nearest(vector, 3, keys)[0] == one
    others = index.nearest(vector, 3, keys[1:])
    assert {article_key(id) for id in others} <= set(keys[1:])
    assert len(others) >= 3
    assert set(index.nearest(vector, 500, keys)) == {
        id for own, _ in vectors.values() for id in own
    }
    assert index.nearest(vector, 3, []) == []


def test_what_has_been_replaced(store: Store) -> None:
    articles = write(store)
    index = store.index()
    assert index
    later = store.writing(MADE)
    later.plan(articles[1:], WORDS, articles[:1])
    assert not index.replaced()
    assert index.has([articles[0].key])
    serving = store.serve(later)
    assert index.replaced()
    assert not serving.replaced()
    assert serving.articles() == articles[1:]
    assert not serving.has([articles[0].key])
    assert serving.has([article.key for article in articles[1:]])


def test_a_new_generation_replaces_the_old_one_whole(store: Store, tmp_path: Path) -> None:
    first = write(store)
    second = write(store, count=2)
    assert [one.since for one in second] == [2, 2]
    index = store.index()
    assert index
    assert not index.has([one.key for one in first])
    store.close()
    client = chromadb.PersistentClient(
        str(tmp_path / "chroma"), settings=Settings(anonymized_telemetry=False)
    )
    names = {each.name for each in client.list_collections()}
    own = {f"{index.state.name}-2-{kept}-0" for kept in ("articles", "vocabulary")}
    assert names == {"passage", index.state.name, *own}
    client.close()


def test_what_is_not_yet_served_is_not_seen_and_goes_when_its_writer_has_died(
    store: Store,
) -> None:
    served = write(store)
    dead = store.writing(MADE)
    article = scan(SEEDS).articles[0]
    own = passages(replace(article, source=replace(article.source, path="new.txt")))
    entry = Indexed(own[0].source, len(own), (), dead.generation)
    dead.plan([*served[2:], entry], WORDS, served[:2])
    dice = np.random.default_rng(2)
    dead.add([(entry, own)], {text_of(one): at_random(dice, one) for one in own})
    index = store.index()
    assert index
    assert index.articles() == served
    assert index.has([entry.key])
    store.writing(MADE)
    assert not index.has([entry.key])
    assert index.articles() == served
    assert all(index.has([one.key]) for one in served)
    assert write(store)[0].since == 2


def test_chroma_is_asked_what_serves_only_after_a_change(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def settled() -> None:
        for file in (tmp_path / "chroma").glob("chroma.sqlite3*"):
            then = file.stat().st_mtime - 60
            os.utime(file, (then, then))

    write(store, 1)
    first = store.state()
    asked, get_collection = list[str](), store._client.get_collection

    def asking(name: str, **options: Any) -> Any:
        asked.append(name)
        return get_collection(name, **options)

    monkeypatch.setattr(store._client, "get_collection", asking)
    assert [store.state() for _ in range(3)] == [first] * 3
    assert len(asked) == 3  # It has been written just now, and might be written again.
    settled()
    assert [store.state() for _ in range(3)] == [first] * 3
    assert len(asked) == 4
    with closing(store.reconnect()) as other:
        write(other, 2)
        second = other.state()
    assert second != first
    assert store.state() == second
    settled()
    assert [store.state() for _ in range(3)] == [second] * 3
    assert len(asked) == 6


def test_no_index_yet(tmp_path: Path) -> None:
    with Library.open(SEEDS, tmp_path) as library:
        assert not library.indexed
        with pytest.raises(StoreError, match="run `passage reload`"):
            library.ask("Who received the Ho Chi Minh Order?")
        with pytest.raises(StoreError, match="run `passage reload`"):
            library.status()


def test_a_data_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "chroma").write_text("in the way")
    with pytest.raises(StoreError, match="PASSAGE_DATA_DIR"):
        Store.open(tmp_path / "chroma")


def test_a_chroma_server_serves_like_a_folder(
    server: str, embedder: Embedder, library: Library, tmp_path: Path
) -> None:
    question = "¿Quién recibió la Orden Ho Chi Minh?"
    with Library(SEEDS, Store.open(tmp_path, server), lambda: embedder) as remote:
        assert len(remote.reload().added) == 5
        assert remote.reload().embedded == 0
        assert remote.status().store == server
        there, here = remote.ask(question), library.ask(question)
    assert there.outcome is Outcome.QUOTED
    assert [(q.article, q.start) for q in there.quotes] == [
        (q.article, q.start) for q in here.quotes
    ]


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"127\.0\.0\.1:9.*PASSAGE_CHROMA_URL"):
        Store.open(tmp_path, "http://127.0.0.1:9")
