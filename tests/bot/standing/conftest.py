"""The articles of the tests of standing questions, indexed."""

import pytest

from retrieval import Library
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from tests.conftest import Folder

from .readers import LANDED, OLD


@pytest.fixture
def library(folder: Folder, embedder: Embedder) -> Library:
    seeds = folder({"old.txt": OLD, "older.txt": LANDED.format("Alba")})
    library = Library(seeds, Store.open(seeds.parent / "chroma"), lambda: embedder)
    library.reload()
    return library
