"""The buttons under an answer, pressed by its asker, by others, and after a restart."""

from __future__ import annotations

import time
from typing import Any

import discord
import pytest
import simcord

from bot.journal.journal import Journal
from retrieval import Answer, Context, Library, Outcome, Quote

from ..server import Scripted, Server, face, press, restart, seen, serving

QUESTION = "Who is Le Minh Hung?"


def labels(message: Any) -> list[str]:
    """What is on the buttons in the last row of a message."""
    row = message.components[-1].to_dict()
    return [face(button) for button in row.get("components", [])]


def member(server: Server, name: str, **allowed: bool) -> simcord.MemberActor:
    """Another member; with permissions of her own if any are named."""
    roles = [server.guild.create_role(name, permissions=discord.Permissions(**allowed))]
    user = server.env.create_user(name)
    return server.guild.add_member(user, roles=roles if allowed else [])


async def asked(server: Server) -> discord.Message:
    await server.say(f"{server.mention} {QUESTION}")
    return server.channel.last_message


async def test_an_answer_has_its_buttons_and_a_refusal_has_none(
    library: Library, journal: Journal
) -> None:
    async with serving(library, journal=journal) as server:
        answer = await asked(server)
        assert labels(answer) == [
            "Show in context", "More passages", "👍", "👎", "Delete",
        ]  # fmt: skip
        await server.say(f"{server.mention} What is the boiling point of mercury?")
        assert "Delete" not in str([c.to_dict() for c in server.channel.last_message.components])


@pytest.mark.usefixtures("several_quotes")
async def test_a_quote_is_shown_in_context_to_the_member_alone(
    library: Library, journal: Journal
) -> None:
    async with serving(library, journal=journal) as server:
        answer = await asked(server)
        shown = await server.ana.click(answer, label="Show in context")
        quote = library.ask(QUESTION).quotes[0]
        around = library.context(quote)
        assert around
        assert shown.ephemeral
        text = seen(shown.response.message)
        assert f"**{quote.text}**" in text.replace("\n> ", "\n")
        assert " ".join((around.before or around.after).split())[:60] in " ".join(text.split())
        turned = await server.ana.click(shown.response.message, label="Next")
        second = library.ask(QUESTION).quotes[1]
        assert f"**{second.text[:40]}" in seen(turned.response.message)


async def test_more_passages_replace_the_askers_and_are_a_copy_for_others(
    library: Library, journal: Journal
) -> None:
    async with serving(library, journal=journal) as server:
        answer = await asked(server)
        before = seen(answer)
        other = member(server, "bo")
        copy = await other.click(answer, label="More passages")
        assert copy.ephemeral
        assert seen(server.channel.last_message) == before
        await server.ana.click(answer, label="More passages")
        after = seen(server.channel.last_message)
        assert after.startswith("-# 1. ")
        first = library.ask(QUESTION).quotes
        assert not any(quote.text in after.replace("\n> ", "\n") for quote in first)
        assert seen(copy.response.message) == f"### {QUESTION}\n{after}"


async def test_when_there_is_no_more_it_says_so_and_the_answer_stays(journal: Journal) -> None:
    async with serving(OneQuote(), journal=journal) as server:
        answer = await asked(server)
        before = seen(answer)
        result = await server.ana.click(answer, label="More passages")
        assert seen(server.channel.last_message) == before
        assert "There are no more passages" in seen(result.followups[0].message)


async def test_a_failure_is_said_with_a_reference_that_the_log_has(
    journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(Broken(), journal=journal) as server:
        answer = await asked(server)
        for label in ("More passages", "Show in context"):
            result = await press(server.ana, answer, label)
            message = result.followups[0] if result.followups else result.response
            text = seen(message.message)
            assert "Something went wrong" in text
            assert text.split()[-1] in caplog.text


async def test_feedback_is_kept(library: Library, journal: Journal) -> None:
    async with serving(library, journal=journal) as server:
        answer = await asked(server)
        thanks = await press(server.ana, answer, "👍")
        assert thanks.ephemeral
        assert "Thank you" in seen(thanks.response.message)
        (kept,) = journal.feedback()
        assert (kept.rating, kept.article) == ("helpful", library.ask(QUESTION).quotes[0].article)


async def test_an_answer_is_deleted_by_its_asker_and_by_moderators_alone(
    library: Library, journal: Journal
) -> None:
    async with serving(library, journal=journal) as server:
        answer = await asked(server)
        refused = await member(server, "bo").click(answer, label="Delete")
        assert "Only the person who asked, or a moderator" in seen(refused.response.message)
        assert server.channel.last_message.id == answer.id
        await server.ana.click(answer, label="Delete")
        assert server.channel.last_message.id != answer.id
        again = await asked(server)
        moderator = member(server, "mo", manage_messages=True)
        await moderator.click(again, label="Delete")
        assert server.channel.last_message.id != again.id


async def test_buttons_work_after_a_restart(library: Library, journal: Journal) -> None:
    async with serving(library, journal=journal) as server:
        answer = await asked(server)
        before = seen(answer)
        await restart(server.env)
        context = await server.ana.click(answer, label="Show in context")
        assert library.ask(QUESTION).quotes[0].text[:40] in seen(context.response.message)
        assert (await press(server.ana, answer, "👍")).ephemeral
        await server.ana.click(answer, label="More passages")
        assert seen(server.channel.last_message) != before
        await server.ana.click(answer, label="Delete")
        assert server.channel.last_message.id != answer.id


async def test_the_buttons_of_a_forgotten_answer_say_that_it_is_too_old(
    library: Library, journal: Journal
) -> None:
    async with serving(library, journal=journal) as server:
        answer = await asked(server)
        sent = journal.answer_to(answer.reference.message_id)
        assert sent
        journal.forget(sent.id)
        for label in ("Show in context", "More passages", "👍", "👎"):
            result = await press(server.ana, answer, label)
            assert "too old" in seen(result.response.message), label


async def test_all_goes_with_its_question(library: Library, journal: Journal) -> None:
    async with serving(library, journal=journal) as server:
        question = await server.ana.send(server.channel, f"{server.mention} {QUESTION}")
        answer = server.channel.last_message
        assert answer.author == server.env.bot.user
        await press(server.ana, answer, "👍")
        assert len(journal.feedback()) == 1
        await server.ana.delete(question)
        assert answer.id not in {message.id for message in server.channel.history()}
        assert journal.answer_to(question.id) is None
        assert journal.feedback() == []


async def test_a_question_that_is_edited_soon_is_answered_anew_in_place(
    library: Library, journal: Journal
) -> None:
    async with serving(library, journal=journal) as server:
        question = await server.ana.send(server.channel, f"{server.mention} {QUESTION}")
        answer = server.channel.last_message
        better = "Who received the Ho Chi Minh Order?"
        await server.ana.edit(question, f"{server.mention} {better}")
        assert server.channel.last_message.id == answer.id
        words = library.ask(better).quotes[0].text
        assert words in seen(server.channel.last_message).replace("**", "").replace("\n> ", "\n")
        await server.ana.edit(question, f"{server.mention} What is the best pizza in Naples?")
        assert "do not answer this" in seen(server.channel.last_message)


async def test_a_question_that_is_edited_late_keeps_its_answer(
    library: Library, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(library, journal=journal) as server:
        question = await server.ana.send(server.channel, f"{server.mention} {QUESTION}")
        before = seen(server.channel.last_message)
        sent = journal.answer_to(question.id)
        assert sent
        monkeypatch.setattr(time, "time", lambda: sent.at + 121)
        await server.ana.edit(question, f"{server.mention} Who received the Order?")
        assert seen(server.channel.last_message) == before


@pytest.mark.parametrize("restarted", [False, True])
async def test_the_reason_is_asked_for_and_kept(
    library: Library, journal: Journal, restarted: bool
) -> None:
    async with serving(library, journal=journal) as server:
        answer = await asked(server)
        shown = await press(server.ana, answer, "👎")
        assert shown.modal
        if restarted:
            await restart(server.env)
        thanks = await server.ana.submit_modal(
            shown, {"reason": ["outdated"], "words": "It was *last* year."}
        )
        assert thanks.ephemeral
        (kept,) = journal.feedback()
        assert (kept.rating, kept.reason, kept.words) == (
            "not helpful", "outdated", "It was *last* year.",
        )  # fmt: skip


async def test_a_reason_for_a_forgotten_answer_is_too_late(
    library: Library, journal: Journal
) -> None:
    async with serving(library, journal=journal) as server:
        answer = await asked(server)
        shown = await press(server.ana, answer, "👎")
        sent = journal.answer_to(answer.reference.message_id)
        assert sent
        journal.forget(sent.id)
        late = await server.ana.submit_modal(shown, {"reason": ["other"], "words": ""})
        assert late.ephemeral
        assert "too old" in seen(late.response.message)
        assert journal.feedback() == []


class OneQuote(Scripted):
    """Has one quote for every question."""

    def __init__(self) -> None:
        text = "Ms. Le took over."
        quote = Quote(
            "a.txt", 0, len(text), text, 1.0, "en", "A", None, None, "0" * 64, (0, len(text))
        )
        super().__init__(lambda question: Answer(question, "en", Outcome.QUOTED, (quote,)))

    def more(self, question: str, seen: object, before: object = None) -> Answer:
        return Answer(question, "en", Outcome.NOT_FOUND)

    def context(self, quote: Quote) -> Context | None:
        return Context("", "", quote, "", "")


class Long(OneQuote):
    """Has quotes of which a message holds two: escaped they are more than twice as long."""

    def __init__(self) -> None:
        text, title = "*\n" * 249 + "*.", "*" * 99
        quotes = [
            Quote(
                f"{n}.txt",
                n,
                n + 500,
                text,
                1.0,
                "en",
                title,
                None,
                None,
                "0" * 64,
                (n, n + 500),
            )
            for n in (0, 600, 1200)
        ]
        super(OneQuote, self).__init__(
            lambda question: Answer(question, "en", Outcome.QUOTED, tuple(quotes))
        )


async def test_a_quote_that_had_no_room_is_not_taken_as_seen(journal: Journal) -> None:
    async with serving(Long(), journal=journal) as server:
        answer = await asked(server)
        assert "2 of 3 quotes" in seen(answer)
        sent = journal.answer_to(answer.reference.message_id)
        assert sent
        assert [quote.start for quote in sent.quotes] == [0, 600]


class Broken(OneQuote):
    """Fails when it is asked for more."""

    def more(self, question: str, seen: object, before: object = None) -> Answer:
        raise RuntimeError("out of order")

    def context(self, quote: Quote) -> Context | None:
        raise RuntimeError("out of order")
