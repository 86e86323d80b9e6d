"""The commands where Python has nothing that only POSIX has, in a process of their own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.bot.portal import TOKEN
from tests.conftest import SEEDS

SITECUSTOMIZE = '''
"""Hides what Windows does not have; no name is looked up in the network."""
import asyncio
import builtins
import os
import socket

HIDDEN = {"fcntl", "grp", "pwd", "resource", "termios"}
ASK_THE_PLATFORM = ("chromadb", "filelock")  # On Windows they import something else.
import_module = builtins.__import__


def hide(name, globals=None, *args, **kwargs):
    if name in HIDDEN and not (globals or {}).get("__name__", "").startswith(ASK_THE_PLATFORM):
        raise ImportError(f"No module named {name!r}")
    return import_module(name, globals, *args, **kwargs)


def refuse(self, *args):
    raise NotImplementedError


def unreachable(*args, **kwargs):
    raise socket.gaierror("there is no network")


builtins.__import__ = hide
for name in ("killpg", "nice", "sched_getaffinity", "setsid", "sync"):
    if hasattr(os, name):
        delattr(os, name)
os.process_cpu_count = os.cpu_count  # Of Python 3.13: on Windows it asks nothing else.
for name in ("add_signal_handler", "remove_signal_handler"):
    setattr(asyncio.SelectorEventLoop, name, refuse)
socket.getaddrinfo = unreachable
'''

RUN = """
import io, json, logging, sys
from contextlib import redirect_stderr, redirect_stdout
from bot.cli.app import main
for argv in json.loads(sys.argv[1]):
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        try:
            status = main(argv)
        except SystemExit as exit:
            status = exit.code
    print(json.dumps([status, out.getvalue(), err.getvalue()]), flush=True)
logging.getLogger().handlers.clear()  # They write to what was redirected.
for _ in range(2):
    print(main(["reader"]), flush=True)
"""

ARTICLE = "004_20faca2c5681b20c.txt"

COMMANDS: dict[tuple[str, ...], tuple[int, str]] = {
    ("--help",): (0, "usage: passage "),
    ("reload",): (0, "1 added, 0 changed, 0 removed"),
    ("ask", "Who received the Ho Chi Minh Order?"): (0, "Ho Chi Minh Order to To Huy Rua"),
    ("status",): (0, "Articles 1 ("),
    ("export", "backup.zip"): (0, "1 article and 0 ratings of members"),
    ("run",): (1, "Discord cannot be reached: "),
}
"""Each command's exit status, and what it says."""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a machine without POSIX, with an article of few passages: for those of
    all seeds torch is loaded, which takes many seconds and hides nothing of ours."""
    folder = tmp_path_factory.mktemp("windows")
    (folder / "seeds").mkdir()
    shutil.copy(SEEDS / ARTICLE, folder / "seeds")
    (folder / "sitecustomize.py").write_text(SITECUSTOMIZE, "utf-8")
    kept = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    return kept | {
        "HF_HUB_OFFLINE": "1",
        "PYTHONPATH": os.pathsep.join([str(folder), *filter(None, sys.path)]),
        "PASSAGE_SEEDS_DIR": str(folder / "seeds"),
        "PASSAGE_DATA_DIR": str(folder / "data"),
        "PASSAGE_READER_PORT": "0",
        "DISCORD_TOKEN": TOKEN,
    }


@pytest.fixture(scope="module")
def process(
    environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[subprocess.Popen[str]]:
    """It runs the commands one after another, and then serves the reader until a signal, twice."""
    with subprocess.Popen(
        [sys.executable, "-c", RUN, json.dumps([*COMMANDS])],
        cwd=tmp_path_factory.mktemp("run"), env=environment, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        yield process
        process.kill()


@pytest.fixture(scope="module")
def ended(process: subprocess.Popen[str]) -> dict[tuple[str, ...], tuple[int, str, str]]:
    """How the commands ended: exit status, stdout and stderr."""
    assert process.stdout is not None
    return {argv: tuple(json.loads(process.stdout.readline())) for argv in COMMANDS}


@pytest.mark.parametrize("argv", COMMANDS, ids=lambda argv: argv[0])
def test_a_command_ends_as_ever(
    ended: dict[tuple[str, ...], tuple[int, str, str]], argv: tuple[str, ...]
) -> None:
    status, says = COMMANDS[argv]
    got, out, err = ended[argv]
    assert got == status, err
    assert "Traceback" not in err
    assert says in " ".join((out if status == 0 else err).replace("│", "").split())


@pytest.mark.usefixtures("ended")
def test_the_reader_serves_until_a_signal(process: subprocess.Popen[str]) -> None:
    """Twice in one process, for each signal that ends it."""
    assert process.stdout is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        assert process.stdout.readline().startswith("http://127.0.0.1:")
        process.send_signal(number)
        assert process.stdout.readline() == "0\n"
    _, log = process.communicate()
    assert (process.returncode, log.count("Traceback")) == (0, 0), log
    assert log.count("Stopped.") == 2
