"""`passage doctor`: what an operator reads when something is amiss, and when nothing is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.cli import doctor
from bot.cli.checks import OK, PROBLEM, WARNING, Check, CheckState
from bot.cli.doctor import API, run_checks
from bot.cli.output import Terminal
from bot.options import DiscordOptions, LibraryOptions
from bot.settings import Settings
from retrieval import Library
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from tests.conftest import OTHER_MODEL, SEEDS, Folder

from ..portal import INVITE, REST, TOKEN, Portal, named, serving, states


@pytest.fixture
def machine(
    tmp_path: Path, folder: Folder, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    """Checks a machine of two articles, with other options of the library if they are given."""
    monkeypatch.setattr(doctor, "ENOUGH_MEMORY", 0)
    seeds = folder(
        {
            "one.txt": "The council met on Monday.\n\nIt decided to build a bridge.\n",
            "two.txt": "A new school opens.\n\nThe mayor opened the new school on Tuesday.\n",
        }
    )
    data = tmp_path / "data"

    def open_library() -> Library:
        return Library(seeds, Store.open(data / "chroma"), lambda: embedder)

    async def check(
        discord: DiscordOptions = DiscordOptions(),  # noqa: B008 - it is frozen
        open_library: Callable[[], Library] = open_library,
        api: str = API,
        **other: Any,
    ) -> dict[str, Check]:
        options = LibraryOptions(**{"seeds_dir": seeds, "data_dir": data, **other})
        settings = Settings(library=options, discord=discord)
        return named(await run_checks(settings, open_library, api))

    check.seeds = seeds
    check.open = open_library
    return check


def reload(machine: Any) -> None:
    with machine.open() as library:
        library.reload()


async def test_a_machine_that_is_well(machine: Any, embedder: Embedder) -> None:
    reload(machine)
    async with serving(Portal()) as api:
        checks = await machine(DiscordOptions(token=TOKEN), api=api)
    assert list(checks) == [
        "Token", "Discord", "Portal", "Intents", "Permissions", "Articles", "System", "Memory",
        "Model", "Index", "Disk",
    ]  # fmt: skip
    assert set(states(checks).values()) == {"ok"}, checks
    assert checks["Articles"].says == f"2 articles in {machine.seeds}."
    loaded = f"{embedder.name} is loaded, {embedder.dimension} dimensions."
    assert checks["Model"].says == loaded
    assert checks["Index"].says.startswith("2 articles, ")
    assert not any(secret in repr(checks) for secret in (REST, TOKEN))


async def test_without_a_token_the_rest_is_looked_at(machine: Any) -> None:
    checks = await machine(api="http://127.0.0.1:9")
    assert states(checks) == {
        "Token": "problem", "Articles": "ok", "System": "ok", "Memory": "ok", "Model": "ok",
        "Index": "warning", "Disk": "ok",
    }  # fmt: skip
    assert "`passage reload`" in checks["Index"].do


async def test_articles_that_fail_are_named_with_the_reason(machine: Any) -> None:
    reload(machine)
    empty(machine.seeds / "empty.txt")
    check = (await machine())["Articles"]
    assert check.state is WARNING
    assert "2 articles" in check.says
    assert "empty.txt: it is empty" in check.says
    assert "`passage reload`" in check.do


async def test_a_folder_of_articles_that_is_not_there(machine: Any, tmp_path: Path) -> None:
    checks = await machine(seeds_dir=tmp_path / "none")
    assert checks["Articles"].state is PROBLEM
    assert "PASSAGE_SEEDS_DIR" in checks["Articles"].says
    assert checks["Disk"].state is OK


async def test_an_index_that_is_out_of_date(machine: Any) -> None:
    reload(machine)
    (machine.seeds / "one.txt").unlink()
    shutil.copy(SEEDS / "004_20faca2c5681b20c.txt", machine.seeds / "new.txt")
    check = (await machine())["Index"]
    assert check.state is WARNING
    assert check.says.endswith("new.txt, one.txt.")
    assert check.do == "Run `passage reload`."


async def test_an_index_of_another_model(machine: Any, tmp_path: Path) -> None:
    reload(machine)

    def open_library() -> Library:
        return Library.open(machine.seeds, tmp_path / "data", OTHER_MODEL)

    check = (await machine(open_library=open_library))["Index"]
    assert check.state is WARNING
    assert "PASSAGE_EMBEDDING_MODEL" in check.says
    assert "`passage reload`" in check.says


async def test_a_model_that_does_not_load(machine: Any, tmp_path: Path) -> None:
    def open_library() -> Library:
        return Library.open(machine.seeds, tmp_path / "data", "no/such-model")

    checks = await machine(open_library=open_library)
    assert checks["Model"].state is PROBLEM
    assert "PASSAGE_EMBEDDING_MODEL" in checks["Model"].says


async def test_a_chroma_server_that_is_not_there(machine: Any, tmp_path: Path) -> None:
    url = "http://127.0.0.1:9"

    def open_library() -> Library:
        return Library.open(machine.seeds, tmp_path / "data", chroma_url=url)

    check = (await machine(chroma_url=url, open_library=open_library))["Chroma"]
    assert check.state is PROBLEM
    assert "PASSAGE_CHROMA_URL" in check.says


async def test_a_chroma_server_that_answers(machine: Any) -> None:
    check = (await machine(chroma_url="http://chroma:8000"))["Chroma"]
    assert (check.state, check.says) == (OK, "http://chroma:8000 answers.")


async def test_little_room_on_the_disk(machine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "ENOUGH_DISK", 1 << 70)
    assert (await machine())["Disk"].state is WARNING


async def test_little_memory(machine: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(doctor, "CONTAINER_LIMIT", limit)
    monkeypatch.setattr(doctor, "ENOUGH_MEMORY", 2 << 30)
    limit.write_text(f"{1 << 30}\n")
    check = (await machine())["Memory"]
    assert (check.state, check.says) == (WARNING, "1.0 GiB are free at most.")
    limit.write_text("max\n")
    monkeypatch.setattr(doctor, "ENOUGH_MEMORY", 1 << 70)
    assert (await machine())["Memory"].state is WARNING


@pytest.mark.parametrize(
    ("system", "state"),
    [
        ("Linux x86_64 glibc CPython", OK),
        ("Linux aarch64 glibc CPython", OK),
        ("Darwin arm64 none CPython", OK),
        ("Windows AMD64 none CPython", OK),
        ("Linux armv7l glibc CPython", WARNING),
        ("Linux x86_64 none CPython", WARNING),  # Alpine
        ("Darwin x86_64 none CPython", WARNING),
        ("FreeBSD amd64 none CPython", WARNING),
        ("Linux x86_64 glibc PyPy", WARNING),
    ],
)
async def test_a_system_that_the_pages_do_not_name(
    machine: Any, monkeypatch: pytest.MonkeyPatch, system: str, state: CheckState
) -> None:
    name, processor, libc, python = system.split()
    told = SimpleNamespace(
        system=lambda: name,
        machine=lambda: processor,
        libc_ver=lambda: (libc.replace("none", ""), ""),
        python_implementation=lambda: python,
        python_version=lambda: "3.12.1",
    )
    monkeypatch.setattr(doctor, "platform", told)
    check = (await machine())["System"]
    assert (check.state, check.says) == (state, f"{name} on {processor}, {python} 3.12.1.")
    assert ("docs/index.md" in check.do) == (state is WARNING)


async def test_a_data_folder_that_is_a_file(machine: Any, tmp_path: Path) -> None:
    check = (await machine(data_dir=executable(tmp_path / "file") / "data"))["Disk"]
    assert check.state is PROBLEM
    assert "PASSAGE_DATA_DIR" in check.do


def test_lines_fit_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    checks = [
        Check("Token", OK, "It is there."),
        Check("Permissions", WARNING, "word " * 30, f"Add it: {INVITE}"),
        Check("Disk", PROBLEM, "It is full.", f"Make room. {'a-long-address/' * 6}"),
    ]
    Terminal().checks(checks)
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "ok  Token        It is there."
    assert shown[1].startswith("!   Permissions  word word")
    assert shown[-3:-1] == ["x   Disk         It is full.", "                 Make room."]
    # An address stays whole, so that a terminal makes it a link.
    assert [line.strip() for line in shown if len(line) > 80] == [INVITE, "a-long-address/" * 6]
    Terminal().checks([])
    assert not capsys.readouterr().out


def test_a_terminal_narrower_than_the_names_has_a_word_a_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "12")
    Terminal().checks([Check("Permissions", OK, "All are there.")])
    shown = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in shown] == ["All", "are", "there."]


def empty(file: Path) -> Path:
    file.write_bytes(b"")
    return file


def executable(file: Path) -> Path:
    empty(file).chmod(0o755)
    return file
