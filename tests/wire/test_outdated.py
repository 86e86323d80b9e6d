"""A bot that finds an index of another version: it serves at once, and answers a little later."""

from __future__ import annotations

import re

import pytest
from filelock import FileLock

from bot.cli.context import OUTDATED
from bot.i18n.phrases import ENGLISH
from tests.outdated import make_outdated
from tests.waiting import until

from .members import Member
from .process import BotProcess
from .standin import StandIn
from .test_wire import ORDER, TO_HUY_RUA

pytestmark = pytest.mark.asyncio(loop_scope="package")

DONE = re.compile(r"bot\.reload_job: Reload \w+ is done: added=5 ")


async def test_an_outdated_index_is_built_anew_while_the_bot_serves(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    assert await bot.stop() == 0
    make_outdated(bot.data, listed=False)

    async def answer() -> str:
        return await discord.answer(await ana.mention(discord.channel, ORDER))

    # Nothing is reloaded while another holds the lock.
    with FileLock(bot.data / "chroma" / "reload.lock"):
        await bot.start()
        assert ENGLISH("reading_anew") in await answer()
    await until(lambda: DONE.search(bot.stderr), 0.05)
    assert TO_HUY_RUA in await answer()
    assert bot.stderr.count(OUTDATED) == 1
    assert "Traceback" not in bot.stderr
