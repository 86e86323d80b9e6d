"""`passage feedback` and `passage questions`: what members think, and what they ask."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.journal.journal import JOURNAL, Journal
from bot.journal.records import Feedback, SentAnswer

from .test_cli import run, value

pytestmark = pytest.mark.usefixtures("command_line")


def test_feedback(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    assert value(capsys, "feedback") == []
    assert "No member has said anything yet." in run(capsys, "feedback")[1]
    with Journal(data / JOURNAL) as journal:
        journal.rate(Feedback("abc", 7, 0.0, "a.txt", "not helpful", "outdated", "Too \x1b[31mold"))
        journal.record(SentAnswer(0.0, "Who?", "en", 7, (), id="abc"))
    (said,) = value(capsys, "feedback")
    assert said["question"] == "Who?"
    assert (said["rating"], said["reason"], said["member"]) == ("not helpful", "outdated", 7)
    out = run(capsys, "feedback")[1]
    assert out == "1970-01-01 · not helpful · Who? · outdated · a.txt · Too [31mold\n"


def test_a_damaged_row_does_not_keep_the_others_from_being_read(
    capsys: pytest.CaptureFixture[str], data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Journal(data / JOURNAL) as journal:
        for id in ("a", "b", "c"):
            journal.record(SentAnswer(0.0, f"Who is {id}?", "en", 7, (), id=id, outcome="quoted"))
            journal.rate(Feedback(id, 7, 0.0, "a.txt", "helpful"))
        damage = "UPDATE answers SET quotes = '[{' WHERE id = 'b'"
        journal.with_tables(lambda db: db.execute(damage), writes=True)
    said = value(capsys, "feedback")
    assert {"Who is a?", "Who is b?", "Who is c?"} <= {each["question"] for each in said}
    assert caplog.messages == []  # Of each question there is all that is printed.
    asked = value(capsys, "questions")
    assert {words for group in asked for words in group["wordings"]} == {
        "Who is a?", "Who is c?",
    }  # fmt: skip
    assert caplog.messages == ["Damaged entries of the journal are passed over: 1."]
    with Journal(data / JOURNAL) as journal:
        journal.forget_member(7)


def test_questions(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    assert run(capsys, "questions", "--unanswered")[1] == "There are no such questions.\n"
    with Journal(data / JOURNAL) as journal:
        for asker, outcome in enumerate(("quoted", "not found", "not found")):
            journal.record(SentAnswer(0.0, f"{outcome}, why?", "en", asker, (), outcome=outcome))
    (group,) = value(capsys, "questions", "--unanswered")
    assert (group["wordings"], group["times"], group["answered"]) == (["not found, why?"], 2, 0)
    assert run(capsys, "questions")[1].count("1970-01-01") == 2
    status, out, error = run(capsys, "questions", "--gold", "--json")
    assert (status, out) == (2, "")
    assert error == "--json and --gold would both write to stdout; choose one.\n"
    (line,) = run(capsys, "questions", "--unanswered", "--gold")[1].splitlines()
    assert json.loads(line) == {
        "question": "not found, why?", "lang": "en", "answerable": False, "gold": [], "nearest": [],
    }  # fmt: skip
    with Journal(data / JOURNAL) as journal:
        first = SentAnswer(0.0, "Who baked it?", "en", 7, (), outcome="not found")
        journal.record(first)
        journal.record(replace(first, question="And when?", follows=first.id, id="second"))
    assert "Who baked it? – And when?" in run(capsys, "questions", "--unanswered")[1]
