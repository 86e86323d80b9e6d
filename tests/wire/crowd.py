"""Many members who ask at once, and what each of them gets."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from bot.ask.cog import WAIT_REACTION
from bot.i18n.phrases import ENGLISH
from bot.worker import FULL_QUEUE

from .standin import StandIn
from .world import Interaction, Payload

ANSWERED, QUEUE_FULL, TOO_OFTEN, OTHER = "answered", "queue full", "too often", "something else"

FINDS = ("articles as of", ENGLISH("not_found"))
"""What answers say."""

LATER = "Please ask again in"
"""What refusals say that tell how long to wait."""


@dataclass(frozen=True, slots=True)
class Got:
    """What came of a member's question. `things` are the messages and emoji that answer it."""

    outcome: str
    things: int
    seconds: float
    """From the question to the last word."""
    acknowledged: float | None
    """Seconds until Discord knew that the bot works on a command; None for a message."""


async def ask_at_once(discord: StandIn, guild: Payload, questions: Sequence[str]) -> list[Got]:
    """What a server's members get who ask these questions at once, each member one.

    They take the channels in turn; every other one mentions the bot, the rest use `/ask`.
    """
    channels = guild["channels"]

    async def ask(number: int, question: str) -> Callable[[], Got]:
        member = discord.member(f"member-{number}")
        channel = channels[number % len(channels)]
        if number // len(channels) % 2:
            used = await member.slash(channel, "ask", question=question)
            await discord.until(lambda: word_of(discord, used.original))
            return partial(_of_command, discord, used)
        began = time.monotonic()
        said = await member.mention(channel, question)
        await discord.until(lambda: _heard(discord, said))
        return partial(_of_message, discord, said, began)

    all_got = await asyncio.gather(*(ask(*one) for one in enumerate(questions)))
    # What is asked last is answered last: by then, whoever gets two things has got them.
    await discord.answer(await discord.member("last").mention(discord.channel, questions[0]))
    return [got() for got in all_got]


def word_of(discord: StandIn, message: str | None) -> str:
    """The last word of a message; empty as long as there is none."""
    text = discord.world.says(message)
    return "" if text == ENGLISH("still_searching") else text


def _heard(discord: StandIn, said: Payload) -> bool:
    answers = discord.world.answers(said)
    return said["id"] in discord.world.reactions or any(
        word_of(discord, answer["id"]) for answer in answers
    )


def _of_command(discord: StandIn, used: Interaction) -> Got:
    assert used.original is not None
    at, text = discord.world.shown[used.original][-1]
    things = 1 + len(used.followups)
    return Got(outcome_of(text), things, at - used.made, used.acknowledged_after)


def _of_message(discord: StandIn, said: Payload, began: float) -> Got:
    reactions = discord.world.reactions.get(said["id"], [])
    answers = discord.world.answers(said)
    things = len(answers) + len(reactions)
    if reactions:
        at, emoji = reactions[0]
        return Got(TOO_OFTEN if emoji == WAIT_REACTION else OTHER, things, at - began, None)
    at, text = discord.world.shown[answers[0]["id"]][-1]
    return Got(outcome_of(text), things, at - began, None)


def outcome_of(text: str) -> str:
    """What kind of a last word a text is."""
    if any(words in text for words in FINDS):
        return ANSWERED
    if text == ENGLISH(FULL_QUEUE):
        return QUEUE_FULL
    return TOO_OFTEN if LATER in text else OTHER
