"""An index as another version of Passage has left it."""

from __future__ import annotations

import os
from pathlib import Path

import chromadb
from chromadb.config import Settings


def make_outdated(data: Path, *, listed: bool = True) -> None:
    """Make the index in a data folder one of an earlier version: split otherwise, without codes,
    and, as in version 0.2, without a list of its articles if it is not `listed`."""
    # A name of its own: clients of a name that is spelt alike are one to Chroma.
    folder = os.path.join(data, ".", "chroma")
    client = chromadb.PersistentClient(folder, settings=Settings(anonymized_telemetry=False))
    for name in [] if listed else [one.name for one in client.list_collections()]:
        if name.endswith("-articles-0"):
            client.delete_collection(name)
    (records,) = [one for one in client.list_collections() if "splitting" in (one.metadata or {})]
    records.modify(metadata={**(records.metadata or {}), "splitting": "4.5.4"})
    ids = records.get(include=[])["ids"]
    gone = dict.fromkeys(("codes", "tokens", "ends"))
    records.update(ids=ids, metadatas=[gone | {"vectors": "AAAA"} for _ in ids])
    client.close()
