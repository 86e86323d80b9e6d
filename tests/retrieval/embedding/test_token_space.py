"""Token states as they are kept: few dimensions, few bits, and little lost."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.embedding.embedder import Embedder
from retrieval.embedding.token_space import (
    BITS,
    DIMENSIONS,
    Codes,
    Floats,
    SplitCodes,
    TokenSpace,
    code_lengths,
)

from ..toy import unpacked

SENTENCES = {
    "en": "The council met on Tuesday and approved the budget for the coming year.",
    "de": "Der Bürgermeister eröffnete die neue Brücke über den Fluss am Montag.",
    "es": "El alcalde inauguró el puente y después llovió durante tres horas.",
    "vi": "Đồng chí Tô Huy Rứa được trao tặng Huân chương Hồ Chí Minh.",
}


def cosines(codes: Codes, vectors: Floats) -> Floats:
    kept = unpacked(codes)
    kept /= np.linalg.norm(kept, axis=1, keepdims=True)
    found: Floats = (kept * vectors).sum(axis=1)
    return found


def exact(space: TokenSpace, states: Floats, language: str) -> Floats:
    """The vectors of a passage's tokens before they are put into few bits."""
    vectors = (states - space.passages.get(language, space.passages[""])) @ space.directions
    found: Floats = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return found


def test_four_bits_keep_the_vectors(embedder: Embedder) -> None:
    space, kept = embedder.space, list[float]()
    read = embedder.questions.passages(list(SENTENCES.values()))
    for language, encoding in zip(SENTENCES, read, strict=True):
        codes = space.passage(encoding.states, language)
        assert codes.dtype == np.uint8
        assert codes.shape == (len(encoding.states), DIMENSIONS * BITS // 8)
        kept += cosines(codes, exact(space, encoding.states, language)).tolist()
    assert np.mean(kept) > 0.98
    assert min(kept) > 0.93


ASKED = {
    "en": ("Which river does the new bridge cross?", "de"),
    "de": ("Wann wurde der Haushalt gebilligt?", "en"),
    "es": ("¿Quién recibió la Orden Ho Chi Minh?", "vi"),
    "vi": ("Ai đã khánh thành cây cầu?", "es"),
}
"""A question in each language, and the language of the sentence that answers it."""


def test_the_nearest_is_what_answers_in_whatever_language(embedder: Embedder) -> None:
    space, languages = embedder.space, list(SENTENCES)
    read = embedder.questions.passages(list(SENTENCES.values()))
    passages = [space.passage_vector(e.vector, of) for e, of in zip(read, languages, strict=True)]
    margins = []
    for language, (question, answering) in ASKED.items():
        vector = space.question_vector(embedder.questions.query(question).vector, language)
        cosines = dict(zip(languages, np.stack(passages) @ vector, strict=True))
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)
        margins.append(cosines.pop(answering) - max(cosines.values()))
    assert min(margins) > 0


def test_of_a_model_that_is_not_known_vectors_stay_as_they_are() -> None:
    space, vector = TokenSpace.random(8), np.eye(4, dtype=np.float32)[1]  # Pooled to fewer.
    assert (space.question_vector(vector, "en") == vector).all()
    assert (space.passage_vector(vector, "vi") == vector).all()


@pytest.mark.parametrize("language", SENTENCES)
def test_fewer_dimensions_keep_most_of_the_state(embedder: Embedder, language: str) -> None:
    space = embedder.space
    states = embedder.questions.query(SENTENCES[language]).states
    centred = states - space.questions[language]
    whole = np.linalg.norm(centred, axis=1)
    left = np.linalg.norm(centred @ space.directions, axis=1)
    assert (left / whole).mean() > 0.8


def test_directions_are_orthogonal(embedder: Embedder) -> None:
    for space in (embedder.space, TokenSpace.random(384), TokenSpace.random(16)):
        product = space.directions.T @ space.directions
        np.testing.assert_allclose(product, np.eye(space.dimensions), atol=2e-2)


def test_centring_takes_away_what_all_tokens_of_a_language_share(embedder: Embedder) -> None:
    states = embedder.questions.query(SENTENCES["de"]).states
    bare = TokenSpace(embedder.space.directions, {"": np.zeros(384)}, {"": np.zeros(384)})
    off_diagonal = ~np.eye(len(states), dtype=bool)
    apart, alike = (
        (vectors @ vectors.T)[off_diagonal].mean()
        for vectors in (
            embedder.space.question(states, "de"),
            bare.question(states, "de"),
        )
    )
    assert apart < alike - 0.2


def test_an_unknown_language_has_the_mean_of_those_known(embedder: Embedder) -> None:
    space = embedder.space
    assert {"", "en", "de", "es", "vi"} <= space.questions.keys()
    assert space.questions.keys() == space.passages.keys()
    states = embedder.questions.query(SENTENCES["en"]).states
    np.testing.assert_array_equal(space.question(states, "xx"), space.question(states, ""))
    np.testing.assert_array_equal(space.passage(states, "xx"), space.passage(states, ""))
    assert not np.allclose(space.question(states, "xx"), space.question(states, "en"))


def test_what_is_written_is_what_is_read() -> None:
    space, dice = TokenSpace.random(DIMENSIONS), np.random.default_rng(1)
    codes = space.passage(dice.normal(size=(200, DIMENSIONS)).astype(np.float32), "en")
    asked = space.question(dice.normal(size=(7, DIMENSIONS)).astype(np.float32), "en")
    vectors = unpacked(codes)
    assert set(np.unique(vectors)) == set(range(-15, 16, 2))
    np.testing.assert_allclose(code_lengths(codes), np.linalg.norm(vectors, axis=1), rtol=1e-6)
    products = SplitCodes(codes).products(asked)
    np.testing.assert_allclose(products, vectors @ asked.T, atol=1e-3)
    assert SplitCodes(codes[:0]).products(asked).shape == (0, 7)


def test_a_state_that_is_the_mean_is_no_division_by_nought() -> None:
    space = TokenSpace.random(8)
    assert np.isfinite(space.question(np.zeros((1, 8), np.float32), "en")).all()
    assert space.passage(np.zeros((1, 8), np.float32), "en").shape == (1, 4)


def test_a_model_of_which_nothing_is_known_keeps_its_angles() -> None:
    states = np.random.default_rng(2).normal(size=(40, 768)).astype(np.float32)
    space = TokenSpace.random(768)
    assert space.dimensions == DIMENSIONS
    np.testing.assert_array_equal(space.directions, TokenSpace.random(768).directions)
    unit = states / np.linalg.norm(states, axis=1, keepdims=True)
    kept = space.question(states, "en")
    assert np.abs(kept @ kept.T - unit @ unit.T).mean() < 0.06
