"""An index of version 0.2, with a record an article: read as it is, and kept anew by a reload."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from chromadb.api import ClientAPI

from retrieval import Library, Meeting
from retrieval.embedding.embedder import Embedder
from retrieval.index.generation import Generation
from retrieval.index.previous import PREVIOUS, previous_article
from retrieval.index.records import Indexed
from retrieval.index.store import Store
from retrieval.search.searcher import Searcher
from tests.conftest import SEEDS

FOREVER = 2**53
QUESTION = "Who received the Ho Chi Minh Order?"
MISTYPED, MEANT = "Who presetned the order?", "Who presented the order?"


def record(article: Indexed) -> dict[str, Any]:
    """An article's metadata, as version 0.2 wrote it."""
    meetings = [values_of(meeting) for meeting in article.meetings]
    details = {**asdict(article.source), "passages": article.passages, "meetings": meetings}
    text = json.dumps(details, ensure_ascii=False)
    return {"details": text, "since": article.since, "until": FOREVER}


def values_of(meeting: Meeting) -> dict[str, Any]:
    days = {name: str(day) for name in ("date", "end_date") if (day := getattr(meeting, name))}
    return {**asdict(meeting), **days}


def make_previous(client: ClientAPI, name: str, articles: list[Indexed]) -> None:
    """Keep an index as version 0.2 did, and what a reload of it left that had died: an article
    that is new and another one that was to be removed."""
    for collection in client.list_collections():
        if collection.name.startswith(f"{name}-"):
            client.delete_collection(collection.name)
    records = client.get_collection(name, embedding_function=None)
    vector = [0.5] * int((records.metadata or {})["dimension"])
    kept = client.create_collection(name + PREVIOUS, embedding_function=None)
    dead = {**record(articles[0]), "since": 2}
    metadatas = [{**record(articles[0]), "until": 2}, *map(record, articles[1:]), dead]
    ids = [*(article.key for article in articles), "dead@2"]
    kept.add(ids=ids, embeddings=[[1.0]] * len(ids), metadatas=metadatas)
    records.add(
        ids=["a@dead@2"],
        embeddings=[vector],
        metadatas=[{"article": "dead@2"}],
        documents=["Dead words."],
    )


Open = Callable[[], Library]


@pytest.fixture
def opened(tmp_path: Path, embedder: Embedder) -> Iterator[Open]:
    """Opens a library on one folder; the seeds are indexed there."""
    with ExitStack() as libraries:

        def open_one() -> Library:
            store = Store.open(tmp_path / "chroma").reconnect()
            return libraries.enter_context(Library(SEEDS, store, lambda: embedder))

        open_one().reload()
        yield open_one


def index_of(library: Library) -> Generation:
    index = library._store.index()
    assert index
    return index


def test_it_answers_as_it_is_and_a_reload_keeps_it_anew_and_embeds_nothing(
    opened: Open, embedder: Embedder
) -> None:
    first = opened()
    answer, meetings, sources = first.ask(QUESTION), first.meetings(), first.sources()
    index = index_of(first)
    name, articles, words = index.state.name, index.articles(), index.vocabulary()
    make_previous(first._store._client, name, articles)

    library = opened()
    library.check_index()
    assert index_of(library).vocabulary().to_bytes() == words.to_bytes()
    # No question waits until the words of all passages are counted.
    assert Searcher(index_of(library), embedder).read(MISTYPED).readings == (MISTYPED,)
    for each in (library, opened()):
        assert (each.meetings(), each.sources()) == (meetings, sources)
        assert each.ask(QUESTION).quotes == answer.quotes
        report = each.reload()
        assert (report.embedded, len(report.unchanged)) == (0, 5)
        assert (each.meetings(), each.sources()) == (meetings, sources)
        assert each.ask(QUESTION).quotes == answer.quotes

    after = index_of(opened())
    assert not after.previous
    assert Searcher(after, embedder).read(MISTYPED).readings == (MEANT,)
    assert after.articles() == articles
    assert after.vocabulary().to_bytes() == words.to_bytes()
    assert after.has([article.key for article in articles])
    assert not after.has(["dead@2"])
    names = {collection.name for collection in library._store._client.list_collections()}
    assert names == {"passage", name, f"{name}-1-articles-0", f"{name}-1-vocabulary-0"}


def test_an_article_of_version_0_1_is_read(opened: Open) -> None:
    article = next(each for each in index_of(opened()).articles() if each.meetings)
    details = json.loads(record(article)["details"])
    for meeting in details["meetings"]:
        for field in ("original", "fragment"):
            del meeting["evidence"][field]
    values = {name: value for name, value in details.items() if value is not None}
    del values["original"]
    old = {**values, "since": 1, "until": FOREVER, "meetings": json.dumps(details["meetings"])}
    read = previous_article(old)
    assert read.source == article.source
    assert [meeting.name for meeting in read.meetings] == [
        meeting.name for meeting in article.meetings
    ]
