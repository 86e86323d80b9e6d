"""What the tests of the bot share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import simcord
from simcord import actors

from bot.journal.journal import Journal
from retrieval.answer import compose
from retrieval.search.weights import ANSWER
from tests.waiting import PATIENCE

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
def several_quotes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Further quotes are shown though the first is much likelier to answer."""
    monkeypatch.setattr(compose, "ANSWER", replace(ANSWER, share_of_best=0.5))


@pytest.fixture(autouse=True)
def patient_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test fails for a disk that is slow."""
    monkeypatch.setattr("bot.journal.journal_thread.CALL_WAIT", PATIENCE)


@pytest.fixture
def no_later_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal that fails is not tried again by the clock: simcord would wait for that."""
    monkeypatch.setattr("bot.journal.journal_thread.PAUSE", 3600.0)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """One that outlives a bot."""
    with Journal(tmp_path / "journal.sqlite3") as opened:
        yield opened
