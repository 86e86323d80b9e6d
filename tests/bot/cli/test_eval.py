"""`passage eval`, as a person and as a program meet it: table, JSON and pictures."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.cli.app import main
from bot.cli.output import Terminal
from retrieval import Evaluation, Library, evaluate
from tests.conftest import DATA

pytestmark = pytest.mark.usefixtures("command_line")

GOLD = DATA / "questions.jsonl"
FILES = {
    f"questions-{kind}.{ending}"
    for kind in ("risk-coverage", "reliability")
    for ending in ("png", "svg")
}
SVG = "{http://www.w3.org/2000/svg}"


def draw(found: Evaluation, gold: Path, folder: Path) -> list[Path]:
    # matplotlib is loaded by the one worker that needs it.
    from bot.cli import plots  # noqa: PLC0415

    return plots.draw(found, gold, folder)


def failure(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """The one sentence of an evaluation that fails."""
    assert main(["eval", *argv]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    return err


def test_json_for_programs_and_pictures_beside_it(
    capsys: pytest.CaptureFixture[str], gold_figures: Evaluation, tmp_path: Path
) -> None:
    assert main(["eval", str(GOLD), "--json", "--plot", "docs/figures"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert list(found) == [
        "questions", "recall_at_1", "recall_at_3", "by_language", "article_recall_at_1",
        "mrr_at_10", "abstention", "latency_ms", "by_pair", "intervals", "answered_by_topic",
        "selective", "risk_coverage", "reliability",
    ]  # fmt: skip
    assert found["abstention"].keys() == {"auc", "answered_answerable", "answered_unanswerable"}
    assert found["latency_ms"].keys() == {"p50", "p95"}
    assert found["by_language"].keys() == {"de", "en", "es", "vi"}
    assert {"de-en", "en-en", "vi-en"} < found["by_pair"].keys()
    low, high = found["intervals"]["recall_at_1"]
    assert low < found["recall_at_1"] < high
    assert found["answered_by_topic"].keys() == {"near", "far"}
    assert found["risk_coverage"][-1]["coverage"] == 1
    assert found["reliability"]["bins"][0].keys() == {"score", "right", "questions"}
    assert "docs/figures/questions-reliability.svg" in err
    pictures = {file.name: file.read_bytes() for file in Path("docs/figures").iterdir()}
    assert pictures.keys() == FILES
    for name, content in pictures.items():
        if name.endswith(".png"):
            width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
            assert (width, height) == (1080, 780)
            assert b"tIME" not in content
        else:
            assert ElementTree.fromstring(content).tag == f"{SVG}svg"  # noqa: S314
            assert b"<dc:date>" not in content
            assert str(tmp_path).encode() not in content
            # Letters are outlines; matplotlib writes beside them, as comments, what they say.
            assert b"passage eval questions.jsonl: 36 questions, 24 of them answerable" in content
    # They are the same each time.
    assert {file.name: file.read_bytes() for file in draw(gold_figures, GOLD, tmp_path)} == pictures


def test_a_table_for_people(capsys: pytest.CaptureFixture[str], gold_figures: Evaluation) -> None:
    Terminal().evaluation(gold_figures)
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    (everything,) = (line for line in out.splitlines() if line.startswith("all"))
    assert everything.split() == [
        "all", "24", f"{gold_figures.recall_at_1:.2f}", f"{gold_figures.recall_at_3:.2f}",
    ]  # fmt: skip
    assert "Tiếng Việt" in out
    ends = gold_figures.intervals["auc"]
    assert ends
    assert f"{ends[0]:.2f} – {ends[1]:.2f}" in out
    assert "near (6)" in out


def test_a_table_of_very_little(capsys: pytest.CaptureFixture[str], library: Library) -> None:
    row = {"question": "Hi", "lang": "pt-BR", "answerable": True, "gold": []}
    Path("gold.jsonl").write_text(json.dumps(row), "utf-8")
    found = evaluate(library, Path("gold.jsonl"))
    Terminal().evaluation(found)
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["pt-BR", "not", "indexed", "1", "0.00", "0.00"] in lines
    assert ["Abstention,", "AUC", "–"] in lines
    draw(found, Path("gold.jsonl"), Path())
    assert Path("gold-reliability.svg").exists()


def test_what_is_no_gold_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "cannot be read" in failure(capsys, "none.jsonl")
    Path("bad.jsonl").write_text('{"question": "Who?"}\n')
    assert "Line 1" in failure(capsys, "bad.jsonl")
    Path("empty.jsonl").write_text("\n")
    assert "no gold question" in failure(capsys, "empty.jsonl")


def test_pictures_that_cannot_be_drawn(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said before anything is asked: `none.jsonl` is not there either."""
    Path("file").write_text("")
    assert "file is no folder to draw in" in failure(capsys, "none.jsonl", "--plot", "file")
    monkeypatch.delitem(sys.modules, "bot.cli.plots", raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert "pip install 'passage-bot[plot]'" in failure(capsys, "none.jsonl", "--plot", "docs")
