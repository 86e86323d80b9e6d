"""The command line, as a person and as a program meet it."""

from __future__ import annotations

import io
import json
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.cli.app import main
from bot.cli.output import Terminal
from bot.i18n.phrases import ENGLISH
from retrieval import DEFAULT_MODEL, Answer, Outcome
from tests.conftest import SEEDS

from ..ask.test_view import ADDRESS, quote

ORDER = "Who received the Ho Chi Minh Order?"
QUOTE_KEYS = {
    "article", "start", "end", "text", "score", "language", "title", "url", "page", "link",
    "reader", "shown", "pinned", "head",
}  # fmt: skip


pytestmark = pytest.mark.usefixtures("command_line")


Output = tuple[int, str, str]


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> Output:
    """Run a command in this process: its exit status, stdout and stderr."""
    status = main(argv)
    out, err = capsys.readouterr()
    return status, out, err


def value(capsys: pytest.CaptureFixture[str], *argv: str) -> Any:
    status, out, err = run(capsys, *argv, "--json")
    assert status == 0, err
    return json.loads(out)


def failure(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """The one sentence of a command that fails."""
    status, out, err = run(capsys, *argv)
    assert (status, out) == (1, "")
    assert "Traceback" not in err
    assert len(err.strip().splitlines()) == 1
    return err


def test_the_first_question_builds_the_index(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, one_seed: Path
) -> None:
    monkeypatch.setenv("PASSAGE_SEEDS_DIR", str(one_seed))
    monkeypatch.setenv("PASSAGE_DATA_DIR", "data")
    status, out, err = run(capsys, "ask", ORDER)
    assert status == 0
    assert "Indexed 1 article for the first time." in err
    assert "Indexed" not in out


def test_ask_for_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    answer = value(capsys, "ask", ORDER)
    assert answer.keys() == {"question", "language", "answered", "quotes"}
    assert (answer["question"], answer["language"], answer["answered"]) == (ORDER, "en", True)
    for shown in answer["quotes"]:
        assert shown.keys() == QUOTE_KEYS
        text = (SEEDS / shown["article"]).read_bytes().decode("utf-8")
        assert text[shown["start"] : shown["end"]] == shown["text"]
        assert shown["reader"] is None
    assert "Ho Chi Minh Order to To Huy Rua" in answer["quotes"][0]["text"]
    address, fragment = answer["quotes"][0]["link"].split("#")
    assert address == answer["quotes"][0]["url"]
    assert address.startswith("https://en.vietnamplus.vn/")
    assert fragment == ":~:text=At%20the%20event%2C%20Thuong,and%20the%20nation"


def test_ask_for_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "ask", "Who", "received", "the", "Ho", "Chi", "Minh", "Order?")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "1. National teleconference announces Party building tasks for 2023"
    assert "English · 29 December 2022 · en.vietnamplus.vn" in lines[1]
    assert lines[2].startswith("   │ At the event, Thuong presented the Ho Chi Minh Order")
    assert any(line.strip().startswith("https://en.vietnamplus.vn/") for line in lines)
    assert all(len(line) <= 80 for line in lines if "https://" not in line)
    assert not any(line != line.rstrip() for line in lines)


def test_a_terminal_shows_the_address_and_follows_the_link(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    _, out, _ = run(capsys, "ask", ORDER)
    link, *_ = re.findall(r"\x1b\]8;[^;]*;(https[^\x1b]*)", out)
    assert link.endswith("#:~:text=At%20the%20event%2C%20Thuong,and%20the%20nation")
    assert "text=" not in re.sub(r"\x1b\]8;.*?\x1b\\", "", out)


def test_a_quote_from_within_a_sentence_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "ask", "Who gets automatically connected data to operate on?")
    assert "│ … must be a pioneer" in out


def test_quotes_of_one_article_stand_under_one_source_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    first = quote("Ms. Le took over.")
    others = quote("She is 51.", score=0.3), quote("She is 51.", article="b.txt", title="Profile")
    Terminal().answer(Answer("Who?", "en", Outcome.QUOTED, (first, *others)))
    lines = capsys.readouterr().out.splitlines()
    address = [f"   {ADDRESS}"]
    facts = f"English · {ENGLISH.date('2025-02-07')} · example.com"
    assert lines == [
        "1. The handover", f"   {facts}", "   │ Ms. Le took over.", *address, "",
        f"2. {ENGLISH('unsure')}", "   │ She is 51.", "",
        "3. Profile", f"   {facts}", "   │ She is 51.", *address,
    ]  # fmt: skip


def test_a_further_quote_of_which_nothing_is_said_has_its_number(
    capsys: pytest.CaptureFixture[str],
) -> None:
    quotes = quote("Ms. Le took over."), quote("She is 51.")
    Terminal().answer(Answer("Who?", "en", Outcome.QUOTED, quotes))
    assert capsys.readouterr().out.endswith(f"{ADDRESS}\n\n2. │ She is 51.\n")


def test_not_in_the_articles(capsys: pytest.CaptureFixture[str]) -> None:
    question = "What is the best pizza in Naples?"
    answer = value(capsys, "ask", question)
    assert (answer["answered"], answer["quotes"]) == (False, [])
    status, out, _ = run(capsys, "ask", question)
    assert status == 0
    assert out == "The articles do not answer this.\n"


def test_a_greeting(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "ask", "hello!")
    assert out.startswith("Ask me about the articles")


@pytest.mark.parametrize(
    ("question", "says"), [("", "nothing to read"), ("x" * 301, "300"), ("?!", "in words")]
)
def test_questions_that_cannot_be_asked(
    capsys: pytest.CaptureFixture[str], question: str, says: str
) -> None:
    assert says in failure(capsys, "ask", question)
    assert says in failure(capsys, "ask", "--json", question)


def test_reload_and_status(capsys: pytest.CaptureFixture[str]) -> None:
    report = value(capsys, "reload")
    assert report.keys() == {
        "added", "changed", "removed", "unchanged", "failed", "articles", "passages", "seconds",
        "notes", "troubles", "unpinned", "anew",
    }  # fmt: skip
    assert (len(report["unchanged"]), report["articles"], report["failed"]) == (5, 5, [])
    _, out, _ = run(capsys, "reload")
    assert out.startswith("0 added, 0 changed, 0 removed, 5 unchanged, 0 failed.\n5 articles, ")
    assert value(capsys, "status")["articles"] == 5
    _, out, _ = run(capsys, "status")
    assert "3 English, 1 Deutsch, 1 Español" in out
    assert f"{DEFAULT_MODEL}, " in out


def test_chat(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ("hi", ORDER, "And where was it held?", "???", "Wie kocht man Spaghetti?")
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    status, out, err = run(capsys, "chat")
    assert status == 0
    assert " ".join(out.split()).count(f"Read as a follow-up to: {ORDER}") == 1
    assert out.index("Ask me about") < out.index("Ho Chi Minh Order") < out.index("do not answer")
    assert err.count("\n") == 1
    assert "in words" in err


def test_an_article_that_has_changed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for file in SEEDS.iterdir():
        (seeds / file.name).write_bytes(file.read_bytes())
    monkeypatch.setenv("PASSAGE_SEEDS_DIR", str(seeds))
    changed = seeds / "004_20faca2c5681b20c.txt"
    changed.write_bytes(b"All is new here now.\n" + changed.read_bytes())
    status, out, err = run(capsys, "ask", "--json", ORDER)
    assert status == 0
    assert changed.name not in {shown["article"] for shown in json.loads(out)["quotes"]}
    assert f"not quoted: {changed.name}." in err
    assert "`passage reload`" in err


def test_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """More of it is shown in `test_start.py`."""
    for argv in (["eval"], ["ask", "--corpus", "", "Who?"], ["feeds", "--corpus", " "]):
        with pytest.raises(SystemExit) as exit:
            main(argv)
        assert exit.value.code == 2
        assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("name", "setting", "says"),
    [
        ("PASSAGE_SEEDS_DIR", "/nowhere/at/all", "PASSAGE_SEEDS_DIR"),
        ("PASSAGE_DATA_DIR", f"{SEEDS}/sources.toml/x", "x/chroma (Not a directory);"),
        ("PASSAGE_CHROMA_URL", "http://127.0.0.1:9", "PASSAGE_CHROMA_URL"),
        ("PASSAGE_EMBEDDING_MODEL", "no/such-model", "PASSAGE_EMBEDDING_MODEL"),
        ("PASSAGE_LOG_LEVEL", "loud", "PASSAGE_LOG_LEVEL"),
        ("PASSAGE_RELOAD_THREADS", "0", "PASSAGE_RELOAD_THREADS"),
    ],
)
def test_settings_that_are_wrong(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    setting: str,
    says: str,
) -> None:
    monkeypatch.setenv(name, setting)
    assert says in failure(capsys, "reload")


def test_settings_come_from_a_file_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("PASSAGE_SEEDS_DIR")
    (tmp_path / ".env").write_text("PASSAGE_SEEDS_DIR=from-file\nDISCORD_TOKEN=\nOTHER=1\n")
    assert "from-file" in failure(capsys, "reload")


def test_a_stream_that_the_shell_has_closed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert "there is no citation in it" in failure(capsys, "verify", "-")
    sys.stdin.close()


def test_run_without_a_token_points_to_try(capsys: pytest.CaptureFixture[str]) -> None:
    err = failure(capsys, "run")
    assert "DISCORD_TOKEN" in err
    assert "`passage try`" in err


def test_try_falls_back_to_the_chat(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("PASSAGE_TRY_PORT", str(taken.getsockname()[1]))
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{ORDER}\n"))
        status, out, err = run(capsys, "try")
    assert status == 0
    assert "The page cannot start" in err
    assert "the chat in the terminal instead" in err
    assert "Ho Chi Minh Order to To Huy Rua" in " ".join(out.split())


def test_doctor(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "doctor")
    assert (status, err) == (1, "")
    assert out.startswith("x   Token     DISCORD_TOKEN is not set")
    assert "ok  Articles  5 articles in " in out
    status, out, _ = run(capsys, "doctor", "--json")
    assert status == 1
    checks = json.loads(out)
    # Not every system tells its memory.
    names = {check["name"] for check in checks} - {"Memory"}
    assert names == {"Token", "Articles", "System", "Model", "Index", "Disk"}
    assert all(check.keys() == {"name", "state", "says", "do"} for check in checks)


def test_the_installed_command_and_python_m_bot() -> None:
    """In processes of their own: what is printed where, and no traceback."""
    command = Path(sys.executable).with_name("passage")
    asked = subprocess.run(
        [command, "ask", "--json", "¡Buenos", "días!"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(asked.stdout)["language"] == "es"
    assert asked.stderr == ""
    started = subprocess.run(
        [sys.executable, "-m", "bot"], capture_output=True, text=True, check=False
    )
    assert started.returncode == 1
    assert "DISCORD_TOKEN" in started.stderr
    assert "Traceback" not in started.stderr
