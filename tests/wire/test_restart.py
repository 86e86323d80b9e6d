"""How the bot's own process starts, is refused, ends, and goes on from where it was."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from .launch import API, WITHOUT_MODEL
from .members import Member
from .process import BotProcess
from .standin import StandIn, standing_in
from .test_wire import CITY, ORDER, TO_HUY_RUA, VUNG_TAU
from .world import Interaction, Payload

pytestmark = pytest.mark.asyncio(loop_scope="package")

REASON, WORDS = "Reason", "In your own words (optional)"


@dataclass(frozen=True)
class Left:
    """What a bot has left to the one that is started after it."""

    answer: Payload
    form: Interaction
    start: int


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def left(discord: StandIn, process: BotProcess, ana: Member) -> Left:
    """An answer, and a form under it that is open while the bot is started again."""
    if not process.running:
        await process.start()
    said = await ana.mention(discord.channel, ORDER)
    await discord.answer(said)
    (answer,) = discord.world.answers(said)
    return Left(answer, await ana.click(answer, "👎"), process.starts)


@pytest_asyncio.fixture(loop_scope="package")
async def started_again(left: Left, process: BotProcess) -> None:
    """A bot that was started since; `bot` starts it where none runs."""
    if process.running and process.starts == left.start:
        assert await process.stop() == 0


async def told_to_stop(
    number: signal.Signals, discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    """It first answers what it is asked."""
    faults = discord.rest.faults
    async with faults.held("POST", "/typing") as types:
        said = await ana.mention(discord.channel, ORDER)
        await discord.until(types)
        # The signal comes as early as it can: the bot is still telling that it works on it.
        async with faults.held("POST", "/callback") as defers:
            asking = asyncio.create_task(
                discord.member("bo").slash(discord.channel, "ask", question=CITY)
            )
            await discord.until(defers)
            bot.signal(number)
        # The last of these at the latest come when it is stopping.
        for name in ("chi", "dan", "eva"):
            late = await discord.member(name).slash(discord.channel, "ask", question=CITY)
            await discord.until(lambda late=late: VUNG_TAU in discord.world.says(late.original))
    assert await bot.ended() == 0
    assert TO_HUY_RUA in await discord.answer(said)
    assert VUNG_TAU in discord.world.says((await asking).original)
    assert bot.stderr.splitlines()[-1].endswith("INFO bot.shutdown: Stopped.")


async def test_told_to_stop_it_first_answers_what_it_is_asked(
    left: Left, discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    await told_to_stop(signal.SIGTERM, discord, bot, ana)


@pytest.mark.usefixtures("started_again")
async def test_the_buttons_of_an_answer_work_after_a_restart(
    left: Left, discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    shown = await ana.click(left.answer, "Show in context")
    await discord.until(lambda: TO_HUY_RUA in discord.world.says(shown.original))
    thanked = await ana.click(left.answer, "👍")
    assert "Thank you" in discord.world.says(thanked.original)


@pytest.mark.usefixtures("started_again")
async def test_a_form_that_was_open_during_a_restart_can_be_sent(
    left: Left, discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    sent = await ana.submit(left.form, {REASON: "Outdated", WORDS: "That was years ago."})
    assert "Thank you" in discord.world.says(sent.original)


async def test_so_it_does_on_ctrl_c(discord: StandIn, bot: BotProcess, ana: Member) -> None:
    await told_to_stop(signal.SIGINT, discord, bot, ana)


@dataclass(frozen=True)
class Ended:
    """A run that Discord would not have."""

    status: int
    stderr: str


def unasked(process: BotProcess) -> dict[str, str]:
    """The settings of a process that will be asked nothing: it shares another's index."""
    return {"PASSAGE_DATA_DIR": str(process.data), WITHOUT_MODEL: "1"}


async def test_told_to_stop_just_when_the_gateway_refuses_it_stops(
    process: BotProcess, tmp_path: Path
) -> None:
    settings = unasked(process)
    async with standing_in() as discord, BotProcess(discord, tmp_path, **settings) as bot:
        bot.forker = None  # As an operator starts it.
        discord.gateway.status = 503
        await bot.launch()
        await discord.until(lambda: discord.gateway.refused)
        assert await bot.stop() == 0
    assert bot.stderr.splitlines()[-1].endswith("INFO bot.shutdown: Stopped.")
    assert "Traceback" not in bot.stderr


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def refused(
    process: BotProcess, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Ended]:
    """What became of bots that cannot log in, by the reason."""
    settings: dict[str, dict[str, str]] = {
        "token": {"DISCORD_TOKEN": "MTIzNDU2Nzg5.the.wrong-one"},
        "revoked": {},
        "no gateway": {},
        "unreachable": {API: "http://127.0.0.1:9/api/v10"},
        "intent": {"PASSAGE_CHANNELS": "1"},
    }
    ended, folder = dict[str, Ended](), tmp_path_factory.mktemp("refused")
    for reason, its in settings.items():
        async with (
            standing_in() as discord,
            BotProcess(discord, folder, **unasked(process), **its) as bot,
        ):
            discord.gateway.knows_token = reason != "revoked"
            if reason == "no gateway":
                discord.rest.faults.fail("GET", "/gateway/bot", 503)
            await bot.launch()
            ended[reason] = Ended(await bot.ended(), bot.stderr)
    return ended


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("token", "Discord does not accept the token: copy the bot's token from"),
        ("revoked", "Discord does not accept the token: copy the bot's token from"),
        ("intent", "Discord refuses the Message Content intent, which PASSAGE_CHANNELS needs"),
        ("no gateway", "Discord cannot be reached: The gateway to connect to discord"),
        ("unreachable", "Discord cannot be reached: Cannot connect to host 127.0.0.1:9"),
    ],
)
async def test_what_keeps_it_from_discord_is_one_sentence(
    refused: dict[str, Ended], reason: str, sentence: str
) -> None:
    ended = refused[reason]
    assert ended.status == 1
    assert ended.stderr.splitlines()[-1].startswith(sentence)
    assert "Traceback" not in ended.stderr
