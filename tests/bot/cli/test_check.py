"""`passage check`: it works without index and model, in JSON and for people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli.app import main
from tests.retrieval.pdfs import pdf

LINE = "El concejo municipal de Álora se reunió el 3 de enero de 2024 en el teatro."


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PASSAGE_SEEDS_DIR", str(tmp_path / "none"))
    monkeypatch.setenv("PASSAGE_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "a.pdf").write_bytes(pdf([[LINE], [LINE + " Aprobó el presupuesto."]]))
    (tmp_path / "b.txt").write_bytes(b"\x00\x01")
    return tmp_path


def test_a_screenful_for_people(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(files / "a.pdf")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "  Format      PDF, 2 pages; as the PDF says" in lines
    assert "  Language    Español" in lines
    assert "  Left out    nothing" in lines
    assert any(line.startswith("  Meetings    3 January 2024") for line in lines)
    assert len(lines) < 24
    assert max(map(len, lines[1:])) <= 80
    assert not (files / "data").exists()


def test_a_name_is_on_one_line_whatever_is_in_it(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = files / "a\n\x1b[31m.txt"
    file.write_text(LINE, "utf-8")
    assert main(["check", str(file), str(files / "\n.odt")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith(r"/a\n\x1b[31m.txt")
    assert lines[-1].endswith(r"/\n.odt: it cannot be read (No such file or directory).")


def test_json_and_a_file_that_cannot_be_read(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["check", "--json", str(files / "b.txt"), str(files / "a.pdf"), "\udcff.txt"]
    assert main(argv) == 1
    broken, read, not_utf8 = json.loads(capsys.readouterr().out)
    assert not_utf8["file"] == "\udcff.txt"
    assert (broken["trouble"], broken["reason"]) == ("encoding", "it is not text")
    assert (read["reason"], read["pages"], read["language"]) == (None, 2, "es")
    assert read["meetings"][0]["date"] == "2024-01-03"
    assert list(read) == list(broken)
