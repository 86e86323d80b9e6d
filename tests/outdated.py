"""An index as another version of Passage has left it."""

from __future__ import annotations

import os
from pathlib import Path

import chromadb
from chromadb.config import Settings


def make_outdated(data: Path) -> None:
    """Make the index in a data folder one of version 0.1: split otherwise, and without codes."""
    # A name of its own: clients of a name that is spelt alike are one to Chroma.
    folder = os.path.join(data, ".", "chroma")
    client = chromadb.PersistentClient(folder, settings=Settings(anonymized_telemetry=False))
    (records,) = [one for one in client.list_collections() if "splitting" in (one.metadata or {})]
    records.modify(metadata={**(records.metadata or {}), "splitting": "4.5.4"})
    ids = records.get(include=[])["ids"]
    gone = dict.fromkeys(("codes", "tokens", "ends"))
    records.update(ids=ids, metadatas=[gone | {"vectors": "AAAA"} for _ in ids])
    client.close()
