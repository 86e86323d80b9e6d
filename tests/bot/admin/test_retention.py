"""What is forgotten of a server that the bot has left."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.discord_clock import DiscordClock
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


async def test_only_a_server_that_discord_says_is_left_is_forgotten_and_it_is_asked_for_once(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def none_listed(**options: object) -> AsyncIterator[None]:
        for nothing in ():
            yield nothing

    async with serving(nothing_found(), journal=journal) as server:
        bot, cog = server.env.bot, server.env.bot.get_cog("RetentionCog")
        guild, path = bot.get_guild(server.guild.id), f"/guilds/{server.guild.id}"
        sent = SentAnswer(bot.clock.now(), "Who?", "en", 7, (), guild=guild.id)
        monkeypatch.setattr(DiscordClock, "is_set", True)
        monkeypatch.setattr(bot, "fetch_guilds", none_listed)

        async def asked_of_discord() -> int:
            await cog._go_through()
            return sum(request.path == path for request in server.env.http_requests)

        journal.record(sent)
        before = await asked_of_discord()
        for status, code in ((403, 40001), (404, 0), (503, 0)):
            server.env.inject_error("GET", path, status=status, code=code)
            before += 1
            assert await asked_of_discord() >= before
            assert journal.answer(sent.id) == sent
        server.env.inject_error("GET", path, status=403, code=50001, times=None)
        guild.unavailable = True
        before = await asked_of_discord()
        await cog.on_guild_remove(guild)
        assert await asked_of_discord() == before
        assert journal.answer(sent.id) == sent
        guild.unavailable = False
        assert await asked_of_discord() == before + 1
        assert journal.answer(sent.id) is None
        assert await asked_of_discord() == before + 1
        bot.dispatch("guild_available", guild)
        await server.env.settle()
        journal.record(sent)
        await cog.on_guild_remove(guild)
        assert journal.answer(sent.id) == sent
