"""What the tests of retrieval share: a Chroma server, and both encoders of the default model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from retrieval import DEFAULT_MODEL
from retrieval.embedding.catalog import ModelProfile
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.encoder import Encoder
from retrieval.embedding.model_build import find_model
from retrieval.embedding.onnx_encoder import OnnxEncoder
from retrieval.index.store import Store
from retrieval.search import searcher
from retrieval.search.weights import SEARCH
from tests.chroma_server import ChromaServer

from .toy import WordModel


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Chroma server of our own."""
    with ChromaServer(tmp_path_factory.mktemp("chroma-server")) as server:
        yield server.address


@pytest.fixture(scope="session")
def profile() -> ModelProfile:
    return find_model(DEFAULT_MODEL, Path("data/models"))


@pytest.fixture(scope="session")
def questions(embedder: Embedder) -> OnnxEncoder:
    """The default model by ONNX Runtime alone."""
    assert isinstance(embedder.questions, OnnxEncoder)
    return embedder.questions


@pytest.fixture(scope="session")
def torched(profile: ModelProfile) -> Encoder:
    """The default model's folder as any other one is loaded, in torch."""
    return Encoder.load(profile)


Limits = Callable[[int, int], None]


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> Limits:
    """Sets up to how many passages all are compared, and how many are candidates."""
    return lambda exact, candidates: monkeypatch.setattr(
        searcher, "SEARCH", replace(SEARCH, exact=exact, candidates=candidates)
    )


@pytest.fixture
def model() -> Any:
    return WordModel()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store.open(tmp_path / "chroma")) as opened:
        yield opened
