"""A reload is killed: twice here, and by `make soak-kills` fifty times with more to do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from retrieval.embedding.embedder import Embedder
from retrieval.index import reload as reloading
from tests.retrieval.killing import Killing

SOAK = "KILLS" in os.environ
KILLS = int(os.environ.get("KILLS", "2"))
SEED = int(os.environ.get("SEED", "7"))


def test_a_reload_that_is_killed_leaves_the_old_corpus_and_the_next_one_is_clean(
    embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        reloading, "PASSAGES_VERSION", reloading.PASSAGES_VERSION
    )  # A round may change it.
    articles, searched = (60, 1_000) if SOAK else (12, 10)
    with Killing(tmp_path, embedder, SEED, articles, searched) as killing:
        while killing.killed < KILLS:
            killing.round()
            said = ", ".join(f"{count} {what}" for what, count in killing.outcomes.items())
            print(f"SEED={SEED}: {said}")  # noqa: T201
