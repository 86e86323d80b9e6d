"""Answers and feedback are kept across restarts, and answers are forgotten in time."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from bot.journal.journal import Journal
from bot.journal.records import Feedback, SentAnswer
from bot.journal.schema import MIGRATIONS
from bot.journal.settings_table import SettingChange, setting_changes, store_change, stored_values
from retrieval import OperatorError, Quote

WORDS = "Yes — 🎉 so."
QUOTE = Quote(
    article="a.txt",
    start=5,
    end=5 + len(WORDS),
    text=WORDS,
    score=0.5,
    language="en",
    title="A title",
    date=None,
    url="https://x.example",
    sha256="0" * 64,
    answer=(5, 5 + len(WORDS)),
)


def sent(question: str = "Who?", member: int = 7, **values: Any) -> SentAnswer:
    return SentAnswer(1_000.0, question, "en", member, (QUOTE,), **values)


def test_an_answer_comes_back_after_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "new" / "journal.sqlite3"
    kept = sent(asked_in=70, sent_in=8, sent_as=9, guild=5)
    with Journal(file) as before:
        before.record(kept)
    with Journal(file) as after:
        assert after.answer(kept.id) == after.answer_to(70) == kept
        after.shown(kept.id, [QUOTE, QUOTE])
        again = after.answer(kept.id)
        assert again
        assert len(again.quotes) == 2
        after.forget(kept.id)
        assert after.answer(kept.id) is None


def test_half_a_surrogate_pair_comes_back(tmp_path: Path) -> None:
    """A title may have it: front matter can be JSON or YAML with an escape cut off."""
    kept = replace(sent(), quotes=(replace(QUOTE, title="Half \ud83d of it"),))
    with Journal(tmp_path / "j") as journal:
        journal.record(kept)
        assert journal.answer(kept.id) == kept


def test_a_journal_of_an_earlier_version_is_taken_over(tmp_path: Path) -> None:
    file = tmp_path / "j"
    quote = {
        name: value for name, value in asdict(QUOTE).items() if name not in ("original", "fragment")
    }
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute("PRAGMA secure_delete=OFF")
        for statement in MIGRATIONS[0]:
            db.execute(statement)
        row = ("ab", 1.0, "Who?", "en", 7, 70, 8, 9, json.dumps([quote]))
        db.execute("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        db.execute("INSERT INTO answers SELECT 'cd', at, ?, language, asker, 71, 8, 10, quotes "
                   "FROM answers", ("quetzal" * 40,))  # fmt: skip
        db.execute("DELETE FROM answers WHERE id = 'cd'")
    assert b"quetzal" in file.read_bytes()
    file.chmod(0o644)
    with Journal(file) as kept:
        found = kept.answer_to(70)
        assert found
        assert (found.id, found.quotes, found.guild) == ("ab", (QUOTE,), None)
        assert file.stat().st_mode & 0o777 == 0o600
    assert b"quetzal" not in file.read_bytes()


def test_a_journal_without_settings_takes_them(tmp_path: Path) -> None:
    file = tmp_path / "j"
    kept = sent()
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        for statement in (each for version in MIGRATIONS[:4] for each in version):
            db.execute(statement)
        db.execute("PRAGMA user_version = 4")
    with Journal(file) as journal:
        journal.record(kept)
        change = SettingChange(5, "language", None, '"de"', 10.0, 7)
        journal.with_tables(lambda db: store_change(db, change), writes=True)
        assert journal.with_tables(stored_values) == [(5, "language", '"de"')]
    with Journal(file) as journal:
        assert journal.answer(kept.id) == kept
        (found,) = journal.with_tables(lambda db: setting_changes(db, member=7))
        assert found == replace(change, number=1)


def test_a_change_of_a_setting_is_forgotten_when_it_is_old_and_its_value_is_not(
    tmp_path: Path,
) -> None:
    with Journal(tmp_path / "j") as kept:
        for at, value in ((10.0, "1"), (90.0, "2"), (5_000.0, "3")):
            change = SettingChange(5, "per_member", None, value, at, 7)
            kept.with_tables(lambda db, change=change: store_change(db, change), writes=True)
        kept.forget_before(50.0, now=100.0)
        changes = kept.with_tables(lambda db: setting_changes(db, member=7))
        assert [(each.after, each.at) for each in changes] == [("3", 100.0), ("2", 90.0)]
        assert kept.with_tables(stored_values) == [(5, "per_member", "3")]


def test_a_journal_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "j")) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(OperatorError, match="newer version of Passage"):
        Journal(tmp_path / "j")


def test_what_is_old_goes_with_its_feedback_and_copies(tmp_path: Path) -> None:
    with Journal(tmp_path / "j") as kept:
        old, new = sent(), replace(sent(), at=9_000.0)
        copy = replace(sent(member=8, copy_of=old.id), at=5_000.0)
        for answer in (old, new, copy):
            kept.record(answer)
        for answer in (old, new, copy):
            kept.rate(Feedback(answer.id, 8, 8_000.0, "a.txt", "helpful"))
        kept.rate(Feedback("gone long ago", 8, 10.0, "a.txt", "helpful"))
        kept.forget_before(2_000.0, now=10_000.0)
        assert kept.answer(old.id) is kept.answer(copy.id) is None
        assert kept.answer(new.id) == new
        assert [feedback.answer for feedback in kept.feedback()] == [new.id]


def test_what_a_wrong_clock_recorded_counts_from_now(tmp_path: Path) -> None:
    with Journal(tmp_path / "j") as kept:
        answer = replace(sent(), at=1e12)
        kept.record(answer)
        kept.forget_before(0.0, now=10_000.0)
        found = kept.answer(answer.id)
        assert found
        assert found.at == 10_000.0
        kept.forget_before(10_001.0, now=20_000.0)
        assert kept.answer(answer.id) is None


def test_a_server_that_was_left_is_forgotten(tmp_path: Path) -> None:
    with Journal(tmp_path / "j") as kept:
        answers = [sent(guild=5), sent(guild=6), sent()]
        for answer in answers:
            kept.record(answer)
        kept.forget_guilds_except([6, 7])
        assert [kept.answer(answer.id) for answer in answers] == [None, *answers[1:]]


def test_of_a_member_who_is_forgotten_no_byte_is_left(tmp_path: Path) -> None:
    member = 0x0B7E55ED0DDBA11
    words = "quetzalcoatl"
    needles = [words.encode(), str(member).encode(), member.to_bytes(8, "big")]

    def left() -> list[bool]:
        content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
        return [needle in content for needle in needles]

    with Journal(tmp_path / "j") as kept:
        for number in range(40):
            answer = sent(f"Where is <@{member}> of {words}? " * number, member, asked_in=number)
            other = sent(f"What of {number}?", 9)
            for one in (answer, other, replace(answer, asker=9, copy_of=answer.id, id=f"{number}")):
                kept.record(one)
            kept.shown(answer.id, [QUOTE] * (number % 5))
            kept.rate(Feedback(other.id, member, 2.0, None, "not helpful", "other", words * number))
            kept.rate(Feedback(answer.id, 9, 2.0, None, "not helpful", "other", words))
        assert left() == [True, True, True]
        kept.forget_member(member)
        assert left() == [False, False, False]
        kept.set_recorded(member, False)
        assert member in kept.unrecorded()
        assert 9 not in kept.unrecorded()
        assert left() == [False, False, False]
        kept.set_recorded(member, True)
        assert member not in kept.unrecorded()
    assert left() == [False, False, False]


def test_the_last_word_of_a_member_counts(tmp_path: Path) -> None:
    with Journal(tmp_path / "j") as kept:
        first = Feedback("abc", 7, 1.0, "a.txt", "helpful")
        second = Feedback("abc", 7, 2.0, "a.txt", "not helpful", "outdated", "It's; DROP TABLE--")
        other = Feedback("abc", 8, 3.0, None, "helpful")
        for feedback in (first, second, other):
            kept.rate(feedback)
        assert kept.feedback() == [second, other]


def test_a_file_that_is_no_journal(tmp_path: Path) -> None:
    file = tmp_path / "journal.sqlite3"
    file.write_bytes(b"no database" * 100)
    with pytest.raises(OperatorError, match=r"journal\.sqlite3.*PASSAGE_DATA_DIR"):
        Journal(file)
