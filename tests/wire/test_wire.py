"""The bot's own process on a Discord of sockets: what members get, whatever happens to a line."""

from __future__ import annotations

import pytest

from .members import Member
from .process import BotProcess
from .standin import StandIn
from .world import Payload

pytestmark = pytest.mark.asyncio(loop_scope="package")

ORDER = "Who received the Ho Chi Minh Order?"
TO_HUY_RUA = "presented the Ho Chi Minh Order to To Huy Rua"
CITY = "Which city hosted the national conference on the work of provincial offices?"
VUNG_TAU = "Vung Tau"


async def answered_once(discord: StandIn, said: Payload) -> str:
    """The one answer to a message."""
    answer = await discord.answer(said)
    # What is asked last is answered last: by then, a second answer would be there.
    await discord.answer(await discord.member("last").mention(discord.channel, CITY))
    assert len(discord.world.answers(said)) == 1
    return answer


async def heard_all(discord: StandIn) -> None:
    """Return when the bot has heard what was sent: it hears events in their order."""
    await discord.member("eve").slash(discord.channel, "help")


async def test_a_slow_answer_keeps_nobody_from_being_heard(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    bot.pause()
    typing = discord.rest.asked("POST", "/typing")
    said = await ana.mention(discord.channel, ORDER)
    asked = await discord.member("bo").slash(discord.channel, "ask", question=ORDER)
    assert asked.acknowledged_after is not None
    assert discord.world.answers(said) == []
    bot.go_on()
    assert TO_HUY_RUA in await discord.answer(said)
    await discord.until(lambda: TO_HUY_RUA in discord.world.says(asked.original))
    assert discord.rest.asked("POST", "/typing") > typing
    assert asked.followups == []


async def test_an_answer_that_discord_puts_off_is_sent_once(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    discord.rest.faults.limit("POST", "/messages", retry_after=0.2)
    said = await ana.mention(discord.channel, ORDER)
    assert TO_HUY_RUA in await answered_once(discord, said)


@pytest.mark.parametrize("taken", [False, True])
async def test_an_answer_at_which_discord_fails_is_sent_once(
    discord: StandIn, bot: BotProcess, ana: Member, taken: bool
) -> None:
    discord.rest.faults.fail("POST", "/messages", 500, taken=taken)
    tries = discord.rest.asked("POST", "/messages")
    said = await ana.mention(discord.channel, ORDER)
    await discord.until(lambda: discord.rest.asked("POST", "/messages") == tries + 2)
    assert TO_HUY_RUA in await answered_once(discord, said)


async def test_an_answer_follows_its_question_as_long_as_it_is_there(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    said = await ana.mention(discord.channel, ORDER)
    await discord.answer(said)
    (answer,) = discord.world.answers(said)
    await ana.ask_instead(said, CITY)
    await discord.until(lambda: VUNG_TAU in discord.world.says(answer["id"]))
    await discord.member("moderator").remove(answer)
    edits = discord.rest.asked("PATCH", answer["id"])
    await ana.ask_instead(said, ORDER)
    # By another member: ana would be told that her edit is still worked on.
    await discord.answer(await discord.member("bo").mention(discord.channel, CITY))
    # What a moderator has deleted is forgotten: no edit brings it back.
    assert discord.world.answers(said) == []
    assert discord.rest.asked("PATCH", answer["id"]) == edits


async def test_an_edit_is_heeded_while_the_question_is_still_answered(
    discord: StandIn, bot: BotProcess
) -> None:
    cy = discord.member("cy")  # Nothing of hers is still worked on.
    bot.pause()
    said = await cy.mention(discord.channel, ORDER)
    await cy.ask_instead(said, CITY)
    await heard_all(discord)
    bot.go_on()
    await discord.answer(said)
    (answer,) = discord.world.answers(said)
    await discord.until(lambda: VUNG_TAU in discord.world.says(answer["id"]))


async def test_a_question_that_goes_while_it_is_answered_takes_its_answer_along(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    bot.pause()
    deleted = discord.rest.asked("DELETE", r"/messages/\d+")
    said = await ana.mention(discord.channel, ORDER)
    await ana.remove(said)
    await heard_all(discord)
    bot.go_on()
    await discord.until(lambda: discord.rest.asked("DELETE", r"/messages/\d+") > deleted)
    assert discord.world.answers(said) == []


async def test_what_is_asked_while_the_line_is_down_is_answered_once(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    resumed, logins = discord.gateway.resumed, len(discord.gateway.sessions)
    async with discord.gateway.away():
        said = await ana.mention(discord.channel, ORDER)
    assert TO_HUY_RUA in await answered_once(discord, said)
    assert discord.gateway.resumed == resumed + 1
    assert len(discord.gateway.sessions) == logins


@pytest.mark.parametrize("ask", ["reconnect", "resumable"])
async def test_a_session_that_discord_moves_goes_on(
    discord: StandIn, bot: BotProcess, ana: Member, ask: str
) -> None:
    resumed = discord.gateway.resumed
    if ask == "reconnect":
        await discord.gateway.ask_to_reconnect()
    else:
        await discord.gateway.invalidate(resumable=True)
    said = await ana.mention(discord.channel, ORDER)
    assert TO_HUY_RUA in await answered_once(discord, said)
    assert discord.gateway.resumed == resumed + 1


async def test_a_question_that_discord_tells_twice_is_answered_once(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    said = await ana.mention(discord.channel, ORDER)
    await discord.answer(said)
    sent = discord.rest.asked("POST", "/messages")
    resumed = discord.gateway.resumed
    # The question, and the event of its answer.
    discord.gateway.repeats = 2
    await discord.gateway.drop()
    await discord.until(lambda: discord.gateway.resumed > resumed)
    discord.gateway.repeats = 0
    await answered_once(discord, said)
    assert discord.rest.asked("POST", "/messages") == sent + 1


async def test_after_an_invalid_session_it_logs_in_anew_and_answers(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    old = set(discord.gateway.sessions)
    await discord.gateway.invalidate(resumable=False)
    await discord.until(lambda: set(discord.gateway.sessions) - old)
    said = await ana.mention(discord.channel, ORDER)
    assert TO_HUY_RUA in await answered_once(discord, said)


async def test_a_gateway_that_is_gone_for_long_is_a_plain_line_and_it_comes_back(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    refused = discord.gateway.refused
    discord.gateway.status = 503
    await discord.gateway.drop()
    await discord.until(lambda: discord.gateway.refused > refused + 2)
    discord.gateway.status = None
    await discord.until(lambda: discord.gateway.connected)
    assert TO_HUY_RUA in await discord.answer(await ana.mention(discord.channel, ORDER))
    lost = [line for line in bot.stderr.splitlines() if "discord.shard" in line]
    assert len(lost) == 3
    assert all(" WARNING " in line and "No connection to Discord (503" in line for line in lost)


async def test_what_is_asked_while_it_is_away_for_long_is_answered_once(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    world, me = discord.world, discord.world.bot["id"]
    before = await ana.mention(discord.channel, ORDER)
    await discord.answer(before)
    old = set(discord.gateway.sessions)
    async with discord.gateway.away():
        # Discord forgets the sessions meanwhile, and tells of nothing.
        discord.gateway.sessions.clear()
        asked = {"content": f"<@{me}> {ORDER}"}
        late = world.post(discord.channel, ana.user, asked, id=world.snowflake(11 * 60))
        said = await ana.mention(discord.channel, CITY)
        talk = await ana.say(discord.channel, "Nobody asks anything here.")
    await discord.until(lambda: set(discord.gateway.sessions) - old)
    assert VUNG_TAU in await answered_once(discord, said)
    for message in (before, late, talk):
        assert len(world.answers(message)) == (message is before)
