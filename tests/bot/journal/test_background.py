"""The journal is a side record: whatever happens to its file, answers go on."""

from __future__ import annotations

import asyncio
from copy import copy
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import discord
import pytest

from bot.journal.background import BackgroundJournal
from bot.journal.journal import Journal
from bot.journal.records import SentAnswer
from retrieval import Context, Library, OperatorError, Quote, Turn
from tests.locked import locked
from tests.waiting import until

from ..server import Scripted, Server, below, press, quoted, seen, serving
from .test_journal_file import written

pytestmark = pytest.mark.usefixtures("no_later_try")

UNUSABLE = "cannot be used"
USABLE = "can be used again"


class Certain(Scripted):
    """Answers everything with certainty, from an article that is gone."""

    def __init__(self) -> None:
        super().__init__(lambda question: quoted(question, 0.9))

    def context(self, quote: Quote) -> Context | None:
        return None


async def ask(server: Server) -> str:
    return await server.say(f"{server.mention} Who came?")


async def click(server: Server, label: str) -> str:
    result = await press(server.ana, server.channel.last_message, label)
    return seen(result.response.message)


@pytest.mark.parametrize("how", ["button", "message"])
async def test_what_a_moderator_deletes_as_soon_as_it_is_seen_is_not_recorded(
    journal: Journal, how: str
) -> None:
    before = SentAnswer(1_000.0, "Who came?", "en", 7, (), 11, 3, 12)
    edited = replace(before, question="Who left?", sent_as=None, id="edited")
    async with BackgroundJournal(journal.file) as kept:
        await kept.record(before)
        with kept.held(edited):
            # By its button, under the words of before; or by hand, which Discord tells of.
            if how == "button":
                await kept.forget(edited.id)
            else:
                await (await kept.forget_question(12))
            await kept.record(replace(edited, sent_as=12), before.id)
        assert journal.answer_to(11) is None
        other = replace(edited, sent_as=13, id="other")
        with kept.held(other):
            await kept.record(other)
        assert journal.answer_to(11) == other


async def test_a_locked_journal_costs_no_answer_and_is_written_when_it_is_free(
    journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "bot")
    async with serving(Certain(), journal=journal) as server:
        with locked(journal.file):
            for _ in range(3):
                assert "They met in Hanoi." in await ask(server)
            assert "Something went wrong" in await click(server, "👍")
            assert journal.answer_to(server.channel.last_message.reference.message_id) is None
            assert not await written(server.env.bot.journal)
        assert caplog.text.count(UNUSABLE) == 1
        assert await written(server.env.bot.journal)
        assert caplog.text.count(USABLE) == 1
        assert journal.answer_to(server.channel.last_message.reference.message_id)
        assert "Thank you" in await click(server, "👍")
        assert len(journal.feedback()) == 1
    assert "Traceback" not in caplog.text


async def test_a_button_under_an_answer_that_cannot_be_looked_up_says_so_for_now(
    journal: Journal,
) -> None:
    async with serving(Certain(), journal=journal) as server:
        await ask(server)
        bot = server.env.bot
        bot.journal._close_file()
        moved = journal.file.rename(journal.file.with_suffix(".away"))
        journal.file.mkdir()
        assert "cannot look this answer up right now" in await click(server, "Show in context")
        assert "cannot look this answer up right now" in await click(server, "👎")
        journal.file.rmdir()
        moved.rename(journal.file)
        assert await written(bot.journal)
        assert "cannot look" not in await click(server, "Show in context")
        assert "too old" not in await click(server, "Show in context")


async def test_an_edit_is_heeded_once_a_locked_journal_is_free(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.journal.background.PAUSE", 0.01)
    async with serving(Certain(), journal=journal) as server:
        said = await server.ana.send(server.channel, f"{server.mention} Who came?")
        bot, failed = server.env.bot, asyncio.Event()
        opened = bot.journal._open_file

        def fails_once() -> Journal:
            monkeypatch.setattr(bot.journal, "_open_file", opened)
            failed.set()
            raise OperatorError("It cannot be used.")

        monkeypatch.setattr(bot.journal, "_open_file", fails_once)
        await server.ana.edit(said, f"{server.mention} Who left?")
        await until(lambda: "Who left?" in str(journal.answer_to(said.id)))
        assert failed.is_set()


async def test_two_edits_that_wait_for_the_journal_are_answered_in_turn(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(Certain(), journal=journal) as server:
        said = await server.ana.send(server.channel, f"{server.mention} Who came?")
        bot, free, waiting = server.env.bot, asyncio.Event(), []
        answer_to = bot.journal.answer_to

        async def waits(message: int) -> SentAnswer | None:
            waiting.append(message)
            await free.wait()
            return await answer_to(message)

        monkeypatch.setattr(bot.journal, "answer_to", waits)
        edits = []
        for what in ("left", "spoke"):
            message = copy(discord.utils.get(bot.cached_messages, id=said.id))
            message.content = f"{server.mention} Who {what}?"
            event = SimpleNamespace(message_id=said.id, message=message)
            edits.append(asyncio.create_task(bot.get_cog("AskCog").on_raw_message_edit(event)))
        await until(lambda: len(waiting) == len(edits))
        free.set()
        await asyncio.gather(*edits)
        await until(lambda: len(journal.answers_of(server.ana.id)) == 1)
        assert journal.answer_to(said.id).question in ("Who left?", "Who spoke?")
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("damage", ["no database", "a folder", "no folder"])
async def test_a_journal_that_cannot_be_opened_costs_no_answer(
    tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "data" / "journal.sqlite3"
    if damage == "no folder":
        (tmp_path / "data").write_text("a file")
    elif damage == "a folder":
        file.mkdir(parents=True)
    else:
        file.parent.mkdir()
        file.write_bytes(b"no database" * 100)
    async with serving(Certain(), file=file) as server:
        assert "They met in Hanoi." in await ask(server)
        answered = server.channel.last_message
        assert "Something went wrong" in await click(server, "👍")
        await server.ana.click(answered, label="Delete")
        assert server.channel.last_message.id != answered.id
        assert not await written(server.env.bot.journal)
    assert caplog.text.count(UNUSABLE) == 1
    assert "Traceback" not in caplog.text


async def test_a_journal_whose_pages_are_damaged_costs_no_answer(
    journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(Certain(), journal=journal) as server:
        await ask(server)
        journal.close()
        await server.env.bot.journal.forget_before(0.0, 0.0)  # The log is empty.
        server.env.bot.journal._close_file()
        content = journal.file.read_bytes()
        journal.file.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
        assert "They met in Hanoi." in await ask(server)
        assert not await written(server.env.bot.journal)
    assert caplog.text.count(UNUSABLE) == 1


async def test_a_journal_that_is_removed_is_made_anew(journal: Journal) -> None:
    async with serving(Certain(), journal=journal) as server:
        await ask(server)
        for file in journal.file.parent.glob("journal.sqlite3*"):
            file.unlink()
        await ask(server)
        with Journal(journal.file) as anew:
            assert anew.answer_to(server.channel.last_message.reference.message_id)


async def test_a_full_disk_costs_no_answer(
    journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(Certain(), journal=journal) as server:
        await ask(server)
        database = server.env.bot.journal._journal._db
        database.execute("PRAGMA max_page_count = 1")  # It may not grow.
        await server.env.bot.journal.record(SentAnswer(1.0, "x" * 50_000, "en", 7, ()))
        assert caplog.text.count(UNUSABLE) == 1
        assert "They met in Hanoi." in await ask(server)
    assert caplog.text.count(UNUSABLE) == 1


async def test_an_edit_that_fails_leaves_the_old_answer_whole(
    library: Library, journal: Journal
) -> None:
    class Failing:
        """Answers until it is told to fail."""

        broken = False

        def __getattr__(self, name: str) -> object:
            return getattr(library, name)

        def ask(self, question: str, before: Turn | None = None) -> object:
            if self.broken:
                raise RuntimeError("out of order")
            return library.ask(question)

    asker = Failing()
    async with serving(asker, journal=journal) as server:  # type: ignore[arg-type]
        text = f"{server.mention} Who is Le Minh Hung?"
        question = await server.ana.send(server.channel, text)
        before = server.channel.last_message
        asker.broken = True
        await server.ana.edit(question, f"{server.mention} Who received the Order?")
        kept, told = below(server.channel, question)
        assert kept == seen(before)
        assert "Something went wrong" in told
        asker.broken = False
        server.env.inject_error("PATCH", "/channels/*/messages/*", status=403, code=50013)
        await server.ana.edit(question, f"{server.mention} Who received the Ho Chi Minh Order?")
        assert below(server.channel, question)[0] == seen(before)
        shown = await server.ana.click(before, label="Show in context")
        assert "Le Minh Hung" in seen(shown.response.message)
        await server.ana.delete(question)
        assert server.channel.history() == []
        assert journal.answer_to(question.id) is None
