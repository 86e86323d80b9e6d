"""What the tests of backups share: homes with articles and a journal, and archives of any kind."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.backup.archive import MANIFEST
from bot.backup.backup import BackupSummary, export, restore
from bot.journal.journal import JOURNAL, Journal
from bot.journal.records import Feedback, SentAnswer
from retrieval import PINS, OperatorError, Pins
from tests.conftest import SEEDS

from ..server import quoted

HUSHED = "hush-hush"
FORGOTTEN = "What was it that nobody shall know?"

Contents = dict[str, bytes]


@dataclass(frozen=True)
class Home:
    """A folder of articles and a folder of data, in a folder of their own."""

    folder: Path

    @property
    def seeds(self) -> Path:
        return self.folder / "seeds"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def journal(self) -> Path:
        return self.data / JOURNAL

    def export(self, file: Path) -> BackupSummary:
        return export(file, self.seeds, self.data)

    def restore(self, file: Path, replace: bool = True) -> BackupSummary:
        return restore(file, self.seeds, self.data, replace)

    def refuse(self, file: Path, replace: bool = True) -> str:
        """The sentence with which an import is refused, when nothing was changed."""
        before = tree(self.folder)
        with pytest.raises(OperatorError) as caught:
            self.restore(file, replace)
        assert tree(self.folder) == before
        assert "\n" not in str(caught.value)
        return str(caught.value)

    def pin(self, question: str) -> None:
        Pins(self.data / PINS).pin(question, quoted(question, 0.9).quotes[0])

    def pinned(self) -> list[str]:
        return [pin.question for pin in Pins(self.data / PINS).all()]

    def raters(self) -> list[int]:
        with Journal(self.journal) as journal:
            return [feedback.member for feedback in journal.feedback()]


def make_origin(folder: Path) -> Home:
    """The seeds, a rating in the journal, and a question that was forgotten."""
    home = Home(folder)
    shutil.copytree(SEEDS, home.seeds)
    (home.seeds / "sub").mkdir()
    (home.seeds / "sub" / "Bản tin.md").write_text("# News\n\nThe council met in Leeds today.\n")
    (home.seeds / ".env").write_text(f"DISCORD_TOKEN={HUSHED}\n")
    with Journal(home.journal) as journal:
        forgotten = SentAnswer(0.0, FORGOTTEN, "en", 7, ())
        journal.record(forgotten)
        journal.forget(forgotten.id)
        journal.rate(Feedback("abc", 7, 0.0, "a.txt", "not helpful", "outdated", "Too old"))
    home.pin("Who came?")
    return home


def make_used(folder: Path) -> Home:
    """Other articles, and another member's rating."""
    home = Home(folder)
    (home.seeds / "sub").mkdir(parents=True)
    (home.seeds / "mine.txt").write_text("Mine.\n")
    (home.seeds / "sub" / "also-mine.txt").write_text("Mine too.\n")
    (home.data / "chroma").mkdir(parents=True)
    with Journal(home.journal) as journal:
        journal.rate(Feedback("old", 1, 0.0, None, "helpful"))
    home.pin("Who left?")
    return home


def tree(folder: Path) -> dict[str, bytes | None]:
    """All that is below a folder, but locks."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() if file.is_file() else None
        for file in folder.rglob("*")
        if file.suffix != ".lock"
    }


def visible(folder: Path) -> dict[str, bytes | None]:
    return {name: data for name, data in tree(folder).items() if not name.startswith(".")}


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


def with_manifest(files: Contents, change: Callable[[dict[str, Any]], object]) -> Contents:
    """The files, with a manifest that was changed."""
    body = json.loads(files[MANIFEST])
    change(body)
    return files | {MANIFEST: json.dumps(body).encode()}
