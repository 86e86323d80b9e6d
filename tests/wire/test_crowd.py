"""Two hundred members ask the bot's own process at once."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from bot.i18n.phrases import ENGLISH
from bot.worker import FULL_QUEUE

from .conftest import PER_GUILD
from .crowd import ANSWERED, QUEUE_FULL, TOO_OFTEN, ask_at_once
from .process import BotProcess
from .standin import StandIn
from .test_wire import CITY, ORDER

pytestmark = pytest.mark.asyncio(loop_scope="package")

MEMBERS = 200


async def test_each_of_a_crowd_gets_one_answer_or_one_honest_refusal(
    discord: StandIn, bot: BotProcess
) -> None:
    guild = await discord.found("crowd", channels=10)
    # Half of them ask the same; with the others more wait than the queue holds.
    questions = [ORDER if one % 4 < 2 else f"{CITY} ({one})" for one in range(MEMBERS)]
    bot.pause()
    asking = asyncio.create_task(ask_at_once(discord, guild, questions))
    await discord.until(lambda: discord.world.has_said(ENGLISH(FULL_QUEUE)))
    bot.go_on()
    all_got = await asking
    assert {got.things for got in all_got} == {1}
    outcomes = Counter(got.outcome for got in all_got)
    assert set(outcomes) == {ANSWERED, QUEUE_FULL, TOO_OFTEN}
    assert outcomes[TOO_OFTEN] == MEMBERS - PER_GUILD
