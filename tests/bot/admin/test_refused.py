"""Where Discord does not let the bot answer: a plain line for the operator, no traceback."""

from __future__ import annotations

import logging

import discord
import pytest

from bot.options import AskOptions

from ..server import below, certain, serving

QUOTE = "> They met in Hanoi."
ONE_A_MINUTE = AskOptions(per_member=1)


def lines(caplog: pytest.LogCaptureFixture) -> str:
    """What the operator reads; no traceback is among it."""
    assert not [record for record in caplog.records if record.exc_info]
    return "\n".join(r.getMessage() for r in caplog.records if r.levelno >= logging.INFO)


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


async def test_an_edited_question_whose_answer_a_moderator_has_deleted_stays_without(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with serving(certain()) as server:
        may = discord.Permissions(manage_messages=True)
        moderators = server.guild.create_role("moderators", permissions=may)
        moderator = server.guild.add_member(server.env.create_user("mo"), roles=[moderators])
        said = await server.ana.send(server.channel, f"{server.mention} Who came?")
        await moderator.delete(server.channel.last_message)
        await server.ana.edit(said, f"{server.mention} Who left?")
        assert below(server.channel, said) == []
    assert "no place any more" not in lines(caplog)  # It was told, and has forgotten the answer.


async def test_an_edited_question_whose_answer_is_gone_unseen_is_one_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with serving(certain()) as server:
        said = await server.ana.send(server.channel, f"{server.mention} Who came?")
        server.env.inject_error("PATCH", "/channels/*/messages/*", status=404, code=10008)
        await server.ana.edit(said, f"{server.mention} Who left?")
    assert f"no place any more for the answer to edited={said.id}" in lines(caplog)


async def test_an_edited_question_where_the_bot_may_not_write_any_more_is_one_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with serving(certain()) as server:
        said = await server.ana.send(server.channel, f"{server.mention} Who came?")
        before = below(server.channel, said)
        server.env.inject_error("PATCH", "/channels/*/messages/*", status=403, code=50001)
        await server.ana.edit(said, f"{server.mention} Who left?")
        assert below(server.channel, said) == before
    assert f"may not answer in channel={server.channel.id}" in lines(caplog)


async def test_a_command_that_discord_has_given_up_on_is_one_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    asker = certain()
    async with serving(asker) as server:
        server.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
        await server.ana.slash(server.channel, "ask", question="Who came?")
    assert "no place any more for the answer to interaction=" in lines(caplog)
    assert asker.asked == []


async def test_without_the_sign_that_it_types_it_answers_all_the_same(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with serving(certain()) as server:
        server.env.inject_error("POST", "/channels/*/typing", status=503)
        assert QUOTE in await server.say(f"{server.mention} Who came?")
    assert "does not show that the bot types" in lines(caplog)


async def test_a_question_too_many_that_is_deleted_at_once_is_no_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with serving(certain(), ONE_A_MINUTE) as server:
        for _ in range(2):
            await server.say(f"{server.mention} Who came?")
        server.env.inject_error("PUT", "/channels/*/reactions/*", status=404, code=10008)
        assert await server.say(f"{server.mention} Who left?") == ""
    lines(caplog)
