"""The journal of a bot's own process: what is in it, and a question deleted while it is locked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.journal.journal import JOURNAL, Journal
from tests.locked import locked
from tests.waiting import until

from .members import Member
from .process import BotProcess
from .standin import StandIn
from .test_wire import CITY, ORDER, heard_all
from .world import Payload

LOCKED, USABLE = "cannot be used (database is locked)", "can be used again"


async def told(bot: BotProcess, words: str, times: int = 1) -> None:
    """Return when the bot has written some words so many times."""
    await until(lambda: bot.stderr.count(words) >= times, 0.05)


async def recorded(bot: BotProcess, said: Payload) -> None:
    """Return when the journal has the answer to a message: it can be written by then."""
    with Journal(bot.data / JOURNAL) as journal:
        await until(lambda: journal.answer_to(int(said["id"])), 0.05)


@asynccontextmanager
async def deleted_while_locked(
    discord: StandIn, bot: BotProcess, member: Member
) -> AsyncIterator[tuple[Payload, Payload]]:
    """A member's question and one asked later, both answered. The first is deleted, as the bot has
    heard, while another program has locked the journal; at the end it no longer has."""
    said = await member.mention(discord.channel, ORDER)
    await discord.answer(said)
    await recorded(bot, said)
    # A journal that is still failing is not told of anew.
    before = bot.stderr.count(LOCKED)
    await told(bot, USABLE, before)
    with locked(bot.data / JOURNAL):
        # What waits to be written keeps the journal from being read.
        later = await member.mention(discord.channel, CITY)
        await discord.answer(later)
        await member.remove(said)
        await told(bot, LOCKED, before + 1)
        await heard_all(discord)
        assert discord.world.answers(said)
        yield said, later
