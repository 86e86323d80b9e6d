"""Words of a question that stand in a passage as they were asked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.search.evidence import verbatim_evidence

PASSAGES = ["The mayor, Tô Huy Rứa, opened it.", "Ana María Ruiz spoke first.", "Nobody came."]


def evidence(question: str, heavy: str = "", language: str = "en") -> list[float]:
    """Each word a token; those with a capital weigh four times as much as the others."""
    words = question.split()
    counts = np.array([4.0 if w[:1].isupper() or w in heavy.split() else 1.0 for w in words])
    weights = (counts / counts.sum()).astype(np.float32)
    return verbatim_evidence(question, language, [1] * len(words), weights, PASSAGES).tolist()


@pytest.mark.parametrize(
    "question",
    ["who is Tô Huy Rứa?", "who is To Huy Rua", "¿quién es Tô Huy Rứa?", "Tô Huy Rứa là ai?"],
)
def test_a_name_counts_for_the_passage_that_has_it(question: str) -> None:
    assert evidence(question) == [1, 0, 0]


def test_a_name_needs_no_capitals_where_it_stands_in_a_passage() -> None:
    assert evidence("who is ana maría ruiz", heavy="ana maría ruiz") == [0, 1, 0]


def test_a_name_that_stands_nowhere_counts_against_all() -> None:
    assert evidence("who is Anders Holmqvist?") == [-1, -1, -1]
    assert evidence("who is Rua Huy To?") == [-1, -1, -1]  # Its words are there, in another order.


def test_a_part_of_a_name_is_left_to_the_search() -> None:
    assert evidence("who got the Order of the María Ruiz House Club") == [0, 0, 0]


def test_capitals_tell_no_name_where_all_words_have_them() -> None:
    assert evidence("Annual Conference Party Date") == [0, 0, 0]
    assert evidence("welche Neuerungen bringt Windows Elf", language="de") == [0, 0, 0]


def test_a_question_about_a_name_and_more_is_left_to_the_search() -> None:
    question = "what did the council decide in spring about the house of Anders Holmqvist"
    assert evidence(question) == [0, 0, 0]


def test_one_word_is_no_name() -> None:
    assert evidence("Holmqvist") == [0, 0, 0]
    assert evidence("who is Holmqvist?") == [0, 0, 0]


@given(st.text(max_size=60), st.lists(st.text(max_size=40), max_size=4))
def test_any_text_has_evidence_between_minus_one_and_one(question: str, texts: list[str]) -> None:
    words = question.split()
    weights = np.full(max(len(words) - 1, 0), 1 / max(len(words) - 1, 1), np.float32)
    result = verbatim_evidence(question, "en", [1] * len(words), weights, texts)
    assert result.shape == (len(texts),)
    assert set(result.tolist()) <= {-1.0, 0.0, 1.0}
