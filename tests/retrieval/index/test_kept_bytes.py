"""Bytes in Chroma: whole or not there, in a folder and on a server."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from chromadb.api import ClientAPI
from chromadb.errors import NotFoundError

from retrieval.index.kept_bytes import PART, read_bytes, write_bytes
from retrieval.index.store import Store

DATA = random.Random(3).randbytes(PART + 5)


@pytest.fixture(params=["a folder", "a server"])
def client(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ClientAPI]:
    server = request.getfixturevalue("server") if request.param == "a server" else None
    with closing(Store.open(tmp_path, server)) as store:
        yield store._client


def test_bytes_come_back_as_they_went_in(client: ClientAPI) -> None:
    write_bytes(client, "large", DATA)
    write_bytes(client, "small", b"\0")
    assert read_bytes(client, "small") == b"\0"
    assert read_bytes(client, "large") == DATA
    for part in ("large-1", "large-0"):
        client.delete_collection(part)
        with pytest.raises(NotFoundError):
            read_bytes(client, "large")
    with pytest.raises(NotFoundError):
        read_bytes(client, "other")
    client.delete_collection("small-0")
