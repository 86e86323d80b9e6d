"""Passages and vectors, kept in Chroma: where they are opened, written and switched.

A folder (`PersistentClient`) and a server (`chroma run`) are the same to the rest. The collection
`passage` only points to what serves: a collection of passages' records, and a generation, which has
a list of its articles and a vocabulary (collections whose names begin with that of the records). A
reload writes the next generation beside the one that serves, the passages of changed articles
alone, and lets it serve by changing the pointer: one step. What it replaced is removed afterwards.
So after a death at any moment the pointer still tells what is whole, and the next reload removes
the rest.
"""

from __future__ import annotations

import base64
import datetime
import os
import secrets
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

import chromadb
from chromadb.api import ClientAPI
from chromadb.api.collection_configuration import (
    CreateCollectionConfiguration,
    CreateHNSWConfiguration,
    UpdateCollectionConfiguration,
    UpdateHNSWConfiguration,
)
from chromadb.config import Settings
from chromadb.errors import NotFoundError
from filelock import FileLock, Timeout

from ..errors import StoreError, reason_of
from ..files import Mark, settled_marks
from .generation import (
    DAMAGED_ADVICE,
    POINTER,
    Generation,
    IndexFormat,
    State,
    is_damaged,
    translated,
)
from .reload_lock import LOCK_FILE
from .writing import Writing, delete_other_collections, remove_other_passages

DATABASE = ("chroma.sqlite3", "chroma.sqlite3-wal")
"""Chroma's, in its folder; the second is there or not as SQLite is told to write."""

WAIT_SECONDS = 0.2
"""Seconds between two calls of `waiting` while a reload waits for another one."""

SYNC = 1_000
"""After so many records Chroma writes its graph of vectors to disk, all of it."""

MANY = 250
"""After a reload of so many passages it is made to write it at once: what is not in it, each
process inserts anew before it sees its first passage, 1.4 ms each among 100,000."""

HNSW = CreateHNSWConfiguration(space="cosine", ef_search=200, sync_threshold=SYNC)
"""On 20,000 vectors of 512 dimensions ef_search=200 finds .995 of the exact 50 nearest in
1.9 ms; the default of 100 .988 in 1.5 ms, 400 all of them in 2.4 ms."""


class Store:
    """Where indexes live. Built by `open`.

    All methods raise StoreError where Chroma fails. Not for several threads at once, but for
    `reconnect` and `exclusively`.
    """

    def __init__(
        self,
        connect: Callable[[], ClientAPI],
        location: str,
        lock: FileLock,
        connect_apart: Callable[[], ClientAPI] | None = None,
        files: Sequence[Path] = (),
    ):
        """`connect` opens a client of Chroma, `connect_apart` one that shares nothing with it;
        `lock` is that of a file which one reload at a time holds. `files` change whenever what
        serves does, if there are such."""
        self._connect = connect
        self._connect_apart = connect_apart or connect
        self._client = connect()
        self._state: State | None = None
        """What served when the client was last asked for an index."""
        self._serving: Generation | None = None
        self._files = files
        self._pointed: tuple[tuple[Mark | None, ...] | None, State | None] = None, None
        """What the files' marks were when Chroma was last asked what serves, and its answer."""
        self._lock = lock
        self.location = location

    @classmethod
    def open(cls, folder: Path, server: str | None = None) -> Store:
        """Open the store in a folder, or on the Chroma server at the address `server`."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(folder / LOCK_FILE)
            if server:
                address = urlsplit(server if "//" in server else f"//{server}")
                server = without_credentials(server)
                connect = partial(
                    chromadb.HttpClient,
                    host=address.hostname or "localhost",
                    port=address.port or (443 if address.scheme == "https" else 8000),
                    ssl=address.scheme == "https",
                    headers=_authorization(address.username, address.password),
                    settings=Settings(anonymized_telemetry=False),
                )
                return cls(connect, server, lock)
            # Within a process, clients of a folder whose name is spelt alike are one to Chroma, and
            # that one does not see what others write.
            connect, connect_apart = (
                partial(
                    chromadb.PersistentClient, path, settings=Settings(anonymized_telemetry=False)
                )
                for path in (str(folder), os.path.join(folder, "."))
            )
            files = [folder / name for name in DATABASE]
            return cls(connect, str(folder), lock, connect_apart, files)
        except BaseException as error:
            # Chroma panics at some damage, which is no Exception.
            if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                raise
            if server:
                what = f"the Chroma server at {without_credentials(server)}"
                advice = "check PASSAGE_CHROMA_URL"
            else:
                what = f"the index in {folder}"
                advice = DAMAGED_ADVICE if is_damaged(error) else "check PASSAGE_DATA_DIR"
            raise StoreError(f"Cannot open {what} ({reason_of(error)}); {advice}.") from error

    def state(self) -> State | None:
        """What serves, or None before the first reload. Of a folder Chroma is asked only after it
        has changed: each question wants to know."""
        now = settled_marks(self._files)
        if now is None or now != self._pointed[0]:
            self._pointed = now, self._pointer()
        return self._pointed[1]

    def _pointer(self) -> State | None:
        with translated(self.location):
            try:
                pointer = self._client.get_collection(POINTER, embedding_function=None)
            except NotFoundError:
                return None
            meta = pointer.metadata or {}
            if "generation" not in meta:
                return None
            return State(str(meta["index"]), int(meta["generation"]), str(meta["indexed_at"]))

    def index(self) -> Generation | None:
        """The index that serves, the same object as long as it does; None before the first
        reload."""
        while True:
            state = self.state()
            if self._serving is not None and self._serving.state == state:
                return self._serving
            with translated(self.location):
                if self._state and state != self._state:
                    # Chroma reads a folder's vectors once: those that another process has written
                    # since are seen by a new client alone.
                    self.close()
                    self._client = self._connect()
                self._state, self._serving = state, None
                try:
                    if state is not None:
                        self._serving = Generation(self._client, state, self.location)
                    return self._serving
                except NotFoundError:
                    # Unless another process has replaced it just now, somebody has deleted it.
                    if self._pointer() == state:
                        return None

    def reconnect(self) -> Store:
        """Return this store with a connection of its own, for another thread."""
        with translated(self.location):
            return Store(self._connect_apart, self.location, self._lock, files=self._files)

    @contextmanager
    def exclusively(self, waiting: Callable[[], None] | None = None) -> Iterator[None]:
        """Hold the reload lock; the system releases it if this process dies.

        `waiting` is called now and then while another process holds it; what it raises ends the
        wait. The lock is re-entrant.
        """
        while not self._entered():
            if waiting:
                waiting()
        try:
            yield
        finally:
            self._lock.release()

    def _entered(self) -> bool:
        with translated(self.location), suppress(Timeout):
            self._lock.acquire(timeout=WAIT_SECONDS)
            return True
        return False

    def writing(self, index_format: IndexFormat) -> Writing:
        """Begin the next generation, in a new collection if the format is another one.

        What a reload that died has left is removed.
        """
        index = self.tidy()
        with translated(self.location):
            if index is not None and index.format == index_format:
                return Writing(
                    self._client, index.state.name, index.state.generation, self.location
                )
            name = f"{POINTER}-{secrets.token_hex(8)}"
            self._client.create_collection(
                name,
                metadata=asdict(index_format),
                configuration=CreateCollectionConfiguration(hnsw=HNSW),
                embedding_function=None,
            )
            return Writing(self._client, name, 0, self.location)

    def serve(self, written: Writing) -> Generation:
        """Let a new generation serve, in one step, and remove what no longer does."""
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        state = State(written.name, written.generation, now)
        with translated(self.location):
            pointer = self._client.get_or_create_collection(POINTER, embedding_function=None)
            pointer.modify(
                metadata={
                    "index": state.name,
                    "generation": state.generation,
                    "indexed_at": state.indexed_at,
                }
            )
            serving = Generation(self._client, state, self.location)
            serving.remove(written.replaced_keys)
            delete_other_collections(self._client, serving)
            if self._files and written.passages >= MANY:
                self._write_graph(state.name)
                serving = Generation(self._client, state, self.location)
            self._state, self._serving = state, serving
            return serving

    def _write_graph(self, name: str) -> None:
        """Have Chroma write the graph of a collection's vectors to disk. It does so where it reads
        more records than its threshold that are not there; a new client reads those left over."""
        self._set_sync(name, 2)
        try:
            self.close()
            self._client = self._connect()
            self._client.get_collection(name, embedding_function=None).count()
        finally:
            self._set_sync(name, SYNC)

    def _set_sync(self, name: str, threshold: int) -> None:
        hnsw = UpdateHNSWConfiguration(sync_threshold=threshold)
        collection = self._client.get_collection(name, embedding_function=None)
        with warnings.catch_warnings():
            # Chroma says that a collection without its own embedding function is of the old kind.
            warnings.simplefilter("ignore", DeprecationWarning)
            collection.modify(configuration=UpdateCollectionConfiguration(hnsw=hnsw))

    def tidy(self) -> Generation | None:
        """Remove what is no part of the index that serves, such as the rest of a reload that died.
        Return that index, or None before the first reload."""
        serving = self.index()
        with translated(self.location):
            if serving is not None:
                remove_other_passages(self._client, serving)
            delete_other_collections(self._client, serving)
        return serving

    def close(self) -> None:
        self._client.close()  # type: ignore[attr-defined]


def without_credentials(server: str) -> str:
    """Return a server's address without the user name and password that it may have."""
    scheme, slashes, address = server.rpartition("//")
    host, slash, path = address.partition("/")
    return scheme + slashes + host.rpartition("@")[2] + slash + path


def _authorization(user: str | None, password: str | None) -> dict[str, str]:
    """Return the header by which a proxy before the server knows the bot (RFC 7617)."""
    if user is None:
        return {}
    pair = f"{unquote(user)}:{unquote(password or '')}".encode()
    return {"Authorization": f"Basic {base64.b64encode(pair).decode('ascii')}"}
