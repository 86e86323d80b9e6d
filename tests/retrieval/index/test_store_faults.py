"""A Chroma server with credentials, and a damaged file of Chroma's."""

from __future__ import annotations

import base64
import random
import shutil
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from retrieval import Library, StoreError
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from tests.conftest import SEEDS

PAGE = 4_096
"""Bytes of a page of SQLite's."""


def test_credentials_of_a_server_are_sent_and_not_told(tmp_path: Path) -> None:
    heard: list[str | None] = []

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.headers["Authorization"])
            self.send_error(403)

        def log_message(self, *args: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as proxy:
        serving = threading.Thread(target=proxy.serve_forever)
        serving.start()
        try:
            with pytest.raises(StoreError, match=r"at http://127\.0\.0\.1:") as caught:
                Store.open(tmp_path, f"http://ana:s%40cret@127.0.0.1:{proxy.server_port}")
        finally:
            proxy.shutdown()
            serving.join()
    assert "ana" not in str(caught.value)
    assert heard[0] == "Basic " + base64.b64encode(b"ana:s@cret").decode()


MENDS = "move that folder away and run `passage reload`"


def test_of_a_damaged_index_is_told_what_mends_it(tmp_path: Path) -> None:
    with closing(Store.open(tmp_path / "chroma")):
        pass
    database = tmp_path / "chroma" / "chroma.sqlite3"
    database.write_bytes(b"no database" * 1_000)
    with pytest.raises(StoreError, match=MENDS):
        Store.open(tmp_path / "." / "chroma" / ".")


def test_wherever_an_index_is_damaged_it_serves_or_is_told_what_mends_it(
    seed_index: Path, tmp_path: Path, embedder: Embedder
) -> None:
    whole = (seed_index / "chroma" / "chroma.sqlite3").read_bytes()
    dice, told = random.Random(1), list[str]()
    # At the first page and at two others Chroma panics.
    pages = [0, 1, 9, *dice.sample(range(len(whole) // PAGE), 9)]
    for number, page in enumerate(pages):
        folder = tmp_path / str(number)
        shutil.copytree(seed_index / "chroma", folder)
        noise = bytes(PAGE) if dice.random() < 0.5 else dice.randbytes(PAGE)
        damaged = whole[: page * PAGE] + noise + whole[(page + 1) * PAGE :]
        (folder / "chroma.sqlite3").write_bytes(damaged)
        try:
            with Library(SEEDS, Store.open(folder), lambda: embedder) as library:
                library.ask("Where is Vung Tau?")
                library.status()
        except StoreError as error:
            told.append(str(error))
    assert len(told) > 3
    assert all(MENDS in sentence for sentence in told)
