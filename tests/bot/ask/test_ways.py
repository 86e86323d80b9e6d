"""The ways to ask, each as a person uses it, and where the bot keeps quiet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import discord
import pytest
import simcord
from simcord.backend.models.message import AllowedMentions

from bot.ask.cog import MENU
from bot.client import Bot
from bot.connection import ConnectError, run_bot
from bot.corpora.libraries import Corpora
from bot.options import AskOptions, LibraryOptions
from bot.settings import Settings
from retrieval import Answer, Outcome, QuestionError
from retrieval.models import UNSURE

from ..server import (
    DEFERRED,
    NO_LIMITS,
    Scripted,
    Server,
    below,
    certain,
    nothing_found,
    quoted,
    seen,
    serving,
    set_aside,
)

EPHEMERAL = discord.MessageFlags(ephemeral=True).value
GREETING = "I answer questions about the articles"
QUOTE = "> They met in Hanoi."
UNSPACED = ["谁主持了会议？", "会議はいつですか", "ใครเป็นประธานการประชุม"]


async def say(server: Server, text: str, to: simcord.ChannelHandle) -> list[str]:
    """What stands below ana's message in a channel, as she sees it."""
    said = await server.ana.send(to, text)
    return below(to, said)


async def test_a_reply_to_the_bot_is_a_question() -> None:
    asker = certain()
    async with serving(asker) as server:
        await server.say(f"{server.mention} Who came?")
        answer = server.channel.last_message
        said = await server.ana.send(server.channel, "And who left?", reply_to=answer)
        (text,) = below(server.channel, said)
        reply = server.channel.last_message

    assert text.startswith("-# 1. ")
    assert QUOTE in text
    assert reply.reference.message_id == said.id
    assert asker.asked == ["Who came?", "And who left?"]


async def test_a_reply_to_another_member_is_left_alone() -> None:
    async with serving(certain()) as server:
        first = await server.ana.send(server.channel, "They met.")
        said = await server.ana.send(server.channel, "And who left?", reply_to=first)
        assert below(server.channel, said) == []
        asked = await server.ana.send(server.channel, f"{server.mention} And?", reply_to=first)
        assert len(below(server.channel, asked)) == 1


async def test_a_reply_whose_words_discord_withholds_is_told_how_to_ask() -> None:
    asker = certain()
    async with serving(asker) as server:
        await server.ask("Who came?")
        answer = server.channel.last_message
        # A reply to the answer of a command pings the bot, but is no mention of it to Discord.
        said = await server.ana.send(server.channel, "And who left?", reply_to=answer)
        (text,) = below(server.channel, said)

    assert GREETING in text
    assert asker.asked == ["Who came?"]


async def test_a_reply_that_does_not_ping_is_left_alone() -> None:
    async with serving(certain()) as server:
        await server.say(f"{server.mention} Who came?")
        answer = server.channel.last_message
        said = server.env.backend.create_message(
            server.channel.id,
            server.ana.id,
            "I do not think so.",
            reference={"message_id": str(answer.id)},
            allowed_mentions=AllowedMentions(replied_user=False),
        )
        await server.env.settle()
        assert [m.id for m in server.channel.history()][-1] == said.id


async def test_a_thread_is_like_a_channel() -> None:
    async with serving(certain()) as server:
        thread = await server.thread()
        (mentioned,) = await say(server, f"{server.mention} Who came?", thread)
        answer = thread.last_message
        replied = await server.ana.send(thread, "And who left?", reply_to=answer)
        assert QUOTE in below(thread, replied)[0]
        asked = await server.ana.slash(thread, "ask", question="Who came?")

    assert QUOTE in mentioned
    assert seen(asked.response.message) == f"### Who came?\n{mentioned}"


async def test_a_direct_message_needs_no_mention() -> None:
    async with serving(certain()) as server:
        said = await server.ana.send_dm("Who came?")
        direct = server.ana.user.dm_channel
        (text,) = below(direct, said)
        hello = await server.ana.send_dm(server.mention)
        (greeting,) = below(direct, hello)
        asked = await server.ana.user.slash("ask", question="Who came?")

    assert text.startswith("-# 1. ")
    assert QUOTE in text
    assert GREETING in greeting
    assert seen(asked.response.message) == f"### Who came?\n{text}"


async def test_direct_messages_can_be_switched_off() -> None:
    async with serving(certain(), replace(NO_LIMITS, direct_messages=False)) as server:
        said = await server.ana.send_dm(f"{server.mention} Who came?")
        assert below(server.ana.user.dm_channel, said) == []
        assert "ask" not in server.ana.user.available_commands()
        assert "ask" in server.ana.available_commands(server.channel)
        assert QUOTE in await server.ask("Who came?")


async def test_a_private_answer_is_seen_by_its_asker_alone() -> None:
    async with serving(certain()) as server:
        bo = server.guild.add_member(server.env.create_user("bo"))
        result = await server.ana.slash(server.channel, "ask", question="Who came?", private=True)
        (deferral,) = [r for r in server.env.http_requests if r.path.endswith("/callback")]
        assert deferral.json == {"type": DEFERRED, "data": {"flags": EPHEMERAL}}
        assert QUOTE in seen(result.response.message)
        assert server.channel.history(viewer=bo) == []
        assert len(server.channel.history(viewer=server.ana)) == 1

        await server.ask("Who came?")
        assert len(server.channel.history(viewer=bo)) == 1


async def test_a_messages_menu_answers_it_privately() -> None:
    asker = certain()
    async with serving(asker) as server:
        bo = server.guild.add_member(server.env.create_user("bo"))
        target = await bo.send(server.channel, "I wonder who came")
        result = await server.ana.context_menu(server.channel, MENU, target)
        assert result.ephemeral
        text = seen(result.response.message)
        assert len(server.channel.history(viewer=bo)) == 1

    assert text.startswith("### I wonder who came")
    assert QUOTE in text
    assert asker.asked == ["I wonder who came"]


@pytest.mark.parametrize(
    ("words", "says"), [("", "no words"), ("why " * 100, "399 characters")], ids=["none", "many"]
)
async def test_a_menu_on_what_is_no_question_says_so(words: str, says: str) -> None:
    asker = certain()
    async with serving(asker) as server:
        target = await server.ana.send(
            server.channel, words, attachments=[("picture.png", b"none")]
        )
        result = await server.ana.context_menu(server.channel, MENU, target)
        assert result.ephemeral
        text = seen(result.response.message)

    assert says in text
    assert "\n" not in text
    assert text.endswith(".")
    assert asker.asked == []


async def test_in_a_channel_set_aside_a_question_needs_no_mention() -> None:
    asker = Scripted(lambda question: quoted(question, UNSURE - 0.1, UNSURE))
    async with set_aside(asker) as server:
        assert server.env.bot.intents.message_content
        assert QUOTE in await server.say("Who came to Hanoi?")
        for question in UNSPACED:
            assert QUOTE in await server.say(question)
        assert await server.say("They came to Hanoi.") == ""
        # What is put to the bot is answered there as it is elsewhere.
        assert QUOTE in await server.say(f"{server.mention} They came to Hanoi.")
        thread = await server.thread()
        assert len(await say(server, "Who came to Hanoi?", thread)) == 1
        other = server.guild.create_text_channel("other")
        assert await say(server, "Who came to Hanoi?", other) == []
        # There the bot now reads a reply to another member, and still leaves it alone.
        said = await server.ana.send(other, "Who left?", reply_to=other.last_message)
        assert below(other, said) == []

    (first, *unspaced), others = asker.asked[:4], asker.asked[4:]
    assert unspaced == UNSPACED
    assert [first, *others] == ["Who came to Hanoi?", "They came to Hanoi.", "Who came to Hanoi?"]


@pytest.mark.parametrize("ending", ["weak", "nothing", "small talk", "refused", "failed"])
async def test_in_a_channel_set_aside_it_keeps_quiet_unless_it_is_certain(ending: str) -> None:
    def reply(question: str) -> Answer:
        match ending:
            case "weak":
                return quoted(question, UNSURE - 0.01)
            case "nothing":
                return Answer(question, "en", Outcome.NOT_FOUND)
            case "small talk":
                return Answer(question, "en", Outcome.SMALL_TALK)
            case "refused":
                raise QuestionError("Please ask otherwise.", "empty")
        raise RuntimeError("the disk is full")

    asker = Scripted(reply)
    async with set_aside(asker) as server:
        assert await server.say("Who came to Hanoi?") == ""
        requests = [request.path for request in server.env.http_requests]

    assert asker.asked == ["Who came to Hanoi?"]
    assert [path for path in requests if path.endswith(("/typing", "/messages"))] == []


async def test_a_refused_intent_says_which_setting_needs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def refuse(bot: Bot, token: str) -> None:
        assert bot.intents.message_content
        raise discord.PrivilegedIntentsRequired(None)

    monkeypatch.setattr(Bot, "start", refuse)
    channels = AskOptions(channels=frozenset({1}))
    settings = Settings(library=LibraryOptions(data_dir=tmp_path), ask=channels)
    with pytest.raises(ConnectError, match=r"Message Content intent, which PASSAGE_CHANNELS needs"):
        await run_bot("token", Corpora(nothing_found()), settings)
