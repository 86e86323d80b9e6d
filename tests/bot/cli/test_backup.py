"""`passage export` and `passage import`, as a person and as a program meet them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from bot.backup.backup import ARCHIVE_DRAFT, DRAFT
from bot.cli.app import main
from bot.journal.journal import JOURNAL, Journal
from bot.journal.records import Feedback
from tests.conftest import ROOT, SEEDS

pytestmark = pytest.mark.usefixtures("command_line")

ORDER = "Who received the Ho Chi Minh Order?"
KEYS = ["file", "made_at", "articles", "members", "bytes", "feedback"]
MINE = "An article of mine, about the weather in Leeds.\n"

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


def other_home(tmp_path: Path) -> Path:
    """A home with an article of its own."""
    home = tmp_path / "other"
    (home / "seeds").mkdir(parents=True)
    (home / "seeds" / "mine.txt").write_text(MINE)
    return home


def move(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """From now on commands work in another home."""
    monkeypatch.setenv("PASSAGE_SEEDS_DIR", str(home / "seeds"))
    monkeypatch.setenv("PASSAGE_DATA_DIR", str(home / "data"))


def test_to_another_machine_and_back_to_work(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = value(capsys, "ask", ORDER)
    assert run(capsys, "export", "b.zip")[1].startswith(
        "b.zip: 5 articles and 1 rating of members; "
    )
    exported = value(capsys, "export", "b.zip")
    assert list(exported) == KEYS
    assert [exported[key] for key in ("file", "articles", "feedback")] == ["b.zip", 5, 1]
    assert exported["bytes"] == (tmp_path / "b.zip").stat().st_size
    move(monkeypatch, tmp_path / "new")
    assert value(capsys, "import", "b.zip") == exported | {"reload": False}
    assert value(capsys, "status")["articles"] == 5
    assert value(capsys, "ask", ORDER) == before
    assert "--replace lets it" in failure(capsys, "import", "b.zip")


def test_the_articles_of_an_import_are_indexed_in_place_of_others(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = value(capsys, "ask", ORDER)
    run(capsys, "export", "b.zip")
    move(monkeypatch, other_home(tmp_path))
    run(capsys, "reload")
    status, out, err = run(capsys, "import", "--replace", "b.zip")
    assert (status, err) == (0, "Indexed 5 articles after an import.\n")
    assert "5 articles and 1 rating of members." in " ".join(out.split())
    assert value(capsys, "status")["articles"] == 5
    assert value(capsys, "ask", ORDER) == before
    assert run(capsys, "reload")[1].startswith("0 added, 0 changed, 0 removed, 5 unchanged")


def test_what_an_import_leaves_out_is_named_as_by_a_reload(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = other_home(tmp_path)
    (home / "seeds" / "empty.txt").touch()
    (home / "seeds" / "synonyms.txt").write_text("one\n")
    move(monkeypatch, home)
    run(capsys, "export", "b.zip")
    assert run(capsys, "import", "--replace", "b.zip")[::2] == (
        0,
        "Indexed 1 article for the first time.\n! empty.txt: it is empty\n! synonyms.txt: line 1: "
        "it has one term alone; write a comma or => between terms\n",
    )
    out = run(capsys, "reload")[1]
    assert out.endswith("Troubles: 1 nothing to quote, 1 synonyms.txt.\n")
    (home / "seeds" / "sources.toml").write_text("broken\n")
    run(capsys, "export", "b.zip")
    assert run(capsys, "import", "--replace", "b.zip")[0] == run(capsys, "reload")[0] == 1


def test_what_an_import_cannot_index_the_next_command_does(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run(capsys, "export", "b.zip")
    move(monkeypatch, other_home(tmp_path))
    run(capsys, "reload")
    with monkeypatch.context() as patched:
        patched.setenv("PASSAGE_CHROMA_URL", "http://127.0.0.1:9")
        status, out, err = run(capsys, "import", "--replace", "--json", "b.zip")
        assert (status, json.loads(out)["reload"]) == (0, True)
        assert err.startswith("The articles are not indexed yet: Cannot open the Chroma server")
    status, out, err = run(capsys, "ask", ORDER)
    assert (status, err) == (0, "Indexed 5 articles after an import.\n")
    assert "To Huy Rua" in " ".join(out.split())
    assert run(capsys, "ask", ORDER)[2] == ""


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (
            ["export", "/nowhere/at/all.zip"],
            "/nowhere/at/all.zip cannot be written (No such file or directory: /nowhere/at).",
        ),
        (["export", "."], "is no archive; choose another name"),
        (["export", "notes.txt"], "is no archive; choose another name"),
        (["export", str(SEEDS / "b.zip")], "lies in the folder of articles"),
        (["import", "none.zip"], "none.zip cannot be restored, and nothing was changed (No such"),
        (["export", "pipe"], "is no archive; choose another name"),
        (["import", "pipe"], "pipe is no backup, for it is no file"),
        (["import", "notes.txt"], "notes.txt is no backup, or is damaged"),
        (["import", str(SEEDS / "b.zip")], "lies in the folder of articles"),
    ],
)
def test_an_error_is_one_sentence(
    capsys: Capture, tmp_path: Path, argv: list[str], says: str
) -> None:
    (tmp_path / "notes.txt").write_text("Notes.\n")
    os.mkfifo(tmp_path / "pipe")
    assert says in failure(capsys, *argv)
    assert {file.name for file in tmp_path.iterdir()} == {"notes.txt", "pipe"}


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


def test_a_killed_import_is_undone_by_the_next_command(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Killed where the old articles have gone aside and the new ones are not there yet."""
    run(capsys, "export", "b.zip")
    home = other_home(tmp_path)
    move(monkeypatch, home)
    argv = [sys.executable, "-c", KILLED, str(tmp_path / "b.zip")]
    assert subprocess.run(argv, cwd=ROOT, check=False).returncode == 9
    assert not (home / "seeds" / "mine.txt").exists()
    status, out, err = run(capsys, "feedback", "--json")
    assert (status, json.loads(out)) == (0, [])
    assert err == "Undid an import that had been cut off; import the archive again.\n"
    assert (home / "seeds" / "mine.txt").read_text() == MINE
    assert run(capsys, "import", "--replace", "b.zip")[0] == 0
    assert value(capsys, "status")["articles"] == 5
    assert json.loads(run(capsys, "feedback", "--json")[1]) != []


def test_what_a_killed_export_leaves_is_removed_by_the_next_one_to_that_folder(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = other_home(tmp_path)
    move(monkeypatch, home)
    noise = home / "seeds" / "noise.txt"
    noise.write_bytes(os.urandom(1 << 24))  # It takes half a second to compress.
    backups = tmp_path / "backups"
    (backups / f"{DRAFT}of-mine").mkdir(parents=True)
    (backups / f"{DRAFT}12345678").write_text("No folder.")
    mine = {*backups.iterdir()}
    argv = [sys.executable, "-m", "bot.cli.app", "export", str(backups / "b.zip")]

    def begun() -> subprocess.Popen[bytes]:
        """An export that is in the middle of writing."""
        before = len([*backups.rglob(f".{ARCHIVE_DRAFT}.*")])
        export = subprocess.Popen(argv, env=os.environ | {"PYTHONPATH": str(ROOT)})
        while len([*backups.rglob(f".{ARCHIVE_DRAFT}.*")]) == before:
            assert export.poll() is None
            time.sleep(0.005)
        return export

    with begun() as killed:
        killed.kill()
    assert {*backups.iterdir()} > mine
    noise.unlink()
    assert run(capsys, "export", str(backups / "other.zip"))[0] == 0
    assert {*backups.iterdir()} == mine | {backups / "other.zip"}
    noise.write_bytes(os.urandom(1 << 24))
    with begun() as alive:
        assert run(capsys, "export", str(backups / "other.zip"))[0] == 0
        assert alive.wait() == 0
    assert {*backups.iterdir()} == mine | {backups / "b.zip", backups / "other.zip"}
