"""Members ask the real bot in a Discord in memory; Discord's limits are checked on all it sends."""

from __future__ import annotations

import asyncio
import dataclasses
import importlib.util
import logging
import os
import re
import threading
from pathlib import Path
from types import ModuleType

import discord
import pytest
import simcord

from bot.worker import Worker
from retrieval import MAX_QUESTION, Answer, Library, Outcome
from tests.waiting import PATIENCE

from ..server import NO_LIMITS, Scripted, buttons, serving

QUESTION = "Who took over as Chief of the Party Central Office?"


async def test_a_mention_is_answered_with_verified_quotes(library: Library) -> None:
    async with serving(library) as server:
        text = await server.say(f"{server.mention} {QUESTION}")
        reply = server.channel.last_message

    answer = library.ask(QUESTION)
    # The question is in the message that it replies to, and is not said again.
    assert text.startswith("-# 1. ")
    assert QUESTION not in text
    words = text.replace("**", "").replace("\n> ", "\n")
    assert all(quote.text in words for quote in answer.quotes)
    assert "Le Hoai Trung" in text
    assert re.search(r"-# articles as of \d", text)
    assert [label for label, _ in buttons(reply)] == ["Open article"] * len(
        [quote for quote in answer.quotes if quote.link]
    )
    assert reply.mentions == []


async def test_a_slash_command_is_answered_alike(library: Library) -> None:
    async with serving(library) as server:
        replied = await server.say(f"{server.mention} {QUESTION}")
        assert await server.ask(QUESTION) == f"### {QUESTION}\n{replied}"


async def test_a_mention_counts_anywhere_in_the_message(library: Library) -> None:
    async with serving(library) as server:
        first = await server.say(f"{server.mention} {QUESTION}")
        middle = await server.say(QUESTION.replace(" as ", f" {server.mention}  as "))
        last = await server.say(f"{QUESTION}\n{server.mention.replace('@', '@!')}")

    assert first == middle == last


async def test_what_the_articles_do_not_answer_is_not_answered(library: Library) -> None:
    async with serving(library) as server:
        text = await server.say(f"{server.mention} What is the boiling point of mercury?")

    assert "The articles do not answer this." in text
    assert "\n> " not in text
    assert "Closest articles" not in text


async def test_small_talk_and_a_bare_mention_get_a_short_help(library: Library) -> None:
    async with serving(library) as server:
        called = await server.say(f"{server.mention} can you help?")
        bare = await server.say(server.mention)
        slash = await server.ask("hello")

    assert called == bare == slash
    assert "`/ask`" in bare
    assert len(bare) < 300


async def test_a_question_that_cannot_be_searched_for_gets_a_plain_sentence(
    library: Library,
) -> None:
    async with serving(library) as server:
        long = await server.say(f"{server.mention} {'why ' * 100}")
        signs = await server.ask("?!")
        with pytest.raises(simcord.OptionError):  # Discord itself takes no more than that.
            await server.ana.slash(server.channel, "ask", question="x" * (MAX_QUESTION + 1))

    assert "I take at most 300" in long
    for text in (long, signs):
        assert "\n" not in text
        assert text.endswith(".")


async def test_a_failure_is_one_sentence_with_the_reference_that_the_log_has(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(question: str) -> Answer:
        raise RuntimeError("the disk is full")

    async with serving(Scripted(fail)) as server:
        said = await server.say(f"{server.mention} Who came?")
        answered = await server.ask("Who came?")

    for text in (said, answered):
        sentence, reference = text.split("\n-# Reference: ")
        assert sentence.endswith(".")
        assert "disk" not in sentence
        logged = [record for record in caplog.records if reference in record.getMessage()]
        assert any(record.exc_info for record in logged)


async def test_a_corpus_that_is_out_of_date_says_whom_to_ask() -> None:
    stale = Scripted(
        lambda question: Answer(question, "en", Outcome.OUT_OF_DATE, out_of_date=("a.txt",))
    )
    async with serving(stale) as server:
        text = await server.ask("Who came?")

    assert "is not quoted: a.txt." in text
    assert text.endswith("Ask an admin to reload the articles.")


async def test_bots_webhooks_and_talk_among_members_are_left_alone(library: Library) -> None:
    async with serving(library) as server:
        robot = server.guild.add_member(server.env.create_user("robot", bot=True))
        await robot.send(server.channel, f"{server.mention} {QUESTION}")
        await server.guild.create_webhook(server.channel).send(f"{server.mention} {QUESTION}")
        assert await server.say(QUESTION) == ""
        assert [message.author.bot for message in server.channel.history()].count(False) == 1
        assert len(server.channel.history()) == 3


async def test_an_event_that_comes_twice_is_answered_under_one_nonce(library: Library) -> None:
    async with serving(library) as server:
        said = await server.ana.send(server.channel, f"{server.mention} thanks")
        (sent,) = [
            request.json
            for request in server.env.http_requests
            if request.method == "POST" and request.path.endswith("/messages")
        ]

    assert sent["nonce"] == str(said.id)
    assert sent["enforce_nonce"] is True
    assert sent["message_reference"]["fail_if_not_exists"] is False


async def test_typing_shows_while_the_bot_works(library: Library) -> None:
    async with serving(library) as server:
        await server.say(f"{server.mention} {QUESTION}")
        paths = [request.path.rpartition("/")[2] for request in server.env.http_requests]

    assert paths.index("typing") < paths.index("messages")


async def test_discord_is_not_kept_waiting_by_a_slow_question() -> None:
    free, threads = threading.Event(), set()

    def slowly(question: str) -> Answer:
        threads.add(threading.current_thread())
        assert free.wait(PATIENCE)
        return Answer(question, "en", Outcome.NOT_FOUND)

    async with Worker(Scripted(slowly)) as worker:
        both = asyncio.gather(worker.ask("one"), worker.ask("two"))
        await asyncio.sleep(0.01)  # The loop runs on while the question waits.
        free.set()
        assert [answer.question for answer in await both] == ["one", "two"]

    assert len(threads) == 1
    assert threading.current_thread() not in threads


async def test_the_log_has_the_words_if_the_operator_wants_them(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot")
    options = dataclasses.replace(NO_LIMITS, log_questions=True)
    async with serving(library, options) as server:
        await server.ask("boiling mercury")
    assert "question='boiling mercury'" in caplog.text


async def test_a_channel_where_it_may_not_write_is_a_plain_line_for_the_operator(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(library) as server:
        muted = discord.PermissionOverwrite(send_messages=False)
        closed = server.guild.create_text_channel("closed", overwrites={server.guild.me: muted})
        await server.ana.send(closed, f"{server.mention} {QUESTION}")
        assert await server.say(f"{server.mention} {QUESTION}")
    warnings = [r for r in caplog.records if r.levelno >= logging.WARNING]
    (warning,) = [r for r in warnings if "on no server yet" not in r.message]
    assert "may not answer in channel=" in warning.getMessage()
    assert "Send Messages" in warning.getMessage()
    assert warning.exc_info is None


async def test_the_log_has_ids_and_figures_but_no_word_of_a_question(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot")
    async with serving(library) as server:
        said = await server.ana.send(server.channel, f"{server.mention} {QUESTION}")
        await server.ask("boiling mercury")

    lines = [record.getMessage() for record in caplog.records if record.name == "bot.ask.service"]
    mentioned, asked = lines
    assert re.fullmatch(
        rf"Answered reference=[0-9a-f]{{8}} guild={server.guild.id} channel={server.channel.id} "
        rf"member={server.ana.id} message={said.id} ms=\d+ outcome='quoted' hits=[123]",
        mentioned,
    )
    assert "interaction=" in asked
    for word in ("Chief", "Party", "mercury"):
        assert word not in "".join(lines)


async def test_the_bot_asks_for_no_privileged_intent(library: Library) -> None:
    async with serving(library) as server:
        intents = server.env.bot.intents

    asked = {name for name, on in intents if on}
    assert not asked & {"message_content", "members", "presences"}


@pytest.fixture
def openapi() -> ModuleType:
    """Discord's own description of its API, with a module that checks a body against it."""
    folder = os.environ.get("PASSAGE_OPENAPI")
    if not folder:
        pytest.skip("PASSAGE_OPENAPI names no folder that has openapi_check.py")
    path = Path(folder) / "openapi_check.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


async def test_discords_own_description_takes_what_the_bot_sends(
    library: Library, openapi: ModuleType
) -> None:
    async with serving(library) as server:
        for question in (QUESTION, "What is the boiling point of mercury?", "?!", "hello"):
            await server.say(f"{server.mention} {question}")
            await server.ask(question)
        requests = server.env.http_requests

    problems = [
        problem
        for request in requests
        for problem in openapi.check(request.method, request.path, request.json)
    ]
    assert problems == []
