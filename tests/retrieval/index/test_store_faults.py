"""A Chroma server with credentials, and a damaged file of Chroma's."""

from __future__ import annotations

import base64
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from retrieval import StoreError
from retrieval.index.store import Store


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


def test_of_a_damaged_index_is_told_what_mends_it(tmp_path: Path) -> None:
    with closing(Store.open(tmp_path / "chroma")):
        pass
    database = tmp_path / "chroma" / "chroma.sqlite3"
    database.write_bytes(b"no database" * 1_000)
    with pytest.raises(StoreError, match="move that folder away and run `passage reload`"):
        Store.open(tmp_path / "." / "chroma" / ".")
