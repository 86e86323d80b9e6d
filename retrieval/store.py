"""Passages and vectors, kept in Chroma: the only importer of chromadb.

A folder (`PersistentClient`) and a server (`chroma run`) are the same to the rest. A corpus is
one collection, written aside under a name of its own; the collection `passage` only points to
the one that serves, so that a switch is one step.

A corpus has its meetings in a second collection, whose name is that of the first with a word
behind it.
"""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
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
from chromadb.config import Settings
from chromadb.errors import NotFoundError

from .embedding import Vectors
from .errors import StoreError
from .models import Meeting, Passage
from .records import meeting, meeting_values, passage, records, values

POINTER = "passage"
MEETINGS = "-meetings"
BATCH = 1_000

HNSW = CreateHNSWConfiguration(space="cosine", ef_search=200)
"""On 20,000 vectors of 512 dimensions ef_search=200 finds .995 of the exact 50 nearest in
1.9 ms; the default of 100 .988 in 1.5 ms, 400 all of them in 2.4 ms."""


@dataclass(frozen=True, slots=True)
class Made:
    """What made an index: two with a different one do not mix."""

    model: str
    dimension: int
    splitting: str


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

    def __init__(self, client: ClientAPI, name: str, place: str):
        """Raises NotFoundError where Chroma has no such collection."""
        self._client = client
        self._collection = collection = client.get_collection(name, embedding_function=None)
        self._place = place
        self.name = name
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
                    yield passage(known, text)

    def meetings(self) -> list[Meeting]:
        """The meetings that its articles report, article by article."""
        with _translated(self._place):
            collection = self._client.get_collection(self.name + MEETINGS, embedding_function=None)
            pages = [
                collection.get(limit=BATCH, offset=start, include=["metadatas"])
                for start in range(0, collection.count(), BATCH)
            ]
        return [meeting(known) for page in pages for known in page["metadatas"] or []]

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
                return Index(self._client, name, self.place) if name else None
            except NotFoundError:
                return None

    def write(
        self,
        made: Made,
        passages: Sequence[Passage],
        vectors: Mapping[str, Vectors],
        meetings: Sequence[Meeting] = (),
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
        todo = [record for one in passages for record in records(one)]
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
                    metadatas=[values(record) for record in batch],
                )
            self._write_meetings(name + MEETINGS, meetings)
            self._point_to(name)
            self._clear(keep=name)

    def close(self) -> None:
        self._client.close()  # type: ignore[attr-defined]

    def _write_meetings(self, name: str, meetings: Sequence[Meeting]) -> None:
        collection = self._client.create_collection(name, embedding_function=None)
        for start in range(0, len(meetings), BATCH):
            batch = meetings[start : start + BATCH]
            collection.add(
                ids=[str(start + n) for n in range(len(batch))],
                # They are listed, never searched for; but Chroma wants a vector.
                embeddings=np.ones((len(batch), 1), dtype=np.float32),
                documents=[one.evidence.text for one in batch],
                metadatas=[meeting_values(one) for one in batch],
            )

    def _point_to(self, name: str) -> None:
        pointer = self._client.get_or_create_collection(POINTER, embedding_function=None)
        pointer.modify(metadata={"index": name})

    def _clear(self, keep: str) -> None:
        for collection in self._client.list_collections():
            if collection.name.startswith(f"{POINTER}-") and not collection.name.startswith(keep):
                self._client.delete_collection(collection.name)


def _array(page: Any) -> Vectors:
    return np.asarray(page["embeddings"], dtype=np.float32)
