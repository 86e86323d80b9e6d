"""Whether questions mean the same, by the tokens in which a model reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..embedding.embedder import Embedder
from .late_interaction import QuestionTokens, token_weights
from .query import parsed
from .weights import LIKENESS


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question as a model reads it: its `tokens`, and its `language` by ISO 639-1 code."""

    tokens: QuestionTokens
    language: str

    @classmethod
    def of(cls, embedder: Embedder, question: str) -> ReadQuestion:
        """Read a question. Raises ModelError if the model cannot be loaded."""
        (text, *_), language = parsed(question)
        encoding = embedder.questions.query(text)
        vectors = embedder.space.question(encoding.states, language)
        return cls(QuestionTokens(vectors, token_weights(encoding.rarity)), language)


def likeness(first: ReadQuestion, second: ReadQuestion) -> float:
    """Return how alike two questions are: the lower MaxSim of the two ways, about 0 to 1.15.

    Either must find its tokens in the other, for a longer question may ask for more. Questions in
    two languages agree less, and are given `LIKENESS.crossing`.
    """
    a, b = first.tokens, second.tokens
    if not (len(a.weights) and len(b.weights)):
        return 0.0
    cosines = a.vectors @ b.vectors.T
    maxsim = min(cosines.max(axis=1) @ a.weights, cosines.max(axis=0) @ b.weights)
    return float(maxsim) + LIKENESS.crossing * (first.language != second.language)


def grouped(
    embedder: Embedder, questions: Sequence[str], least: float = LIKENESS.group
) -> list[list[int]]:
    """Return the numbers of the questions, those together that mean the same.

    Each in turn joins the group whose questions are most like it in the mean, if that is at least
    `least`, or begins a group. Raises ModelError if the model cannot be loaded.
    """
    read = [ReadQuestion.of(embedder, question) for question in questions]
    groups: list[list[int]] = []
    for number, question in enumerate(read):
        means = [np.mean([likeness(read[n], question) for n in group]) for group in groups]
        if means and max(means) >= least:
            groups[int(np.argmax(means))].append(number)
        else:
            groups.append([number])
    return groups
