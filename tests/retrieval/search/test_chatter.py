"""What members say around a question is not searched for; what it hangs on is."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval import Library
from retrieval.search.chatter import asked_part, without_chatter

PLAIN = "Who received the Ho Chi Minh Order?"


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        (f"Sorry to barge in, my brain is mush today. {PLAIN}", PLAIN),
        (f"{PLAIN} Thanks so much in advance, you lovely people!", PLAIN),
        ("Moin Leute, mal was anderes, wann war die Sitzung?", "wann war die Sitzung?"),
        ("Hola a todos, espero que estéis bien. ¿Quién dirige el coro?", "¿Quién dirige el coro?"),
        (
            "Chào cả nhà, mình mới vào nhóm. Ai là chủ tịch? Cảm ơn mọi người nhiều ạ!",
            "Ai là chủ tịch?",
        ),
        (PLAIN, PLAIN),
        ("In the report for 2019, who is named?", "In the report for 2019, who is named?"),
        ("The mayor resigned in May. Who followed?", "The mayor resigned in May. Who followed?"),
        ("J'ai 17 ans. Puis-je voter ?", "J'ai 17 ans. Puis-je voter ?"),
        ("Gibt es Rabatt? Ich bin Studentin.", "Gibt es Rabatt? Ich bin Studentin."),
        ("Nach dem Brand: Wer zahlt die Miete?", "Nach dem Brand: Wer zahlt die Miete?"),
        ("Library, Hall, Pool: opening hours", "Library, Hall, Pool: opening hours"),
        ("Tram", "Tram"),
        ("", ""),
        ("?!", "?!"),
    ],
)
def test_what_is_asked_is_left(library: Library, message: str, asked: str) -> None:
    assert without_chatter(message, library.embedder) == asked


@pytest.mark.parametrize(
    ("message", "odds", "part"),
    [
        ("oh so hm. who was it?", (9, 9, 9, -9, -9, -9), (3, 6)),
        ("who was it? oh so hm.", (-9, -9, -9, 9, 9, 9), (0, 3)),
        ("oh so hm! who was it", (9, 9, 9, -9, -9, -9), (3, 6)),
        ("oh so hm who was it?", (9, 9, 9, -9, -9, -9), (0, 6)),
        ("who was it? oh so hm.", (9, 9, 9, -9, -9, -9), (0, 6)),
        ("oh so hm. - - -", (9, 9, 9, -9, -9, -9), (0, 6)),
        ("oh so hm. who was it?", (1, 1, 1, -9, -9, -9), (0, 6)),
    ],
)
def test_a_cut_is_at_a_sign_and_leaves_words_and_the_question_mark(
    message: str, odds: tuple[int, ...], part: tuple[int, int]
) -> None:
    assert asked_part(message.split(), np.array(odds, np.float32)) == part


def test_it_is_answered_as_the_question_alone(library: Library) -> None:
    message = f"My flatmates and I have a bet running, so help me out here: {PLAIN}"
    plain, answer = library.ask(PLAIN), library.ask(message)
    assert answer.question == message
    assert answer.quotes[0].text == plain.quotes[0].text
    assert answer.quotes[0].score == plain.quotes[0].score
