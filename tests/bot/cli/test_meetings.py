"""`passage meetings`, as a person and as a program meet it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import vobject

from bot.cli.app import main
from bot.cli.output import Terminal
from bot.i18n.phrases import ENGLISH
from retrieval import Day, MeetingFilter, YearFrom, fold
from tests.bot.agenda import evidence, meeting
from tests.conftest import SEEDS

pytestmark = pytest.mark.usefixtures("command_line")

KEYS = [
    "article", "date", "end_date", "year_from", "place", "title",
    "start", "end", "text", "chair", "also",
    "name", "language", "link", "status", "country", "coordinates",
]  # fmt: skip


Capture = pytest.CaptureFixture[str]


def run(capsys: Capture, *argv: str) -> tuple[int, str, str]:
    """Run a command in this process: its exit status, stdout and stderr."""
    status = main(["meetings", *argv])
    out, err = capsys.readouterr()
    return status, out, err


def values(capsys: Capture, *argv: str) -> list[dict[str, Any]]:
    status, out, err = run(capsys, *argv, "--json")
    assert status == 0, err
    found: list[dict[str, Any]] = json.loads(out)
    return found


def test_the_first_call_builds_the_index(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, one_seed: Path
) -> None:
    monkeypatch.setenv("PASSAGE_SEEDS_DIR", str(one_seed))
    monkeypatch.setenv("PASSAGE_DATA_DIR", "data")
    status, out, err = run(capsys)
    assert status == 0
    assert "Indexed 1 article for the first time." in err
    assert "Indexed" not in out


def test_meetings_for_a_program(capsys: Capture) -> None:
    found = values(capsys)
    assert {one["article"] for one in found} == {file.name for file in SEEDS.glob("0*")}
    for one in found:
        assert list(one) == KEYS
        article = (SEEDS / one["article"]).read_bytes().decode()
        assert article[one["start"] : one["end"]] == one["text"]
        for quote in one["also"]:
            assert quote.keys() == {"article", "start", "end", "text"}
    dated = [one["date"] for one in found if one["date"] and not one["date"].startswith("--")]
    assert dated == sorted(dated, reverse=True)
    for one in found[len(dated) :]:
        assert one["date"] is None or Day.parse(one["date"]).year is None


def test_filters_choose(capsys: Capture) -> None:
    everything = values(capsys)
    days = [one for one in everything if one["date"] and not one["date"].startswith("--")]
    newest = days[0]["date"]
    assert [one["date"] for one in values(capsys, "--from", newest)] == [newest]
    assert values(capsys, "--from", newest[:4]) == values(capsys, "--from", f"{newest[:4]}-01-01")
    german = values(capsys, "--language", "de")
    assert german == values(capsys, "--language", "Deutsch") != []
    assert len(german) < len(everything)
    conferences = values(capsys, "--about", "Büroarbeit")
    assert [one["article"] for one in conferences] != []
    assert len(conferences) < len(everything)
    for one in values(capsys, "--place", "HÀ NỘI"):
        assert "noi" in fold(one["place"])


def test_a_person_reads_name_date_place_words_and_link(capsys: Capture) -> None:
    _, out, _ = run(capsys)
    assert max(len(line) for line in out.splitlines() if "https://" not in line) <= 80
    flat = " ".join(out.replace("│", " ").split())
    for one in values(capsys):
        assert one["title"] in flat
        assert one["text"] in flat
    assert "https://baonghean.vn/" in out


def test_a_list_of_all_that_can_be_known(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    held = [
        meeting(
            1,
            end_date=Day(1, 3, 2025),
            year_from=YearFrom.URL,
            place="Hue\n\x1b[31m",
            chair="Ms\u202e Le",
            others=(evidence(2, url=None),),
        ),
        meeting(2, date=Day(11, 6), evidence=evidence(2, "They **met**.", article="2.md")),
        meeting(3, date=None),
    ]
    Terminal().meetings(held, MeetingFilter(), 3)
    assert capsys.readouterr().out == (
        "1. Meeting 1\n"
        "   1–3 January 2025 · Hue [31m · chaired\n"
        "   by Ms Le · year taken from the\n"
        "   article's address\n"
        "   │ The council met for the 1th time.\n"
        "   https://www.example.com/1\n"
        "   Also reported in:\n"
        "   2.txt\n"
        "\n"
        "Without a stated year:\n"
        "\n"
        "2. Meeting 2\n"
        "   6 November, year not stated\n"
        "   │ They met.\n"
        "   https://www.example.com/2\n"
        "\n"
        "3. Meeting 3\n"
        "   no date\n"
        "   │ The council met for the 3th time.\n"
        "   https://www.example.com/3\n"
    )


def test_an_empty_list_says_whether_filters_made_it_so(capsys: Capture) -> None:
    known = len(values(capsys))
    assert values(capsys, "--place", "Nowhere") == []
    _, out, _ = run(capsys, "--place", "Nowhere")
    assert out == f"No meeting matches. Without your filters there are {known}.\n"
    _, out, _ = run(capsys, "--to", "1900")
    assert out.endswith("\n\nMeetings whose year is not stated are left out.\n")
    Terminal().meetings([], MeetingFilter(), 0)
    assert capsys.readouterr().out == "The articles report no meetings yet.\n"


@pytest.mark.parametrize(
    ("argv", "status", "said"),
    [
        (["--from", "whenever"], 2, "I cannot read “whenever” as a date. Please write it as 2024"),
        (["--to", "whenever"], 2, "I cannot read “whenever” as a date. Please write it as 2024"),
        (["--from", "2025", "--to", "2024"], 2, "The first day is after the last one"),
        (["--language", "klingon"], 2, "“klingon” is not a language of the articles. Their"),
        (["--about", "…"], 2, "I find no words in what the meetings are to be about."),
        (["--ics", "-", "--json"], 2, "would both write to stdout"),
        (["--ics", "/nowhere/at.ics"], 1, "/nowhere/at.ics cannot be written: No such file"),
        (["--ics", ""], 1, ". cannot be written: Is a directory."),
        (["--ics", "."], 1, ". cannot be written: Is a directory."),
    ],
)
def test_an_error_is_one_sentence(capsys: Capture, argv: list[str], status: int, said: str) -> None:
    exited, out, err = run(capsys, *argv)
    assert (exited, out) == (status, "")
    assert said in err
    assert len(err.strip().splitlines()) == 1


def test_a_calendar_file_has_the_meetings_whose_year_is_known(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "meetings.ics"
    found = values(capsys, "--ics", str(file))
    dated = [one for one in found if one["date"] and not one["date"].startswith("--")]
    assert [event.summary.value for event in vobject.readOne(file.read_text()).vevent_list] == [
        one["title"] for one in dated
    ]
    written = file.read_bytes()
    status, out, err = run(capsys, "--ics", str(file))
    assert (status, out) == (0, "")
    assert file.read_bytes() == written
    assert f"{ENGLISH.counted('meeting_count', len(dated))} written to {file}." in err
    assert "subscribe" not in err
    monkeypatch.setenv("PASSAGE_PUBLIC_URL", "https://articles.example")
    _, _, told = run(capsys, "--ics", str(file), "--from", "1900")
    assert "calendar: https://articles.example/meetings.ics?from=1900-01-01" in told
    left_out = len(found) - len(dated)
    assert (ENGLISH.counted("left_out", left_out) in err) is bool(left_out)


def test_a_calendar_goes_to_stdout_as_it_is(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["meetings", "--from", "1900", "--ics", "-"]) == 0
    out, err = capsysbinary.readouterr()
    assert out.startswith(b"BEGIN:VCALENDAR\r\n")
    assert out.endswith(b"END:VCALENDAR\r\n")
    assert err == b""
