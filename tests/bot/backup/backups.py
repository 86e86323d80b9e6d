"""What the tests of backups share: a corpus that has been in use, and archives that are damaged."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.backup.archive import MANIFEST
from bot.backup.export import CHROMA, Places
from bot.backup.restore import OpenLibrary, restore
from bot.journal import JOURNAL, Feedback, Journal
from retrieval import Library, OperatorError
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from tests.conftest import SEEDS

QUESTION = "Who received the Ho Chi Minh Order?"
HUSHED = "hush-hush"
FORGOTTEN = "What was it that nobody shall know?"

Contents = dict[str, bytes]


def opener(embedder: Embedder) -> OpenLibrary:
    """Opens libraries that share the tests' model."""
    return lambda seeds, data: Library(seeds, Store.open(data / CHROMA), lambda: embedder)


def in_use(home: Path, open_library: OpenLibrary) -> Places:
    """The seeds, indexed, with a rating in the journal and a question that was forgotten."""
    places = Places(home / "seeds", home / "data")
    shutil.copytree(SEEDS, places.seeds)
    (places.seeds / "sub").mkdir()
    (places.seeds / "sub" / "Bản tin.md").write_text("# News\n\nThe council met in Leeds today.\n")
    (places.seeds / ".env").write_text(f"DISCORD_TOKEN={HUSHED}\n")
    with open_library(places.seeds, places.data) as library:
        library.reload()
    with Journal(places.data / JOURNAL) as journal:
        journal.forget(journal.record(FORGOTTEN, "en", 7, ()).id)
        journal.rate(Feedback("abc", 7, 0.0, "a.txt", "not helpful", "outdated", "Too old"))
    return places


def empty(home: Path) -> Places:
    """Where nothing is yet."""
    return Places(home / "home" / "seeds", home / "home" / "data")


def visible(folder: Path) -> dict[str, bytes | None]:
    return {name: data for name, data in tree(folder).items() if not name.startswith(".")}


def answer(places: Places, open_library: OpenLibrary) -> object:
    with open_library(places.seeds, places.data) as library:
        return library.ask(QUESTION)


def tree(folder: Path) -> dict[str, bytes | None]:
    """All that is below a folder, but locks."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() if file.is_file() else None
        for file in folder.rglob("*")
        if file.suffix != ".lock"
    }


def contents(archive: Path) -> Contents:
    with zipfile.ZipFile(archive) as opened:
        return {info.filename: opened.read(info) for info in opened.infolist()}


def write(archive: Path, files: Contents, kinds: dict[str, int] | None = None) -> None:
    """Write an archive of any files; `kinds` are modes of some."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (kinds or {}).get(name, 0o100644) << 16
            opened.writestr(info, data)


def named(files: Contents, change: Callable[[dict[str, object]], None]) -> Contents:
    """The files, with a manifest that was changed."""
    body = json.loads(files[MANIFEST])
    change(body)
    return files | {MANIFEST: json.dumps(body).encode()}


def refused(file: Path, places: Places, open_library: OpenLibrary, replace: bool = True) -> str:
    """The sentence with which an import is refused, when nothing was changed."""
    before = tree(places.seeds.parent)
    with pytest.raises(OperatorError) as caught:
        restore(file, places, open_library, replace)
    assert tree(places.seeds.parent) == before
    assert "\n" not in str(caught.value)
    return str(caught.value)


def used(home: Path) -> Places:
    """Where something else is."""
    other = empty(home)
    for folder in (other.seeds, other.data / CHROMA / "segment"):
        folder.mkdir(parents=True)
    (other.seeds / "mine.txt").write_text("Mine.\n")
    (other.data / CHROMA / "segment" / "header.bin").write_text("Mine too.\n")
    return other
