"""What the tests of the bot share."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import simcord
from simcord import actors

from bot.client import EXTENSIONS, Bot
from bot.journal.journal import Journal
from bot.rate_limit import Limiter
from retrieval.answer import compose
from retrieval.search.weights import ANSWER
from tests.waiting import PATIENCE

Speak = Callable[[str], None]

EXECUTED = {name: import_module(name) for name in EXTENSIONS}


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
def patient_simulator(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test fails for a slow machine: simcord gives a bot five seconds, and then five more."""
    settle, advance = simcord.Env._settle_internal, simcord.Env._advance_to

    async def settle_patiently(env: simcord.Env, **values: Any) -> None:
        for _ in range(round(PATIENCE / env.settle_timeout)):
            with suppress(TimeoutError):
                return await settle(env, **values)
            values.pop("_deadline", None)
        await settle(env, **values)

    async def advance_patiently(env: simcord.Env, target: float, deadline: float) -> None:
        for _ in range(round(PATIENCE / env.settle_timeout)):
            with suppress(TimeoutError):
                return await advance(env, target, deadline)
            deadline = asyncio.get_running_loop().time() + env.settle_timeout
        await advance(env, target, deadline)

    monkeypatch.setattr(simcord.Env, "_settle_internal", settle_patiently)
    monkeypatch.setattr(simcord.Env, "_advance_to", advance_patiently)


@pytest.fixture(autouse=True)
def extensions_executed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py executes a bot's extensions anew for each bot: half of its start, and tests could
    change nothing in them."""

    async def load(bot: Any, name: str) -> None:
        sys.modules[name] = bot._BotBase__extensions[name] = EXECUTED[name]
        await EXECUTED[name].setup(bot)

    monkeypatch.setattr(Bot, "load_extension", load)


@pytest.fixture
def limits_by_no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits of questions and presses are those of one moment, however long a test takes."""
    monkeypatch.setattr(Limiter.__init__, "__defaults__", (lambda: 0.0,))


@pytest.fixture(autouse=True)
def patient_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test fails for a disk that is slow."""
    monkeypatch.setattr("bot.journal.background.CALL_WAIT", PATIENCE)


@pytest.fixture
def no_later_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal that fails is not tried again by the clock: simcord would wait for that."""
    monkeypatch.setattr("bot.journal.background.PAUSE", 3600.0)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """One that outlives a bot."""
    with Journal(tmp_path / "journal.sqlite3") as opened:
        yield opened
