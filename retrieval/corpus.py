"""Files ⇄ store: what is new, changed and gone. The new index is built aside, then serves."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from .articles import scan
from .embedding import Embedder, Progress, Vectors
from .meetings import VERSION as MEETINGS
from .meetings import find
from .models import Article, Meeting, Passage, Reload, Source
from .passages import VERSION, passages
from .records import records
from .store import Index, Made, Store


def made_by(embedder: Embedder) -> Made:
    """What an index made by this model and this program says of itself."""
    return Made(embedder.name, embedder.dimension, f"{VERSION}.{MEETINGS}")


def reload(
    folder: Path, store: Store, embedder: Embedder, progress: Progress | None = None
) -> Reload:
    """Bring the index up to the folder's articles. Only new texts are given to the model.

    Raises:
        CorpusError: the folder is missing, or holds no article that can be read.
        StoreError: the index cannot be read or written. The old one serves on.
    """
    started = time.perf_counter()
    found = scan(folder)
    made = made_by(embedder)
    old = store.index()
    if old and old.made != made:
        old = None
    before = {p.source.path: p.source for p in old.passages()} if old else {}
    after = {article.source.path: article.source for article in found.articles}
    wanted = [passage for article in found.articles for passage in passages(article)]

    embedded = 0
    if before != after:
        vectors, embedded = _vectors(wanted, old, embedder, progress)
        meetings = _meetings(found.articles, before, old)
        store.write(made, wanted, vectors, meetings)
    return Reload(
        added=tuple(path for path in after if path not in before),
        changed=tuple(path for path in after if before.get(path, after[path]) != after[path]),
        removed=tuple(path for path in before if path not in after),
        unchanged=tuple(path for path in after if before.get(path) == after[path]),
        failed=found.failed,
        articles=len(found.articles),
        passages=len(wanted),
        embedded=embedded,
        seconds=round(time.perf_counter() - started, 3),
    )


def _meetings(
    articles: Sequence[Article], before: Mapping[str, Source], old: Index | None
) -> list[Meeting]:
    """The meetings that the articles report; those of an article that is unchanged are known."""
    known = old.meetings() if old else []
    return [
        meeting
        for article in articles
        for meeting in (
            [one for one in known if one.evidence.article == article.source.path]
            if before.get(article.source.path) == article.source
            else find(article)
        )
    ]


def _vectors(
    wanted: Sequence[Passage], old: Index | None, embedder: Embedder, progress: Progress | None
) -> tuple[dict[str, Vectors], int]:
    """The vectors of all records, by id, and how many of them the model had to make."""
    todo = {record.id: record.text for passage in wanted for record in records(passage)}
    vectors = old.vectors(list(todo)) if old else {}
    new = {id: text for id, text in todo.items() if id not in vectors}
    made = embedder.passages(list(new.values()), progress)
    return vectors | dict(zip(new, made, strict=True)), len(new)
