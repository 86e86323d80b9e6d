"""What the command line loads, in processes of its own: nothing that a command does not need."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from retrieval import MAX_QUESTION, __version__
from tests.bot.portal import TOKEN

MODEL = {"sentence_transformers", "torch", "transformers"}
HEAVY = MODEL | {"aiohttp", "chromadb", "discord"}
LIBRARIES = HEAVY | {"numpy", "pydantic", "retrieval", "rich"}

COMMANDS = {
    "ask", "chat", "check", "reload", "add", "status", "eval", "reader", "run", "try", "doctor",
    "export", "import", "feedback", "questions", "meetings", "verify", "follow", "feeds", "mcp",
}  # fmt: skip

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

Run = tuple[tuple[str, ...], dict[str, str]]
"""A command, and what is added to its environment."""

Result = tuple[int, str, str, set[str]]
"""Exit status, stdout, stderr, and the libraries that are loaded then."""

Results = dict[tuple[str, ...], Result]
"""By what was asked for."""

NO_TOKEN = "DISCORD_TOKEN is not a bot's token"  # noqa: S105 - what is said of one
TOKENS = {"": "DISCORD_TOKEN is not set", "a" * 32: NO_TOKEN, "a.b.c": NO_TOKEN,
          f"Bot {TOKEN}": NO_TOKEN}  # fmt: skip
QUESTIONS = {"": "nothing to read", "x" * (MAX_QUESTION + 1): str(MAX_QUESTION), "?!": "in words"}

HELPS = [("--help",), *((command, "--help") for command in sorted(COMMANDS))]
WRONG = [(), ("ask",), ("nonsense",), ("ask", "--what", "Who?")]
REFUSED = [("ask", question) for question in QUESTIONS]
SMALL_TALK = ("ask", "--json", "¡Buenos", "días!")
NO_DAY = ("meetings", "--from", "some day")

pytestmark = pytest.mark.usefixtures("command_line")


def start_each(*runs: Run) -> list[Result]:
    """Run commands in one process; what one has loaded is there for the next."""
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


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Results]:
    """By command, that which loads least first; of `run`, by token. None makes a data folder."""
    folder = tmp_path_factory.mktemp("data")
    data = {"PASSAGE_DATA_DIR": str(folder / "new")}
    runs: list[Run] = [(argv, data) for argv in [*HELPS, *WRONG, ("--version",), *REFUSED]]
    runs += [(("run",), data | {"DISCORD_TOKEN": token}) for token in TOKENS]
    runs += [(("feedback",), {"PASSAGE_DATA_DIR": str(folder)})]
    runs += [(argv, data) for argv in (SMALL_TALK, NO_DAY)]
    names = [("run", more["DISCORD_TOKEN"]) if argv == ("run",) else argv for argv, more in runs]
    yield dict(zip(names, start_each(*runs), strict=True))
    assert not (folder / "new").exists()


def test_help_loads_nothing(results: Results) -> None:
    for argv in HELPS:
        status, out, err, loaded = results[argv]
        assert (status, err) == (0, "")
        command = argv[0] if argv[1:] else "[-h] [-V] COMMAND ...\n"
        assert out.startswith(f"usage: passage {command}")
        assert not loaded & LIBRARIES
    lines = results["--help",][1].splitlines()
    listed = [line for line in lines if line[:4].isspace() and line[4:5].isalpha()]
    assert {line.split()[0] for line in listed} == COMMANDS


def test_wrong_usage_loads_nothing_and_a_day_that_is_none_little(results: Results) -> None:
    for argv in WRONG:
        status, out, err, loaded = results[argv]
        assert (status, out) == (2, "")
        assert err.startswith("usage: passage ")
        assert not loaded & LIBRARIES
    status, _, err, loaded = results[NO_DAY]
    assert status == 2
    assert err.startswith("I cannot read “some day” as a date. ")
    assert not loaded & HEAVY


def test_the_version_loads_no_library(results: Results) -> None:
    status, out, _, loaded = results["--version",]
    assert (status, out.strip()) == (0, __version__)
    assert loaded & LIBRARIES == {"retrieval"}


def test_a_question_is_refused_and_small_talk_answered_before_anything_is_opened(
    results: Results,
) -> None:
    for argv, words in zip(REFUSED, QUESTIONS.values(), strict=True):
        status, out, err, loaded = results[argv]
        assert (status, out.strip()) == (1, "")
        assert words in err
        assert not loaded & {*HEAVY, "numpy"}
    status, out, err, loaded = results[SMALL_TALK]
    assert (status, err) == (0, "")
    assert json.loads(out) == {
        "question": "¡Buenos días!",
        "language": "es",
        "answered": False,
        "quotes": [],
    }
    assert not loaded & HEAVY


def test_a_token_is_looked_at_before_anything_is_opened(results: Results) -> None:
    for token, words in TOKENS.items():
        status, out, err, loaded = results["run", token]
        assert (status, out.strip()) == (1, "")
        assert err.startswith(words)
        assert err.count("\n") == 1
        assert not token or token not in err
        assert not loaded & {*HEAVY, "numpy"}


def test_feedback_needs_no_library(results: Results) -> None:
    status, out, _, loaded = results["feedback",]
    assert (status, out.strip()) == (0, "No member has said anything yet.")
    assert not loaded & {*HEAVY, "numpy"}


def test_what_the_index_holds_is_told_without_a_model_and_a_question_answered_without_torch() -> (
    None
):
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
