"""Questions that go on from the one before, on the articles of the repository."""

from __future__ import annotations

import pytest

from retrieval import Library, Turn
from retrieval.search.follow_up import names_no_subject, opens_as_follow_up

OPENING = "000_c198e92d4335c7bf.txt"
FIRST = "Who took over as Chief of the Party Central Office?"


@pytest.mark.parametrize(
    "second",
    [
        "And where was it held?",
        "Who else was there?",
        "und wo war das?",
        "¿y dónde fue?",
        "còn ở đâu?",
    ],
)
def test_a_follow_up_is_answered_from_the_article_before(library: Library, second: str) -> None:
    before = Turn.after(library.ask(FIRST))
    assert before == Turn(FIRST, OPENING)
    answer = library.ask(second, before)
    assert answer.follows == FIRST
    assert library.more(second, (), before).quotes[0].article == OPENING
    assert answer.question == second


@pytest.mark.parametrize(
    "second",
    [
        *("And where?", "Und wann?", "¿Y quién más?", "Còn khi nào?"),
        *("When?", "Khi nào?", "And in New York?", "Und in der Schweiz?"),
        *("¿Y en la Ciudad de México?", "Còn ở Thành phố Hồ Chí Minh?", "Còn ngày 7 tháng 2?"),
    ],
)
def test_a_few_words_that_go_on_name_no_subject_of_their_own(library: Library, second: str) -> None:
    before = Turn.after(library.ask("Who received the Ho Chi Minh Order?"))
    assert library.ask(second, before).follows == before.question


@pytest.mark.parametrize(
    "second",
    [
        "¿Cuántos comentarios se discutieron en la conferencia?",
        "Who received the Ho Chi Minh Order?",
        "Which city hosted the national conference?",
        "And who received the Ho Chi Minh Order?",
        "Und wie viele Personen bekamen die Arbeitsmedaille?",
        "¿Y la Constitución de 1992?",
        "Thế còn ông Tô Huy Rứa, ông ấy được tặng gì?",
    ],
)
def test_a_question_that_stands_alone_is_answered_alone(library: Library, second: str) -> None:
    assert library.ask(second, Turn.after(library.ask(FIRST))) == library.ask(second)


def test_a_question_that_the_reader_answers_better_alone_does_not_go_on(library: Library) -> None:
    before = Turn.after(
        library.ask("¿Qué dijo Truong Thi Mai del año 2024 y la Resolución del XIII Congreso?")
    )
    second = "¿Quiénes asistieron a la conferencia desde el puente de Thai Binh?"
    assert library.ask(second, before) == library.ask(second)


def test_a_follow_up_leaves_the_question_that_stood_alone(library: Library) -> None:
    answer = library.ask("And where was it held?", Turn.after(library.ask(FIRST)))
    assert Turn.after(answer).question == FIRST


def test_more_passages_of_a_follow_up_are_those_behind_the_question_before(
    library: Library,
) -> None:
    before = Turn.after(library.ask(FIRST))
    shown = library.ask("And where was it held?", before).quotes
    more = library.more("And where was it held?", shown, before)
    assert more.follows == FIRST
    assert not {quote.text for quote in shown} & {quote.text for quote in more.quotes}


def test_words_that_go_on_are_told_by_their_diacritics() -> None:
    assert opens_as_follow_up("Còn năm 2023?")
    assert opens_as_follow_up("¿Y en Hanói?")
    assert opens_as_follow_up("What about Hanoi?")
    assert not opens_as_follow_up("¿Con quién habló?")
    assert not opens_as_follow_up("Andes?")
    assert not opens_as_follow_up("What happened?")


@pytest.mark.parametrize(
    "question",
    [
        "And kernel.panic(), what is that for?",
        "And in Hanoi, who chaired the meeting?",
        "¿Y en qué país está Tallinn?",
        "And in which city was the teleconference held?",
        "Còn tại sao ông Tô Lâm?",
        "Còn năm người được tặng Huân chương?",
    ],
)
def test_what_names_a_subject_is_not_taken_for_a_place_or_a_time(question: str) -> None:
    assert not names_no_subject(question)
