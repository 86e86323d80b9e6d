"""The data folder on a disk that is full, or where nobody may write."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from bot.journal.journal import JOURNAL, Journal

from .journals import told
from .members import Member
from .process import BotProcess
from .standin import StandIn, standing_in
from .test_wire import CITY, ORDER, TO_HUY_RUA, VUNG_TAU

pytestmark = pytest.mark.asyncio(loop_scope="package")

UNUSABLE, USABLE = "cannot be used (", "can be used again"

LIMIT = 4_096
"""Bytes: more than the bot has to say on stderr, less than a page that the journal writes."""


def run(*command: str | Path) -> bool:
    """Whether a command succeeds."""
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*"))


@pytest_asyncio.fixture(loop_scope="package")
async def discord() -> AsyncIterator[StandIn]:
    """Another Discord: the bot of the other tests runs on."""
    async with standing_in() as discord:
        yield discord
        assert discord.rest.problems == []


@pytest.fixture
def ana(discord: StandIn) -> Member:
    """Somebody who asks."""
    return discord.member("ana")


@pytest_asyncio.fixture(loop_scope="package")
async def bot(discord: StandIn, tmp_path: Path) -> AsyncIterator[BotProcess]:
    """Another bot, not yet started, that has no data folder yet."""
    async with BotProcess(discord, tmp_path, PASSAGE_QUESTIONS_PER_MEMBER="0") as bot:
        yield bot
        assert not bot.starts or "Traceback" not in bot.stderr


@contextmanager
def tmpfs(data: Path, index: Path) -> Iterator[None]:
    """The data folder is a small disk of its own, with the index on it."""
    data.mkdir()
    size = f"size={size_of(index) + 2**22}"
    if not run("mount", "-t", "tmpfs", "-o", size, "passage-test", data):
        pytest.skip("a tmpfs may not be mounted here; the test of the limit has no need of one")
    try:
        shutil.copytree(index, data, dirs_exist_ok=True)
        yield
    finally:
        assert run("umount", "--lazy", data)


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """All that was left of a disk is taken, to the last byte."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as stream:
        for size in (2**16, 1):
            try:
                while stream.write(b"x" * size):
                    pass
            except OSError:
                continue
    yield
    filler.unlink()


@contextmanager
def limited(bot: BotProcess) -> Iterator[None]:
    """The system lets the bot write no file beyond a few bytes, as on a full disk."""
    before = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (LIMIT, before[1]))
    yield
    assert len(bot.stderr.encode()) < LIMIT
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, before)


async def goes_on(discord: StandIn, bot: BotProcess, member: Member) -> list[int]:
    """Two questions are answered, and the journal's failure is told once; returns their ids."""
    asked = []
    for question, words in ((ORDER, TO_HUY_RUA), (CITY, VUNG_TAU)):
        message = await member.mention(discord.channel, question)
        assert words in await discord.answer(message)
        asked.append(int(message["id"]))
    await told(bot, UNUSABLE)
    return asked


async def is_recorded_later(bot: BotProcess, asked: list[int]) -> None:
    await told(bot, USABLE)
    assert bot.stderr.count(UNUSABLE) == 1
    assert await bot.stop() == 0
    with Journal(bot.data / JOURNAL) as journal:
        assert all(map(journal.answer_to, asked))


async def test_answers_go_on_while_a_small_disk_is_full_and_are_recorded_when_it_is_not(
    discord: StandIn, bot: BotProcess, ana: Member, seed_index: Path
) -> None:
    with tmpfs(bot.data, seed_index):
        await bot.start()
        await discord.answer(await ana.mention(discord.channel, ORDER))
        with filled(bot.data):
            asked = await goes_on(discord, bot, ana)
        await is_recorded_later(bot, asked)


@pytest.mark.skipif(sys.platform != "linux", reason="others limit no other process")
async def test_answers_go_on_while_no_file_may_grow_and_are_recorded_when_it_may(
    discord: StandIn, bot: BotProcess, ana: Member, seed_index: Path
) -> None:
    shutil.copytree(seed_index, bot.data)
    await bot.start()
    await discord.answer(await ana.mention(discord.channel, ORDER))
    with limited(bot):
        asked = await goes_on(discord, bot, ana)
    await is_recorded_later(bot, asked)


async def test_answers_go_on_where_the_journal_may_only_be_read(
    discord: StandIn, bot: BotProcess, ana: Member, seed_index: Path
) -> None:
    shutil.copytree(seed_index, bot.data)
    journal = bot.data / JOURNAL
    Journal(journal).close()
    journal.chmod(0o400)
    await bot.start()
    asked = await goes_on(discord, bot, ana)
    journal.chmod(0o600)
    await is_recorded_later(bot, asked)


async def test_of_a_data_folder_that_may_only_be_read_the_start_says_so_in_a_sentence(
    bot: BotProcess, seed_index: Path
) -> None:
    shutil.copytree(seed_index, bot.data)
    parts = [bot.data, *bot.data.rglob("*")]
    for part in parts:
        part.chmod(0o500 if part.is_dir() else 0o400)
    try:
        await bot.launch()
        assert await bot.ended() == 1
        assert "check PASSAGE_DATA_DIR" in bot.stderr.splitlines()[-1]
    finally:
        for part in parts:
            part.chmod(0o700)
