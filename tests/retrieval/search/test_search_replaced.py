"""The searcher while Chroma changes under it: what was replaced, and what is gone."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from retrieval import Library, StoreError
from retrieval.embedding.embedder import Embedder
from retrieval.index.reload import reload
from retrieval.index.store import Store
from retrieval.models import Hit
from retrieval.search.searcher import Searcher
from retrieval.search.synonyms import ExpandedQuery
from tests.conftest import SEEDS, Folder

from ..conftest import Limits
from ..index.test_reload import some, text
from ..toy import QUESTIONS, indexed, ranking


@pytest.mark.parametrize("exact", [0, 20_000])
def test_an_index_that_is_built_anew_while_it_is_searched(
    tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, limits: Limits, exact: int
) -> None:
    limits(exact, 25)
    with Library(SEEDS, Store.open(tmp_path / "chroma"), lambda: embedder) as asked:
        asked.reload()
        before = ranking(asked, QUESTIONS[0])
        searcher = asked._searcher
        assert searcher
        find = searcher.search

        def late(*args: Any) -> list[Hit]:
            with closing(asked._store.reconnect()) as other:
                for one in other._client.list_collections():
                    other._client.delete_collection(one.name)
                reload(SEEDS, other, embedder)
            searcher._cached.clear()
            return find(*args)

        monkeypatch.setattr(searcher, "search", late)
        assert ranking(asked, QUESTIONS[0]) == before
        assert asked._searcher is not searcher


@pytest.mark.parametrize("exact", [0, 20_000])
@pytest.mark.parametrize("changed", [3, 8])
def test_articles_that_are_replaced_while_they_are_searched(
    folder: Folder, store: Store, model: Any, *, monkeypatch: pytest.MonkeyPatch, limits: Limits,
    exact: int, changed: int,
) -> None:  # fmt: skip
    """Another process has reloaded: in the same collection, and what it replaced is gone."""
    limits(exact, 5)
    seeds = folder(some(8))
    with Library(seeds, store, lambda: model) as asked:
        asked.reload()
        assert asked.search("house 2")
        searcher = asked._searcher
        assert searcher
        find = searcher.search

        def late(*args: Any) -> list[Hit]:
            folder({f"00{n}.txt": f"{text(n)}A zeppelin was there." for n in range(changed)})
            with closing(asked._store.reconnect()) as other:
                reload(seeds, other, model)
            searcher._cached.clear()
            return find(*args)

        monkeypatch.setattr(searcher, "search", late)
        hits = asked.search("Was a zeppelin there at house 2?")
        assert "zeppelin" in hits[0].passage.text
        assert asked._searcher is not searcher


@pytest.mark.parametrize("changed", [3, 8])
def test_a_question_just_after_a_reload_has_served(
    folder: Folder,
    store: Store,
    model: Any,
    *,
    monkeypatch: pytest.MonkeyPatch,
    limits: Limits,
    changed: int,
) -> None:
    """Until the next searcher is ready the last one answers, of which some may be gone."""
    limits(20_000, 5)
    seeds = folder(some(8))
    with Library(seeds, store, lambda: model) as asked:
        asked.reload()
        assert asked.search("house 2")
        folder({f"00{n}.txt": f"{text(n)}A zeppelin was there." for n in range(changed)})
        prepare, seen = asked._prepare, list[list[Hit]]()

        def asking() -> None:
            assert asked._searcher
            asked._searcher._cached.clear()
            seen.append(asked.search("What is house 2?"))
            prepare()

        monkeypatch.setattr(asked, "_prepare", asking)
        asked.reload()
        assert seen[0][0].passage.source.path == "002.txt"
        assert "zeppelin" in asked.search("Was a zeppelin there?")[0].passage.text


@pytest.mark.parametrize("exact", [0, 20_000])
@pytest.mark.parametrize("lost", [1, 100])
def test_records_that_are_gone_from_chroma(
    folder: Folder, store: Store, model: Any, *, limits: Limits, exact: int, lost: int
) -> None:
    limits(exact, 200)
    index = indexed(folder(some(4)), store, model)
    searcher = Searcher(index, model)
    ids = index._records.get(include=[])["ids"]
    index._records.delete(ids=ids[:lost])
    hits = searcher.search(ExpandedQuery("What is house 2?", "en"), 50)
    assert len(hits) == len(ids[lost:])


def test_an_index_that_is_gone_is_one_sentence(folder: Folder, store: Store, model: Any) -> None:
    index = indexed(folder(some(2)), store, model)
    searcher = Searcher(index, model)
    store._client.delete_collection(index.state.name)
    with pytest.raises(StoreError, match=r"cannot be used \(.*\); if that stays so, .*\.$"):
        searcher.search(ExpandedQuery("What is house 1?", "en"))
