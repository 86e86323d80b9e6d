"""One corpus as Chroma has it, in one generation: reading it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from chromadb.api import ClientAPI

from ..arrays import Floats
from ..embedding.embedder import PassageText, PassageVectors
from ..embedding.token_space import Codes
from ..errors import OutdatedIndexError, StoreError, reason_of
from ..models import Passage
from ..reports import Status
from .kept_bytes import read_bytes
from .records import (
    Indexed,
    Vocabulary,
    article_key,
    articles_from_bytes,
    codes_of,
    passage,
    text_of,
)

POINTER = "passage"
"""The collection that tells what serves. The names of all others begin with it."""

ARTICLES, VOCABULARY = "articles", "vocabulary"
"""The parts of a generation that are kept as bytes: the list of its articles, its vocabulary."""

RECORDS_PER_CALL = 1_000
"""The most records that are read or written in one call."""

KEYS_PER_CALL = 100
"""The most articles whose records are asked for in one call."""


OTHER_VERSION = (
    "The index was made by another version of Passage, which indexes articles differently; "
    "run `passage reload` to build it anew."
)


@dataclass(frozen=True, slots=True)
class IndexFormat:
    """What an index was written with; two formats have no passages in common."""

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
            raise OutdatedIndexError(OTHER_VERSION)

    def shares_vectors(self, other: IndexFormat) -> bool:
        """Return whether the same text has the same vectors in another format: those of one model,
        with codes of one version, which `splitting` has second."""
        formats = self, other
        return len({(f.model, f.dimension, *f.splitting.split(".")[1:2]) for f in formats}) == 1


@dataclass(frozen=True, slots=True)
class State:
    """What serves: the collection's name, its generation, and since when (ISO 8601, UTC)."""

    name: str
    generation: int
    indexed_at: str

    @property
    def prefix(self) -> str:
        """How the names of the collections begin that this generation alone has."""
        return f"{self.name}-{self.generation}-"


DAMAGED = ("malformed", "not a database")
"""What SQLite says of a damaged file."""

DAMAGED_ADVICE = "move that folder away and run `passage reload`, which makes the index anew"


@contextmanager
def translated(location: str) -> Iterator[None]:
    """Raise whatever Chroma, its server or the disk raises as a StoreError."""
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        advice = f"; {DAMAGED_ADVICE}" if is_damaged(error) else ""
        if not advice and Path(location).is_dir() and not isinstance(error, OSError):
            # Of most damage Chroma does not say that it is damage.
            advice = f"; if that stays so, {DAMAGED_ADVICE}"
        raise StoreError(
            f"The index at {location} cannot be used ({reason_of(error)}){advice}."
        ) from error


def is_damaged(error: BaseException) -> bool:
    """Return whether SQLite says that the file itself is damaged."""
    return any(words in str(error) for words in DAMAGED)


class Generation:
    """One generation of a corpus in Chroma; it does not change.

    All methods raise StoreError where Chroma fails, or where the index is no longer there.
    """

    def __init__(self, client: ClientAPI, state: State, location: str):
        """Raises NotFoundError where Chroma has no such generation, or has it no longer."""
        self._client = client
        self._records = client.get_collection(state.name, embedding_function=None)
        self.article_list = read_bytes(client, state.prefix + ARTICLES)
        """As `articles_to_bytes` makes it."""
        self._articles: Sequence[Indexed] | None = None
        self._vocabulary: Vocabulary | None = None
        self._location = location
        self.state = state
        meta = self._records.metadata or {}
        self.format = IndexFormat(
            str(meta["model"]), int(meta["dimension"]), str(meta["splitting"])
        )

    def load(self) -> None:
        """Have Chroma load the collection, which the first query would otherwise wait for."""
        with translated(self._location):
            self._records.count()

    def articles(self) -> Sequence[Indexed]:
        """The articles, in order of their paths; each time the same list."""
        if self._articles is None:
            with translated(self._location):
                self._articles = articles_from_bytes(self.article_list)
        return self._articles

    def take_over(self, other: Generation) -> None:
        """Take over the articles that another connection has read of this generation."""
        self._articles = other.articles()

    def status(self) -> Status:
        """The state of the index."""
        articles = self.articles()
        return Status(
            articles=len(articles),
            passages=sum(article.passages for article in articles),
            languages=dict(Counter(article.source.language for article in articles)),
            model=self.format.model,
            dimension=self.format.dimension,
            indexed_at=self.state.indexed_at,
            store=self._location,
        )

    def vocabulary(self) -> Vocabulary:
        """The words of the passages and titles, read from Chroma when they are first asked for."""
        if self._vocabulary is None:
            with translated(self._location):
                data = read_bytes(self._client, self.state.prefix + VOCABULARY)
            self._vocabulary = Vocabulary.from_bytes(data)
        return self._vocabulary

    def vectors(self, keys: Sequence[str]) -> dict[str, tuple[list[str], Floats]]:
        """The ids of the passages of articles, and their vectors, a row each, by article."""
        rows: dict[str, list[tuple[str, Floats]]] = {key: [] for key in keys}
        for page in self._pages(keys, "embeddings"):
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
        for where in _filters(list(by_key)):
            with translated(self._location):
                page = self._records.get(
                    where=where, include=["documents", "metadatas", "embeddings"]
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

    def texts(self, articles: Sequence[Indexed]) -> Iterator[str]:
        """The titles and the passages of these articles."""
        yield from (entry.source.title for entry in articles)
        keys = {entry.key for entry in articles}
        for page in self._pages(sorted(keys), "documents"):
            for id, text in zip(page["ids"], page["documents"], strict=True):
                if article_key(id) in keys:
                    yield text

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
                self._records.get(where=where, limit=1, include=[])["ids"]
                for where in _filters(keys)
            )

    def holds_just(self, article_list: bytes, passages: int, removed: Sequence[str]) -> bool:
        """Whether it has these articles, as `articles_to_bytes` makes them, and so many passages,
        and nothing of the articles whose keys are `removed`."""
        with translated(self._location):
            count = self._records.count()
        return self.article_list == article_list and count == passages and not self.has(removed)

    def remove(self, keys: Sequence[str]) -> None:
        """Remove all passages of the articles of these keys, which the generation has not."""
        with translated(self._location):
            for where in _filters(keys):
                self._records.delete(where=where)

    def replaced(self) -> bool:
        """Whether another generation serves now."""
        with translated(self._location):
            serving = self._client.get_collection(POINTER, embedding_function=None).metadata or {}
        return (serving["index"], serving["generation"]) != (self.state.name, self.state.generation)

    def nearest(self, vector: Floats, count: int, keys: Container[str]) -> list[str]:
        """The ids of at least `count` passages nearest to a vector, but of articles with these
        `keys` alone: a reload under way adds others."""
        expected = count
        while True:
            with translated(self._location):
                page = self._records.query(
                    query_embeddings=np.asarray(vector), n_results=expected, include=[]
                )
            ids = page["ids"][0]
            of_articles = [id for id in ids if article_key(id) in keys]
            if len(of_articles) >= count or len(ids) < expected:
                return of_articles
            expected *= 4

    def _pages(self, keys: Sequence[str], content: str) -> Iterator[Mapping[str, Any]]:
        """The ids and one `content` of articles' records, and perhaps of others, page by page."""
        include: Any = [content]
        with translated(self._location):
            size = self._records.count()
            if size <= RECORDS_PER_CALL or len(keys) > KEYS_PER_CALL:
                for start in range(0, size, RECORDS_PER_CALL):
                    yield self._records.get(limit=RECORDS_PER_CALL, offset=start, include=include)
            elif keys:
                (where,) = _filters(keys)
                yield self._records.get(where=where, include=include)


def _filters(keys: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield filters of Chroma's for the records of articles, of so many as one call may ask for."""
    for start in range(0, len(keys), KEYS_PER_CALL):
        yield {"article": {"$in": list(keys[start : start + KEYS_PER_CALL])}}
