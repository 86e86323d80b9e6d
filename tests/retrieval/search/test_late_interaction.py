"""MaxSim by matrices, beside MaxSim by loops, as the paper writes it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.arrays import Floats
from retrieval.embedding.token_space import Codes, TokenSpace
from retrieval.search.late_interaction import PassageTokens, QuestionTokens, TokenTable

from ..toy import unpacked

HIDDEN = 32
SPACE = TokenSpace.random(HIDDEN)
Lengths = list[list[int]]
"""How many tokens the title and each sentence of some passages have."""


def states(dice: np.random.Generator, count: int) -> Floats:
    return dice.normal(size=(count, HIDDEN)).astype(np.float32)


def question(dice: np.random.Generator, count: int) -> QuestionTokens:
    weights = dice.uniform(0.5, 9, size=count).astype(np.float32)
    return QuestionTokens(SPACE.question(states(dice, count), "en"), weights / weights.sum())


def passage(dice: np.random.Generator, lengths: list[int]) -> PassageTokens:
    codes = SPACE.passage(states(dice, sum(lengths)), "en")
    return PassageTokens(codes, tuple(np.cumsum(lengths).tolist()))


def maxsim(asked: QuestionTokens, codes: Codes) -> float:
    """For each token of a question its best cosine with one of these; their weighted sum."""
    total = 0.0
    for vector, weight in zip(asked.vectors, asked.weights, strict=True):
        cosines = [vector @ token / np.linalg.norm(token) for token in unpacked(codes)]
        total += float(weight) * float(max(cosines))
    return total


passages_of_sentences = st.lists(
    st.lists(st.integers(1, 4), min_size=2, max_size=5), min_size=1, max_size=6
)


@given(passages_of_sentences, st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_it_is_maxsim(lengths: Lengths, asked_tokens: int, seed: int) -> None:
    dice = np.random.default_rng(seed)
    asked = question(dice, asked_tokens)
    passages = [passage(dice, own) for own in lengths]
    matches = TokenTable(passages).compare(asked)
    wanted = [maxsim(asked, one.codes) for one in passages]
    np.testing.assert_allclose(matches.maxsim, wanted, atol=1e-5)
    for number, one in enumerate(passages):
        spans = zip(one.sentence_ends, one.sentence_ends[1:], strict=False)
        by_sentence = [maxsim(asked, one.codes[start:end]) for start, end in spans]
        best = matches.best_sentence(number)
        assert by_sentence[best] == pytest.approx(max(by_sentence), abs=1e-5)


@given(passages_of_sentences, st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_what_sentences_match_with_their_title(
    lengths: Lengths, asked_tokens: int, seed: int
) -> None:
    dice = np.random.default_rng(seed)
    asked = question(dice, asked_tokens)
    passages = [passage(dice, own) for own in lengths]
    matches = TokenTable(passages).sentence_matches(asked)
    wanted = [
        maxsim(asked, np.concatenate([one.codes[: one.sentence_ends[0]], one.codes[start:end]]))
        for one in passages
        for start, end in zip(one.sentence_ends, one.sentence_ends[1:], strict=False)
    ]
    assert matches.shape == (len(wanted), asked_tokens)
    np.testing.assert_allclose(matches.sum(axis=1), wanted, atol=1e-5)


def test_the_sentence_that_says_it_is_the_best() -> None:
    dice = np.random.default_rng(1)
    own = states(dice, 12)
    asked = QuestionTokens(SPACE.question(own[8:11], "en"), np.full(3, 1 / 3, np.float32))
    title_and_three = PassageTokens(SPACE.passage(own, "en"), (2, 5, 8, 12))
    other = passage(dice, [2, 4])
    matches = TokenTable([other, title_and_three]).compare(asked)
    assert matches.best_sentence(1) == 2
    assert matches.maxsim[1] > 0.95
    assert matches.maxsim[1] > matches.maxsim[0]


def test_passages_of_one_token() -> None:
    dice = np.random.default_rng(2)
    asked = question(dice, 3)
    passages = [PassageTokens(passage(dice, [1]).codes, (0, 1)) for _ in range(4)]
    matches = TokenTable(passages).compare(asked)
    wanted = [maxsim(asked, one.codes) for one in passages]
    np.testing.assert_allclose(matches.maxsim, wanted, atol=1e-5)
    assert [matches.best_sentence(number) for number in range(4)] == [0] * 4


@pytest.mark.parametrize(
    "ends",
    [
        (2, 4, 4, 6),  # A sentence without tokens in the middle,
        (2, 6, 6, 6),  # sentences without tokens at the end,
        (6, 6, 6),  # a title as long as what the model reads,
        (0, 3, 6),  # and no title.
    ],
)
def test_sentences_without_tokens(ends: tuple[int, ...]) -> None:
    dice = np.random.default_rng(3)
    asked = question(dice, 3)
    before, after = passage(dice, [2, 3]), passage(dice, [1, 2])
    odd = PassageTokens(passage(dice, [6]).codes, ends)
    matches = TokenTable([before, odd, after]).compare(asked)
    wanted = [maxsim(asked, one.codes) for one in (before, odd, after)]
    np.testing.assert_allclose(matches.maxsim, wanted, atol=1e-5)
    assert matches.parts.shape == (3 - 1 + len(ends) + 3 - 1,)
    assert 0 <= matches.best_sentence(1) < len(ends) - 1


def test_a_token_that_is_rare_counts_for_more() -> None:
    dice = np.random.default_rng(4)
    own = states(dice, 2)
    vectors = SPACE.question(own, "en")
    first, second = (PassageTokens(SPACE.passage(own[n : n + 1], "en"), (0, 1)) for n in (0, 1))
    table = TokenTable([first, second])
    for weights in ([0.9, 0.1], [0.1, 0.9]):
        found = table.compare(QuestionTokens(vectors, np.array(weights, np.float32)))
        assert int(np.argmax(found.maxsim)) == int(np.argmax(weights))
