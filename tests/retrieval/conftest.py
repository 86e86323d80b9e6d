"""What the tests of retrieval share: a Chroma server."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval import StoreError
from retrieval.store import Store


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Chroma server of our own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    locks = tmp_path_factory.mktemp("locks")
    chroma = Path(sys.executable).with_name("chroma")
    where = ["--path", str(tmp_path_factory.mktemp("server")), "--host", "127.0.0.1"]
    process = subprocess.Popen(
        [chroma, "run", *where, "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                Store.open(locks, address).close()
                break
            except StoreError:
                assert process.poll() is None, "the Chroma server has died"
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)
