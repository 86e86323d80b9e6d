"""What the tests of the commands share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def own_seeds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Commands that are run in this process have an empty folder of articles and of data."""
    (tmp_path / "seeds").mkdir()
    monkeypatch.setenv("PASSAGE_SEEDS_DIR", str(tmp_path / "seeds"))
    monkeypatch.setenv("PASSAGE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
