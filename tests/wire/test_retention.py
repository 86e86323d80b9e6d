"""What is old is forgotten by the clock alone, and by no clock that is wrong."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from bot.journal.journal import JOURNAL, Journal
from bot.journal.records import SentAnswer
from tests.waiting import until

from .members import Member
from .process import BotProcess
from .standin import StandIn
from .test_wire import ORDER

pytestmark = pytest.mark.asyncio(loop_scope="package")

DAY = 86_400


async def test_an_old_answer_goes_though_nobody_asks_and_so_does_a_server_that_was_left(
    discord: StandIn, bot: BotProcess
) -> None:
    guild = int(discord.guild["id"])
    kept = SentAnswer(time.time() - 29 * DAY, "Who?", "en", 7, (), guild=guild)
    old = replace(kept, at=time.time() - 31 * DAY, id="old")
    elsewhere = replace(kept, guild=guild + 1, id="elsewhere")
    with Journal(bot.data / JOURNAL) as journal:
        for answer in (kept, old, elsewhere):
            journal.record(answer)
        await until(lambda: journal.answer(old.id) is journal.answer(elsewhere.id) is None, 0.05)
        assert journal.answer(kept.id) == kept


async def test_a_server_that_is_left_while_the_bot_is_away_is_forgotten(
    discord: StandIn, bot: BotProcess
) -> None:
    guild = await discord.found("left", channels=1)
    left = SentAnswer(time.time() - DAY, "Who?", "en", 7, (), guild=int(guild["id"]))
    kept = replace(left, guild=int(discord.guild["id"]), id="kept")
    old = set(discord.gateway.sessions)
    with Journal(bot.data / JOURNAL) as journal:
        async with discord.gateway.away():
            journal.record(left)
            journal.record(kept)
            # Discord forgets the sessions, and tells of nothing that has happened meanwhile.
            discord.gateway.sessions.clear()
            del discord.world.guilds[guild["id"]]
        await discord.until(lambda: set(discord.gateway.sessions) - old)
        await until(lambda: journal.answer(left.id) is None, 0.05)
        assert journal.answer(kept.id) == kept


@pytest.mark.parametrize("days", [-4000, 40])
async def test_a_clock_that_jumps_has_nothing_forgotten(
    discord: StandIn, bot: BotProcess, ana: Member, days: int
) -> None:
    said = await ana.mention(discord.channel, ORDER)
    await discord.answer(said)
    bot.clock_jump.write_text(str(days * DAY))
    try:
        later = await ana.mention(discord.channel, ORDER)
        await discord.answer(later)
        old = SentAnswer(time.time() - 31 * DAY, "Who?", "en", 7, ())
        with Journal(bot.data / JOURNAL) as journal:
            journal.record(old)
            await until(lambda: journal.answer(old.id) is None, 0.05)
            for message in (said, later):
                # It is written after the answer is shown.
                await until(lambda id=int(message["id"]): journal.answer_to(id) is not None, 0.05)
                sent = journal.answer_to(int(message["id"]))
                assert sent
                assert abs(sent.at - time.time()) < DAY
    finally:
        bot.clock_jump.unlink()


async def test_what_a_member_deletes_is_nowhere_in_the_data_folder(
    discord: StandIn, bot: BotProcess
) -> None:
    member, words = discord.member("gone"), "quetzalcoatlus"
    id = int(member.user["id"])
    await discord.answer(await member.mention(discord.channel, f"{ORDER} {words}"))
    parts = [str(id).encode(), words.encode(), *(id.to_bytes(8, o) for o in ("big", "little"))]

    def traces() -> list[str]:
        files = [file for file in bot.data.rglob("*") if file.is_file()]
        return [file.name for file in files if any(part in file.read_bytes() for part in parts)]

    await until(traces, 0.05)
    overview = await member.slash(discord.channel, "privacy")
    await discord.until(lambda: "What I keep about you" in discord.world.says(overview.original))
    deleted = await member.click(overview.original, "Delete my data")
    await discord.until(lambda: "is deleted" in discord.world.says(deleted.original))
    assert traces() == []
