"""One corpus as Chroma has it, in one generation: reading it."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from chromadb.api import ClientAPI

from .embedding import Embedding, Texts, Vectors
from .errors import StoreError
from .models import Passage
from .records import Indexed, article, known_id, passage, sentence_vectors, texts

ARTICLES = "-articles"
"""The collection of a corpus' articles is named as that of its passages, with this behind it."""

BATCH = 1_000
KEYS = 100
"""Articles whose records are asked for at once."""


@dataclass(frozen=True, slots=True)
class Made:
    """What made an index: two with a different one do not mix."""

    model: str
    dimension: int
    splitting: str


@dataclass(frozen=True, slots=True)
class State:
    """What serves: the collection's name, its generation, and since when (ISO 8601, UTC)."""

    name: str
    generation: int
    indexed_at: str


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Whatever Chroma, its server or the disk raises, as a StoreError."""
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        raise StoreError(f"The index at {place} cannot be used ({reason_of(error)}).") from error


def reason_of(error: Exception) -> str:
    return str(error).strip().split("\n")[0].rstrip(".") or type(error).__name__


class Index:
    """One corpus in Chroma, in one generation; it does not change.

    All methods raise StoreError where Chroma fails, or where the index is no longer there.
    """

    def __init__(self, client: ClientAPI, state: State, place: str):
        """Raises NotFoundError where Chroma has no such collections."""
        self._records = client.get_collection(state.name, embedding_function=None)
        self._articles = client.get_collection(state.name + ARTICLES, embedding_function=None)
        self._place = place
        self.state = state
        meta = self._records.metadata or {}
        self.made = Made(str(meta["model"]), int(meta["dimension"]), str(meta["splitting"]))

    def articles(self) -> list[Indexed]:
        """The articles, in order of their paths."""
        found = (article(known) for known in self._all_articles())
        now = self.state.generation
        live = [one for one in found if one.since <= now < one.until]
        return sorted(live, key=lambda one: one.source.path)

    def passages(self, articles: Sequence[Indexed]) -> Iterator[tuple[Indexed, Passage, Embedding]]:
        """The passages of these articles, each with its article and its vectors; in any order."""
        by_key = {one.key: one for one in articles}
        for known, text, vector in self._of(list(by_key)):
            owner = by_key[known["article"]]
            embedding = Embedding(vector, sentence_vectors(known))
            yield owner, passage(known, text, owner.source), embedding

    def embeddings(self, articles: Sequence[Indexed]) -> dict[Texts, Embedding]:
        """The vectors of all passages of these articles, by what the models were given."""
        return {texts(passage): made for _, passage, made in self.passages(articles)}

    def has(self, keys: Sequence[str]) -> bool:
        """Whether there is any record of the articles of these keys."""
        with translated(self._place):
            return any(
                self._records.get(
                    where={"article": {"$in": list(keys[start : start + KEYS])}},  # type: ignore[dict-item]
                    limit=1,
                    include=[],
                )["ids"]
                for start in range(0, len(keys), KEYS)
            )

    def nearest(self, vector: Vectors, count: int, known: Container[str]) -> list[str]:
        """The ids of at least `count` passages nearest to a vector, but of those alone that are
        `known`: a reload under way adds others."""
        wanted = count
        while True:
            with translated(self._place):
                found = self._records.query(
                    query_embeddings=np.asarray(vector), n_results=wanted, include=[]
                )
            ids = found["ids"][0]
            near = [id for id in map(known_id, ids) if id in known]
            if len(near) >= count or len(ids) < wanted:
                return near
            wanted *= 4

    def _all_articles(self) -> Iterator[Mapping[str, Any]]:
        with translated(self._place):
            size = self._articles.count()
            for start in range(0, size, BATCH):
                page = self._articles.get(limit=BATCH, offset=start, include=["metadatas"])
                yield from page["metadatas"] or []

    def _of(self, keys: Sequence[str]) -> Iterator[tuple[Mapping[str, Any], str, Vectors]]:
        """The records of articles: metadata, text, vector."""
        for start in range(0, len(keys), KEYS):
            batch = list(keys[start : start + KEYS])
            with translated(self._place):
                page = self._records.get(
                    where={"article": {"$in": batch}},  # type: ignore[dict-item]
                    include=["documents", "metadatas", "embeddings"],
                )
            texts, metadatas = page["documents"] or [], page["metadatas"] or []
            vectors = np.asarray(page["embeddings"], dtype=np.float32)
            yield from zip(metadatas, texts, vectors, strict=True)
