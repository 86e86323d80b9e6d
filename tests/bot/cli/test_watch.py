"""`passage reload --watch`, as a person and as a program meet it."""

from __future__ import annotations

import json
import os
import signal
from argparse import Namespace
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path

import pytest

from bot.cli import watch
from bot.cli.app import main
from bot.cli.context import CommandContext
from bot.cli.output import Terminal
from bot.options import LibraryOptions
from bot.settings import Settings
from tests.conftest import Folder
from tests.waiting import wait_until

ROSES = "Roses grow beside the red house at the end of the lane.\n"
TULIPS = "Tulips grow behind the blue house by the old mill.\n"
TULPEN = "Tulpen für später blühen am Weg.\n"


class Watched:
    """What is printed meanwhile."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.out = self.err = ""

    def says(self, words: str) -> None:
        """Waits until it has been said, on stdout or stderr."""
        wait_until(lambda: words in self.read())

    def read(self) -> str:
        out, err = self._capsys.readouterr()
        self.out += out
        self.err += err
        return self.out + self.err


@contextmanager
def meanwhile(
    watched: Watched, script: Callable[[Watched], None], end: signal.Signals
) -> Iterator[None]:
    """Runs a script in a thread while this one watches, and then ends that with a signal."""

    def act() -> None:
        try:
            watched.says("Watching ")
            script(watched)
        finally:
            os.kill(os.getpid(), end)

    with ThreadPoolExecutor(max_workers=1) as thread:
        acting = thread.submit(act)
        yield
        acting.result()
    watched.read()


@pytest.fixture
def seeds(folder: Folder) -> Path:
    return folder({"roses.txt": ROSES})


@pytest.mark.usefixtures("loaded_once")
def test_a_person_sees_the_report_of_each_reload_that_did_something(
    seeds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def script(watched: Watched) -> None:
        watched.says("1 article, 1 passage;")
        (seeds / ".hidden.txt").write_text(TULIPS)
        (seeds / "draft.txt~").write_text(TULIPS)
        (seeds / "picture.png").write_text(TULIPS)
        (tmp_path / "made").mkdir()
        (tmp_path / "made" / "tulips.txt").write_bytes(TULPEN.encode("cp1252"))
        (tmp_path / "made" / "half.txt").write_text("")
        (tmp_path / "made").rename(seeds / "sub")
        watched.says("· sub/tulips.txt: read as Windows-1252")
        watched.says("! sub/half.txt: it is empty")
        (seeds / "sources.toml").write_text('["roses.txt"]\ntitle = "Roses"\n')
        watched.says("~ roses.txt")
        seeds.rename(tmp_path / "elsewhere")
        watched.says("There is no folder of articles at ")
        seeds.mkdir()
        watched.says("There is no article in ")
        (tmp_path / "elsewhere" / "sub").rename(seeds / "sub")
        watched.says("- roses.txt")

    watched = Watched(capsys)
    settings = Settings(library=LibraryOptions(seeds, tmp_path / "data"))
    with ExitStack() as resources:
        args = Namespace(watch=True, json=False)
        context = CommandContext(args, settings, Terminal(), resources)
        with meanwhile(watched, script, signal.SIGTERM):
            watch.reload_articles(context)
        assert context.library.ask("Wo blühen Tulpen?").answered
    reports = watched.out.count(" texts embedded in ") + watched.out.count(" text embedded in ")
    assert reports == 4, "the first, and three that did something"
    assert sum(" There is no " in line for line in watched.err.splitlines()) == 2
    assert watched.err.endswith("Stopped watching.\n")


@pytest.mark.usefixtures("loaded_once")
def test_a_program_gets_an_object_a_line_and_files_are_polled_where_it_is_asked_for(
    seeds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSAGE_SEEDS_DIR", str(seeds))
    monkeypatch.setenv("PASSAGE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "1")
    monkeypatch.chdir(tmp_path)

    def script(watched: Watched) -> None:
        watched.says('"added": ["roses.txt"]')
        (seeds / "tulips.txt").write_text(TULIPS)
        watched.says('"added": ["tulips.txt"]')

    watched = Watched(capsys)
    with meanwhile(watched, script, signal.SIGINT):
        assert main(["reload", "--watch", "--json"]) == 0
    first, second = (json.loads(line) for line in watched.out.splitlines())
    assert first.keys() == second.keys() > {"added", "failed", "seconds"}
    assert (second["unchanged"], second["articles"]) == (["roses.txt"], 2)


def test_it_misses_nothing_while_it_reloads(seeds: Path, tmp_path: Path) -> None:
    looks = watch._changes(seeds, tmp_path / "data")
    assert next(looks)
    (seeds / "tulips.txt").write_text(TULIPS)  # While the first reload is under way.
    assert next(filter(None, islice(looks, 30)))
