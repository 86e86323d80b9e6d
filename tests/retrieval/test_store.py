"""Chroma, in a folder and on a server, and what an index remembers of what made it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
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
from retrieval.articles import scan
from retrieval.embedding import Embedder, Embedding
from retrieval.index import Made
from retrieval.meetings import find
from retrieval.models import Passage
from retrieval.packaged import DEFAULT_MODEL
from retrieval.passages import passages
from retrieval.records import Indexed, article_values, texts
from retrieval.records import article as stored_article
from retrieval.store import Store
from tests.conftest import SEEDS

MADE = Made("a-model", 4, "1")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "chroma")
    yield opened
    opened.close()


def at_random(dice: np.random.Generator, passage: Passage) -> Embedding:
    """Unit vectors for a passage and its sentences."""
    found = dice.normal(size=(1 + len(passage.sentences), 4)).astype(np.float32)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return Embedding(found[0], found[1:])


def write(store: Store, count: int | None = None) -> list[Indexed]:
    """Write the seeds' articles, or so many of them, with vectors at random, for what was there."""
    dice = np.random.default_rng(1)
    old = store.index()
    writing = store.writing(MADE)
    for article in scan(SEEDS).articles[:count]:
        own = passages(article)
        vectors = {texts(one): at_random(dice, one) for one in own}
        found = tuple(find(article))
        entry = Indexed(article.source, len(own), found, writing.generation)
        writing.add(entry, own, vectors)
    writing.remove(old.articles() if old else [])
    return store.serve(writing).articles()


def test_articles_and_passages_come_back_as_they_went_in(store: Store) -> None:
    assert store.state() is None
    assert store.index() is None
    written = write(store)
    index = store.index()
    assert index
    assert index.made == MADE
    assert index.articles() == written
    before = {p.id: p for article in scan(SEEDS).articles for p in passages(article)}
    assert {p.id: p for _, p, _ in index.passages(written)} == before
    assert sum(one.passages for one in written) == len(before)
    assert [len(one.meetings) for one in written] == [1] * 5


def test_vectors_come_back_as_they_went_in(store: Store) -> None:
    article = scan(SEEDS).articles[0]
    own = passages(article)
    assert {len(one.sentences) for one in own} >= {1, 2}
    dice = np.random.default_rng(2)
    made = {texts(one): at_random(dice, one) for one in own}
    writing = store.writing(MADE)
    writing.add(Indexed(article.source, len(own), (), writing.generation), own, made)
    index = store.serve(writing)
    read = index.embeddings(index.articles())
    assert read.keys() == made.keys()
    for key, one in made.items():
        np.testing.assert_allclose(read[key].whole, one.whole, rtol=1e-5)
        np.testing.assert_allclose(read[key].sentences, one.sentences, rtol=1e-3)


def test_an_article_that_an_earlier_version_wrote_is_read() -> None:
    article = scan(SEEDS).articles[4]
    (meeting,) = find(article)
    written = article_values(Indexed(article.source, 7, (meeting,), 1))
    (said,) = json.loads(str(written["meetings"]))
    for name in ("original", "fragment"):
        del said["evidence"][name]
    old = {**written, "meetings": json.dumps([said])}
    del old["original"]
    plain = replace(meeting, evidence=replace(meeting.evidence, fragment=None))
    assert plain != meeting
    assert stored_article(old) == Indexed(article.source, 7, (plain,), 1)


def test_the_nearest_of_those_that_are_known(store: Store) -> None:
    articles = write(store)
    index = store.index()
    assert index
    vectors = {p.id: made.whole for _, p, made in index.passages(articles)}
    one, vector = next(iter(vectors.items()))
    assert index.nearest(vector, 3, vectors)[0] == one
    others = [id for id in vectors if id != one]
    assert one not in index.nearest(vector, 3, others)
    assert len(index.nearest(vector, 3, others)) >= 3
    assert set(index.nearest(vector, 500, vectors)) == set(vectors)


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
    assert names == {"passage", index.state.name, f"{index.state.name}-articles"}
    client.close()


def test_what_is_not_yet_served_is_not_seen_and_goes_when_its_writer_has_died(
    store: Store,
) -> None:
    served = write(store)
    dead = store.writing(MADE)
    article = replace(scan(SEEDS).articles[0].source, path="new.txt")
    entry = Indexed(article, 0, (), dead.generation)
    dead.add(entry, [], {})
    dead.remove(served[:2])
    index = store.index()
    assert index
    keys = [one.key for one in served]
    assert [one.key for one in index.articles()] == keys
    store.writing(MADE)
    assert index.articles() == served
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
    with closing(store.beside()) as other:
        write(other, 2)
        second = other.state()
    assert second != first
    assert store.state() == second
    settled()
    assert [store.state() for _ in range(3)] == [second] * 3
    assert len(asked) == 6


def test_an_index_of_another_model_is_refused(tmp_path: Path, embedder: Embedder) -> None:
    with Library(SEEDS, Store.open(tmp_path / "chroma"), lambda: embedder) as library:
        library.reload()
    with Library.open(SEEDS, tmp_path, "minilm") as other:
        with pytest.raises(StoreError, match=rf"'{DEFAULT_MODEL}'.*'minilm'.*passage reload"):
            other.ask("Who received the Ho Chi Minh Order?")
        report = other.reload()
        assert len(report.added) == 5
        assert report.embedded == report.passages
        assert other.ask("Who received the Ho Chi Minh Order?").answered


def test_an_index_of_another_splitting_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, embedder: Embedder
) -> None:
    with Library(SEEDS, Store.open(tmp_path), lambda: embedder) as library:
        library.reload()
        monkeypatch.setattr("retrieval.corpus.VERSION", "another")
        with pytest.raises(StoreError, match="indexes articles differently; run `passage reload`"):
            library.ask("Who received the Ho Chi Minh Order?")


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


def test_a_reload_by_another_process_is_followed(tmp_path: Path, embedder: Embedder) -> None:
    with Library(SEEDS, Store.open(tmp_path / "chroma"), lambda: embedder) as serving:
        serving.reload()
        assert serving.ask("Who received the Ho Chi Minh Order?").answered
        script = (
            "from pathlib import Path; from retrieval.store import Store; import shutil\n"
            "from retrieval.corpus import reload; from retrieval.embedding import Embedder\n"
            f"source, seeds = Path({str(SEEDS)!r}), Path({str(tmp_path / 'one')!r})\n"
            "seeds.mkdir(); shutil.copy(source / '001_56b54d490b5aedd0.txt', seeds)\n"
            f"reload(seeds, Store.open(Path({str(tmp_path / 'chroma')!r})), Embedder.load())\n"
        )
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
        hits = serving.search("Who received the Ho Chi Minh Order?")
        assert {hit.passage.source.path for hit in hits} == {"001_56b54d490b5aedd0.txt"}
