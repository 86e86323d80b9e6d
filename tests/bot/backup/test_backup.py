"""Backups: what goes into an archive, and what comes back."""

from __future__ import annotations

import hashlib
import json
import stat
from pathlib import Path

import pytest

from bot.backup import backup as exporting
from bot.backup.archive import MANIFEST, pack
from bot.journal.journal import JOURNAL, Journal
from retrieval import FEEDS_STATE, PINS, OperatorError

from .backups import FORGOTTEN, HUSHED, Home, contents, visible
from .killing import IMPORTED


def test_what_was_exported_comes_back(origin: Home, archive: Path, empty: Home) -> None:
    restored = empty.restore(archive, replace=False)
    assert (restored.articles, restored.members, restored.feedback) == (6, 10, 1)
    assert visible(empty.seeds) == visible(origin.seeds)
    with Journal(empty.journal) as journal:
        assert [feedback.words for feedback in journal.feedback()] == ["Too old"]
    assert empty.pinned() == ["Who came?"]
    assert {file.name for file in empty.seeds.iterdir() if file.name.startswith(".")} == set()
    assert {file.name for file in empty.data.iterdir()} == IMPORTED


def test_the_archive_names_all_and_holds_no_secret(archive: Path) -> None:
    files = contents(archive)
    body = json.loads(files.pop(MANIFEST))
    assert body["format"] == 1
    assert {member["path"]: (member["size"], member["sha256"]) for member in body["members"]} == {
        name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()
    }
    assert all(name.startswith("seeds/") or name in (JOURNAL, PINS) for name in files)
    everything = b"".join(files.values())
    assert HUSHED.encode() not in everything
    # It was deleted, but SQLite leaves in a file's free pages what is deleted.
    assert FORGOTTEN.encode() not in everything
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600


def test_what_is_there_is_replaced_only_when_told(archive: Path, used: Home, origin: Home) -> None:
    sentence = used.refuse(archive, replace=False)
    for part in (f"the articles in {used.seeds}", str(used.journal), PINS, "--replace"):
        assert part in sentence
    used.restore(archive)
    assert visible(used.seeds) == visible(origin.seeds)
    assert (used.raters(), used.pinned()) == ([7], ["Who came?"])
    # Once more, over its own; what is known of followed sources is of the files before.
    (used.data / FEEDS_STATE).touch()
    used.restore(archive)
    assert visible(used.seeds) == visible(origin.seeds)
    assert {file.name for file in used.data.iterdir()} == IMPORTED


def test_a_backup_without_journal_and_pins_leaves_those_that_are_there(
    used: Home, empty: Home, tmp_path: Path
) -> None:
    empty.seeds.mkdir(parents=True)
    (empty.seeds / "a.txt").write_text("An article.\n")
    assert empty.export(tmp_path / "b.zip").feedback == 0
    used.restore(tmp_path / "b.zip")
    assert visible(used.seeds) == {"a.txt": b"An article.\n"}
    assert (used.raters(), used.pinned()) == ([1], ["Who left?"])


def test_hidden_files_are_not_lost(archive: Path, used: Home) -> None:
    (used.seeds / ".git").mkdir()
    (used.seeds / ".git" / ".hidden").write_text("x")
    (used.seeds / "sub" / ".DS_Store").write_text("x")
    (used.seeds / "sub" / ".notes").write_text("x")
    assert ".notes is in no backup and would be lost" in used.refuse(archive)
    (used.seeds / "sub" / ".notes").unlink()
    used.restore(archive)
    assert (used.seeds / ".git" / ".hidden").read_text() == "x"


def test_what_is_no_article_is_not_counted_and_links_stay_inside(
    used: Home, tmp_path: Path
) -> None:
    (used.seeds / "sources.toml").write_text("")
    (used.seeds / "synonyms.txt").write_text("")
    (used.seeds / "feeds.toml").write_text("")
    (used.seeds / "photo.jpg").write_bytes(b"")
    (tmp_path / "outside.txt").write_text("Outside.\n")
    (used.seeds / "outside.txt").symlink_to(tmp_path / "outside.txt")
    (used.seeds / "inside.txt").symlink_to(used.seeds / "mine.txt")
    exported = used.export(tmp_path / "b.zip")
    assert (exported.articles, exported.members) == (3, 9)
    assert "seeds/outside.txt" not in contents(tmp_path / "b.zip")
    used.restore(tmp_path / "b.zip")
    assert (used.seeds / "inside.txt").read_text() == "Mine.\n"
    assert not (used.seeds / "inside.txt").is_symlink()
    assert (tmp_path / "outside.txt").read_text() == "Outside.\n"


def test_a_model_beside_the_journal_stays_and_does_not_travel(
    archive: Path, used: Home, tmp_path: Path
) -> None:
    model = used.data / "models" / "e5" / "model.safetensors"
    model.parent.mkdir(parents=True)
    model.write_bytes(b"weights")
    used.export(tmp_path / "b.zip")
    assert not any("models" in name for name in contents(tmp_path / "b.zip"))
    used.restore(archive)
    assert model.read_bytes() == b"weights"


def test_a_damaged_journal_is_replaced(archive: Path, used: Home) -> None:
    used.journal.write_text("no database")
    used.journal.with_name(f"{JOURNAL}-wal").write_text("the log of another")
    used.restore(archive)
    assert used.raters() == [7]


def test_articles_that_change_meanwhile_are_exported_as_of_one_moment(
    used: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = iter(["new.txt", "newer.txt"])

    def pack_while_changing(*args: object) -> object:
        packed = pack(*args)  # type: ignore[arg-type]
        for name in changes:
            (used.seeds / "mine.txt").unlink(missing_ok=True)
            (used.seeds / name).write_text("New.\n")
            break
        return packed

    monkeypatch.setattr(exporting, "pack", pack_while_changing)
    used.export(tmp_path / "b.zip")
    names = {name for name in contents(tmp_path / "b.zip") if name.startswith("seeds/")}
    assert names == {"seeds/new.txt", "seeds/newer.txt", "seeds/sub/also-mine.txt"}
    changes = iter(map(str, range(100)))
    with pytest.raises(OperatorError, match="change all the time"):
        used.export(tmp_path / "b.zip")
    # The one of before is still there, and whole.
    assert {name for name in contents(tmp_path / "b.zip") if name.startswith("seeds/")} == names
    assert {file.name for file in tmp_path.iterdir()} == {"b.zip", "used"}
