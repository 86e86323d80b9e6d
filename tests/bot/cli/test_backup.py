"""`passage export` and `passage import`, as a person and as a program meet them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.cli.app import main
from bot.journal import JOURNAL, Feedback, Journal
from tests.conftest import OTHER_MODEL, ROOT, SEEDS

pytestmark = pytest.mark.usefixtures("command_line")

ORDER = "Who received the Ho Chi Minh Order?"
KEYS = ["file", "made_at", "articles", "members", "bytes", "index", "feedback"]

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _rated(data: Path) -> None:
    if not (data / JOURNAL).exists():
        with Journal(data / JOURNAL) as journal:
            journal.rate(Feedback("abc", 7, 0.0, "a.txt", "helpful"))


def run(capsys: Capture, *argv: str) -> tuple[int, str, str]:
    status = main(argv)
    out, err = capsys.readouterr()
    return status, out, err


def value(capsys: Capture, *argv: str) -> dict[str, Any]:
    status, out, err = run(capsys, *argv, "--json")
    assert status == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


def failure(capsys: Capture, *argv: str) -> str:
    status, out, err = run(capsys, *argv)
    assert (status, out) == (1, "")
    assert len(err.strip().splitlines()) == 1
    return err


def move(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """From now on commands work in another home."""
    monkeypatch.setenv("PASSAGE_SEEDS_DIR", str(home / "seeds"))
    monkeypatch.setenv("PASSAGE_DATA_DIR", str(home / "data"))


def test_to_another_machine_and_back_to_work(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = value(capsys, "ask", ORDER)
    assert run(capsys, "export", "b.zip")[1].startswith(
        "b.zip: 5 articles, the index and 1 rating of members; "
    )
    made = value(capsys, "export", "b.zip")
    assert list(made) == KEYS
    assert [made[key] for key in ("file", "articles", "index", "feedback")] == ["b.zip", 5, True, 1]
    assert made["bytes"] == (tmp_path / "b.zip").stat().st_size
    move(monkeypatch, tmp_path / "new")
    assert value(capsys, "import", "b.zip") == made | {"reload": False}
    assert value(capsys, "ask", ORDER) == before
    assert value(capsys, "status")["articles"] == 5
    assert "--replace puts" in failure(capsys, "import", "b.zip")
    status, out, err = run(capsys, "import", "--replace", "b.zip")
    assert (status, err) == (0, "")
    assert "5 articles, the index and 1 rating of members." in " ".join(out.split())
    assert out.endswith("no reload is needed.\n")
    assert value(capsys, "ask", ORDER) == before


def test_articles_that_have_changed_need_a_reload(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    move(monkeypatch, tmp_path / "old")
    (tmp_path / "old" / "seeds").mkdir(parents=True)
    for file in SEEDS.iterdir():
        (tmp_path / "old" / "seeds" / file.name).write_bytes(file.read_bytes())
    run(capsys, "reload")
    (tmp_path / "old" / "seeds" / "004_20faca2c5681b20c.txt").write_text("All is new now.\n")
    run(capsys, "export", "b.zip")
    move(monkeypatch, tmp_path / "new")
    assert "1 article changed after the index was made" in run(capsys, "import", "b.zip")[1]
    assert value(capsys, "import", "--replace", "b.zip")["reload"] is True
    monkeypatch.setenv("PASSAGE_EMBEDDING_MODEL", OTHER_MODEL)
    _, out, _ = run(capsys, "import", "--replace", "b.zip")
    assert "was made by the model" in out
    assert "`passage reload`" in out
    monkeypatch.setenv("PASSAGE_CHROMA_URL", "http://127.0.0.1:9")
    assert "The index is not restored; run" in run(capsys, "import", "--replace", "b.zip")[1]
    status, out, err = run(capsys, "export", "server.zip")
    assert (status, out.split(": ")[1][:24]) == (0, "5 articles, no index and")
    assert "kept by a Chroma server" in err


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["export", "/nowhere/at/all.zip"], "/nowhere/at/all.zip cannot be written (No such file"),
        (["export", "."], "is no archive; choose another name"),
        (["export", "notes.txt"], "is no archive; choose another name"),
        (["export", str(SEEDS / "b.zip")], "would lie among the articles"),
        (["import", "none.zip"], "none.zip cannot be read (No such file"),
        (["import", "notes.txt"], "notes.txt is no archive, or was cut off"),
        (["import", str(SEEDS / "b.zip")], "lies in a folder that it would replace"),
    ],
)
def test_an_error_is_one_sentence(
    capsys: Capture, tmp_path: Path, argv: list[str], says: str
) -> None:
    (tmp_path / "notes.txt").write_text("Notes.\n")
    assert says in failure(capsys, *argv)
    assert {file.name for file in tmp_path.iterdir()} == {"notes.txt"}


def test_articles_and_data_in_each_other(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PASSAGE_SEEDS_DIR", str(tmp_path))
    monkeypatch.setenv("PASSAGE_DATA_DIR", str(tmp_path / "data"))
    for command in ("export", "import"):
        assert "must not lie in each other" in failure(capsys, command, "/tmp/b.zip")  # noqa: S108


KILLED = """
import os, sys
from bot.backup import file_switch
from bot.cli.app import main
rename, asked = os.rename, []
def until(source, target):
    asked.append(source)
    if len(asked) == 2:
        os._exit(9)
    rename(source, target)
file_switch.os.rename = until
main(["import", "--replace", sys.argv[1]])
"""


def test_a_killed_import_is_finished_by_the_next_command(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Killed where the old articles have gone aside and the new ones are not there yet."""
    before = value(capsys, "ask", ORDER)
    run(capsys, "export", "b.zip")
    home = tmp_path / "new"
    (home / "seeds").mkdir(parents=True)
    (home / "seeds" / "mine.txt").write_text("Mine.\n")
    move(monkeypatch, home)
    argv = [sys.executable, "-c", KILLED, str(tmp_path / "b.zip")]
    assert subprocess.run(argv, cwd=ROOT, check=False).returncode == 9
    assert not (home / "seeds").exists()
    status, out, err = run(capsys, "ask", "--json", ORDER)
    assert (status, err) == (0, "Finished an import that had been cut off.\n")
    assert json.loads(out) == before
    assert {file.name for file in home.iterdir()} == {"seeds", "data"}
    assert run(capsys, "reload")[1].startswith("0 added, 0 changed, 0 removed, 5 unchanged")
