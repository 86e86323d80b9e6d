"""What the tests share: the real library over the five seeds, and folders of articles."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

os.environ["HF_HUB_OFFLINE"] = "1"  # No test reaches for a model hub.

from retrieval import DEFAULT_MODEL, Library
from retrieval.embedding import Embedder, Progress, Vectors
from retrieval.store import Store

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
DATA = Path(__file__).parent / "data"

Folder = Callable[[dict[str, str | bytes]], Path]


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The default model, loaded once for all tests; it does no passage twice."""
    made, known = Embedder.load(), dict[str, Vectors]()
    encode = made.passages

    def passages(texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, encode(new, progress), strict=True))
        return np.array([known[text] for text in texts]).reshape(-1, made.dimension)

    made.passages = passages  # type: ignore[method-assign]
    return made


@pytest.fixture
def loaded_once(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default model is loaded once for all commands that are run in this process."""
    load = Embedder.load

    def once(name: str = DEFAULT_MODEL) -> Embedder:
        return embedder if name == DEFAULT_MODEL else load(name)

    monkeypatch.setattr(Embedder, "load", once)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that the commands of a file share; the first of them fills it."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def command_line(
    data: Path, loaded_once: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Commands that are run in this process have the seeds, `data`, and no settings beside."""
    for name in [name for name in os.environ if name.startswith(("PASSAGE_", "DISCORD_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PASSAGE_SEEDS_DIR", str(SEEDS))
    monkeypatch.setenv("PASSAGE_DATA_DIR", str(data))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)


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
