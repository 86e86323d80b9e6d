"""Backups: what goes into an archive, and what comes back."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.backup import snapshot
from bot.backup.archive import MANIFEST
from bot.backup.export import CHROMA, Backup, Places, export
from bot.backup.restore import OpenLibrary, changed, restore
from bot.journal import JOURNAL, Feedback, Journal
from tests.bot.backup import backups
from tests.bot.backup.backups import (
    FORGOTTEN,
    HUSHED,
    answer,
    contents,
    named,
    refused,
    visible,
    write,
)

Body = dict[str, Any]


@pytest.fixture
def empty(tmp_path: Path) -> Places:
    return backups.empty(tmp_path)


def test_what_was_exported_comes_back(
    origin: Places, made: Path, empty: Places, open_library: OpenLibrary
) -> None:
    back = restore(made, empty, open_library, replace=False)
    assert (back.articles, back.index, back.feedback, back.notes) == (6, True, 1, ())
    assert visible(empty.seeds) == visible(origin.seeds)
    assert answer(empty, open_library) == answer(origin, open_library)
    with Journal(empty.data / JOURNAL) as journal:
        assert [one.words for one in journal.feedback()] == ["Too old"]
    with open_library(empty.seeds, empty.data) as library:
        assert changed(library, empty.seeds) == []
        assert library.reload().embedded == 0
        (empty.seeds / "sub" / "Bản tin.md").write_text("# News\n\nAll is new.\n")
        assert changed(library, empty.seeds) == ["sub/Bản tin.md"]
    assert {file.name for file in empty.seeds.parent.iterdir()} == {"seeds", "data"}
    assert {file.name for file in empty.data.iterdir()} == {CHROMA, JOURNAL}


def test_the_archive_names_all_and_holds_no_secret(made: Path) -> None:
    files = contents(made)
    body = json.loads(files.pop(MANIFEST))
    assert body["format"] == 1
    assert {one["path"]: (one["size"], one["sha256"]) for one in body["members"]} == {
        name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()
    }
    everything = b"".join(files.values())
    assert HUSHED.encode() not in everything
    # It was deleted, but SQLite leaves in a file's free pages what is deleted.
    assert FORGOTTEN.encode() not in everything
    assert not any(name.endswith((".lock", "-wal", "-shm", "-journal")) for name in files)
    assert made.stat().st_mode & 0o777 == 0o600


def test_other_content_is_replaced_only_when_told(
    made: Path, used: Places, open_library: OpenLibrary, origin: Places
) -> None:
    with Journal(used.data / JOURNAL) as journal:
        journal.rate(Feedback("old", 1, 0.0, None, "helpful"))
    said = refused(made, used, open_library, replace=False)
    for what in ("1 other file in", "an index in", JOURNAL, "--replace"):
        assert what in said
    restore(made, used, open_library, replace=True)
    assert visible(used.seeds) == visible(origin.seeds)
    with Journal(used.data / JOURNAL) as journal:
        assert [one.answer for one in journal.feedback()] == ["abc"]
    assert answer(used, open_library) == answer(origin, open_library)


def test_the_same_articles_are_no_other_content(
    made: Path, empty: Places, open_library: OpenLibrary, origin: Places
) -> None:
    shutil.copytree(origin.seeds, empty.seeds, ignore=shutil.ignore_patterns(".env"))
    assert restore(made, empty, open_library, replace=False).articles == 6


def test_what_no_backup_holds_is_not_lost(
    made: Path, used: Places, open_library: OpenLibrary
) -> None:
    (used.seeds / ".git").mkdir()
    assert ".git is in no backup and would be lost" in refused(made, used, open_library)


def test_an_index_on_a_server_is_left_out_both_ways(
    origin: Places, made: Path, empty: Places, open_library: OpenLibrary, tmp_path: Path
) -> None:
    elsewhere = Places(origin.seeds, origin.data, server=True)
    out = export(tmp_path / "server.zip", elsewhere)
    assert (out.index, out.index_is) == (False, "server")
    assert not any(name.startswith("index/") for name in contents(tmp_path / "server.zip"))
    back = restore(tmp_path / "server.zip", empty, open_library, replace=False)
    assert (back.articles, back.index, back.index_is) == (6, False, "server")
    here = Places(empty.seeds, empty.data, server=True)
    assert restore(made, here, open_library, replace=True).index is False
    assert not (empty.data / CHROMA).exists()


def test_an_index_that_cannot_be_opened_is_left_out(
    made: Path, empty: Places, open_library: OpenLibrary, tmp_path: Path
) -> None:
    """As of another Chroma: its sum is right, and the rest is worth having."""
    files = contents(made)
    name = f"index/{snapshot.DATABASE}"
    files[name] = b"SQLite format 4\0" + bytes(5000)
    one = {"size": len(files[name]), "sha256": hashlib.sha256(files[name]).hexdigest()}

    def change(body: Body) -> None:
        next(member for member in body["members"] if member["path"] == name).update(one)

    write(tmp_path / "other.zip", named(files, change))
    back: Backup = restore(tmp_path / "other.zip", empty, open_library, replace=False)
    assert (back.articles, back.index, back.feedback) == (6, False, 1)
    assert "The index was left out" in back.notes[0]
    assert answer_needs_reload(empty, open_library)


def answer_needs_reload(places: Places, open_library: OpenLibrary) -> bool:
    with open_library(places.seeds, places.data) as library:
        return not library.indexed and library.reload().articles == 6


def test_a_model_that_was_built_beside_the_index_stays_and_does_not_travel(
    made: Path, used: Places, open_library: OpenLibrary, tmp_path: Path
) -> None:
    model = used.data / "models" / "e5" / "model.safetensors"
    model.parent.mkdir(parents=True)
    model.write_bytes(b"weights")
    export(tmp_path / "b.zip", used)
    assert not any("models" in name for name in contents(tmp_path / "b.zip"))
    restore(made, used, open_library, replace=True)
    assert model.read_bytes() == b"weights"
