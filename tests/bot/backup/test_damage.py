"""Backups: what is no whole archive is refused, and nothing has changed."""

from __future__ import annotations

import hashlib
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.backup import archive as archives
from bot.backup.archive import MANIFEST, ArchiveError
from bot.backup.export import Places
from bot.backup.restore import OpenLibrary
from bot.journal import JOURNAL
from tests.bot.backup.backups import contents, named, refused, tree, write


def without(name: str) -> Any:
    return lambda files: {key: data for key, data in files.items() if key != name}


ARTICLE = "seeds/004_20faca2c5681b20c.txt"


def also(name: str) -> Any:
    """A file more, which the manifest names."""

    def change(files: dict[str, bytes]) -> dict[str, bytes]:
        sha256 = hashlib.sha256(b"x").hexdigest()
        one = {"path": name, "size": 1, "sha256": sha256}
        return named(files, lambda body: body["members"].append(one)) | {name: b"x"}  # type: ignore[attr-defined]

    return change


DAMAGE = {
    "a file has changed": (lambda files: files | {ARTICLE: files[ARTICLE].upper()}, "has changed"),
    "a file is longer": (lambda files: files | {ARTICLE: files[ARTICLE] + b"x"}, "has changed"),
    "a file is missing": (without(ARTICLE), "is missing"),
    "a file too many": (lambda files: files | {"seeds/x.txt": b"x"}, "does not name"),
    "no manifest": (without(MANIFEST), "no manifest.json"),
    "no JSON": (lambda files: files | {MANIFEST: b"{"}, "cannot be read"),
    "deep JSON": (lambda files: files | {MANIFEST: b"[" * 10**6}, "cannot be read"),
    "a list": (lambda files: files | {MANIFEST: b"[]"}, "cannot be read"),
    "of the future": (
        lambda files: named(files, lambda body: body.update(format=2)), "of format 2, and",
    ),
    "a file named twice": (
        lambda files: named(files, lambda body: body["members"].extend(body["members"][:1])),
        "twice",
    ),
    "out of the folder": (also("../evil"), "unsafe name"),
    "out of seeds": (also("seeds/../../evil"), "unsafe name"),
    "absolute": (also("/evil"), "unsafe name"),
    "a drive": (also("seeds\\..\\evil"), "unsafe name"),
    "an unknown place": (also("elsewhere/a.txt"), "which no backup has"),
    "a hidden file": (also("seeds/.env"), "which no backup has"),
    "a file as a folder": (also(f"{ARTICLE}/a.txt"), "cannot be restored"),
    "a journal that is none": (
        lambda files: also(JOURNAL)(named(without(JOURNAL)(files), lambda body: body.update(
            members=[one for one in body["members"] if one["path"] != JOURNAL]))),
        "cannot be restored",
    ),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_refused(
    damage: str, made: Path, used: Places, open_library: OpenLibrary, tmp_path: Path
) -> None:
    change, says = DAMAGE[damage]
    write(tmp_path / "bad.zip", change(contents(made)))
    assert says in refused(tmp_path / "bad.zip", used, open_library)
    assert not [file for file in tmp_path.rglob("*") if "evil" in file.name]


@pytest.mark.parametrize("kind", [0o120777, 0o020644, 0o060644, 0o010644, 0o040755])
def test_what_is_no_plain_file_is_refused(
    kind: int, made: Path, used: Places, open_library: OpenLibrary, tmp_path: Path
) -> None:
    write(tmp_path / "bad.zip", contents(made), {ARTICLE: kind})
    assert "no plain file" in refused(tmp_path / "bad.zip", used, open_library)


def test_a_file_that_was_cut_off_or_is_no_archive(
    made: Path, used: Places, open_library: OpenLibrary, tmp_path: Path
) -> None:
    whole = made.read_bytes()
    for data in (whole[:-1], whole[: len(whole) // 2], b"", b"no archive"):
        (tmp_path / "bad.zip").write_bytes(data)
        assert "no archive, or was cut off" in refused(tmp_path / "bad.zip", used, open_library)
    assert "cannot be read (No such file" in refused(tmp_path / "none.zip", used, open_library)


def test_a_flipped_bit_is_refused_or_has_done_nothing(
    made: Path, tmp_path: Path, open_library: OpenLibrary
) -> None:
    """Some bits say nothing of the contents, such as those of a member's time."""
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    files = {key: data for key, data in contents(made).items() if not key.startswith("index/")}
    write(good, named(files, lambda body: body.update(members=[
        one for one in body["members"] if one["path"] in files  # type: ignore[attr-defined]
    ])))  # fmt: skip
    whole = good.read_bytes()
    chance = random.Random(5)
    refusals = 0
    for place in [*chance.sample(range(len(whole)), 120), *range(len(whole) - 200, len(whole))]:
        flipped = bytearray(whole)
        flipped[place] ^= 1 << chance.randrange(8)
        bad.write_bytes(flipped)
        room = tmp_path / "room"
        room.mkdir()
        try:
            with archives.opened(bad, room) as archive:
                archive.unpack(lambda member, room=room: room / member.path)  # type: ignore[misc]
        except ArchiveError:
            refusals += 1
        else:
            expected = {key: data for key, data in files.items() if key != MANIFEST}
            found = {key: data for key, data in tree(room).items() if data is not None}
            assert found == expected
        shutil.rmtree(room)
    assert refusals > 150


def test_a_bomb_is_refused(
    made: Path, used: Places, open_library: OpenLibrary, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    bomb = tmp_path / "bomb.zip"
    little = {name: data for name, data in contents(made).items() if not name.startswith("index/")}
    write(bomb, little | {"seeds/bomb.txt": bytes(300 * 1024 * 1024)})
    assert bomb.stat().st_size < 2 * 1024 * 1024
    assert "more than a backup of its size" in refused(bomb, used, open_library)
    write(bomb, contents(made))
    monkeypatch.setattr(archives, "MAX_MEMBERS", 3)
    assert "more than a backup of its size" in refused(bomb, used, open_library)
    monkeypatch.undo()
    full = shutil._ntuple_diskusage(10, 9, 1)  # type: ignore[attr-defined]
    monkeypatch.setattr(shutil, "disk_usage", lambda place: full)
    assert "MiB, and 0 are free" in refused(bomb, used, open_library)


def test_a_size_that_is_a_lie_is_refused(
    made: Path, used: Places, open_library: OpenLibrary, tmp_path: Path
) -> None:
    """The directory and the manifest agree on one byte, and the stream is of many."""
    bad = tmp_path / "bad.zip"
    name = b"seeds/zz.txt"
    write(bad, also(name.decode())(contents(made)) | {name.decode(): bytes(10**6)})
    data = bytearray(bad.read_bytes())
    at = data.rindex(b"PK\1\2", 0, data.rindex(name))
    assert int.from_bytes(data[at + 24 : at + 28], "little") == 10**6
    data[at + 24 : at + 28] = (1).to_bytes(4, "little")
    bad.write_bytes(data)
    assert "is damaged" in refused(bad, used, open_library)
