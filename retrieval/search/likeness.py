"""Whether questions mean the same, by their tokens, and by what answers them in a passage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..embedding.embedder import Embedder
from ..embedding.onnx_encoder import PassageReader
from ..models import Quote
from .late_interaction import QuestionTokens, token_weights
from .query import as_read_in, parsed
from .weights import LIKENESS, READING

_THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d{3}\b)")


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question as a model reads it: its `text` and `tokens`, and its `language` by ISO 639-1
    code."""

    text: str
    tokens: QuestionTokens
    language: str

    @classmethod
    def of(cls, embedder: Embedder, question: str) -> ReadQuestion:
        """Read a question. Raises ModelError if the model cannot be loaded."""
        (text, *_), language = parsed(question)
        encoding = embedder.questions.query(text)
        vectors = embedder.space.question(encoding.states, language)
        return cls(text, QuestionTokens(vectors, token_weights(encoding.rarity)), language)


def likeness(first: ReadQuestion, second: ReadQuestion) -> float:
    """Return how alike two questions are: the lower MaxSim of the two ways, about 0 to 1.15.

    Either must find its tokens in the other, for a longer question may ask for more. Questions in
    two languages agree less, and are given `LIKENESS.crossing`. Two that each have a number which
    the other has not ("in 2023", "in 2024") are not alike: 0.
    """
    a, b = first.tokens, second.tokens
    numbers, others = _numbers(first.text), _numbers(second.text)
    if not (len(a.weights) and len(b.weights)) or (numbers - others and others - numbers):
        return 0.0
    cosines = a.vectors @ b.vectors.T
    maxsim = min(cosines.max(axis=1) @ a.weights, cosines.max(axis=0) @ b.weights)
    return float(maxsim) + LIKENESS.crossing * (first.language != second.language)


def _numbers(text: str) -> set[int]:
    """The numbers of a text: "06.11." has those of "6 November" and one more, 1,000 is 1000."""
    return {int(digits) for digits in re.findall(r"\d+", _THOUSANDS.sub("", text))}


def agreement(
    reader: PassageReader, question: ReadQuestion, other: ReadQuestion, quote: Quote
) -> tuple[float, float]:
    """Return whether a quote that answers a question answers the other one, and by the same words.

    The first number is the log of the chance that it answers the other one, less that of the
    question's own. The second one is how much of what the reader points at is the same, 0 to 1:
    the Bhattacharyya coefficient.
    """
    pointed = [
        reader.pointed(as_read_in(quote.language, q.text, q.language), (quote.title, quote.text))
        for q in (question, other)
    ]
    readings = np.array([np.logaddexp.reduce(tokens) for tokens in pointed])
    chance, other_chance = READING.log_chances(readings)
    shares = np.exp([tokens - reading for tokens, reading in zip(pointed, readings, strict=True)])
    return float(other_chance - chance), float(np.sqrt(shares.prod(axis=0)).sum())


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
