"""A Chroma server of the tests' own, which may die and come back."""

from __future__ import annotations

import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Self

from tests.waiting import PATIENCE, wait_until

CHROMA = "import sys, chromadb_rust_bindings; chromadb_rust_bindings.cli(['chroma', *sys.argv[1:]])"
"""What `chroma` does, without loading for a second what the server does not need."""


class ChromaServer:
    """Serves within its `with`, always at the same address."""

    def __init__(self, folder: Path) -> None:
        """`folder` keeps its data."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._folder = folder
        self.address = f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Start it, and return when it answers."""
        where = ["--path", str(self._folder / "server"), "--host", "127.0.0.1"]
        self._process = subprocess.Popen(
            [sys.executable, "-c", CHROMA, "run", *where, "--port", str(self._port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until(self._answers)
        except BaseException:
            self.kill()
            raise

    def kill(self) -> None:
        """End it without a word."""
        self._process.kill()
        self._process.wait(PATIENCE)

    def _answers(self) -> bool:
        assert self._process.poll() is None, "the Chroma server has died"
        try:
            with urllib.request.urlopen(f"{self.address}/api/v2/heartbeat"):  # noqa: S310
                return True
        except OSError:
            return False
