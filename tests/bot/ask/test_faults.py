"""Presses while Discord fails: what is done, and what the log says."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import pytest
import simcord

from bot.journal.journal import Journal
from bot.journal.question_groups import questions_asked
from bot.ui.delivery import ATTEMPT
from retrieval import Library

from ..server import below, certain, press, rows, seen, serving

ACKNOWLEDGE, CHANGE = "/interactions/*/*/callback", "/webhooks/*"


async def pressed(
    library: Library, journal: Journal, button: str, path: str, fault: tuple[int, int] = (503, 0)
) -> tuple[simcord.InteractionResult, list[str]]:
    """A press at whose first request to that path Discord fails with a status and a code, and the
    answers that stand."""
    async with serving(library, journal=journal) as server:
        await server.say(f"{server.mention} Who is Le Minh Hung?")
        status, code = fault
        server.env.inject_error("*", path, status=status, code=code)
        answer = server.channel.last_message
        assert answer is not None
        result = await press(server.ana, answer, button)
        stand = [seen(message) for message in server.channel.history() if rows(message)]
        return result, stand


@pytest.mark.parametrize("path", [ACKNOWLEDGE, CHANGE])
async def test_a_press_gets_through_a_503(library: Library, journal: Journal, path: str) -> None:
    await pressed(library, journal, "More passages", path)
    (kept,) = journal.with_tables(questions_asked)
    assert len(kept.quotes) > 1
    journal.forget(kept.id)
    _, stand = await pressed(library, journal, "Delete", path)
    assert (stand, journal.with_tables(questions_asked)) == ([], [])


async def test_the_form_of_a_rating_gets_through_a_503(library: Library, journal: Journal) -> None:
    result, _ = await pressed(library, journal, "\N{THUMBS DOWN SIGN}", ACKNOWLEDGE)
    assert result.modal is not None


@pytest.mark.parametrize(
    ("button", "path", "code"),
    [
        ("More passages", ACKNOWLEDGE, 10062),
        ("More passages", CHANGE, 10008),
        ("\N{THUMBS DOWN SIGN}", ACKNOWLEDGE, 10062),
        ("Delete", ACKNOWLEDGE, 10062),
        ("Delete", CHANGE, 10008),
    ],
)
async def test_a_press_that_comes_too_late_is_a_plain_line(  # noqa: PLR0917 - two are fixtures
    library: Library, journal: Journal, button: str, path: str, code: int,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    await pressed(library, journal, button, path, (404, code))
    assert not [record for record in caplog.records if record.exc_info]
    is_gone = (button, path) == ("Delete", CHANGE)
    assert len(journal.with_tables(questions_asked)) == (0 if is_gone else 1)


async def test_where_discord_refuses_more_passages_the_member_is_told(
    library: Library, journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    result, _ = await pressed(library, journal, "More passages", CHANGE, (400, 50035))
    told = seen(result.followups[0].message)
    assert "Something went wrong" in told
    assert f"Reference {told.split()[-1]}:" in caplog.text
    assert not [record for record in caplog.records if record.exc_info]


async def test_where_discord_refuses_a_message_the_member_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    refused = {"status": 400, "code": 50035}
    async with serving(certain()) as server:
        server.env.inject_error("POST", "/channels/*/messages", **refused)
        assert "Something went wrong" in await server.say(f"{server.mention} Who came?")
        server.env.inject_error("PATCH", CHANGE, **refused)
        assert "Something went wrong" in await server.ask("Who came?")
        server.env.inject_error("PATCH", CHANGE, **refused)
        helped = await server.ana.slash(server.channel, "help")
        told_of = seen(helped.response.message)
        assert "Something went wrong" in told_of
        assert f"Reference {told_of.split()[-1]}:" in caplog.text
        privacy = (await server.ana.slash(server.channel, "privacy")).response.message
        server.env.inject_error("PATCH", CHANGE, **refused)
        result = await press(server.ana, privacy, "Don't record me")
        (told,) = result.followups
        assert "Something went wrong" in seen(told.message)


async def test_where_the_bot_may_not_read_the_history_it_answers_without_a_reference() -> None:
    async with serving(certain()) as server:
        server.env.inject_error("POST", "/channels/*/messages", status=400, code=160002)
        said = await server.ana.send(server.channel, f"{server.mention} Who came?")
        (answer,) = below(server.channel, said)
        assert "They met in Hanoi." in answer
        assert server.channel.last_message.reference is None


async def test_an_answer_gets_through_a_request_that_discord_never_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving(certain()) as server:
        for kind, name in (
            (discord.TextChannel, "send"),
            (discord.Interaction, "edit_original_response"),
        ):
            request, tries = getattr(kind, name), list[object]()

            async def silent_once(
                *args: Any, request: Any = request, tries: list[object] = tries, **values: Any
            ) -> Any:
                tries.append(args)
                if len(tries) == 1:
                    await asyncio.sleep(10 * ATTEMPT)
                return await request(*args, **values)

            monkeypatch.setattr(kind, name, silent_once)
            if kind is discord.TextChannel:
                said = await server.ana.send(server.channel, f"{server.mention} Who came?")
            else:
                used = await server.ana.slash(server.channel, "ask", question="Who came?")
            await server.env.advance_time(ATTEMPT + 5)
            assert len(tries) == 2
        assert ["They met in Hanoi." in text for text in below(server.channel, said)] == [True] * 2
        assert "They met in Hanoi." in seen(used.response.message)


async def test_what_discord_does_not_take_for_as_long_as_a_token_is_valid_is_given_up_with_a_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with serving(certain()) as server:
        server.env.inject_error("PATCH", CHANGE, status=503, times=None)
        await server.ana.slash(server.channel, "ask", question="Who came?")
        await server.env.advance_time(12 * 60)
        assert "is not sent" not in caplog.text
        await server.env.advance_time(3 * 60)
        (line,) = [line for line in caplog.messages if "is not sent: 503" in line]
        assert line.startswith("The answer to interaction=")
