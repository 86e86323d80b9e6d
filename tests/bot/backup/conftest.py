"""A home with its backup, and a home where something else is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .backups import Home, make_origin, make_used


@pytest.fixture(autouse=True)
def _without_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, `os` has no `sync`: it would wait for all that anybody writes to the disk."""
    monkeypatch.delattr(os, "sync", raising=False)


@pytest.fixture(scope="session")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in use. No test changes it."""
    return make_origin(tmp_path_factory.mktemp("origin"))


@pytest.fixture(scope="session")
def archive(origin: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it."""
    file = tmp_path_factory.mktemp("archive") / "backup.zip"
    origin.export(file)
    return file


@pytest.fixture
def used(tmp_path: Path) -> Home:
    """Where something else is."""
    return make_used(tmp_path / "used")


@pytest.fixture
def empty(tmp_path: Path) -> Home:
    """Where nothing is yet."""
    return Home(tmp_path / "empty")
