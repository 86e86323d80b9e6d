"""The exam's figures, tables and respellings, and its command."""

import json
import sys
from pathlib import Path

import pytest

from bench.corpora import folds, read_translations
from bench.quality import OWN_FOLDS, main
from bench.quality_report import (
    QuestionResult,
    differences,
    report,
    restored,
    tables,
    translated_alike,
)
from bench.respelling import respelt
from retrieval.articles.scan import scan
from retrieval.evaluation.gold import Gold


def gold(
    question: str, kind: str | None = None, *, language: str = "en", style: str | None = None
) -> Gold:
    passages = () if kind else (("a.txt", "words"),)
    return Gold(question, language, kind is None, passages, kind, style)


RESULTS = [
    QuestionResult("a", gold("1", style="s"), 1, 0.9, (True, False), {"lower case": ()}),
    QuestionResult("a", gold("2", style="k"), 3, 0.4, (False,)),
    QuestionResult("a", gold("3", "near"), None, 0.6, (False,)),
    QuestionResult("b", gold("4", language="vi"), None, 0.3, ()),
    QuestionResult("b", gold("5", language="vi"), 2, 0.8, (True,), {"lower case": (True,)}),
    QuestionResult("b", gold("6", "far"), None, 0.1, (), {"lower case": (False,)}),
]


def test_figures_count_the_questions_that_they_are_of() -> None:
    figures = report(RESULTS)["all"]
    assert {name: estimate["value"] for name, estimate in figures.items()} == {
        "questions": 6,
        "recall_at_1": 0.25,
        "recall_at_3": 0.75,
        "recall_at_10": 0.75,
        "first_right": 0.5,
        "shown_right": 0.5,  # two of four
        "auc": 0.75,  # six of eight pairs
        "auc_near": 0.5,
        "answered": 0.75,
        "answered_near": 1.0,
        "answered_other": 0.0,
        "calibration_error": pytest.approx(0.3833, abs=1e-3),
        "calibration_by_chance": pytest.approx(0.3433, abs=0.02),  # mean of 2 p (1 - p)
    }
    assert figures["answered"]["count"] == 4
    low, high = figures["first_right"]["low"], figures["first_right"]["high"]
    assert 0 <= low < 0.5 < high <= 1


def test_questions_are_grouped_and_respelt_ones_compared_with_themselves() -> None:
    measured = report(RESULTS)
    assert {name: row["questions"]["value"] for name, row in measured["folds"].items()} == {
        "a": 3,
        "b": 3,
    }
    assert measured["languages"]["vi"]["first_right"]["value"] == 0.5
    assert list(measured["styles"]) == ["k", "s"]
    lower = measured["typed"]["lower case"]
    assert (lower["first_right"]["value"], lower["loss"]["value"]) == (0.5, 0.5)
    assert lower["answered_other"]["value"] == 1.0
    assert lower["answered_near"]["value"] is None
    assert list(measured["typed"]) == ["lower case"]


def test_the_tables_have_a_cell_for_each_figure() -> None:
    lines = list(tables(report(RESULTS)))
    fold = next(line for line in lines if line.startswith("| a |"))
    assert fold.count("|") == lines[0].count("|") == lines[1].count("|")
    assert fold.startswith("| a | 3 | .50 (.00 to 1.00) | 1.00 (1.00 to 1.00) |")
    assert any(line.startswith("| keywords | 1 |") for line in lines)
    assert any(line.startswith("| lower case | .50 ") and "| – |" in line for line in lines)


def test_two_reports_are_compared_question_by_question() -> None:
    before = restored(json.loads(json.dumps(report(RESULTS))))
    assert before == RESULTS
    after = [*RESULTS[1:], QuestionResult("c", gold("new"), 1, 0.9, (True,))]
    after[0] = QuestionResult("a", gold("2", style="k"), 1, 0.9, (True,))
    rise = differences(before, after)
    assert rise["questions"]["value"] == 5
    assert rise["first_right"]["value"] == pytest.approx(1 / 3, abs=1e-4)
    assert rise["recall_at_3"]["value"] == 0.0


def test_questions_in_several_languages_are_counted_as_one() -> None:
    right, wrong, silent = ((True,), 1), ((False,), 2), ((), None)
    cases = [
        [
            QuestionResult("a", gold("?", kind, language=language), rank, 0.5, quotes)
            for language, (quotes, rank) in zip(("en", "vi"), outcomes, strict=True)
        ]
        for kind, outcomes in (
            (None, (right, right)),
            (None, (right, wrong)),
            (None, (wrong, silent)),
            (None, (silent, silent)),
            ("near", (silent, silent)),
        )
    ]
    alike = translated_alike(cases)
    values = {name: estimate["value"] for name, estimate in alike["answerable"].items()}
    assert values == {
        "questions": 4,
        "answered_in_all": 0.5,
        "answered_in_none": 0.25,
        "right_in_all": 0.25,
        "right_in_none": 0.5,
    }
    assert alike["near"]["answered_in_none"]["value"] == 1.0
    measured = report([result for case in cases for result in case]) | {"translated": alike}
    assert any(line.startswith("| near | 1 | .00 ") for line in tables(measured))


def test_respellings_change_how_a_question_is_typed_and_nothing_else() -> None:
    typed = dict(respelt("Ai dạy lớp tiếng Đức?", "vi"))
    assert typed["IN CAPITALS"] == "AI DẠY LỚP TIẾNG ĐỨC?"
    assert typed["Vietnamese without diacritics"] == "Ai day lop tieng Duc?"
    assert typed["soft hyphens"].replace("\u00ad", "") == "Ai dạy lớp tiếng Đức?"
    assert typed["typos"] != "Ai dạy lớp tiếng Đức?"
    assert typed == dict(respelt("Ai dạy lớp tiếng Đức?", "vi"))
    assert "Vietnamese without diacritics" not in dict(respelt("¿Quién es?", "es"))
    assert "Ai dạy lớp tiếng Đức" in typed["chatter"].replace("ai dạy", "Ai dạy")
    assert "chatter" not in dict(respelt("Qui est-ce ?", "fr"))
    assert "lower case" not in dict(respelt("library hours", "en"))


def test_the_articles_of_our_own_hold_what_their_questions_ask_for() -> None:
    for fold in folds(OWN_FOLDS):
        scanned = scan(fold.articles, whole=True)
        assert not scanned.failed
        passages = [passage for file in scanned.files for passage in file.passages]
        for question in fold.golds["dev"]:
            held = any(question.held_by(p.source.path, p.text) for p in passages)
            assert held == question.answerable, question.question
        questions = {question.question: question for question in fold.golds["dev"]}
        for case in read_translations(fold.articles.parent / "translations.jsonl"):
            assert {question.language for question in case} == {"en", "de", "es", "vi"}
            (original,) = (questions[q.question] for q in case if q.question in questions)
            assert {q.passages for q in case} == {original.passages}


@pytest.mark.usefixtures("loaded_once")
def test_the_command_prints_one_json_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fold = tmp_path / "folds" / "club"
    (fold / "articles").mkdir(parents=True)
    (fold / "articles" / "a.txt").write_text("The chess club meets on Mondays at seven.\n", "utf-8")
    question = {"question": "When does the chess club meet?", "lang": "en", "answerable": True}
    question["gold"] = [{"seed": "a.txt", "contains": "on Mondays"}]
    far = {"question": "Who won in 1998?", "lang": "en", "answerable": False, "gold": []}
    lines = "".join(json.dumps(row) + "\n" for row in (question, far))
    (fold / "dev.jsonl").write_text(lines, "utf-8")
    monkeypatch.setattr(sys, "argv", ["bench.quality", str(fold.parent), "--json"])
    main()
    measured = json.loads(capsys.readouterr().out)
    assert measured["all"]["recall_at_1"]["value"] == 1.0
    assert [row["gold"]["question"] for row in measured["questions"]] == [
        question["question"],
        far["question"],
    ]
