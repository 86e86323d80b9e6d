"""One corpus as Chroma has it, in one generation: reading it."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from chromadb.api import ClientAPI

from ..embedding.embedder import PassageText, PassageVectors
from ..embedding.encoder import Floats
from ..embedding.token_space import Codes
from ..errors import OutdatedIndexError, StoreError
from ..models import Passage
from .records import FOREVER, Indexed, article, article_key, codes_of, passage, text_of

ARTICLES = "-articles"
"""The collection of a corpus' articles is named as that of its passages, with this behind it."""

BATCH = 1_000
KEYS = 100
"""Articles whose records are asked for at once."""


@dataclass(frozen=True, slots=True)
class IndexFormat:
    """What an index was written with; vectors of two formats cannot be compared."""

    model: str
    dimension: int
    splitting: str

    def check(self, expected: IndexFormat) -> None:
        """Raise OutdatedIndexError unless this is what is `expected` of an index."""
        if (self.model, self.dimension) != (expected.model, expected.dimension):
            raise OutdatedIndexError(
                f"The index was made by the model {self.model!r} ({self.dimension} dimensions), "
                f"and PASSAGE_EMBEDDING_MODEL is {expected.model!r} ({expected.dimension}); "
                "run `passage reload` to build it anew."
            )
        if self != expected:
            raise OutdatedIndexError(
                "The index was made by another version of Passage, which indexes articles "
                "differently; run `passage reload` to build it anew."
            )


@dataclass(frozen=True, slots=True)
class State:
    """What serves: the collection's name, its generation, and since when (ISO 8601, UTC)."""

    name: str
    generation: int
    indexed_at: str


@contextmanager
def translated(location: str) -> Iterator[None]:
    """Whatever Chroma, its server or the disk raises, as a StoreError."""
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        raise StoreError(f"The index at {location} cannot be used ({reason_of(error)}).") from error


def reason_of(error: Exception) -> str:
    return str(error).strip().split("\n")[0].rstrip(".") or type(error).__name__


class Generation:
    """One corpus in Chroma, in one generation; it does not change.

    All methods raise StoreError where Chroma fails, or where the index is no longer there.
    """

    def __init__(self, client: ClientAPI, state: State, location: str):
        """Raises NotFoundError where Chroma has no such collections."""
        self._records = client.get_collection(state.name, embedding_function=None)
        self._articles = client.get_collection(state.name + ARTICLES, embedding_function=None)
        self._location = location
        self.state = state
        meta = self._records.metadata or {}
        self.format = IndexFormat(
            str(meta["model"]), int(meta["dimension"]), str(meta["splitting"])
        )

    def load(self) -> None:
        """Have Chroma read what it reads before it sees a first passage."""
        with translated(self._location):
            self._records.count()

    def articles(self) -> list[Indexed]:
        """The articles, in order of their paths."""
        entries = (article(metadata) for metadata in self._all_articles())
        now = self.state.generation
        live = [entry for entry in entries if entry.since <= now < entry.until]
        return sorted(live, key=lambda entry: entry.source.path)

    def vectors(self, keys: Sequence[str]) -> dict[str, tuple[list[str], Floats]]:
        """The ids of the passages of articles, and their vectors, a row each, by article."""
        rows: dict[str, list[tuple[str, Floats]]] = {key: [] for key in keys}
        for page in self._pages(keys):
            for id, vector in zip(page["ids"], page["embeddings"], strict=True):
                if (row := rows.get(article_key(id))) is not None:
                    row.append((id, vector))
        return {
            key: ([id for id, _ in row], np.array([vector for _, vector in row], np.float32))
            for key, row in rows.items()
        }

    def stored(self, articles: Sequence[Indexed]) -> dict[PassageText, PassageVectors]:
        """The vectors of all passages of these articles, by what the model was given."""
        by_key = {entry.key: entry for entry in articles}
        vectors = {}
        for start in range(0, len(articles), KEYS):
            batch = [entry.key for entry in articles[start : start + KEYS]]
            with translated(self._location):
                page = self._records.get(
                    where={"article": {"$in": batch}},  # type: ignore[dict-item]
                    include=["documents", "metadatas", "embeddings"],
                )
            for metadata, text, vector in zip(
                page["metadatas"] or [],
                page["documents"] or [],
                np.asarray(page["embeddings"], np.float32),
                strict=True,
            ):
                indexed = passage(metadata, text, by_key[str(metadata["article"])].source)
                vectors[text_of(indexed)] = PassageVectors(vector, *codes_of(metadata))
        return vectors

    def passages(
        self, ids: Sequence[str], articles: Mapping[str, Indexed]
    ) -> dict[str, tuple[Passage, Codes, tuple[int, ...]]]:
        """Passages of the articles by key, with their tokens' codes and the sentences' ends, by id;
        but for those that are gone."""
        with translated(self._location):
            page = self._records.get(ids=list(ids), include=["documents", "metadatas"])
        texts, metadatas = page["documents"] or [], page["metadatas"] or []
        return {
            id: (passage(metadata, text, articles[article_key(id)].source), *codes_of(metadata))
            for id, metadata, text in zip(page["ids"], metadatas, texts, strict=True)
        }

    def ids(self, key: str) -> list[str]:
        """The ids of the passages of an article, in their order, by its key."""
        with translated(self._location):
            return self._records.get(where={"article": key}, include=[])["ids"]

    def has(self, keys: Sequence[str]) -> bool:
        """Whether there is any record of the articles of these keys."""
        with translated(self._location):
            return any(
                self._records.get(
                    where={"article": {"$in": list(keys[start : start + KEYS])}},  # type: ignore[dict-item]
                    limit=1,
                    include=[],
                )["ids"]
                for start in range(0, len(keys), KEYS)
            )

    def holds_just(self, count: int, there: Sequence[str], gone: Sequence[str]) -> bool:
        """Whether there are `count` articles, among them all of the keys `there`, and nothing of
        those `gone`, neither an article nor a passage."""
        with translated(self._location):
            if self._articles.count() != count:
                return False
            for keys, expected in ((there, True), (gone, False)):
                for start in range(0, len(keys), BATCH):
                    batch = list(keys[start : start + BATCH])
                    ids = self._articles.get(ids=batch, include=[])["ids"]
                    if len(ids) != (len(batch) if expected else 0):
                        return False
        return not self.has(gone)

    def replaced(self, keys: Collection[str]) -> bool:
        """Whether a later generation no longer has all articles of these keys."""
        with translated(self._location):
            page = self._articles.get(ids=list(keys), include=["metadatas"])
        left = [metadata for metadata in page["metadatas"] or [] if metadata["until"] == FOREVER]
        return len(left) < len(keys)

    def nearest(self, vector: Floats, count: int, keys: Container[str]) -> list[str]:
        """The ids of at least `count` passages nearest to a vector, but of articles with these
        `keys` alone: a reload under way adds others."""
        expected = count
        while True:
            with translated(self._location):
                nearest = self._records.query(
                    query_embeddings=np.asarray(vector), n_results=expected, include=[]
                )
            ids = nearest["ids"][0]
            near = [id for id in ids if article_key(id) in keys]
            if len(near) >= count or len(ids) < expected:
                return near
            expected *= 4

    def _all_articles(self) -> Iterator[Mapping[str, Any]]:
        with translated(self._location):
            size = self._articles.count()
            for start in range(0, size, BATCH):
                page = self._articles.get(limit=BATCH, offset=start, include=["metadatas"])
                yield from page["metadatas"] or []

    def _pages(self, keys: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        """The ids and vectors of articles' records, and perhaps of others, page by page."""
        with translated(self._location):
            size = self._records.count()
            if size <= BATCH or len(keys) > KEYS:
                for start in range(0, size, BATCH):
                    yield self._records.get(limit=BATCH, offset=start, include=["embeddings"])
            elif keys:
                where: Any = {"article": {"$in": list(keys)}}
                yield self._records.get(where=where, include=["embeddings"])
