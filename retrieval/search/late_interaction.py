"""MaxSim: how well the tokens of a passage answer those of a question.

Khattab and Zaharia, "ColBERT: Efficient and Effective Passage Search via Contextualized Late
Interaction over BERT", SIGIR 2020. Each token of the question looks for its best match among those
of the passage; here they are weighed by how rare they are, as in a keyword search.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ..arrays import Floats
from ..embedding.token_space import Codes, SplitCodes, code_lengths
from ..models import Span
from .weights import SEARCH


@dataclass(frozen=True, slots=True)
class QuestionTokens:
    """A question's tokens: unit `vectors` of shape (tokens, dimensions), and `weights` of shape
    (tokens,), which sum to 1."""

    vectors: Floats
    weights: Floats


def token_weights(rarity: Floats) -> Floats:
    """Return the weights of a question's tokens, of shape (tokens,), which sum to 1.

    `rarity` has the negative log probability of each token, of the same shape.
    """
    weights = np.maximum(rarity - SEARCH.common_rarity, SEARCH.least_rarity)
    return np.asarray(weights / weights.sum(), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class PassageTokens:
    """The tokens of a passage: their `codes`, the token at which each sentence ends, behind the
    token at which the first one begins (before that the title is), and the `lengths` of what the
    codes stand for, which rounding to few levels has changed."""

    codes: Codes
    sentence_ends: tuple[int, ...]
    lengths: Floats = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lengths", code_lengths(self.codes))


class TokenTable:
    """The tokens of some passages, ready to be compared.

    A sentence without a token of its own (its punctuation is part of another sentence's token) is
    represented by the last token before it.
    """

    def __init__(self, passages: Sequence[PassageTokens]) -> None:
        """`passages` have one token at least each."""
        starts: list[int] = []
        self._first_parts = [0]
        at = 0
        for passage in passages:
            last = len(passage.codes) - 1
            starts += [at + min(start, last) for start in (0, *passage.sentence_ends[:-1])]
            self._first_parts.append(len(starts))
            at += len(passage.codes)
        self._starts = np.array(starts, dtype=np.intp)
        self._codes = SplitCodes(np.concatenate([passage.codes for passage in passages]))
        self._lengths = np.concatenate([passage.lengths for passage in passages])[:, None]

    def best_matches(self, question: QuestionTokens) -> Floats:
        """Return the best cosine that each token of a question has in each part of the passages,
        title and sentences, of shape (parts, tokens)."""
        similarities = self._codes.products(question.vectors)
        similarities /= self._lengths
        best: Floats = np.maximum.reduceat(similarities, self._starts, axis=0)
        return best

    def compare(self, question: QuestionTokens) -> Matches:
        """Return how well the passages, and their sentences, answer a question."""
        parts = self.best_matches(question)
        passages = np.maximum.reduceat(parts, self._first_parts[:-1], axis=0)
        # Not by `@`: it has warned of an invalid value in arrays that held none, as OpenBLAS did
        # once before (github.com/numpy/numpy/issues/24067).
        maxsim = np.einsum("pt,t->p", passages, question.weights)
        parts_maxsim = np.einsum("pt,t->p", parts, question.weights)
        return Matches(maxsim, parts_maxsim, self._first_parts)

    def sentence_matches(self, question: QuestionTokens) -> Floats:
        """Return what each token of a question adds to MaxSim by its best match in each sentence of
        the passages or in its title, of shape (sentences, tokens)."""
        matches = self.best_matches(question) * question.weights
        titles = self._first_parts[:-1]
        sentences = np.delete(matches, titles, axis=0)
        counts = np.diff(self._first_parts) - 1
        best: Floats = np.maximum(sentences, matches[titles].repeat(counts, axis=0))
        return best


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Sentences of an article in order, as spans of its text, and `matches` of shape (sentences,
    tokens): what each token of a question adds to MaxSim by its best match in a sentence."""

    sentences: Sequence[Span]
    matches: Floats


@dataclass(frozen=True, slots=True)
class Matches:
    """What `TokenTable.compare` finds: `maxsim` of each passage, of shape (passages,), and of each
    part of them, title and sentences, with the number of each passage's first part."""

    maxsim: Floats
    parts: Floats
    first_parts: Sequence[int]

    def best_sentence(self, passage: int) -> int:
        """Return the number of the sentence of a passage that answers best."""
        start, end = self.first_parts[passage], self.first_parts[passage + 1]
        return int(np.argmax(self.parts[start + 1 : end]))
