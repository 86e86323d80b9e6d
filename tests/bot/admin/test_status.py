"""`/help` and `/status` in a Discord in memory."""

from __future__ import annotations

import math
import re

import discord
import pytest
import simcord

from bot.ask.cog import MENU
from bot.client import Bot
from bot.i18n.phrases import ENGLISH
from retrieval import Library, __version__

from ..server import Server, nothing_found, seen, serving

REFUSAL = "Only people who manage this server can see my status."


def manager(server: Server) -> simcord.MemberActor:
    """A member who manages the server."""
    role = server.guild.create_role("keeper", permissions=discord.Permissions(manage_guild=True))
    return server.guild.add_member(server.env.create_user("kim"), roles=[role])


async def test_help_says_to_the_member_alone_what_the_bot_does_and_how_to_ask() -> None:
    async with serving(nothing_found()) as server:
        result = await server.ana.slash(server.channel, "help")
        commands = {command.name for command in server.env.bot.tree.get_commands()}

    assert result.ephemeral
    text = seen(result.response.message)
    assert "word for word" in text
    assert "Mention me" in text
    ways = ("directly", "reply to an answer", "in its thread", "in a reply", MENU, "set aside")
    assert [way for way in ways if way not in text] == []
    for name in ("ask", "sources", "article", "status", "help"):
        assert name in commands
        assert f"- </{name}:" in text


async def test_status_tells_a_manager_how_the_bot_is_and_what_it_holds(library: Library) -> None:
    async with serving(library) as server:
        for question in ("What is the boiling point of mercury?", "Who is Le Minh Hung?"):
            await server.ask(question)
        result = await manager(server).slash(server.channel, "status")

    assert result.ephemeral
    held = library.status()
    lines = seen(result.response.message).split("\n")
    assert lines[:2] == ["### Status", "Ready: yes"]
    assert re.fullmatch(r"Connection to Discord: \d+ ms", lines[2])
    assert lines[3].startswith("Articles: 5 (")
    assert "1 Deutsch" in lines[3]
    assert lines[4:] == [
        f"Passages: {held.passages}",
        f"Model: {held.model}",
        f"Articles read on: {ENGLISH.date(held.indexed_at[:10])}",
        "Asked in the last 7 days: 2, answered: 1",
        f"Version: {__version__}",
    ]


async def test_status_is_hidden_from_members_and_refused_where_it_is_not(library: Library) -> None:
    async with serving(library) as server:
        with pytest.raises(simcord.SetupError):
            await server.ana.slash(server.channel, "status")
        # In a direct message there is nobody whom Discord could hide it from.
        bo = server.env.create_user("bo")
        refused = await bo.slash("status")
        assert refused.ephemeral
        assert seen(refused.response.message) == REFUSAL

        server.env.bot.owner_id = bo.id
        allowed = await bo.slash("status")
        assert "Articles: 5" in seen(allowed.response.message)


async def test_a_server_that_shows_status_to_all_does_not_give_it_to_all(library: Library) -> None:
    async with serving(library) as server:
        command = next(
            one for one in await server.env.bot.tree.fetch_commands() if one.name == "status"
        )
        server.env.backend.set_command_permissions(
            server.guild.id,
            command.id,
            [{"id": str(server.ana.id), "type": 2, "permission": True}],
        )
        result = await server.ana.slash(server.channel, "status")

        assert seen(result.response.message) == REFUSAL


async def test_before_the_first_heartbeat_no_latency_is_made_up(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Bot, "latency", math.inf)
    async with serving(library) as server:
        result = await manager(server).slash(server.channel, "status")

    assert "Connection to Discord: not measured yet" in seen(result.response.message)


async def test_the_log_says_where_to_add_the_bot_while_no_server_has_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with serving(nothing_found()) as server:
        address = f"client_id={server.env.bot.application_id}&scope=bot+applications.commands"
        assert address in caplog.text  # The test's server is made once the bot is ready.
        caplog.clear()
        server.env.bot.dispatch("ready")
        await server.say(f"{server.mention} Who came?")
        assert "on no server" not in caplog.text
