"""How the bot behaves when it is asked much or answers late, as a person sees it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
import simcord

from bot.ask.cog import MENU
from bot.client import PRESSES, Bot
from bot.i18n.phrases import ENGLISH
from bot.options import AskOptions
from bot.worker import FULL_QUEUE, ONE_AT_A_TIME, STOPPING, Worker
from retrieval import Answer

from ..server import NO_LIMITS, Gate, Server, below, certain, press, restart, seen, serving, until

pytestmark = pytest.mark.usefixtures("limits_by_no_clock")

QUOTE = "> They met in Hanoi."


async def test_over_the_limit_a_mention_is_told_once_when_to_ask_again() -> None:
    asker = certain()
    async with serving(asker, AskOptions(per_member=1)) as server:
        await server.say(f"{server.mention} Who came?")
        told = await server.say(f"{server.mention} Who left?")
        assert told.endswith("Please ask again in 60 seconds.")
        assert await server.say(f"{server.mention} Who met?") == ""
        (reaction,) = server.channel.last_message.reactions
        requests = [request.path for request in server.env.http_requests]

    assert reaction.emoji == "⏳"
    assert reaction.count == 1
    assert asker.asked == ["Who came?"]
    assert sum(path.endswith("/typing") for path in requests) == 1


async def test_where_the_bot_may_not_react_it_goes_on() -> None:
    async with serving(certain(), AskOptions(per_member=1)) as server:
        server.env.inject_error("PUT", "/channels/*/reactions/*", status=403, code=50013)
        for _ in range(2):
            await server.say(f"{server.mention} Who came?")
        assert await server.say(f"{server.mention} Who left?") == ""
        assert server.channel.last_message.reactions == []


async def test_over_the_limit_a_button_says_when_to_press_again() -> None:
    async with serving(certain(), AskOptions(per_member=1)) as server:
        await server.say(f"{server.mention} Who came?")
        answer = server.channel.last_message
        results = [await press(server.ana, answer, "\N{THUMBS UP SIGN}") for _ in range(6)]
        told = [seen(result.response.message) for result in results]
        assert all("Thank you" in text for text in told[:PRESSES])
        assert told[PRESSES].endswith("Please press again in 60 seconds.")
        bo = server.guild.add_member(server.env.create_user("bo"))
        other = await press(bo, answer, "\N{THUMBS UP SIGN}")
        assert "Thank you" in seen(other.response.message)


async def test_members_channels_and_servers_can_be_shut_out() -> None:
    asker = certain()
    async with serving(asker) as server:
        bo = server.guild.add_member(server.env.create_user("bo"))
        category = server.guild.create_category("staff")
        shut = server.guild.create_text_channel("shut", category=category)
        elsewhere = server.env.create_guild()
        far = elsewhere.create_text_channel("far")
        abroad = elsewhere.add_member(server.ana.user)
        options = replace(
            NO_LIMITS,
            guilds=frozenset({server.guild.id}),
            blocked_members=frozenset({bo.id}),
            blocked_channels=frozenset({category.id}),
        )
        question = f"{server.mention} Who came?"
        early = await bo.send(server.channel, question)
        answer = server.channel.last_message
        form = await press(bo, answer, "\N{THUMBS DOWN SIGN}")
        await restart(server.env, options)
        for member, channel in ((bo, server.channel), (server.ana, shut), (abroad, far)):
            said = await member.send(channel, question)
            assert below(channel, said) == []
            asked = await member.slash(channel, "ask", question="Who came?")
            assert "I am not allowed to answer you here" in seen(asked.response.message)
        pressed = await press(bo, answer, "\N{THUMBS UP SIGN}")
        assert "I am not allowed to answer you here" in seen(pressed.response.message)
        sent = await bo.submit_modal(form, {"reason": ["other"], "words": ""})
        assert "I am not allowed to answer you here" in seen(sent.response.message)
        before = list(asker.asked)
        await bo.edit(early, f"{server.mention} Who left?")
        assert asker.asked == before
        assert QUOTE in await server.say(question)


async def test_over_the_limit_a_command_says_how_long_to_wait() -> None:
    asker = certain()
    async with serving(asker, AskOptions(per_member=2)) as server:
        bo = server.guild.add_member(server.env.create_user("bo"))
        await server.say(f"{server.mention} Who came?")
        await server.ask("Who left?")
        slash = await server.ana.slash(server.channel, "ask", question="Who met?")
        target = server.channel.history()[0]
        menu = await server.ana.context_menu(server.channel, MENU, target)
        for result in (slash, menu):
            assert result.ephemeral
            assert not result.deferred
            text = seen(result.response.message)
            assert text.endswith("Please ask again in 60 seconds.")
        others = await bo.slash(server.channel, "ask", question="Who met?")
        assert QUOTE in seen(others.response.message)

    assert asker.asked == ["Who came?", "Who left?", "Who met?"]


async def test_a_server_has_a_limit_of_its_own() -> None:
    async with serving(certain(), AskOptions(per_member=0, per_guild=1)) as server:
        bo = server.guild.add_member(server.env.create_user("bo"))
        await server.say(f"{server.mention} Who came?")
        result = await bo.slash(server.channel, "ask", question="Who met?")
        assert "Please ask again in" in seen(result.response.message)
        for _ in range(2):  # Direct messages have none.
            said = await bo.send_dm("Who met?")
            assert QUOTE in below(bo.user.dm_channel, said)[0]


async def test_a_replayed_event_is_answered_once() -> None:
    asker = certain()
    async with serving(asker, AskOptions(per_member=2)) as server:
        said = await server.ana.send(server.channel, f"{server.mention} Who came?")
        for _ in range(3):
            server.env.bot.dispatch("message", said)
        await server.env.settle()
        assert len(below(server.channel, said)) == 1
        assert QUOTE in await server.say(f"{server.mention} Who left?")

    assert asker.asked == ["Who came?", "Who left?"]


class Waited(Worker):
    """A worker for which simcord waits as for the world outside, so that time can go on."""

    env: simcord.Env

    async def ask(self, *args: Any) -> Answer:
        answer = super().ask(*args)
        return await self.env.external_wait(answer, reason="the test answers when it likes")


@asynccontextmanager
async def slow(asker: Gate) -> AsyncIterator[Server]:
    """A server whose bot answers when the test lets it, its channel set aside for questions."""
    async with serving(asker) as server, Waited(asker) as worker:
        worker.env = server.env
        options = replace(NO_LIMITS, channels=frozenset({server.channel.id}))
        await server.env.restart_bot(Bot(worker, server.env.bot.journal, options))
        yield server
        asker.open.set()


async def test_a_slow_answer_says_that_it_is_still_searched_for() -> None:
    asker = Gate()
    async with slow(asker) as server:
        said = await server.ana.send(server.channel, f"{server.mention} Who came?")
        await server.env.advance_time(9)
        assert below(server.channel, said) == []
        await server.env.advance_time(1)
        notice = server.channel.last_message
        assert seen(notice) == ENGLISH("still_searching")
        asker.open.set()
        await until(lambda: QUOTE in seen(server.channel.last_message))
        assert server.channel.last_message.id == notice.id


async def test_a_slow_command_says_that_it_is_still_searched_for() -> None:
    asker = Gate()
    async with slow(asker) as server:
        result = await server.ana.slash(server.channel, "ask", question="Who came?")
        await server.env.advance_time(10)
        assert seen(result.response.message) == ENGLISH("still_searching")
        asker.open.set()
        await until(lambda: QUOTE in seen(result.response.message))
        assert len(server.channel.history()) == 1


async def test_what_takes_too_long_is_given_up_with_a_reference(
    caplog: pytest.LogCaptureFixture,
) -> None:
    asker = Gate()
    async with slow(asker) as server:
        said = await server.ana.send(server.channel, f"{server.mention} Who came?")
        await server.env.advance_time(60)
        (text,) = below(server.channel, said)
        asked = await server.ana.slash(server.channel, "ask", question="Who came?")
        await server.env.advance_time(60)
        texts = [text, seen(asked.response.message)]
        asker.open.set()
        # A member whose question was given up may ask again.
        await server.ana.send(server.channel, f"{server.mention} Who left?")
        await until(lambda: QUOTE in seen(server.channel.last_message))

    for text in texts:
        sentence, reference = text.split("\n-# Reference: ")
        assert sentence == ENGLISH("given_up")
        assert any(f"Reference {reference}" in record.getMessage() for record in caplog.records)
    assert "Who came" not in caplog.text


async def test_a_slow_question_that_nobody_put_to_the_bot_is_not_announced() -> None:
    asker = Gate()
    async with slow(asker) as server:
        said = await server.ana.send(server.channel, "Who came to Hanoi?")
        await server.env.advance_time(59)
        assert below(server.channel, said) == []
        asker.open.set()
        await until(lambda: below(server.channel, said))
        assert QUOTE in below(server.channel, said)[0]


@asynccontextmanager
async def occupied(server: Server, asker: Gate, member: int) -> AsyncIterator[None]:
    """The worker has a question of a member's: simcord lets no two members act at once."""
    first = asyncio.create_task(server.env.bot.worker.ask("Who came?", member))
    await until(lambda: asker.asked)
    yield
    asker.open.set()
    await first
    assert asker.asked == ["Who came?"]


async def test_a_second_question_while_the_first_runs_is_refused_in_a_sentence() -> None:
    asker = Gate()
    async with serving(asker) as server, occupied(server, asker, server.ana.id):
        assert await server.say(f"{server.mention} Who left?") == ENGLISH(ONE_AT_A_TIME)
        assert await server.ask("Who left?") == ENGLISH(ONE_AT_A_TIME)


async def test_a_full_queue_is_said_in_a_sentence_to_who_asks_and_who_presses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asker = Gate()
    for work in ("context", "more"):
        monkeypatch.setattr(asker, work, None, raising=False)  # It is not called.
    async with serving(asker, replace(NO_LIMITS, queue=0)) as server:
        asker.open.set()
        said = await server.ana.send(server.channel, f"{server.mention} Who met?")
        answer = server.channel.last_message
        asker.open.clear()
        asker.asked.clear()
        async with occupied(server, asker, 1):
            assert await server.say(f"{server.mention} Who left?") == ENGLISH(FULL_QUEUE)
            assert await server.ask("Who left?") == ENGLISH(FULL_QUEUE)
            for button in ("Show in context", "More passages"):
                pressed = await press(server.ana, answer, button)
                told = pressed.followups[0] if pressed.followups else pressed.response
                assert seen(told.message) == ENGLISH(FULL_QUEUE)
            await server.ana.edit(said, f"{server.mention} Who met, and where?")
            kept, *_, told_of_edit = below(server.channel, said)
            assert (QUOTE in kept, told_of_edit) == (True, ENGLISH(FULL_QUEUE))


async def test_a_bot_that_closes_answers_first_what_it_has_been_asked() -> None:
    asker = Gate()
    async with serving(asker) as server:
        asking = asyncio.create_task(server.ana.send(server.channel, f"{server.mention} Who came?"))
        await until(lambda: asker.asked)
        closing = asyncio.create_task(server.env.bot.unload_extension("bot.ask.cog"))
        await asyncio.sleep(0.01)
        assert not closing.done()
        asker.open.set()
        await asyncio.gather(asking, closing)
        assert QUOTE in seen(server.channel.last_message)


async def test_a_bot_that_closes_refuses_what_does_not_finish_in_time() -> None:
    asker = Gate()
    async with serving(asker, replace(NO_LIMITS, finish_within=0.02)) as server:
        asking = asyncio.create_task(server.ana.send(server.channel, f"{server.mention} Who came?"))
        await until(lambda: asker.asked)
        await server.env.bot.unload_extension("bot.ask.cog")
        assert seen(server.channel.last_message) == ENGLISH(STOPPING)
        asker.open.set()
        await asking


@pytest.mark.parametrize("wrong", [{"per_member": -1}, {"queue": -1}, {"slow_after": 60.0}])
def test_options_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"equal to 0|slow"):
        AskOptions(**wrong)
