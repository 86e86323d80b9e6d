"""Messages whose question stands elsewhere than in their own plain words."""

from __future__ import annotations

import datetime

import discord
import pytest
from simcord.backend.models.message import Poll, PollAnswer
from simcord.enums import MessageType

from bot.ask.cog import EDITABLE, MENU
from bot.i18n.phrases import ENGLISH, phrases_in

from ..server import below, certain, nothing_found, role_of_bot, seen, serving, set_aside

QUESTION = "Who chaired the meeting in Hanoi?"
QUOTE = "> They met in Hanoi."


async def test_a_ping_of_the_bots_own_role_is_one_of_the_bot() -> None:
    asker = certain()
    async with set_aside(asker, elsewhere=True) as server:
        assert QUOTE in await server.say(f"{role_of_bot(server)} {QUESTION}")
        role = server.guild.create_role("readers")
        assert await server.say(f"<@&{role.id}> {QUESTION}") == ""
    assert asker.asked == [QUESTION]


async def test_where_discord_withholds_such_a_ping_the_bot_says_how_to_ask() -> None:
    asker = certain()
    async with serving(asker) as server:
        assert not server.env.bot.intents.message_content
        text = await server.say(f"{role_of_bot(server)} {QUESTION}")
    assert text == ENGLISH("role_unseen")
    assert asker.asked == []


async def test_a_menu_on_a_forwarded_message_asks_its_words() -> None:
    asker = certain()
    async with serving(asker) as server:
        bo = server.guild.add_member(server.env.create_user("bo"))
        elsewhere = server.guild.create_text_channel("elsewhere")
        forwarded = await server.ana.forward(await bo.send(elsewhere, QUESTION), server.channel)
        result = await server.ana.context_menu(server.channel, MENU, forwarded)
        assert QUOTE in seen(result.response.message)
    assert asker.asked == [QUESTION]


@pytest.mark.parametrize(
    ("about", "asked"),
    [("In Hanoi.", "A meeting is held. In Hanoi."), ("In Hanoi. " * 40, "A meeting is held")],
)
async def test_a_menu_on_an_embed_asks_its_title_and_what_fits(about: str, asked: str) -> None:
    asker = certain()
    async with serving(asker) as server:
        news = discord.Embed(title="A meeting is **held**", description=about)
        posted = await server.guild.create_webhook(server.channel).send(embed=news)
        for target in (posted, await server.ana.forward(posted, server.channel)):
            result = await server.ana.context_menu(server.channel, MENU, target)
            assert QUOTE in seen(result.response.message)
    assert asker.asked == [asked, asked]


async def test_a_poll_asks_its_question() -> None:
    asker = certain()
    poll = Poll(QUESTION, [PollAnswer(1, "Ida"), PollAnswer(2, "Bo")], "2026-02-01T00:00:00+00:00")
    async with set_aside(asker, elsewhere=True) as server:
        backend, ana = server.env.backend, server.ana
        backend.create_message(server.channel.id, ana.id, poll=poll)
        direct = backend.get_dm_channel(ana.id)
        backend.create_message(direct.id, ana.id, poll=poll)
        await server.env.settle()
        asked = server.channel.last_message
        await ana.send(server.channel, server.mention, reply_to=asked)
        result = await ana.context_menu(server.channel, MENU, asked)
        assert QUOTE in seen(result.response.message)
        # Discord tells of the end of a poll in a message of whoever has held it.
        ended = {"type": "poll_result", "fields": [{"name": "total_votes", "value": "0"}]}
        kind = MessageType.POLL_RESULT
        backend.create_message(direct.id, ana.id, embeds=[ended], message_type=kind)
        await server.env.settle()
        assert len(ana.user.dm_channel.history()) == 3
    assert asker.asked == [QUESTION] * 3


async def test_the_bots_own_words_are_no_question() -> None:
    asker = certain()
    async with serving(asker) as server:
        await server.say(f"{server.mention} {QUESTION}")
        result = await server.ana.context_menu(server.channel, MENU, server.channel.last_message)
        assert seen(result.response.message) == ENGLISH("no_words")
    assert asker.asked == [QUESTION]


@pytest.mark.parametrize(
    "call",
    [
        "",
        "can you help?",
        "Hi, weißt du das?",
        "giúp với",
        "^",
        "\N{WHITE UP POINTING BACKHAND INDEX}?",
        "help pls",
    ],
)
async def test_a_call_in_a_reply_asks_the_message_replied_to(call: str) -> None:
    asker = certain()
    async with set_aside(asker, elsewhere=True) as server:
        bo = server.guild.add_member(server.env.create_user("bo"))
        asked = await bo.send(server.channel, f"**{QUESTION}**")
        said = await server.ana.send(server.channel, f"{server.mention} {call}", reply_to=asked)
        (text,) = below(server.channel, said)
        reply = server.channel.last_message
    assert QUOTE in text
    assert reply.reference.message_id == said.id
    assert asker.asked == [QUESTION]


async def test_a_reply_with_words_of_its_own_asks_those() -> None:
    asker = certain()
    async with set_aside(asker, elsewhere=True) as server:
        bo = server.guild.add_member(server.env.create_user("bo"))
        first = await bo.send(server.channel, "They met.")
        for words in ("who left?", "thanks"):
            await server.ana.send(server.channel, f"{server.mention} {words}", reply_to=first)
    assert asker.asked == ["who left?", "thanks"]


@pytest.mark.parametrize("call", ["", "can you help?"])
async def test_where_discord_withholds_that_message_the_bot_says_what_to_do(call: str) -> None:
    asker = certain()
    async with serving(asker) as server:
        bo = server.guild.add_member(server.env.create_user("bo"))
        asked = await bo.send(server.channel, QUESTION)
        said = await server.ana.send(server.channel, f"{server.mention} {call}", reply_to=asked)
        (text,) = below(server.channel, said)
    assert MENU in text
    assert asker.asked == []


@pytest.mark.parametrize("aside", [False, True])
async def test_a_mention_that_an_edit_adds_is_answered_once(aside: bool) -> None:
    asker = nothing_found()
    async with set_aside(asker, elsewhere=not aside) as server:
        said = await server.ana.send(server.channel, QUESTION)
        assert below(server.channel, said) == []
        asker.asked.clear()
        for _ in range(2):
            await server.ana.edit(said, f"{server.mention} {QUESTION}")
        assert len(below(server.channel, said)) == 1
        assert server.channel.last_message.reference.message_id == said.id
    assert asker.asked == [QUESTION]


async def test_an_old_edit_is_not_heard_when_discord_tells_of_it_again() -> None:
    asker = certain()
    async with serving(asker) as server:
        said = await server.ana.send(server.channel, QUESTION)
        with pytest.MonkeyPatch.context() as patch:
            later = discord.utils.utcnow() + datetime.timedelta(seconds=EDITABLE + 1)
            patch.setattr(discord.utils, "utcnow", lambda: later)
            await server.ana.edit(said, f"{server.mention} {QUESTION}")
        assert below(server.channel, said) == []
    assert asker.asked == []


async def test_marks_emoji_mentions_and_links_are_no_words_of_a_question() -> None:
    asker = certain()
    words = "**Who** ||met|| *`there`* in ~~May~~ 2025?"
    async with serving(asker) as server:
        tags = f"<:think:123456789012345678> <@{server.ana.id}> <#{server.channel.id}> <t:1:R>"
        await server.say(f"{server.mention} {tags} {words} <https://example.com/>")
        await server.ask(words)
        target = await server.ana.send(server.channel, f"> {words}")
        await server.ana.context_menu(server.channel, MENU, target)
    assert asker.asked == ["Who met there in May 2025?"] * 3


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Wer hat die Sitzung in Hanoi geleitet?", "de"),
        ("¿Quién presidió la reunión de Hanoi?", "es"),
        ("Ai chủ trì hội nghị ở Hà Nội?", "vi"),
        ("To Lam?", "en"),
        ("Qui a présidé la réunion à Hanoï ?", "en"),
    ],
)
async def test_the_frame_is_in_the_questions_language_if_it_is_certain(
    question: str, language: str
) -> None:
    nothing = phrases_in(language)("not_found")
    async with serving(nothing_found()) as server:
        assert nothing in await server.say(f"{server.mention} {question}")
        assert nothing in await server.ask(question)


async def test_the_frame_is_else_in_the_servers_language() -> None:
    async with serving(nothing_found()) as server:
        guild = server.env.bot.get_guild(server.guild.id)
        guild.preferred_locale = discord.Locale.german
        for question in ("To Lam?", "Qui a présidé la réunion à Hanoï ?"):
            text = await server.say(f"{server.mention} {question}")
            assert phrases_in("de")("not_found") in text
        text = await server.say(f"{server.mention} Who chaired the meeting in Hanoi?")
        assert ENGLISH("not_found") in text
