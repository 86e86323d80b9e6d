"""Files are read in a process of their own: what it gives, and what it does not survive."""

from __future__ import annotations

import hashlib
import logging
import sys
from functools import partial
from pathlib import Path

import pytest

from retrieval.articles import scan as scan_module
from retrieval.articles.file_reader import FileReader, FileToRead, ParsedFile
from retrieval.articles.passages import passages
from retrieval.articles.scan import scan
from retrieval.meetings.extract import extract_meetings
from retrieval.reports import Failure
from tests.conftest import SEEDS, Folder

from ..pdfs import pdf

BROKEN_WORKER = "tests.retrieval.broken_worker"

SECONDS = 2
"""A hundred times as long as it takes for a file of these, once it has begun to read."""

PROSE = "The council met on Tuesday and approved the budget for the coming year."


def file(name: str, text: str = PROSE) -> FileToRead:
    data = text.encode()
    return FileToRead(data, name, {}, hashlib.sha256(data).hexdigest())


def reasons(parsed: list[ParsedFile | Failure]) -> list[str]:
    return [one.reason if isinstance(one, Failure) else "" for one in parsed]


def test_it_gives_what_is_made_of_an_article_here() -> None:
    found = scan(SEEDS, whole=True)
    assert len(found.files) == 5
    for parsed in found.files:
        assert parsed.passages == passages(parsed.article)
        assert list(parsed.meetings) == extract_meetings(parsed.article).meetings
    assert any(parsed.meetings for parsed in found.files)
    plain = scan(SEEDS)
    assert plain.articles == found.articles
    assert not any(parsed.spans for parsed in plain.files)


def test_what_it_dies_of_is_named_and_the_rest_is_read(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(scan_module, "FileReader", partial(FileReader, worker=BROKEN_WORKER))
    names = ["a", "beyond", "bug", "c", "deadly", "e", "no-object", "other", "p", "slow", "z"]
    made = folder({f"{name}.txt": f"{PROSE} It was said by {name}." for name in names})
    found = scan(made, whole=True, seconds=SECONDS)
    broken = "its reader broke down over it"
    assert {one.article.removesuffix(".txt"): one.reason for one in found.failed} == {
        "beyond": broken,
        "bug": broken,
        "deadly": broken,
        "no-object": broken,
        "other": broken,
        "slow": f"it takes longer than {SECONDS} s to read",
    }
    read = [article.source.path.removesuffix(".txt") for article in found.articles]
    assert read == ["a", "c", "e", "p", "z"]
    assert "KeyError" in caplog.text


def test_a_file_that_keeps_its_reader_at_work_is_named() -> None:
    with FileReader(worker=BROKEN_WORKER) as reader:
        parsed = list(reader.parse([file("busy.txt"), file("a.txt")], whole=True))
    # Of a processor's time; this worker gives it one.
    assert reasons(parsed) == ["it takes longer than 20 s to read", ""]


def test_one_that_cannot_start_reads_nothing() -> None:
    with FileReader(worker="retrieval.no_such_module") as reader:
        parsed = list(reader.parse([file("a.txt"), file("b.txt")]))
    assert reasons(parsed) == ["its reader broke down over it"] * 2


@pytest.mark.skipif(sys.platform != "linux", reason="looks at the process in /proc")
def test_it_knows_no_secret_and_has_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a-secret")
    with FileReader() as reader:
        assert reasons(list(reader.parse([file("a.txt"), file("a.pdf")])))[0] == ""
        assert reader._process is not None
        process = Path(f"/proc/{reader._process.pid}")
        names = [one.split(b"=")[0] for one in (process / "environ").read_bytes().split(b"\0")]
        assert sorted(filter(None, names)) == [b"PYTHONHASHSEED", b"PYTHONPATH"]
        assert "2147483648" in (process / "limits").read_text()
        assert b"trafilatura" not in (process / "maps").read_bytes()
    assert not process.exists()


def test_many_files_and_large_ones_go_through(folder: Folder) -> None:
    prose = "The river is wide here, and the old bridge across it was built by hand from stone."
    long = "\n\n".join(f"Paragraph {number}. {prose}" for number in range(1_500))
    files: dict[str, str | bytes] = {f"{n:03}.txt": f"{PROSE} Number {n}." for n in range(150)}
    made = folder({**files, "long.txt": long, "paper.pdf": pdf([[PROSE]])})
    found = scan(made, whole=True)
    assert not found.failed
    assert len(found.files) == 152
    assert sum(len(parsed.spans) for parsed in found.files) > 1_500
