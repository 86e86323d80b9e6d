"""What is searched for, of a question however it was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Library
from retrieval.search.query import searchable

PLAIN = "Who received the Ho Chi Minh Order?"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("WHO DROVE THE FIRST TRAM?", "who drove the first tram?"),
        ("WER BEKAM DEN ORDEN?", "wer bekam den orden?"),
        ("Ho\u00adChi\u200bMinh", "HoChiMinh"),
        ("**Wer** ist `der` ~~alte~~ Vorsitzende?", "Wer ist der alte Vorsitzende?"),
        ("> # Who is it?", "Who is it?"),
        ("What is [this](https://example.com/a)?", "What is this ?"),
        ("<:wave:123456> who was it :smile: \U0001f600", "who was it"),
        ("hey bot, quick question: who was it?", "who was it?"),
        ("Hallo zusammen! Kurze Frage: Wer war es?", "Wer war es?"),
        ("Oye, una pregunta: ¿quién fue?", "quién fue?"),
        ("Xin chào, cho mình hỏi: ai là chủ tịch?", "ai là chủ tịch?"),
        ("can you tell me who it was", "who it was"),
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
