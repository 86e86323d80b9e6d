"""What the tests share: the real library over the five seeds, and folders of articles."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"  # No test reaches for a model hub.

from retrieval import Library
from retrieval.embedding import Embedder
from retrieval.store import Store

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
DATA = Path(__file__).parent / "data"

Folder = Callable[[dict[str, str | bytes]], Path]


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The default model, loaded once for all tests."""
    return Embedder.load()


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Library]:
    """The five seed articles, indexed by the default model in a Chroma of their own."""
    store = Store.open(tmp_path_factory.mktemp("data"))
    with Library(SEEDS, store, lambda: embedder) as library:
        library.reload()
        yield library


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Makes a folder of files, by name."""

    def make(files: dict[str, str | bytes]) -> Path:
        made = tmp_path / "seeds"
        made.mkdir(exist_ok=True)
        for name, content in files.items():
            path = made / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return made

    return make
