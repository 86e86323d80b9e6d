"""A bot that finds an index of another version: it serves at once, and answers a little later."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from filelock import FileLock

from bot.cli.context import OUTDATED
from bot.i18n.phrases import ENGLISH
from retrieval import Library
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from tests.outdated import make_outdated
from tests.waiting import until

from .process import BotProcess
from .standin import standing_in
from .test_wire import ORDER, TO_HUY_RUA

pytestmark = pytest.mark.asyncio(loop_scope="package")

DONE = re.compile(r"bot\.reload_job: Reload \w+ is done: added=1 ")


async def test_an_outdated_index_is_built_anew_while_the_bot_serves(
    one_seed: Path, tmp_path: Path, embedder: Embedder
) -> None:
    """That of one article: for more passages the process that embeds them loads torch."""
    store = Store.open(tmp_path / "data" / "chroma")
    with Library(one_seed, store, lambda: embedder) as library:
        library.reload()
    make_outdated(tmp_path / "data", listed=False)
    settings = {"PASSAGE_SEEDS_DIR": str(one_seed)}
    async with standing_in() as discord, BotProcess(discord, tmp_path, **settings) as bot:

        async def answer() -> str:
            return await discord.answer(await discord.member("ana").mention(discord.channel, ORDER))

        # Nothing is reloaded while another holds the lock.
        with FileLock(bot.data / "chroma" / "reload.lock"):
            await bot.start()
            assert ENGLISH("reading_anew") in await answer()
        await until(lambda: DONE.search(bot.stderr), 0.05)
        assert TO_HUY_RUA in await answer()
        assert bot.stderr.count(OUTDATED) == 1
        assert "Traceback" not in bot.stderr
        assert discord.rest.problems == []
