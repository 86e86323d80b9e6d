"""What a reload did, as a terminal says it."""

from __future__ import annotations

import dataclasses

import pytest

from bot.cli import reload_report
from bot.cli.json_output import reload_json
from bot.cli.output import Terminal
from retrieval import Failure, Note, Reload

NOTHING = Reload((), (), (), (), (), 5, 50, 0, 0.04)
MUCH = dataclasses.replace(
    NOTHING,
    added=tuple(f"new/{number:03}.txt" for number in range(300)),
    removed=("gone.txt",),
    failed=tuple(Failure(f"bad/{number}.pdf", "it holds no text") for number in range(40)),
    notes=(Note("new/000.txt", "read as Windows-1252"),),
    articles=1_300,
    embedded=12_345,
)


def test_a_report_names_a_few_of_many_and_counts_the_rest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Terminal().reload(MUCH)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["+ new/000.txt", "+ new/001.txt"]
    assert lines[10:14] == [
        "+ and 290 more", "- gone.txt", "· new/000.txt: read as Windows-1252",
        "! bad/0.pdf: it holds no text",
    ]  # fmt: skip
    assert lines[-4:] == [
        "! and 30 more",
        "300 added, 0 changed, 1 removed, 0 unchanged, 40 failed.",
        "1,300 articles, 50 passages; 12,345 texts embedded in 0.0 s.",
        "Troubles: 40 nothing to quote, 1 encoding.",
    ]
    assert len(lines) < 30
    assert len(reload_json(MUCH)["failed"]) == 40
    assert reload_json(MUCH)["notes"] == [
        {"article": "new/000.txt", "note": "read as Windows-1252", "trouble": "encoding"}
    ]
    assert reload_json(MUCH)["failed"][0]["trouble"] == "nothing to quote"
    assert reload_json(MUCH)["troubles"] == {"nothing to quote": 40, "encoding": 1}


def test_a_pin_that_a_change_has_ended_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal().reload(dataclasses.replace(NOTHING, unpinned=("Who came?",)))
    assert "* pinned no longer, as the passage has changed: Who came?\n" in capsys.readouterr().out


def test_one_more_is_named_rather_than_counted() -> None:
    eleven = dataclasses.replace(NOTHING, removed=tuple(f"{n}.txt" for n in range(11)))
    assert ("- ", "10.txt") in list(reload_report.report(eleven))


def test_names_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal().reload(dataclasses.replace(NOTHING, added=("a\x1b[31m\n.txt",)))
    assert capsys.readouterr().out.startswith("+ a\\x1b[31m\\n.txt\n1 added")


def test_progress_says_how_many_and_goes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Terminal().progress("Indexing") as bar:
        bar(5, 2_000)
    assert capsys.readouterr().err == "", "there is no terminal"
    monkeypatch.setenv("FORCE_COLOR", "1")
    with Terminal().progress("Indexing") as bar:
        bar(1_005, 32_000)
    err = capsys.readouterr().err
    assert "1005 of 32000" in err
    assert err.endswith("\x1b[2K"), "the line is empty again"


def test_marks_are_dim_and_what_they_mark_is_not(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    Terminal().reload(dataclasses.replace(NOTHING, added=("a.txt",)))
    assert capsys.readouterr().out.startswith("\x1b[2m+ \x1b[0ma.txt\n")
