"""Vietnamese without its diacritics: told from other languages, and read with them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.respelling import without_diacritics
from retrieval.evaluation.gold import read_gold
from retrieval.languages.detection import question_language
from retrieval.languages.terms import fold
from retrieval.languages.vietnamese import (
    SyllableTable,
    is_unmarked_vietnamese,
    syllable_of,
    vietnamese_readings,
)
from tests.conftest import ROOT, SEEDS


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ("ai la chu tich hoi", "ai là chủ tịch hội"),
        ("Ai duoc bau lam tong bi thu?", "Ai được bầu làm tổng bí thư?"),
        ("hoi nghi to chuc o dau, ngay nao", "hội nghị tổ chức ở đâu, ngày nào"),
        ("debian la gi", "debian là gì"),
        ("thu tuong Duc la ai", "thủ tướng Đức là ai"),
        ("bien ban thang 7/2024 noi gi", "biên bản tháng 7/2024 nói gì"),
    ],
)
def test_a_question_gets_its_diacritics_back(typed: str, reading: str) -> None:
    assert question_language(typed)[0] == "vi"
    assert is_unmarked_vietnamese(typed)
    assert vietnamese_readings(typed)[0] == reading


def test_syllables_that_have_their_marks_keep_them() -> None:
    assert vietnamese_readings("tổng bi thu la ai")[0] == "tổng bí thư là ai"


def test_doubt_gives_two_readings() -> None:
    readings = vietnamese_readings("to huy rua sinh nam bao nhieu")
    assert len(readings) == 2
    assert {fold(reading) for reading in readings} == {"to huy rua sinh nam bao nhieu"}


@pytest.mark.parametrize(
    "text",
    [
        "Who can do it on the second day?",
        "can you do that to me",
        "Wer ist Nguyen Phu Trong?",
        "¿Quién entregó la Orden de Ho Chi Minh?",
        "con que se come",
        "on dit quoi",
        "ma chi sei",
        "Ai là chủ tịch hội?",  # It has its diacritics.
        "谁是主席",
        "2024?",
        "",
    ],
)
def test_other_texts_are_left_alone(text: str) -> None:
    assert not is_unmarked_vietnamese(text)


def test_questions_and_articles_in_other_languages_are_none() -> None:
    files = (ROOT / "tests" / "data").glob("*questions.jsonl")
    golds = [gold for file in files for gold in read_gold(file)]
    assert not [
        gold.question
        for gold in golds
        if gold.language != "vi" and is_unmarked_vietnamese(gold.question)
    ]
    vietnamese = [gold.question for gold in golds if gold.language == "vi"]
    unmarked = [without_diacritics(question) for question in vietnamese]
    assert len(vietnamese) > 5
    assert all(map(is_unmarked_vietnamese, unmarked))
    lines = [line for file in SEEDS.glob("*.txt") for line in file.read_text("utf-8").split("\n")]
    assert not [
        line
        for line in lines
        if "http" not in line and len(line) > 60 and is_unmarked_vietnamese(line)
    ]


@given(text=st.text(st.characters(), max_size=60))
def test_a_reading_differs_in_marks_alone(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    is_unmarked_vietnamese(composed)
    for reading in vietnamese_readings(composed):
        assert fold(reading) == fold(composed)


def test_the_table_is_whole() -> None:
    table = SyllableTable.load()
    assert len(set(table.syllables)) == len(table.syllables)
    assert (table.pairs[1:] > table.pairs[:-1]).all()
    size = len(table.single)
    assert size == len(table.backoff) == len(table.syllables) + 3
    assert table.pairs[0] >= 0
    assert table.pairs[-1] < size**2
    assert len(table.chances) == len(table.pairs)


@pytest.mark.parametrize(
    ("word", "syllable"),
    [("Hoà", "hòa"), ("hòa", "hòa"), ("thuý", "thúy"), ("quý", "quý"), ("toàn", "toàn")],
)
def test_either_way_to_write_the_tone_is_the_same(word: str, syllable: str) -> None:
    assert syllable_of(word) == syllable


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Who is Oleksandr Kovalenko?", "en"),
        ("Wer ist Solène Kervadec?", "de"),
        ("¿Quién es Jiřina Dvořáčková?", "es"),
    ],
)
def test_names_do_not_tell_a_question_s_language(question: str, language: str) -> None:
    assert question_language(question)[0] == language
