"""The commands where Python has nothing that only POSIX has, in processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

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

RUN = "import sys; from bot.cli.app import main; sys.exit(main(sys.argv[1:]))"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a machine with the seeds, but without POSIX."""
    folder = tmp_path_factory.mktemp("windows")
    (folder / "sitecustomize.py").write_text(SITECUSTOMIZE, "utf-8")
    kept = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    return kept | {
        "HF_HUB_OFFLINE": "1",
        "PYTHONPATH": os.pathsep.join([str(folder), *filter(None, sys.path)]),
        "PASSAGE_SEEDS_DIR": str(SEEDS),
        "PASSAGE_DATA_DIR": str(folder / "data"),
        "PASSAGE_READER_PORT": "0",
        "DISCORD_TOKEN": TOKEN,
        "USERNAME": "ana",  # Windows has it; torch asks for it.
    }


@pytest.mark.parametrize(
    ("argv", "status", "says"),
    [
        (("--help",), 0, "usage: passage "),
        (("reload",), 0, "5 added, 0 changed, 0 removed"),
        (("ask", "Who received the Ho Chi Minh Order?"), 0, "Ho Chi Minh Order to To Huy Rua"),
        (("status",), 0, "Articles 5 ("),
        (("export", "backup.zip"), 0, "5 articles and 0 ratings of members"),
        (("run",), 1, "Discord cannot be reached: "),
    ],
    ids=lambda argv: argv[0] if isinstance(argv, tuple) else "",
)
def test_a_command_ends_as_ever(
    environment: dict[str, str], tmp_path: Path, argv: tuple[str, ...], status: int, says: str
) -> None:
    run = subprocess.run(
        [sys.executable, "-c", RUN, *argv],
        cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert run.returncode == status, run.stderr
    assert "Traceback" not in run.stderr
    assert says in " ".join((run.stdout if status == 0 else run.stderr).replace("│", "").split())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_reader_serves_until_a_signal(
    environment: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", RUN, "reader"],
        cwd=tmp_path, env=environment, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as reader:  # fmt: skip
        assert reader.stdout is not None
        assert reader.stdout.readline().startswith("http://127.0.0.1:")
        reader.send_signal(number)
        _, log = reader.communicate()
    assert (reader.returncode, log.count("Traceback")) == (0, 0), log
    assert "Stopped." in log
