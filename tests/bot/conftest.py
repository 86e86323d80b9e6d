"""What the tests of the bot share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import simcord
from simcord import actors

from bot.backup.export import Places, export
from bot.backup.restore import OpenLibrary
from bot.journal import Journal
from retrieval.embedding.embedder import Embedder

from .backup.backups import in_use, opener
from .backup.backups import used as something_else

Speak = Callable[[str], None]


@pytest.fixture
def speak(monkeypatch: pytest.MonkeyPatch) -> Speak:
    """Sets the language of the members' Discord: in simcord all of them have English."""
    spoken = ["en-US"]
    made = actors._interactions.base_payload

    def payload(*args: Any, **kwargs: Any) -> tuple[simcord.types.Interaction, dict[str, Any]]:
        record, payload = made(*args, **kwargs)
        return record, payload | {"locale": spoken[-1]}

    monkeypatch.setattr(actors._interactions, "base_payload", payload)
    return spoken.append


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """One that outlives a bot."""
    with Journal(tmp_path / "journal.sqlite3") as opened:
        yield opened


@pytest.fixture(scope="session")
def open_library(embedder: Embedder) -> OpenLibrary:
    """Opens libraries that share the tests' model."""
    return opener(embedder)


@pytest.fixture(scope="session")
def origin(tmp_path_factory: pytest.TempPathFactory, open_library: OpenLibrary) -> Places:
    """A corpus in use. No test changes it."""
    return in_use(tmp_path_factory.mktemp("origin"), open_library)


@pytest.fixture(scope="session")
def made(origin: Places, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it."""
    file = tmp_path_factory.mktemp("made") / "backup.zip"
    export(file, origin)
    return file


@pytest.fixture
def used(tmp_path: Path) -> Places:
    """Where something else is."""
    return something_else(tmp_path)
