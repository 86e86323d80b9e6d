"""What the reader makes of a file that is in no corpus."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.articles.check import FileCheck, check_files
from retrieval.articles.scan import scan
from retrieval.errors import Trouble
from retrieval.models import Kind
from tests.conftest import Folder

from ..documents import document
from ..pdfs import pdf

MINUTES = """---
title: Der Rat tagt
date: 2024-03-05
lang: irgendwas
---
# Der Rat tagt

Der Gemeinderat von Grünhagen tagte am 3. März 2024 im Rathaus.

Foto: Anna Beispiel

Er beschloss den Haushalt für das kommende Jahr.
"""


ENCRYPTED = Trouble.NOTHING_TO_QUOTE, "it is encrypted"


def encrypted(data: bytes) -> bytes:
    """A zip that says of its members that they are encrypted."""
    head, *members = data.split(b"PK\x01\x02")
    return b"PK\x01\x02".join([head, *(each[:4] + b"\x01" + each[5:] for each in members)])


def checked(file: Path, folder: Path | None = None) -> FileCheck:
    (check,) = check_files([file], folder or file.parent / "none")
    return check


def test_a_check_says_what_is_read_and_what_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "rat.md"
    file.write_bytes(MINUTES.encode("cp1252"))
    check = checked(file)
    assert (check.failure, check.format, check.encoding) == (None, "Markdown", "Windows-1252")
    assert check.source
    facts = (check.source.title, check.source.date, check.source.language)
    assert facts == ("Der Rat tagt", "2024-03-05", "de")
    assert dict(check.paragraphs) == {Kind.PROSE: 2, Kind.HEADING: 1, Kind.FURNITURE: 1}
    assert check.passages == 2
    assert [str(meeting.date) for meeting in check.meetings] == ["2024-03-03"]
    assert [(part.line, part.reason) for part in check.left_out] == [
        (1, "front matter"),
        (10, "credit, address or notice"),
    ]
    assert check.notes == ("its lang in line 4 cannot be read: irgendwas",)


@pytest.mark.parametrize("word", ["Söhnlein", "Núñez", "Nguyễn"])
def test_a_reload_and_a_check_name_the_lines_of_damaged_characters(
    folder: Folder, word: str
) -> None:
    text = f"The council\n\nThe chair, {word}, opened it.\n\nThe ".encode() + b"\xe9nd came late."
    home = folder({"a.txt": text})
    said = "UTF-8 with damaged characters, marked \ufffd (line 5)"
    assert [note.text for note in scan(home).notes] == [f"read as {said}"]
    assert checked(home / "a.txt").encoding == said


@pytest.mark.parametrize("line_end", ["\r", "\r\n"])
def test_a_part_that_is_left_out_has_its_line_whatever_ends_lines(
    tmp_path: Path, line_end: str
) -> None:
    file = tmp_path / "rat.md"
    file.write_bytes(MINUTES.replace("\n", line_end).encode())
    assert [part.line for part in checked(file).left_out] == [1, 10]


def test_what_sources_toml_says_counts_in_its_folder_alone(folder: Folder) -> None:
    text = "The council met on Tuesday and approved the budget."
    home = folder({"a.txt": text, "sources.toml": '["a.txt"]\ntitle = "The council"\n'})
    inside = checked(home / "a.txt", home)
    outside = checked(home / "a.txt")
    assert inside.source
    assert outside.source
    assert inside.source.title == "The council"
    assert outside.source.title != "The council"


@pytest.mark.parametrize(
    ("name", "data", "trouble", "reason"),
    [
        ("a.txt", b"  \n", Trouble.NOTHING_TO_QUOTE, "it is empty"),
        ("a.txt", b"\x00\x01\x02", Trouble.ENCODING, "it is not text"),
        ("a.txt", b"x" * 5_000_001, Trouble.LIMIT, "larger than 5 MB"),
        ("a.md", b"---\nmeetings: x\n---\n\nThe council met.", Trouble.FRONT_MATTER, "meetings"),
        ("a.pdf", b"%PDF-1.4 and nothing else", Trouble.BROKEN, "broken"),
        ("a.docx", encrypted(document(".docx", [MINUTES], "A")), *ENCRYPTED),
        ("a.pdf", pdf([[]], trailer="/Encrypt << /Filter /Standard /V 2 >>"), *ENCRYPTED),
        ("a.pdf", pdf([[]]), Trouble.NOTHING_TO_QUOTE, "no text layer"),
        ("a.xyz", b"The council met.", Trouble.OTHER_FORMAT, "it is none of .txt"),
        ("a.txt", None, Trouble.ACCESS, "No such file"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_kind_of_trouble(
    tmp_path: Path, name: str, data: bytes | None, trouble: Trouble, reason: str
) -> None:
    file = tmp_path / name
    if data is not None:
        file.write_bytes(data)
    failure = checked(file).failure
    assert failure
    assert failure.trouble is trouble
    assert reason in failure.reason


def test_a_line_of_tags_alone_is_not_named_as_left_out(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text(
        "<div class='x'>\n\nThe mayor opened the bridge on Monday.\n\nPhoto: Ann\n</div>\n<br>\n"
    )
    assert [part.text for part in checked(file).left_out] == ["Photo: Ann"]
