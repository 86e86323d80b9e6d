"""The data folder on a disk of its own that fills up, or that nobody may write to."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import AsyncIterator
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


def run(*command: str | Path) -> bool:
    """Whether a command succeeds."""
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def mount(*args: str | Path) -> bool:
    """Whether this machine lets the tests mount, which containers and users often may not."""
    return run("mount", *args)


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
async def disk(discord: StandIn, seed_index: Path, tmp_path: Path) -> AsyncIterator[BotProcess]:
    """Another bot, not yet started, whose data folder is a small tmpfs."""
    data = tmp_path / "data"
    data.mkdir()
    size = size_of(seed_index) + 2**22
    if not mount("-t", "tmpfs", "-o", f"size={size}", "passage-test", data):
        pytest.skip("a tmpfs cannot be mounted here")
    try:
        shutil.copytree(seed_index, data, dirs_exist_ok=True)
        async with BotProcess(discord, tmp_path, PASSAGE_QUESTIONS_PER_MEMBER="0") as bot:
            yield bot
            assert "Traceback" not in bot.stderr
    finally:
        assert run("umount", "--lazy", data)


def fill(file: Path) -> None:
    """Take all that is left of the disk, to the last byte."""
    with file.open("wb", buffering=0) as filler:
        for size in (2**16, 1):
            try:
                while filler.write(b"x" * size):
                    pass
            except OSError:
                continue


async def test_answers_go_on_while_the_disk_is_full_and_are_recorded_when_it_is_not(
    discord: StandIn, disk: BotProcess, ana: Member
) -> None:
    await disk.start()
    await discord.answer(await ana.mention(discord.channel, ORDER))
    filler = disk.data / "filler"
    fill(filler)
    asked = []
    for question, words in ((ORDER, TO_HUY_RUA), (CITY, VUNG_TAU)):
        asked.append(await ana.mention(discord.channel, question))
        assert words in await discord.answer(asked[-1])
    await told(disk, UNUSABLE)
    filler.unlink()
    await told(disk, USABLE)
    assert disk.stderr.count(UNUSABLE) == 1
    assert await disk.stop() == 0
    with Journal(disk.data / JOURNAL) as journal:
        assert all(journal.answer_to(int(message["id"])) for message in asked)


async def test_answers_go_on_where_the_journal_may_only_be_read(
    discord: StandIn, disk: BotProcess, ana: Member
) -> None:
    journal = disk.data / JOURNAL
    Journal(journal).close()
    assert mount("--bind", journal, journal)
    try:
        assert mount("-o", "remount,bind,ro", journal)
        await disk.start()
        for question, words in ((ORDER, TO_HUY_RUA), (CITY, VUNG_TAU)):
            assert words in await discord.answer(await ana.mention(discord.channel, question))
        await told(disk, UNUSABLE)
        assert await disk.stop() == 0
        assert disk.stderr.count(UNUSABLE) == 1
    finally:
        assert run("umount", "--lazy", journal)


async def test_of_a_data_folder_that_may_only_be_read_the_start_says_so_in_a_sentence(
    disk: BotProcess,
) -> None:
    assert mount("-o", "remount,ro", disk.data)
    await disk.launch()
    assert await disk.ended() == 1
    assert "check PASSAGE_DATA_DIR" in disk.stderr.splitlines()[-1]
