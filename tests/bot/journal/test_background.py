"""The journal is a side record: whatever happens to its file, answers go on."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.discord_clock import DiscordClock
from bot.journal.background import BackgroundJournal
from bot.journal.journal import Journal
from bot.journal.records import Feedback, SentAnswer
from retrieval import Context, Library, OperatorError, Quote, Turn
from tests.locked import locked
from tests.waiting import PATIENCE, until

from ..server import Scripted, Server, press, quoted, seen, serving

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
    monkeypatch.setattr("bot.journal.journal_thread.PAUSE", 0.01)
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


async def test_what_is_old_waits_once_to_be_forgotten_while_the_file_is_locked(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(Certain(), journal=journal) as server:
        await ask(server)
        bot = server.env.bot
        monkeypatch.setattr(DiscordClock, "is_set", True)
        cog = bot.get_cog("RetentionCog")
        with locked(journal.file):
            for _ in range(3):
                await cog._go_through()
        waiting = len(bot.journal._waiting)
        assert waiting <= 2
        assert await written(bot.journal)


async def written(journal: BackgroundJournal) -> bool:
    """Try the file now. Return whether all is written."""
    journal._paused_until = 0.0
    return await journal.write()


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


async def test_words_that_sqlite_does_not_take_keep_out_nothing_else(tmp_path: Path) -> None:
    async with BackgroundJournal(tmp_path / "j") as kept:
        await kept.record(SentAnswer(1.0, "\ud800", "en", 7, ()))
        assert await written(kept)
        good = SentAnswer(1.0, "Who?", "en", 7, ())
        await kept.record(good)
        assert await kept.answer(good.id) == good


async def test_a_forgotten_answer_stays_forgotten_while_the_file_is_locked(
    journal: Journal,
) -> None:
    sent = SentAnswer(1.0, "Who?", "en", 7, (), asked_in=70)
    async with BackgroundJournal(journal.file) as kept:
        await kept.record(sent)
        with locked(journal.file):
            await kept.forget(sent.id)
            assert await kept.answer(sent.id) is None
            assert await kept.answer_to(70) is None
            assert not await kept.rate(Feedback("x", 7, 1.0, None, "helpful"))
            assert journal.answer(sent.id) == sent
        assert await written(kept)
        assert journal.answer(sent.id) is None


async def test_what_a_locked_journal_could_not_forget_is_forgotten_though_nobody_asks_again(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.journal.journal_thread.PAUSE", 0.01)
    sent = SentAnswer(1.0, "Who?", "en", 7, (), asked_in=70)
    other = replace(sent, asked_in=71, asker=8, id="other")
    journal.record(sent)
    journal.record(other)
    async with BackgroundJournal(journal.file) as kept:
        with locked(journal.file):
            assert not await kept.forget_member(8)
            forgotten = await kept.forget_question(70)
            assert not forgotten.done()
        async with asyncio.timeout(PATIENCE):
            assert await forgotten == sent
    assert journal.answer(sent.id) is journal.answer(other.id) is None


async def test_what_can_never_be_forgotten_is_waited_for_no_longer(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.record(SentAnswer(1.0, "Who?", "en", 7, (), asked_in=70))
    journal._db.execute("UPDATE answers SET quotes = '?'")
    async with BackgroundJournal(journal.file) as kept:
        unreadable = await kept.forget_question(70)
        monkeypatch.setattr("bot.journal.background.MAX_WAITING", 0)
        too_many = await kept.forget_question(71)
        await asyncio.wait([unreadable, too_many], timeout=PATIENCE)
        assert unreadable.cancelled()
        assert too_many.cancelled()


async def test_what_waits_for_another_program_is_waited_for_so_long_and_no_longer(
    journal: Journal,
) -> None:
    sent = SentAnswer(1.0, "Who?", "en", 7, (), asked_in=70)
    journal.record(sent)
    async with BackgroundJournal(journal.file) as kept:
        with locked(journal.file):
            await kept.forget(sent.id)
            assert not await kept.settle(0.1)
            assert journal.answer(sent.id) == sent
        assert await kept.settle(PATIENCE)
        assert journal.answer(sent.id) is None


async def test_what_is_deleted_while_another_program_reads_is_gone_when_it_has_read(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.journal.journal_thread.PAUSE", 0.01)
    journal.record(SentAnswer(1.0, "quetzal?", "en", 7, ()))

    def traces() -> list[Path]:
        files = journal.file.parent.glob("journal.sqlite3*")
        return [file for file in files if b"quetzal" in file.read_bytes()]

    async with BackgroundJournal(journal.file) as kept:
        with closing(sqlite3.connect(journal.file, isolation_level=None)) as db:
            db.execute("BEGIN")
            db.execute("SELECT * FROM answers").fetchall()
            assert not await kept.forget_member(7)
            assert traces()
            db.execute("COMMIT")
        await until(lambda: not traces())


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
        assert seen(server.channel.last_message) == seen(before)
        asker.broken = False
        server.env.inject_error("PATCH", "/channels/*/messages/*", status=403, code=50013)
        await server.ana.edit(question, f"{server.mention} Who received the Ho Chi Minh Order?")
        assert seen(server.channel.last_message) == seen(before)
        shown = await server.ana.click(before, label="Show in context")
        assert "Le Minh Hung" in seen(shown.response.message)
        await server.ana.delete(question)
        assert before.id not in {message.id for message in server.channel.history()}
        assert journal.answer_to(question.id) is None
