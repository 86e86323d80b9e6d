"""What an edit or a deletion does, in whatever order a member does it."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

import discord
import pytest

from bot.journal.journal import Journal
from retrieval import Answer, QuestionError

from ..server import NO_LIMITS, Scripted, below, certain, quoted, seen, serving, set_aside

pytestmark = pytest.mark.usefixtures("limits_by_no_clock")

QUOTE = "> They met in Hanoi."


def short_questions() -> Scripted:
    """Answers questions of at most 300 characters."""

    def reply(question: str) -> Answer:
        if len(question) > 300:
            raise QuestionError("It is too long.", "too_long", length=len(question), limit=300)
        return quoted(question, 0.9)

    return Scripted(reply)


async def test_a_mention_without_a_question_is_answered_once_an_edit_adds_it() -> None:
    asker = certain()
    async with serving(asker) as server:
        said = await server.ana.send(server.channel, server.mention)
        (greeting,) = below(server.channel, said)
        await server.ana.edit(said, f"{server.mention} Who came?")
        (answer,) = below(server.channel, said)
        await server.ana.edit(said, f"{server.mention} Who left?")

    assert "I answer questions" in greeting
    assert QUOTE in answer
    assert asker.asked == ["Who came?", "Who left?"]


async def test_a_question_that_could_not_be_asked_is_answered_once_it_is_mended() -> None:
    async with serving(short_questions()) as server:
        said = await server.ana.send(server.channel, server.mention + " Who came?" * 40)
        assert "too long" in below(server.channel, said)[0]
        await server.ana.edit(said, server.mention + " Who left?" * 40)
        assert "too long" in below(server.channel, said)[0]
        await server.ana.edit(said, f"{server.mention} Who came?")
        assert [QUOTE in text for text in below(server.channel, said)] == [True]


async def test_a_question_over_the_limit_may_be_asked_by_an_edit_once_it_is_not() -> None:
    async with serving(certain(), replace(NO_LIMITS, per_member=1)) as server:
        await server.say(f"{server.mention} Who came?")
        said = await server.ana.send(server.channel, f"{server.mention} Who left?")
        assert "60 seconds" in below(server.channel, said)[0]
        await server.env.bot.servers.change(server.guild.id, "per_member", 0, 1.0, 1)
        await server.ana.edit(said, f"{server.mention} Who left, and when?")
        assert [QUOTE in text for text in below(server.channel, said)] == [True]


async def test_an_edit_over_the_limit_is_told_below_the_answer_which_stays() -> None:
    asker = certain()
    async with serving(asker, replace(NO_LIMITS, per_member=1)) as server:
        said = await server.ana.send(server.channel, f"{server.mention} Who came?")
        (answer,) = below(server.channel, said)
        await server.ana.edit(said, f"{server.mention} Who left?")
        kept, told = below(server.channel, said)
        assert (kept, "60 seconds" in told) == (answer, True)
        notice = server.channel.last_message
        assert notice.reference.message_id == said.id
        await server.ana.edit(said, f"{server.mention} Who left, and when?")
        assert below(server.channel, said) == [answer, told]
        (reaction,) = next(
            each for each in server.channel.history() if each.id == said.id
        ).reactions
        assert reaction.emoji == "⏳"
        # Heeded once it may be: nothing stays of the notice.
        await server.env.bot.servers.change(server.guild.id, "per_member", 0, 1.0, 1)
        await server.ana.edit(said, f"{server.mention} Who left?")
        assert [QUOTE in text for text in below(server.channel, said)] == [True]

    assert asker.asked == ["Who came?", "Who left?"]


async def test_a_question_whose_edit_was_refused_is_not_answered_once_more() -> None:
    asker = certain()
    async with serving(asker, replace(NO_LIMITS, per_member=1)) as server:
        said = await server.ana.send(server.channel, f"{server.mention} Who came?")
        (message,) = [each for each in server.env.bot.cached_messages if each.id == said.id]
        first = copy(message)
        await server.ana.edit(said, f"{server.mention} Who left?")
        await server.env.bot.servers.change(server.guild.id, "per_member", 0, 1.0, 1)
        both = below(server.channel, said)
        # After a lost connection Discord sends the event again, as it was.
        await server.env.bot.get_cog("AskCog").on_message(first)
        assert below(server.channel, said) == both

    assert asker.asked == ["Who came?"]


async def test_an_edit_that_cannot_be_searched_for_is_told_until_it_is_taken_back() -> None:
    async with serving(short_questions()) as server:
        said = await server.ana.send(server.channel, f"{server.mention} Who came?")
        (answer,) = below(server.channel, said)
        for times in (40, 50):
            await server.ana.edit(said, server.mention + " Who left?" * times)
            kept, told = below(server.channel, said)
            assert kept == answer
            assert "too long" in told
        await server.ana.edit(said, f"{server.mention} Who came?")
        assert below(server.channel, said) == [answer]
        await server.ana.edit(said, server.mention + " Who left?" * 40)
        await server.ana.delete(said)
        assert server.channel.history() == []


async def test_a_refusal_that_was_withdrawn_is_told_again_by_a_message_of_its_own() -> None:
    async with serving(short_questions()) as server:
        said = await server.ana.send(server.channel, f"{server.mention} Who came?")
        for words in (" Who left?" * 40, " Who came?", " Who left?" * 40, ""):
            await server.ana.edit(said, server.mention + words)
        assert len(below(server.channel, said)) == 1  # What is not asked any more is not told.
        # Of two messages with one nonce Discord shows the first alone.
        nonces = [
            request.json["nonce"]
            for request in server.env.http_requests
            if request.method == "POST" and request.path.endswith("/messages")
        ]
        assert len(set(nonces)) == len(nonces) == 3


async def test_a_preview_that_discord_adds_is_no_further_edit() -> None:
    async with serving(certain(), replace(NO_LIMITS, per_member=1)) as server:
        said = await server.ana.send(server.channel, f"{server.mention} Who came?")
        for _ in range(2):
            await server.ana.edit(said, f"{server.mention} Who left https://a.example?")
        assert len(below(server.channel, said)) == 2
        assert not any(message.reactions for message in server.channel.history())


async def test_an_edit_that_nobody_has_put_to_the_bot_is_refused_in_silence() -> None:
    async with set_aside(certain()) as server:
        await server.env.bot.servers.change(server.guild.id, "per_member", 1, 1.0, 1)
        said = await server.ana.send(server.channel, "Who came to the meeting?")
        (answer,) = below(server.channel, said)
        await server.ana.edit(said, "Who left the meeting?")
        assert below(server.channel, said) == [answer]
        assert not server.channel.last_message.reactions


async def test_a_notice_goes_with_its_question() -> None:
    async with serving(short_questions(), replace(NO_LIMITS, per_member=2)) as server:
        for words in (" Who came?" * 40, "", " Who left?"):
            await server.ana.send(server.channel, server.mention + words)
        asked = [each for each in server.channel.history() if each.author.id == server.ana.id]
        texts = [seen(each) for each in server.channel.history() if each.author.id != server.ana.id]
        for text, words in zip(
            texts, ("too long", "I answer questions", "60 seconds"), strict=True
        ):
            assert words in text
        server.env.backend.bulk_delete_messages(server.channel.id, [each.id for each in asked[:2]])
        await server.ana.delete(asked[2])
        assert server.channel.history() == []


async def test_the_answer_to_a_member_who_is_not_recorded_stays() -> None:
    async with serving(certain()) as server:
        await server.env.bot.journal.change(lambda of: of.set_recorded(server.ana.id, False))
        said = await server.ana.send(server.channel, f"{server.mention} Who came?")
        await server.ana.edit(said, f"{server.mention} Who left?")
        assert [QUOTE in text for text in below(server.channel, said)] == [True]
        await server.ana.delete(said)
        (answer,) = server.channel.history()
        assert QUOTE in seen(answer)


async def test_the_answer_stays_where_the_message_is_not_put_to_the_bot_any_more() -> None:
    asker = certain()
    async with set_aside(asker, elsewhere=True) as server:
        said = await server.ana.send(server.channel, f"{server.mention} Who came?")
        await server.ana.edit(said, "<@1> Never mind, I have found it")
        await server.ana.edit(said, server.mention)
        assert QUOTE in below(server.channel, said)[0]

    assert asker.asked == ["Who came?"]


async def test_an_answer_that_a_moderator_deletes_by_hand_is_forgotten(journal: Journal) -> None:
    async with serving(certain(), journal=journal) as server:
        role = server.guild.create_role(
            "mod", permissions=discord.Permissions(manage_messages=True)
        )
        mod = server.guild.add_member(server.env.create_user("mod"), roles=[role])
        said = await server.ana.send(server.channel, f"{server.mention} Who came?")
        await server.ana.send(server.channel, f"{server.mention} Who left?")
        first = next(message for message in server.channel.history() if message.id > said.id)
        await mod.delete(first)
        await server.env.settle()
        assert [sent.question for sent in journal.answers_of(server.ana.id)] == ["Who left?"]
        await server.ana.edit(said, f"{server.mention} Who came first?")
        assert [seen(message) for message in server.channel.history()].count(QUOTE) == 0
        assert len(journal.answers_of(server.ana.id)) == 1


async def test_a_ping_of_everybody_is_no_word_of_the_question() -> None:
    asker = certain()
    async with serving(asker) as server:
        await server.say(f"@everyone {server.mention} Who came? @here")

    assert asker.asked == ["Who came?"]
