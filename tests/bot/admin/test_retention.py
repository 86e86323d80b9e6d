"""What is forgotten of a server that the bot has left."""

from __future__ import annotations

import pytest

from bot.journal.journal import Journal
from bot.journal.records import SentAnswer

from ..server import nothing_found, serving


async def test_no_server_is_taken_for_left_before_all_are_known(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = SentAnswer(1.0, "Who?", "en", 7, (), guild=70)
    journal.record(sent)
    async with serving(nothing_found(), journal=journal) as server:
        bot, cog = server.env.bot, server.env.bot.get_cog("RetentionCog")
        with monkeypatch.context() as patch:
            patch.setattr(bot, "is_ready", lambda: False)
            await cog.on_guild_remove(bot.get_guild(server.guild.id))
        assert journal.answer(sent.id) == sent
        await cog.on_guild_remove(bot.get_guild(server.guild.id))
        assert journal.answer(sent.id) is None
