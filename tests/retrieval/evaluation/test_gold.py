"""Gold questions asked of the real library: what is told of each, and the pair it counts to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrieval import Evaluation, Library, OperatorError, evaluate
from retrieval.evaluation.gold import read_gold

ORDER = "Who presented the Ho Chi Minh Order?"
ENGLISH = {
    "seed": "004_20faca2c5681b20c.txt",
    "contains": "presented the Ho Chi Minh Order",
}
GERMAN = {"seed": "001_56b54d490b5aedd0.txt", "contains": "absoluten Loyalität"}
GONE = {"seed": "gone.txt", "contains": "words"}


def gold(tmp_path: Path, *rows: dict[str, object]) -> Path:
    usual = {"lang": "en", "answerable": True, "question": ORDER, "gold": [ENGLISH]}
    file = tmp_path / "gold.jsonl"
    file.write_text("\n".join(json.dumps(usual | row) for row in rows), "utf-8")
    return file


@pytest.mark.parametrize(
    ("language", "passages", "pair"),
    [
        ("de", [ENGLISH], "de-en"),
        ("de", [ENGLISH, GERMAN], "de-de"),
        ("es", [GERMAN, ENGLISH], "es-de"),
        ("es", [GONE, ENGLISH], "es-en"),
        ("vi", [GONE], "vi-?"),
        ("vi", [], "vi-?"),
    ],
)
def test_the_pair_that_a_question_counts_to(
    library: Library, tmp_path: Path, language: str, passages: list[dict[str, str]], pair: str
) -> None:
    found = evaluate(library, gold(tmp_path, {"lang": language, "gold": passages}))
    assert list(found.by_pair) == [pair]


def test_an_answer_is_right_if_its_first_quote_is(library: Library, tmp_path: Path) -> None:
    unanswerable = {"answerable": False, "gold": [], "kind": "near"}
    found = evaluate(library, gold(tmp_path, {}, {"gold": [GERMAN]}, unanswerable))
    assert found.selective == {"coverage": 1.0, "answered_wrong": 0.6667}
    (point,) = found.risk_coverage
    assert (point.coverage, point.risk) == (1.0, 0.6667)
    assert point.threshold == library.ask(ORDER).quotes[0].score
    assert found.answered_by_topic == {"near": {"questions": 1, "answered": 1.0}}


def test_a_question_may_say_how_it_is_written_and_what_it_asks_for(tmp_path: Path) -> None:
    plain, classed = read_gold(gold(tmp_path, {}, {"style": "k", "wh": "name", "kind": None}))
    assert (plain.style, plain.asks, plain.kind) == (None, None, None)
    assert (classed.style, classed.asks, classed.kind) == ("k", "name", None)


def test_a_greeting_is_no_answer_and_has_no_score(library: Library, tmp_path: Path) -> None:
    found = evaluate(library, gold(tmp_path, {"question": "hello"}))
    assert found.selective == {"coverage": 0.0, "answered_wrong": None}
    assert [point.threshold for point in found.risk_coverage] == [0.0]


def test_how_passage_answers_is_a_point_of_its_curve(gold_figures: Evaluation) -> None:
    selective = gold_figures.selective
    risks = {point.coverage: point.risk for point in gold_figures.risk_coverage}
    assert selective["coverage"] in risks
    assert selective["answered_wrong"] == risks[selective["coverage"]]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"junk", "Line 1 of {} is not a gold question (it is not JSON)."),
        (b'\n{"question": "Who?"}', "Line 2 of {} is not a gold question (it has no 'gold')."),
        (b"[1]", "Line 1 of {} is not a gold question (its fields are not those of one)."),
        (b"\xff", "The gold questions in {} cannot be read (it is not text in UTF-8)."),
        (None, "The gold questions in {} cannot be read (No such file or directory)."),
    ],
)
def test_what_is_no_gold_file_is_told_in_a_sentence(
    tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    file = tmp_path / "gold.jsonl"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(OperatorError) as raised:
        read_gold(file)
    assert str(raised.value) == sentence.format(file)
