"""What the journal's thread does about a file that it cannot read or write now, or ever."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.journal.background import BackgroundJournal
from bot.journal.journal import Journal
from bot.journal.records import Feedback, SentAnswer
from retrieval import OperatorError
from tests.locked import locked
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.usefixtures("no_later_try")


async def written(journal: BackgroundJournal) -> bool:
    """Try the file now. Return whether all is written."""
    journal._paused_until = 0.0
    return await journal.write()


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
            assert not await kept.change(lambda of: of.rate(Feedback("x", 7, 1.0, None, "helpful")))
            assert journal.answer(sent.id) == sent
        assert await written(kept)
        assert journal.answer(sent.id) is None


async def test_what_a_locked_journal_could_not_forget_is_forgotten_though_nobody_asks_again(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.journal.background.PAUSE", 0.01)
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
        assert await (await kept.forget_question(70)) is None  # It cannot be read.
        monkeypatch.setattr("bot.journal.background.MAX_WAITING", 0)
        too_many = await kept.forget_question(71)
        await asyncio.wait([too_many], timeout=PATIENCE)
        assert too_many.cancelled()


async def test_what_is_deleted_while_another_program_reads_is_gone_when_it_has_read(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.journal.background.PAUSE", 0.01)
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


async def test_an_entry_that_cannot_be_read_keeps_no_other_from_being_read(
    journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    good, bad = (SentAnswer(1.0, "Who?", "en", 7, (), id=id) for id in ("good", "bad"))
    journal.record(good)
    journal.record(bad)
    journal._db.execute("UPDATE answers SET quotes = '?' WHERE id = 'bad'")
    async with BackgroundJournal(journal.file) as kept:
        assert await kept.answer("bad", patient=True) is None
        assert kept.why_absent == "too_old"
        assert await kept.answer("good") == good
    assert "Damaged entries" in caplog.text


async def test_a_file_that_fails_is_tried_once_a_pause_whoever_waits_for_it(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.journal.background.PAUSE", 0.05)
    monkeypatch.setattr("bot.journal.background.LONG_WAIT", 0.5)
    async with BackgroundJournal(journal.file) as kept:
        tries = []

        def fail() -> Journal:
            tries.append(1)
            raise OperatorError("It cannot be used.")

        monkeypatch.setattr(kept, "_open_file", fail)
        waiting = [kept.answer(str(n), patient=True) for n in range(30)]
        assert await asyncio.gather(*waiting) == [None] * 30
        assert len(tries) <= 0.5 / 0.05 + 1
        # What has failed for so long is waited for no more.
        assert await kept.answer("later", patient=True) is None
        assert kept.why_absent == "journal_away"


async def test_all_answers_to_a_question_that_is_deleted_are_forgotten(journal: Journal) -> None:
    for id in ("first", "second"):
        journal.record(SentAnswer(1.0, id, "en", 7, (), asked_in=70, id=id))
    async with BackgroundJournal(journal.file) as kept:
        assert (await (await kept.forget_question(70))).id == "second"
        assert journal.answer("first") is journal.answer("second") is None
