"""Backups: what is no whole archive is refused, and nothing has changed."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.backup import archive as archives
from bot.backup.archive import MANIFEST, ArchiveError, unpack
from bot.journal.journal import JOURNAL

from .backups import Contents, Home, contents, tree, with_manifest, write

Change = Callable[[Contents], Contents]

ARTICLE = "seeds/004_20faca2c5681b20c.txt"


def without(name: str) -> Change:
    return lambda files: {key: data for key, data in files.items() if key != name}


def also(name: str, data: bytes = b"x") -> Change:
    """A file more, which the manifest names."""
    member = {"path": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    return lambda files: (
        with_manifest(files, lambda body: body["members"].append(member)) | {name: data}
    )


def other_journal(files: Contents) -> Contents:
    """A journal that is none, whose sum is right."""

    def unlist(body: dict[str, list[dict[str, str]]]) -> None:
        body["members"] = [member for member in body["members"] if member["path"] != JOURNAL]

    return also(JOURNAL, b"no database" * 500)(with_manifest(without(JOURNAL)(files), unlist))


DAMAGE: dict[str, tuple[Change, str]] = {
    "a file has changed": (lambda files: files | {ARTICLE: files[ARTICLE].upper()}, "has changed"),
    "a file is longer": (lambda files: files | {ARTICLE: files[ARTICLE] + b"x"}, "has changed"),
    "a file is missing": (without(ARTICLE), "lists other files"),
    "a file too many": (lambda files: files | {"seeds/x.txt": b"x"}, "lists other files"),
    "no manifest": (without(MANIFEST), "no item named 'manifest.json'"),
    "no JSON": (lambda files: files | {MANIFEST: b"{"}, "that is damaged"),
    "deep JSON": (lambda files: files | {MANIFEST: b"[" * 10**6}, "that is damaged"),
    "a list": (lambda files: files | {MANIFEST: b"[]"}, "that is damaged"),
    "of the future": (
        lambda files: with_manifest(files, lambda body: body.update(format=2)),
        "a later version of Passage wrote",
    ),
    "a file named twice": (
        lambda files: with_manifest(files, lambda body: body["members"].extend(body["members"])),
        "lists other files",
    ),
    "out of the folder": (also("../evil"), "unsafe name"),
    "out of seeds": (also("seeds/../../evil"), "unsafe name"),
    "absolute": (also("/evil"), "unsafe name"),
    "a drive": (also("seeds\\..\\evil"), "unsafe name"),
    "another folder": (also("elsewhere/a.txt"), "which no backup has"),
    "a hidden file": (also("seeds/.env"), "which no backup has"),
    "a file as a folder": (also(f"{ARTICLE}/a.txt"), "cannot be restored"),
    "a journal that is none": (other_journal, "is not a database"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_refused(damage: str, archive: Path, used: Home, tmp_path: Path) -> None:
    change, sentence = DAMAGE[damage]
    write(tmp_path / "bad.zip", change(contents(archive)))
    assert sentence in used.refuse(tmp_path / "bad.zip")
    assert not [file for file in tmp_path.rglob("*") if "evil" in file.name]


@pytest.mark.parametrize("kind", [0o120777, 0o020644, 0o060644, 0o010644, 0o040755])
def test_what_is_no_plain_file_is_refused(
    kind: int, archive: Path, used: Home, tmp_path: Path
) -> None:
    write(tmp_path / "bad.zip", contents(archive), {ARTICLE: kind})
    assert "no plain file" in used.refuse(tmp_path / "bad.zip")


def test_a_file_that_was_cut_off_or_is_no_archive(
    archive: Path, used: Home, tmp_path: Path
) -> None:
    whole = archive.read_bytes()
    for data in (whole[:-1], whole[: len(whole) // 2], b"", b"no archive"):
        (tmp_path / "bad.zip").write_bytes(data)
        assert "is no backup, or is damaged" in used.refuse(tmp_path / "bad.zip")
    assert "nothing was changed (No such file" in used.refuse(tmp_path / "none.zip")


def test_a_flipped_bit_is_refused_or_has_done_nothing(archive: Path, tmp_path: Path) -> None:
    """Some bits tell nothing of the contents, such as those of a member's time."""
    whole = archive.read_bytes()
    dice = random.Random(5)
    bad = tmp_path / "bad.zip"
    original = tmp_path / "original"
    unpack(archive, original / "seeds", original / "data")
    places = [*dice.sample(range(len(whole)), 120), *range(len(whole) - 200, len(whole))]
    refusals = 0
    for place in places:
        flipped = bytearray(whole)
        flipped[place] ^= 1 << dice.randrange(8)
        bad.write_bytes(flipped)
        copy = tmp_path / "copy"
        try:
            unpack(bad, copy / "seeds", copy / "data")
        except (ArchiveError, OSError):
            refusals += 1
        else:
            assert tree(copy) == tree(original)
        shutil.rmtree(copy, ignore_errors=True)
    assert refusals > len(places) / 2


def test_a_bomb_is_refused(
    archive: Path, used: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = tmp_path / "bomb.zip"
    write(bomb, contents(archive) | {"seeds/bomb.txt": bytes(100 * 1024 * 1024)})
    assert 64 + 100 * bomb.stat().st_size / 1024**2 < 100
    assert "more than a backup of its size" in used.refuse(bomb)
    for limit in ("MAX_MEMBERS", "MAX_UNPACKED_BYTES", "MAX_MANIFEST_BYTES"):
        with monkeypatch.context() as patched:
            patched.setattr(archives, limit, 3)
            assert "more than a backup of its size" in used.refuse(archive)


def test_a_size_that_is_a_lie_is_refused(archive: Path, used: Home, tmp_path: Path) -> None:
    """The directory and the manifest agree on one byte, and the stream is of many."""
    bad = tmp_path / "bad.zip"
    name = "seeds/zz.txt"
    write(bad, also(name)(contents(archive)) | {name: bytes(10**6)})
    data = bytearray(bad.read_bytes())
    at = data.rindex(b"PK\1\2", 0, data.rindex(name.encode()))
    assert int.from_bytes(data[at + 24 : at + 28], "little") == 10**6
    data[at + 24 : at + 28] = (1).to_bytes(4, "little")
    bad.write_bytes(data)
    assert "damaged" in used.refuse(bad)
