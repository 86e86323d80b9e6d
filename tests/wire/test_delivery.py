"""Answers get through faults that pass, and what keeps one away for good is a plain line."""

from __future__ import annotations

import pytest

from bot.journal.journal import JOURNAL
from tests.locked import locked

from .journals import LOCKED, deleted_while_locked, told
from .members import Member
from .process import BotProcess
from .standin import StandIn
from .test_wire import CITY, ORDER, TO_HUY_RUA, VUNG_TAU, answered_once

pytestmark = pytest.mark.asyncio(loop_scope="package")

SEND = ("POST", "/messages")
RESPOND = ("PATCH", "/messages/@original")


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("taken", [False, True])
async def test_an_answer_gets_through_a_503(
    discord: StandIn, bot: BotProcess, ana: Member, times: int, taken: bool
) -> None:
    for _ in range(times):
        discord.rest.faults.fail(*SEND, 503, taken=taken)
    said = await ana.mention(discord.channel, ORDER)
    assert TO_HUY_RUA in await answered_once(discord, said)


async def test_an_answer_gets_through_what_cloudflare_refuses(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    discord.rest.faults.ban(*SEND, retry_after=0.2)
    said = await ana.mention(discord.channel, ORDER)
    assert TO_HUY_RUA in await answered_once(discord, said)
    discord.rest.faults.ban(*RESPOND, retry_after=0.2)
    used = await ana.slash(discord.channel, "ask", question=ORDER)
    await discord.until(lambda: TO_HUY_RUA in discord.world.says(used.original))
    assert used.followups == []


async def test_a_changed_answer_gets_through_a_503(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    said = await ana.mention(discord.channel, ORDER)
    await discord.answer(said)
    (answer,) = discord.world.answers(said)
    discord.rest.faults.fail("PATCH", answer["id"], 503)
    await ana.ask_instead(said, CITY)
    await discord.until(lambda: VUNG_TAU in discord.world.says(answer["id"]))


async def test_an_acknowledgement_that_cloudflare_refuses_is_made_again(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    discord.rest.faults.ban("POST", "/callback", retry_after=0)
    used = await ana.slash(discord.channel, "ask", question=ORDER)
    await discord.until(lambda: TO_HUY_RUA in discord.world.says(used.original))


@pytest.mark.parametrize(
    ("refusal", "cause"),
    [
        ((400, 50083), "the thread is archived"),
        ((403, 160005), "the thread is locked"),
        ((403, 50007), "the member takes no direct messages from the bot"),
        ((404, 10003), "the channel was deleted"),
        ((403, 50013), "The bot may not answer in channel="),
    ],
)
async def test_what_keeps_an_answer_away_is_a_plain_line(
    discord: StandIn, bot: BotProcess, ana: Member, refusal: tuple[int, int], cause: str
) -> None:
    before, sent = bot.stderr.count(cause), discord.rest.asked(*SEND)
    discord.rest.faults.fail(*SEND, *refusal)
    said = await ana.mention(discord.channel, ORDER)
    await discord.until(lambda: discord.rest.asked(*SEND) > sent)
    # What is asked last is answered last.
    await discord.answer(await discord.member("last").mention(discord.channel, CITY))
    assert bot.stderr.count(cause) == before + 1
    assert discord.world.answers(said) == []


async def test_of_an_answer_that_automod_refuses_the_member_has_a_reference(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    discord.rest.faults.fail(*SEND, 400, 200000)
    said = await ana.mention(discord.channel, ORDER)
    sentence = await answered_once(discord, said)
    assert "Something went wrong" in sentence
    (line,) = [line for line in bot.stderr.splitlines() if sentence.split()[-1] in line
               and "AutoMod" in line]  # fmt: skip
    assert " WARNING " in line


async def test_an_answer_that_is_later_than_its_token_becomes_a_message(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    sent = discord.rest.asked(*SEND)
    discord.rest.faults.fail(*RESPOND, 401, 50027)
    await ana.slash(discord.channel, "ask", question=ORDER)
    await discord.until(lambda: discord.rest.asked(*SEND) > sent)
    assert TO_HUY_RUA in discord.world.shown[list(discord.world.messages)[-1]][-1][1]


async def test_a_private_answer_that_is_later_than_its_token_is_shown_to_nobody(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    sent = discord.rest.asked(*SEND)
    before = bot.stderr.count("the interaction is too old")
    discord.rest.faults.fail(*RESPOND, 401, 50027)
    tries = discord.rest.asked(*RESPOND)
    await ana.slash(discord.channel, "ask", question=ORDER, private=True)
    await discord.until(lambda: discord.rest.asked(*RESPOND) > tries)
    await discord.answer(await discord.member("last").mention(discord.channel, CITY))
    assert discord.rest.asked(*SEND) == sent + 1
    assert bot.stderr.count("the interaction is too old") == before + 1


async def test_a_journal_that_another_program_has_locked_holds_up_nobody(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    with locked(bot.data / JOURNAL):
        said = await ana.mention(discord.channel, ORDER)
        await discord.answer(said)
        for name in ("bo", "chi", "dan"):
            used = await discord.member(name).slash(discord.channel, "ask", question=CITY)
            assert used.acknowledged_after is not None
            await discord.until(lambda used=used: VUNG_TAU in discord.world.says(used.original))
        await told(bot, LOCKED)
        files = bot.data.glob(f"{JOURNAL}*")
        modes = {file.name: file.stat().st_mode & 0o777 for file in files}
    assert bot.stderr.count(LOCKED) == 1
    assert modes == dict.fromkeys((JOURNAL, f"{JOURNAL}-wal", f"{JOURNAL}-shm"), 0o600)


async def test_the_answer_to_a_question_that_is_deleted_while_the_journal_is_locked_goes_later(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    async with deleted_while_locked(discord, bot, ana) as (said, _):
        pass
    await discord.until(lambda: not discord.world.answers(said))


async def test_a_hundred_presses_of_a_member_hold_up_nobody(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    said = await ana.mention(discord.channel, ORDER)
    await discord.answer(said)
    (answer,) = discord.world.answers(said)
    bot.pause()
    # The search keeps the worker's thread: the first press waits for it, the others do not.
    searching = await discord.member("bo").mention(discord.channel, CITY)
    pressed = [await ana.click(answer, "Show in context") for _ in range(100)]
    told = [discord.world.says(press.original) for press in pressed]
    assert sum("still at work" in text for text in told) == len(told) - 1
    bot.go_on()
    assert VUNG_TAU in await discord.answer(searching)
    await discord.until(lambda: TO_HUY_RUA in discord.world.says(pressed[0].original))
