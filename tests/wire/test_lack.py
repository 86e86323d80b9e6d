"""A bot that lacks what it stands on for a while: files that it may open, its Chroma server."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from bot.i18n.phrases import ENGLISH
from retrieval import Library
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from tests.chroma_server import ChromaServer

from .members import Member
from .process import BotProcess
from .standin import StandIn, standing_in
from .test_wire import CITY, ORDER, TO_HUY_RUA, answered_once
from .world import Interaction

pytestmark = pytest.mark.asyncio(loop_scope="package")

FAILED = "Something went wrong"


@pytest.mark.skipif(sys.platform != "linux", reason="prlimit is Linux's")
async def test_a_bot_that_may_open_no_more_files_says_so_and_recovers(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    import resource  # noqa: PLC0415

    await answered_once(discord, await ana.mention(discord.channel, CITY))
    before = resource.prlimit(bot.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(bot.pid, resource.RLIMIT_NOFILE, (0, before[1]))
    try:
        said = await ana.mention(discord.channel, ORDER)
        assert FAILED in await discord.answer(said)
        used = await discord.member("bo").slash(discord.channel, "ask", question=CITY)
        await discord.until(lambda: FAILED in discord.world.says(used.original))
    finally:
        resource.prlimit(bot.pid, resource.RLIMIT_NOFILE, before)
    assert TO_HUY_RUA in await answered_once(discord, await ana.mention(discord.channel, ORDER))
    assert len(discord.world.answers(said)) == 1
    assert used.followups == []


async def test_a_chroma_server_that_dies_costs_sentences_and_nothing_else(
    one_seed: Path, tmp_path: Path, embedder: Embedder
) -> None:
    async with standing_in() as discord:
        (olga,), settings = discord.at_home("olga")
        with ChromaServer(tmp_path) as server:
            store = Store.open(tmp_path / "data" / "chroma", server.address)
            with Library(one_seed, store, lambda: embedder) as library:
                library.reload()
            settings |= {
                "PASSAGE_SEEDS_DIR": str(one_seed),
                "PASSAGE_CHROMA_URL": server.address,
                "PASSAGE_QUESTIONS_PER_MEMBER": "0",
            }
            async with BotProcess(discord, tmp_path, **settings) as bot:

                async def answer(question: str = ORDER) -> str:
                    return await discord.answer(await olga.mention(discord.channel, question))

                async def over(used: Interaction, words: str) -> None:
                    await discord.until(lambda: ENGLISH(words) in discord.world.says(used.original))

                await bot.start()
                assert TO_HUY_RUA in await answer()
                server.kill()
                assert FAILED in await answer()
                await over(await olga.slash(discord.channel, "reload"), "reload_failed")
                await asyncio.to_thread(server.start)
                assert TO_HUY_RUA in await answer()
                (one_seed / "new.txt").write_text("A zeppelin was seen over the town on Sunday.\n")
                reloading = await olga.slash(discord.channel, "reload")
                server.kill()
                await over(reloading, "reload_failed")
                assert FAILED in await answer()
                await asyncio.to_thread(server.start)
                assert TO_HUY_RUA in await answer()
                await over(await olga.slash(discord.channel, "reload"), "reloaded")
                assert "zeppelin" in await answer("Where was a zeppelin seen?")
                assert await bot.stop() == 0
                assert "cannot be used (" in bot.stderr
                assert "Traceback" not in bot.stderr
        assert discord.rest.problems == []
