"""Typos of a question: corrected by the words of the articles, where they are typos."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Library
from retrieval.embedding.onnx_encoder import OnnxEncoder
from retrieval.index.records import Vocabulary
from retrieval.search.query import MOST_WORDS, corrected, is_one_edit

WORDS = st.text("abß", max_size=7)

ARTICLES = (
    "The conference elected the members of the committee in September. Was the statute changed?",
    "Die Konferenz wählte den Ausschuss. Der Verein hat seine Satzung geändert.",
    "La conferencia eligió a los miembros del comité.",
    "Hội nghị khoảng nhiêu người?",
    "Peter Weder, the mayor, spoke of a book, the right person, rivers and pool water.",
)


def plain_distance(word: str, other: str) -> int:
    """Optimal string alignment, cell by cell as it is defined."""
    table = {(i, 0): i for i in range(len(word) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i, letter in enumerate(word, 1):
        for j, its in enumerate(other, 1):
            ways = [table[i - 1, j] + 1, table[i, j - 1] + 1]
            ways.append(table[i - 1, j - 1] + (letter != its))
            if i > 1 and j > 1 and word[i - 2 : i] == its + other[j - 2]:
                ways.append(table[i - 2, j - 2] + 1)
            table[i, j] = min(ways)
    return table[len(word), len(other)]


@given(WORDS, WORDS)
def test_one_edit_is_that_of_the_definition(word: str, other: str) -> None:
    assert is_one_edit(word, other) == (plain_distance(word, other) == 1)


@given(st.text("abđ", min_size=5, max_size=8), st.data())
def test_a_word_one_edit_away_is_met_wherever_the_edit_is(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(word) - 1))
    before, after = word[:at], word[at:]
    swapped = before[:-1] + after[0] + before[-1] + after[1:]
    edited = [f"{before}a{after}", before + after[1:], f"{before}b{after[1:]}", swapped]
    typed = data.draw(st.sampled_from([own for own in edited if len(own) > 4 and own != word]))
    fewer = corrected(typed, vocabulary_of(word), lambda texts: [2] + [1] * (len(texts) - 1))
    assert fewer == word
    assert corrected(typed, vocabulary_of(word), lambda texts: [1] * len(texts)) == typed


def vocabulary_of(*texts: str) -> Vocabulary:
    return Vocabulary().changed((), texts)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return vocabulary_of(*ARTICLES)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("who was in the comittee?", "who was in the committee?"),
        ("the confernece was in sepetmber", "the conference was in september"),
        (
            "Wann hat der Verein seine satzugn geändert",
            "Wann hat der Verein seine satzung geändert",
        ),
        ("los miembrso del comité", "los miembros del comité"),
        ("hội nghị có nhiuê người", "hội nghị có nhiêu người"),
        ("**cnoference**: MEMBBERS", "**conference**: MEMBERS"),
    ],
)
def test_a_typo_is_corrected(
    vocabulary: Vocabulary, questions: OnnxEncoder, typed: str, meant: str
) -> None:
    assert corrected(typed, vocabulary, questions.token_counts) == meant
    assert corrected(meant, vocabulary, questions.token_counts) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Who is Mayer?",
        "Wer ist Weber?",
        "¿Quién es Rivera?",
        "Wright, Peters, Brooks, Persson, Pohl",
        "Is there gravity, a cook or a light?",
        "vegetarian membership, Vereinssatzung",
        "tha bokk Waht 2024 v1.2 x86_64",
        "",
    ],
)
def test_names_and_other_words_stay(
    vocabulary: Vocabulary, questions: OnnxEncoder, text: str
) -> None:
    assert corrected(text, vocabulary, questions.token_counts) == text


def test_without_words_nothing_is_corrected(questions: OnnxEncoder) -> None:
    assert corrected("the confernece", Vocabulary(), questions.token_counts) == "the confernece"


def test_only_so_many_words_are_looked_at(vocabulary: Vocabulary, questions: OnnxEncoder) -> None:
    text = " ".join(["confernece"] * (MOST_WORDS + 1))
    expected = " ".join(["conference"] * MOST_WORDS + ["confernece"])
    assert corrected(text, vocabulary, questions.token_counts) == expected


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("who presetned the ho chi minh order?", "who presented the ho chi minh order?"),
        ("Who atended the confernece?", "Who attended the conference?"),
    ],
)
def test_a_mistyped_question_is_answered_as_the_one_that_was_meant(
    library: Library, typed: str, written: str
) -> None:
    assert library.ask(typed).quotes == library.ask(written).quotes
    assert [hit.passage for hit in library.search(typed)] == [
        hit.passage for hit in library.search(written)
    ]
