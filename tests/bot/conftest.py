"""What the tests of the bot share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import simcord
from simcord import actors

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
