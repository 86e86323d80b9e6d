"""Passages and vectors, kept in Chroma: the only importer of chromadb.

A folder (`PersistentClient`) and a server (`chroma run`) are the same to the rest. A corpus is
one collection, written aside under a name of its own; the collection `passage` only points to
the one that serves, so that a switch is one step.

A passage is a record, and so is each sentence of a passage that has several; a sentence's id is
its passage's with a dot and its place behind it.
"""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromadb
import numpy as np
from chromadb.api import ClientAPI
from chromadb.api.collection_configuration import (
    CreateCollectionConfiguration,
    CreateHNSWConfiguration,
)
from chromadb.api.models.Collection import Collection
from chromadb.config import Settings
from chromadb.errors import NotFoundError

from .embedding import Vectors
from .errors import StoreError
from .models import Kind, Passage, Source

POINTER = "passage"
BATCH = 1_000

HNSW = CreateHNSWConfiguration(space="cosine", ef_search=200)
"""On 20,000 vectors of 512 dimensions ef_search=200 finds .995 of the exact 50 nearest in
1.9 ms; the default of 100 .988 in 1.5 ms, 400 all of them in 2.4 ms."""

_SOURCE_FIELDS = tuple(field.name for field in fields(Source))


@dataclass(frozen=True, slots=True)
class Made:
    """What made an index: two with a different one do not mix."""

    model: str
    dimension: int
    splitting: str


@dataclass(frozen=True, slots=True)
class Record:
    """A vector to be written. `passage` is None for a sentence of the passage before it."""

    id: str
    text: str
    passage: Passage | None


def records(passage: Passage) -> list[Record]:
    """The records of a passage: itself first, then its sentences where it has several."""
    own = [Record(passage.id, passage.text, passage)]
    if len(passage.sentences) == 1:
        return own
    spans = enumerate(passage.sentences)
    return own + [Record(f"{passage.id}.{n}", passage.sentence(span), None) for n, span in spans]


@contextmanager
def _translated(place: str) -> Iterator[None]:
    """Whatever Chroma, its server or the disk raises, as a StoreError."""
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        raise StoreError(f"The index at {place} cannot be used ({_reason(error)}).") from error


def _reason(error: Exception) -> str:
    return str(error).strip().split("\n")[0].rstrip(".") or type(error).__name__


class Index:
    """One corpus in Chroma, as it was written; it does not change.

    All methods raise StoreError where Chroma fails, or where the index is no longer there.
    """

    def __init__(self, collection: Collection, place: str):
        self._collection = collection
        self._place = place
        self.name = collection.name
        meta = collection.metadata or {}
        self.made = Made(str(meta["model"]), int(meta["dimension"]), str(meta["splitting"]))
        self.indexed_at = str(meta["indexed_at"])

    def passages(self) -> Iterator[Passage]:
        """Every passage."""
        with _translated(self._place):
            size = self._collection.count()
        for start in range(0, size, BATCH):
            with _translated(self._place):
                page = self._collection.get(
                    limit=BATCH, offset=start, include=["documents", "metadatas"]
                )
            for known, text in zip(page["metadatas"] or [], page["documents"] or [], strict=True):
                if "path" in known:
                    yield _passage(known, text)

    def nearest(self, vector: Vectors, count: int) -> dict[str, float]:
        """The ids of the `count` records nearest to a vector, with their cosine."""
        with _translated(self._place):
            found = self._collection.query(
                query_embeddings=np.asarray(vector), n_results=count, include=["distances"]
            )
        distances = found["distances"] or [[]]
        return {id: 1 - d for id, d in zip(found["ids"][0], distances[0], strict=True)}

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of those of the ids that are there."""
        found: dict[str, Vectors] = {}
        for start in range(0, len(ids), BATCH):
            with _translated(self._place):
                page = self._collection.get(
                    ids=list(ids[start : start + BATCH]), include=["embeddings"]
                )
            found |= zip(page["ids"], _array(page), strict=True)
        return found


class Store:
    """Where indexes live. Built by `open`.

    All methods raise StoreError where Chroma fails.
    """

    def __init__(self, client: ClientAPI, place: str):
        self._client = client
        self.place = place

    @classmethod
    def open(cls, folder: Path, server: str | None = None) -> Store:
        """Open the store in a folder, or on the Chroma server at the address `server`."""
        settings = Settings(anonymized_telemetry=False)
        try:
            if server:
                at = urlsplit(server if "//" in server else f"//{server}")
                client = chromadb.HttpClient(
                    host=at.hostname or "localhost",
                    port=at.port or (443 if at.scheme == "https" else 8000),
                    ssl=at.scheme == "https",
                    settings=settings,
                )
                return cls(client, server)
            folder.mkdir(parents=True, exist_ok=True)
            return cls(chromadb.PersistentClient(str(folder), settings=settings), str(folder))
        except Exception as error:
            where = f"the Chroma server at {server}" if server else f"the index in {folder}"
            setting = "PASSAGE_CHROMA_URL" if server else "PASSAGE_DATA_DIR"
            raise StoreError(f"Cannot open {where} ({_reason(error)}); check {setting}.") from error

    def serving(self) -> str | None:
        """The name of the index that serves, or None before the first reload."""
        with _translated(self.place):
            try:
                pointer = self._client.get_collection(POINTER, embedding_function=None)
            except NotFoundError:
                return None
            return str((pointer.metadata or {}).get("index") or "") or None

    def index(self) -> Index | None:
        """The index that serves, or None before the first reload."""
        name = self.serving()
        with _translated(self.place):
            try:
                return Index(self._client.get_collection(name, None), self.place) if name else None
            except NotFoundError:
                return None

    def write(
        self,
        made: Made,
        passages: Sequence[Passage],
        vectors: Mapping[str, Vectors],
    ) -> None:
        """Write an index aside, let it serve, and remove all others.

        `vectors` holds that of each of the passages' records, by its id.
        """
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        meta = {
            "model": made.model,
            "dimension": made.dimension,
            "splitting": made.splitting,
            "indexed_at": now,
        }
        todo = [record for passage in passages for record in records(passage)]
        name = f"{POINTER}-{secrets.token_hex(8)}"
        with _translated(self.place):
            collection = self._client.create_collection(
                name,
                metadata=meta,
                configuration=CreateCollectionConfiguration(hnsw=HNSW),
                embedding_function=None,
            )
            for start in range(0, len(todo), BATCH):
                batch = todo[start : start + BATCH]
                collection.add(
                    ids=[record.id for record in batch],
                    embeddings=np.stack([vectors[record.id] for record in batch]),
                    documents=[record.text for record in batch],
                    metadatas=[_fields(record) for record in batch],
                )
            self._point_to(name)
            self._clear(keep=name)

    def close(self) -> None:
        self._client.close()  # type: ignore[attr-defined]

    def _point_to(self, name: str) -> None:
        pointer = self._client.get_or_create_collection(POINTER, embedding_function=None)
        pointer.modify(metadata={"index": name})

    def _clear(self, keep: str) -> None:
        for collection in self._client.list_collections():
            if collection.name.startswith(f"{POINTER}-") and collection.name != keep:
                self._client.delete_collection(collection.name)


def _array(page: Any) -> Vectors:
    return np.asarray(page["embeddings"], dtype=np.float32)


def _fields(record: Record) -> dict[str, str | int]:
    """A record's metadata; Chroma takes no None and no lists."""
    passage = record.passage
    if passage is None:
        return {"sentence": 1}
    known = {name: getattr(passage.source, name) for name in _SOURCE_FIELDS}
    return {name: value for name, value in known.items() if value is not None} | {
        "start": passage.start,
        "end": passage.end,
        "kind": passage.kind.value,
        "sentences": " ".join(f"{start}-{end}" for start, end in passage.sentences),
    }


def _passage(known: Mapping[str, Any], text: str) -> Passage:
    source: dict[str, Any] = {name: known.get(name) for name in _SOURCE_FIELDS}
    spans = (span.split("-") for span in known["sentences"].split())
    sentences = tuple((int(start), int(end)) for start, end in spans)
    kind = Kind(known["kind"])
    return Passage(Source(**source), known["start"], known["end"], text, kind, sentences)
