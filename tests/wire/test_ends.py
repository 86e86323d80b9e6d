"""A bot that is ended or killed while something is under way, and what the next one finds."""

from __future__ import annotations

import asyncio
import shutil
import signal
from pathlib import Path

import pytest

from bot.journal.journal import JOURNAL, Journal

from .journals import deleted_while_locked
from .members import Member
from .process import BotProcess
from .standin import StandIn, standing_in
from .test_wire import CITY, ORDER, TO_HUY_RUA, VUNG_TAU

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_deletion_that_waits_for_a_locked_journal_is_done_before_the_bot_ends(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    async with deleted_while_locked(discord, bot, ana) as (said, later):
        bot.signal(signal.SIGTERM)
    assert await bot.ended() == 0
    assert discord.world.answers(said) == []
    with Journal(bot.data / JOURNAL) as journal:
        assert journal.answer_to(int(said["id"])) is None
        assert journal.answer_to(int(later["id"]))


async def test_feedback_that_was_acknowledged_outlives_a_kill(
    discord: StandIn, bot: BotProcess
) -> None:
    questions = {}
    for number in range(6):
        member = discord.member(f"rater-{number}")
        said = await member.mention(discord.channel, ORDER)
        await discord.answer(said)
        (answer,) = discord.world.answers(said)
        questions[said["id"]] = member, answer

    def thanked(used: object) -> bool:
        return "Thank you" in discord.world.says(getattr(used, "original", None))

    pressing = [asyncio.create_task(who.click(at, "👍")) for who, at in questions.values()]
    pressed = await pressing[2]
    await discord.until(lambda: thanked(pressed))
    assert await bot.stop(signal.SIGKILL) == -signal.SIGKILL
    for task in pressing:
        task.cancel()
    done = await asyncio.gather(*pressing, return_exceptions=True)
    with Journal(bot.data / JOURNAL) as journal:
        kept = {feedback.member for feedback in journal.feedback()}
        for (question, (member, _)), used in zip(questions.items(), done, strict=True):
            assert journal.answer_to(int(question))
            assert not thanked(used) or int(member.user["id"]) in kept
    await bot.start()
    assert TO_HUY_RUA in await discord.answer(
        await discord.member("next").mention(discord.channel, ORDER)
    )
    assert "Traceback" not in bot.stderr
    assert "WARNING" not in bot.stderr


async def test_a_start_that_fails_or_takes_too_long_fails_the_test(tmp_path: Path) -> None:
    async with standing_in() as discord, BotProcess(discord, tmp_path) as bot:
        bot.forker, bot.program = None, ("-c", "import sys; sys.exit('Why it ended.')")
        with pytest.raises(AssertionError, match=r"did not start: Why it ended\."):
            await bot.start()
        bot.program = ("-c", "import time; time.sleep(3600)")
        with pytest.raises(AssertionError, match="did not start"):
            await bot.start(patience=0.2)
        assert not bot.running


async def test_a_forked_bot_that_fails_fails_the_test(tmp_path: Path) -> None:
    settings = {"DISCORD_TOKEN": "none"}
    async with standing_in() as discord, BotProcess(discord, tmp_path, **settings) as bot:
        assert bot.forker
        with pytest.raises(AssertionError, match=r"did not start: .*DISCORD_TOKEN is not a bot's"):
            await bot.start()
        bot._folder = tmp_path / "gone"  # It raises before it is a bot.
        with pytest.raises(AssertionError, match="did not start"):
            await bot.start()
        assert not bot.running


async def test_of_ten_shards_each_is_heard_and_one_that_is_lost_is_alone(
    seed_index: Path, tmp_path: Path
) -> None:
    shutil.copytree(seed_index, tmp_path / "data")
    async with (
        standing_in() as discord,
        BotProcess(discord, tmp_path, PASSAGE_QUESTIONS_PER_MEMBER="0") as bot,
    ):
        gateway = discord.gateway
        gateway.shards = 10
        channels = {}
        while len(channels) < gateway.shards:
            guild = discord.world.guild("of a shard")
            channel = discord.world.channel(guild, "general")
            channels.setdefault((int(guild["id"]) >> 22) % gateway.shards, channel)
        await bot.start()
        for number, channel in channels.items():
            said = await discord.member(f"of-{number}").mention(channel, ORDER)
            assert TO_HUY_RUA in await discord.answer(said)
        (session,) = [one for one in gateway.sessions.values() if one.shard == 3]
        assert session.socket is not None
        resumed = gateway.resumed
        gateway.sockets[session.socket].abort()
        members = [discord.member(f"later-{number}") for number in channels]
        asked = [
            await member.mention(channel, CITY)
            for member, channel in zip(members, channels.values(), strict=True)
        ]
        for said in asked:
            assert VUNG_TAU in await discord.answer(said)
        assert gateway.resumed == resumed + 1
        assert len(gateway.sessions) == 10
        assert await bot.stop() == 0
        assert "Traceback" not in bot.stderr
        assert discord.rest.problems == []
