"""What the command line loads, in processes of their own: nothing that a command does not need."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.app import main
from retrieval import MAX_QUESTION, __version__
from tests.bot.portal import TOKEN

MODEL = {"sentence_transformers", "torch", "transformers"}
HEAVY = MODEL | {"aiohttp", "chromadb", "discord"}
LIBRARIES = HEAVY | {"numpy", "pydantic", "retrieval", "rich"}

COMMANDS = {
    "ask", "chat", "check", "reload", "add", "status", "eval", "reader", "run", "try", "doctor",
    "export", "import", "feedback", "questions", "meetings", "verify", "follow", "feeds", "mcp",
}  # fmt: skip

PROGRAM = """
import sys
from bot.cli.app import main
try:
    status = main(sys.argv[1:])
except SystemExit as exit:
    status = exit.code
print("\\n", *{name.partition(".")[0] for name in sys.modules})
sys.exit(status)
"""

HELP = """
import sys
from bot.cli.app import main
for command in sys.argv[1:]:
    print(f"{command}:")
    try:
        main([command, "--help"])
    except SystemExit as exit:
        assert exit.code == 0
print("\\n", *{name.partition(".")[0] for name in sys.modules})
"""

EACH = """
import io, json, os, sys
from contextlib import redirect_stderr, redirect_stdout
from bot.cli.app import main
for argv, environment in json.loads(sys.argv[1]):
    os.environ.update(environment)
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        try:
            status = main(argv)
        except SystemExit as exit:
            status = exit.code
    loaded = sorted({name.partition(".")[0] for name in sys.modules})
    print(json.dumps([status, out.getvalue(), err.getvalue(), loaded]))
"""

pytestmark = pytest.mark.usefixtures("command_line")


def start(*argv: str, program: str = PROGRAM) -> tuple[int, str, str, set[str]]:
    """Run a command: its exit status, stdout and stderr, and the libraries that were loaded."""
    run = subprocess.run(
        [sys.executable, "-c", program, *argv],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in run.stderr
    out, _, loaded = run.stdout.rstrip("\n").rpartition("\n")
    return run.returncode, out, run.stderr, set(loaded.split())


def start_each(
    *runs: tuple[tuple[str, ...], dict[str, str]],
) -> list[tuple[int, str, str, set[str]]]:
    """Run commands in one process, each with what is added to its environment: as `start`; what
    one has loaded is there for the next."""
    run = subprocess.run(
        [sys.executable, "-c", EACH, json.dumps(runs)],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert run.stderr == ""
    results = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(results) == len(runs)
    assert not any("Traceback" in err for _, _, err, _ in results)
    return [(status, out, err, set(loaded)) for status, out, err, loaded in results]


@pytest.fixture
def new_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A data folder that is made when something is opened in it."""
    folder = tmp_path / "new"
    monkeypatch.setenv("PASSAGE_DATA_DIR", str(folder))
    return folder


def test_help_loads_nothing() -> None:
    status, out, err, loaded = start("--help")
    assert (status, err) == (0, "")
    assert out.startswith("usage: passage [-h] [-V] COMMAND ...\n")
    lines = [line for line in out.splitlines() if line[:4].isspace() and line[4:5].isalpha()]
    assert {line.split()[0] for line in lines} == COMMANDS
    assert not loaded & LIBRARIES


def test_the_help_of_a_command_loads_nothing() -> None:
    """All in one process: what any of them loads is loaded in the end."""
    status, out, err, loaded = start(*sorted(COMMANDS), program=HELP)
    assert (status, err) == (0, "")
    for command in COMMANDS:
        assert f"{command}:\nusage: passage {command} " in out
    assert not loaded & LIBRARIES


def test_the_version_loads_no_library() -> None:
    status, out, _, loaded = start("--version")
    assert (status, out.strip()) == (0, __version__)
    assert loaded & LIBRARIES == {"retrieval"}


def test_wrong_usage_loads_nothing_and_a_day_that_is_none_little() -> None:
    wrong = ((), ("ask",), ("nonsense",), ("ask", "--what", "Who?"))
    day = ("meetings", "--from", "some day")
    *results, told = start_each(*((argv, {}) for argv in (*wrong, day)))
    for status, out, err, loaded in results:
        assert (status, out) == (2, "")
        assert err.startswith("usage: passage ")
        assert not loaded & LIBRARIES
    status, _, err, loaded = told
    assert status == 2
    assert err.startswith("I cannot read “some day” as a date. ")
    assert not loaded & HEAVY


def test_a_question_is_refused_and_small_talk_answered_before_anything_is_opened(
    new_data: Path,
) -> None:
    says = {
        "": "nothing to read",
        "x" * (MAX_QUESTION + 1): str(MAX_QUESTION),
        "?!": "in words",
    }
    small_talk = ("ask", "--json", "¡Buenos", "días!")
    *results, told = start_each(*((("ask", question), {}) for question in says), (small_talk, {}))
    for (status, out, err, loaded), words in zip(results, says.values(), strict=True):
        assert (status, out.strip()) == (1, "")
        assert words in err
        assert not loaded & {*HEAVY, "numpy"}
    status, out, err, loaded = told
    assert (status, err) == (0, "")
    assert json.loads(out) == {
        "question": "¡Buenos días!",
        "language": "es",
        "answered": False,
        "quotes": [],
    }
    assert not loaded & HEAVY
    assert not new_data.exists()


def test_a_token_is_looked_at_before_anything_is_opened(new_data: Path) -> None:
    says = {
        "": "DISCORD_TOKEN is not set",
        "a" * 32: "DISCORD_TOKEN is not a bot's token",
        "a.b.c": "DISCORD_TOKEN is not a bot's token",
        f"Bot {TOKEN}": "DISCORD_TOKEN is not a bot's token",
    }
    results = start_each(*((("run",), {"DISCORD_TOKEN": token}) for token in says))
    for (status, out, err, loaded), (token, words) in zip(results, says.items(), strict=True):
        assert (status, out.strip()) == (1, "")
        assert err.startswith(words)
        assert err.count("\n") == 1
        assert not token or token not in err
        assert not loaded & {*HEAVY, "numpy"}
    assert not new_data.exists()


def test_feedback_needs_no_library() -> None:
    status, out, _, loaded = start("feedback")
    assert (status, out.strip()) == (0, "No member has said anything yet.")
    assert not loaded & {*HEAVY, "numpy"}


def test_what_the_index_holds_is_told_without_a_model_and_a_question_answered_without_torch() -> (
    None
):
    assert main(["reload"]) == 0
    commands = [
        ("status",),
        ("meetings", "--from", "2024"),
        ("ask", "--json", "¿Quién recibió la Orden Ho Chi Minh?"),
    ]
    results = start_each(*((argv, {}) for argv in commands))
    for status, out, err, loaded in results:
        assert (status, err) == (0, "")
        assert out
        assert not loaded & {*MODEL, "discord", "aiohttp", "onnx", "safetensors", "tokenizers"}
    *told, (_, answer, _, loaded) = results
    assert not any({"onnxruntime", "sentencepiece"} & loaded for *_, loaded in told)
    assert {"onnxruntime", "sentencepiece"} <= loaded
    assert json.loads(answer)["answered"]
    assert json.loads(answer)["language"] == "es"
