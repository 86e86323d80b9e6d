"""What is searched for, of a question however it was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.respelling import without_diacritics
from retrieval import Library
from retrieval.evaluation.gold import Gold, read_gold
from retrieval.models import Hit
from retrieval.search.query import parsed, searchable, with_plain_names
from tests.conftest import ROOT

PLAIN = "Who received the Ho Chi Minh Order?"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("WHO DROVE THE FIRST TRAM?", "Who drove the first tram?"),
        ("WER BEKAM DEN ORDEN?", "Wer bekam den orden?"),
        ("Ho\u00adChi\u200bMinh", "HoChiMinh"),
        ("**Wer** ist `der` ~~alte~~ Vorsitzende?", "Wer ist der alte Vorsitzende?"),
        ("> # Who is it?", "Who is it?"),
        ("What is [this](https://example.com/a)?", "What is this ?"),
        ("<:wave:123456> who was it :smile::wave: \U0001f600", "Who was it"),
        ("hi - who was it?", "Who was it?"),
        ("hey bot, quick question: who was it?", "Who was it?"),
        ("Hallo zusammen! Kurze Frage: Wer war es?", "Wer war es?"),
        ("Oye, una pregunta: ¿quién fue?", "quién fue?"),
        ("Xin chào, cho mình hỏi: ai là chủ tịch?", "Ai là chủ tịch?"),
        ("¿cuándo abre el museo?", "¿Cuándo abre el museo?"),
        ("npm install", "npm install"),
        ("iPhone repairs in 2024", "iPhone repairs in 2024"),
        ("can you tell me who it was", "Who it was"),
    ],
)
def test_spelling_and_preambles_do_not_count(typed: str, words: str) -> None:
    assert searchable(typed) == words


@pytest.mark.parametrize(
    "question",
    [
        PLAIN,
        "Was beschloss die WTO?",
        "NATO?",
        "UNHCR ACNUR?",
        "Help desk hours?",
        "Thanks for the help desk list of 2019",
        "Hi-fi sets?",
        "What does std::vector::push_back do?",
        "What does snake_case_name mean?",
        "2 * 3 = 6?",
        "20 °C?",
        "Hello",
        "hi bot",
    ],
)
def test_words_that_are_meant_stay(question: str) -> None:
    assert searchable(question) == question


@given(st.text(max_size=300))
def test_something_is_left_of_whatever_has_a_letter(text: str) -> None:
    left = searchable(text)
    assert any(map(str.isalnum, left)) == any(map(str.isalnum, text))


@pytest.mark.parametrize(
    "typed",
    [PLAIN.upper(), f"hey bot, quick question: {PLAIN}", "\u00ad".join(PLAIN), f"**{PLAIN}**"],
)
def test_it_is_answered_as_the_plain_question_is(library: Library, typed: str) -> None:
    plain, answer = library.ask(PLAIN), library.ask(typed)
    assert answer.question == typed
    assert answer.quotes[0].text == plain.quotes[0].text
    assert answer.language == plain.language


def test_vietnamese_without_diacritics_is_answered_as_with_them(library: Library) -> None:
    files = (ROOT / "tests" / "data").glob("*questions.jsonl")
    golds = [gold for file in files for gold in read_gold(file) if gold.language == "vi"]
    pairs = [
        (
            gold,
            library.search(gold.question, 3),
            library.search(without_diacritics(gold.question), 3),
        )
        for gold in golds
        if gold.answerable
    ]

    def right(gold: Gold, hits: list[Hit]) -> bool:
        return any(gold.held_by(hit.passage.source.path, hit.passage.text) for hit in hits)

    written = sum(right(gold, hits) for gold, hits, _ in pairs)
    typed = sum(right(gold, hits) for gold, _, hits in pairs)
    assert written >= 5
    assert typed >= written - 1


def test_a_question_in_doubt_has_two_readings() -> None:
    readings, language = parsed("to huy rua sinh nam bao nhieu")
    assert language == "vi"
    assert "Tô huy rứa sinh năm bao nhiêu" in readings
    assert len(readings) == 2
    assert parsed("Hội nghị diễn ra ở đâu?") == (("Hội nghị diễn ra ở đâu?",), "vi")


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("Ai đã trao quà cho ông Lê Văn Đức?", "Ai đã trao quà cho ông Le Van Duc?"),
        ("Đường phố ở Hà Nội dài bao nhiêu?", "Đường phố ở Ha Noi dài bao nhiêu?"),
        ("Ông ấy đã đến Huế khi nào?", "Ông ấy đã đến Huế khi nào?"),
        ("Đại hội diễn ra năm nào", "Đại hội diễn ra năm nào"),
        ("", ""),
    ],
)
def test_names_lose_their_diacritics_and_nothing_else(question: str, plain: str) -> None:
    assert with_plain_names(question) == plain


def test_a_vietnamese_question_is_read_with_its_names_in_both_ways() -> None:
    question = "Ông Lê Văn Đức làm gì ở đó?"
    assert parsed(question) == ((question, "Ong Le Van Duc làm gì ở đó?"), "vi")
    readings, _ = parsed("Wen traf Jürgen Müller dort?")
    assert len(readings) == 1
