"""Answers in a thread that the bot opens from the question, where a server has set that."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
import pytest

from ..managing import managing
from ..server import (
    Server,
    below,
    certain,
    seen,
    serving,
)

ASKED = "Who came to the meeting?"
QUOTE = "They met in Hanoi."


@asynccontextmanager
async def in_threads() -> AsyncIterator[Server]:
    """A server that wants answers in threads."""
    async with serving(certain()) as server:
        manager = await managing(server)
        await manager.choose("threads", server.channel)
        yield server


async def test_a_mention_is_answered_in_a_thread_and_asked_on_there() -> None:
    async with in_threads() as server:
        said = await server.ana.send(server.channel, f"{server.mention} {ASKED}")
        (thread,) = server.channel.threads
        assert thread.name == ASKED
        assert QUOTE in seen(thread.last_message)
        assert not any(QUOTE in text for text in below(server.channel, said))
        sent = await server.env.bot.journal.answer_to(said.id)
        assert sent.sent_in == thread.id
        await server.ana.send(thread, f"{server.mention} And when?")
        assert server.env.bot.worker.asker.before[-1].question == ASKED
        assert [QUOTE in seen(each) for each in thread.history()].count(True) == 2
        await server.ana.edit(said, f"{server.mention} Who came then?")
        assert server.env.bot.worker.asker.asked[-1] == "Who came then?"
        assert [QUOTE in seen(each) for each in thread.history()].count(True) == 2
        assert len(server.channel.threads) == 1


async def test_ask_is_answered_in_a_thread_of_its_response() -> None:
    async with in_threads() as server:
        result = await server.ana.slash(server.channel, "ask", question=ASKED)
        (thread,) = server.channel.threads
        assert thread.name == ASKED
        assert seen(result.response.message) == "The answer is in this thread."
        assert seen(thread.last_message).startswith(f"### {ASKED}")
        assert QUOTE in seen(thread.last_message)
        private = await server.ana.slash(server.channel, "ask", question=ASKED, private=True)
        assert QUOTE in seen(private.response.message)
        await server.say(f"{server.mention} thanks!")
        assert len(server.channel.threads) == 1


@pytest.mark.parametrize("permission", ["create_public_threads", "send_messages_in_threads"])
async def test_without_the_permission_the_answer_is_in_place(permission: str) -> None:
    async with in_threads() as server:
        channel = server.env.bot.get_channel(server.channel.id)
        everyone = discord.PermissionOverwrite(**{permission: False})
        await channel.set_permissions(channel.guild.default_role, overwrite=everyone)
        assert QUOTE in await server.say(f"{server.mention} {ASKED}")
        assert QUOTE in await server.ask(ASKED)
        assert not server.channel.threads
        manager = await managing(server, "kit")
        assert f"I lack permissions in <#{server.channel.id}>" in manager.text


@pytest.mark.parametrize("code", [50013, 160004, 160006])
async def test_a_thread_that_cannot_be_opened_leaves_the_answer_in_place(code: int) -> None:
    async with in_threads() as server:
        path = "/channels/*/messages/*/threads"
        server.env.inject_error("POST", path, status=403 if code == 50013 else 400, code=code)
        assert QUOTE in await server.say(f"{server.mention} {ASKED}")
        server.env.inject_error("POST", path, status=403 if code == 50013 else 400, code=code)
        assert QUOTE in await server.ask(ASKED)


@pytest.mark.parametrize("state", ["archived", "locked"])
async def test_a_thread_that_is_closed_meanwhile_leaves_the_answer_in_place(
    monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    async with in_threads() as server:
        opened = discord.PartialMessage.create_thread

        async def closed(self: discord.PartialMessage, **values: Any) -> discord.Thread:
            thread = await opened(self, **values)
            return await thread.edit(**{state: True})

        monkeypatch.setattr(discord.PartialMessage, "create_thread", closed)
        assert QUOTE in await server.say(f"{server.mention} {ASKED}")


async def test_what_says_that_an_answer_is_refused_stands_in_its_thread() -> None:
    async with in_threads() as server:
        server.env.inject_error("POST", "/channels/*/messages", status=400, code=50035)
        said = await server.ana.send(server.channel, f"{server.mention} {ASKED}")
        (thread,) = server.channel.threads
        assert "Something went wrong" in seen(thread.last_message)
        assert not any("went wrong" in text for text in below(server.channel, said))
        server.env.inject_error("POST", "/channels/*/messages", status=400, code=50035)
        result = await server.ana.slash(server.channel, "ask", question=ASKED)
        assert seen(result.response.message) == "The answer is in this thread."
        (other,) = (each for each in server.channel.threads if each.id != thread.id)
        assert "Something went wrong" in seen(other.last_message)
