"""Answers and feedback are kept across restarts, and answers are forgotten in time."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from bot import journal
from bot.journal import Feedback, Journal
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


def test_an_answer_comes_back_after_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "new" / "journal.sqlite3"
    with Journal(file) as before:
        sent = before.record("Who?", "en", 7, [QUOTE], asked_in=70)
        before.sent(sent.id, channel=8, message=9)
    with Journal(file) as after:
        found = after.answer(sent.id)
        assert found == after.answer_to(70)
        assert found
        assert (found.question, found.asker, found.quotes) == ("Who?", 7, (QUOTE,))
        assert (found.sent_in, found.sent_as) == (8, 9)
        after.shown(sent.id, [QUOTE, QUOTE])
        again = after.answer(sent.id)
        assert again
        assert len(again.quotes) == 2
        after.forget(sent.id)
        assert after.answer(sent.id) is None


def test_an_answer_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    file = tmp_path / "j"
    newest = replace(QUOTE, original=True, fragment=":~:text=Yes")
    with Journal(file) as kept:
        sent = kept.record("Who?", "en", 7, [newest])
        assert kept.answer(sent.id) == sent
    with sqlite3.connect(file) as db:
        ((quotes,),) = db.execute("SELECT quotes FROM answers").fetchall()
        known = [
            {name: value for name, value in row.items() if name not in ("original", "fragment")}
            for row in json.loads(quotes)
        ]
        db.execute("UPDATE answers SET quotes = ?", (json.dumps(known),))
    db.close()
    with Journal(file) as kept:
        found = kept.answer(sent.id)
        assert found
        assert found.quotes == (QUOTE,)


def test_an_old_answer_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Journal(tmp_path / "j") as kept:
        old = kept.record("Who?", "en", 7, [])
        now = old.at + journal.KEPT_DAYS * 86_400 + 1
        monkeypatch.setattr("bot.journal.time.time", lambda: now)
        new = kept.record("When?", "en", 7, [])
        assert kept.answer(old.id) is None
        assert kept.answer(new.id) == new
        assert kept.answer_to(70) is None


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
