"""One stand-in and one process of the bot for all of these tests: a start takes seconds. Further
ones, and those that are started again, begin with all loaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from .forking import forking
from .launch import PATIENT, QUEUE
from .members import Member
from .process import BotProcess
from .reloading import ADDRESS
from .standin import StandIn, standing_in

PER_GUILD = 150
"""Questions a minute in a server: more than the tests ask in one, fewer than the crowd does."""


WAITING = 10
"""Questions that may wait for the one at work: more than tests ask at once but for the crowd, whose
every other question would be a search that takes a quarter of a second."""


@pytest_asyncio.fixture(scope="package", loop_scope="package", autouse=True)
async def forker() -> AsyncIterator[None]:
    """Has all bots forked, but for those of tests that say otherwise; they give up nothing."""
    async with forking() as forker:
        BotProcess.forker = forker
        os.environ |= {PATIENT: "1", ADDRESS: forker.address}
        yield
        BotProcess.forker = None
        del os.environ[PATIENT], os.environ[ADDRESS]


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def discord() -> AsyncIterator[StandIn]:
    """A Discord with one server."""
    async with standing_in() as discord:
        yield discord


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def process(
    discord: StandIn, seed_index: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """The bot, not yet started; the seeds are indexed."""
    folder = tmp_path_factory.mktemp("bot")
    shutil.copytree(seed_index, folder / "data")
    limits = {
        "PASSAGE_QUESTIONS_PER_MEMBER": "0",
        "PASSAGE_QUESTIONS_PER_GUILD": str(PER_GUILD),
        QUEUE: str(WAITING),
    }
    async with BotProcess(discord, folder, **limits) as process:
        yield process


@pytest_asyncio.fixture(loop_scope="package")
async def bot(discord: StandIn, process: BotProcess) -> AsyncIterator[BotProcess]:
    """The bot, logged in. Whatever a test does, nobody is to read a traceback of it."""
    if not process.running:
        await process.start()
    yield process
    process.go_on()
    assert "Traceback" not in process.stderr
    assert discord.rest.problems == []


@pytest.fixture(scope="package")
def ana(discord: StandIn) -> Member:
    """Somebody who asks."""
    return discord.member("ana")
