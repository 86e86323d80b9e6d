"""A reload reads and hashes what has not changed, and does no more with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from retrieval import Library, Note, Reload
from retrieval.articles.file_reader import FileReader, FileToRead
from retrieval.articles.scan import scan
from retrieval.embedding.embedder import Embedder
from retrieval.errors import Trouble
from retrieval.index.store import Store
from tests.conftest import Folder

PROSE = "The council met on Tuesday and approved the budget for the coming year."
OTHER = "The harbour was closed for a week because of the storm in March."
LATIN = "Der Bürgermeister eröffnete die Brücke über den Fluß.".encode("windows-1252")
SOURCES = '["a.txt"]\ntitle = "Listed"\n["gone.txt"]\ntitle = "Gone"\n'

GONE = Note("sources.toml", "it speaks of gone.txt (line 3), which is not there", Trouble.LIST)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the files that were parsed."""
    paths: list[str] = []
    parse = FileReader.parse

    def note(reader: FileReader, files: Sequence[FileToRead], **how: bool) -> object:
        paths.extend(file.path for file in files)
        return parse(reader, files, **how)

    monkeypatch.setattr(FileReader, "parse", note)
    return paths


@pytest.fixture
def library(folder: Folder, embedder: Embedder, parsed: list[str]) -> Iterator[Library]:
    seeds = folder({"a.txt": PROSE, "b.txt": OTHER, "latin.txt": LATIN, "sources.toml": SOURCES})
    with Library(seeds, Store.open(seeds.parent / "chroma"), lambda: embedder) as library:
        assert library.reload().notes == (Note("latin.txt", "read as Windows-1252"), GONE)
        parsed.clear()
        yield library


def kinds(report: Reload) -> dict[str, tuple[str, ...]]:
    found = {kind: getattr(report, kind) for kind in ("added", "changed", "removed")}
    return {kind: paths for kind, paths in found.items() if paths}


def test_nothing_is_parsed_where_nothing_changed(library: Library, parsed: list[str]) -> None:
    report = library.reload()
    assert parsed == []
    assert report.unchanged == ("a.txt", "b.txt", "latin.txt")
    assert report.notes == (GONE,)
    assert (report.articles, report.passages) == (3, 3)


def test_what_changed_is_parsed_alone(
    library: Library, folder: Folder, parsed: list[str], tmp_path: Path
) -> None:
    folder({"b.txt": OTHER + " It opened again in April.", "c.txt": PROSE + " In Leeds."})
    (tmp_path / "seeds" / "latin.txt").rename(tmp_path / "seeds" / "umzug.txt")
    report = library.reload()
    assert kinds(report) == {
        "added": ("c.txt", "umzug.txt"),
        "changed": ("b.txt",),
        "removed": ("latin.txt",),
    }
    assert parsed == ["b.txt", "c.txt", "umzug.txt"]
    assert [note.article for note in report.notes] == ["umzug.txt", "sources.toml"]


@pytest.mark.parametrize(
    ("said", "changed", "embedded"),
    [  # A title goes before each passage that the model is given.
        ('["a.txt"]\ntitle = "Anew"\n', ("a.txt",), 1),
        ('["a.txt"]\ntitle = "Listed"\nnote = "unknown to Passage"\n', ("a.txt",), 0),
        ("", ("a.txt",), 1),
        (
            SOURCES + '["b.txt"]\nmeetings = [{ name = "May", date = "2024-05-01" }]\n',
            ("b.txt",),
            0,
        ),
        ('["b.txt"]\n' + SOURCES.replace("gone", "c"), (), 0),
    ],
)
def test_what_sources_say_of_a_file_is_a_part_of_it(
    library: Library, folder: Folder, said: str, changed: tuple[str, ...], embedded: int
) -> None:
    folder({"sources.toml": said})
    report = library.reload()
    assert report.changed == changed
    assert report.embedded == embedded
    assert library.reload().changed == ()


def test_a_twin_and_a_broken_file_are_named_each_time(library: Library, folder: Folder) -> None:
    folder({"twin.txt": PROSE, "broken.md": "---\ntitle: [\n---\n***"})
    for _ in range(2):
        assert {one.article: one.reason for one in library.reload().failed} == {
            "broken.md": "it holds no prose that could be quoted",
            "twin.txt": "it has the same text as a.txt",
        }
    folder({"0.txt": PROSE})
    report = library.reload()
    assert kinds(report) == {"added": ("0.txt",), "removed": ("a.txt",)}
    assert [one.reason for one in report.failed if one.article != "broken.md"] == [
        "it has the same text as 0.txt"
    ] * 2


def test_an_index_of_another_making_is_made_anew(
    library: Library, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.formats.file_text.version", lambda: "another")
    assert len(library.reload().added) == 3
    assert parsed == ["a.txt", "b.txt", "latin.txt"]


def test_a_scan_that_knows_nothing_reads_all(folder: Folder) -> None:
    made = folder({"a.txt": PROSE, "b.txt": OTHER})
    found = scan(made)
    assert [article.source.path for article in found.articles] == ["a.txt", "b.txt"]
    known = {article.source.path: article.source for article in found.articles}
    again = scan(made, known)
    assert (again.articles, again.unchanged) == ((), ("a.txt", "b.txt"))
