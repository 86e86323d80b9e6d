"""Whether questions mean the same, by their tokens, and by what answers them in a passage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Floats
from ..embedding.embedder import Embedder
from ..embedding.onnx_encoder import PassageReader
from ..models import Quote
from .late_interaction import QuestionTokens, token_weights
from .query import as_read_in, parsed
from .reranker import log_chances
from .weights import LIKENESS

_THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d{3}\b)")


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question as a model reads it: its `text`, the `numbers` in it, its `tokens`, and its
    `language` by ISO 639-1 code."""

    text: str
    numbers: frozenset[int]
    tokens: QuestionTokens
    language: str

    @classmethod
    def of(cls, embedder: Embedder, question: str) -> ReadQuestion:
        """Read a question. Raises ModelError if the model cannot be loaded."""
        (text, *_), language = parsed(question)
        encoding = embedder.questions.query(text)
        vectors = embedder.space.question(encoding.states, language)
        tokens = QuestionTokens(vectors, token_weights(encoding.rarity))
        return cls(text, _numbers(text), tokens, language)


def likeness(first: ReadQuestion, second: ReadQuestion) -> float:
    """Return how alike two questions are: the lower MaxSim of the two ways, about 0 to 1.15.

    Either must find its tokens in the other, for a longer question may ask for more. Questions in
    two languages agree less, and are given `LIKENESS.crossing`. Two that each have a number which
    the other has not ("in 2023", "in 2024") are not alike: 0.
    """
    a, b = first.tokens, second.tokens
    differ = first.numbers - second.numbers and second.numbers - first.numbers
    if differ or not (len(a.weights) and len(b.weights)):
        return 0.0
    cosines = a.vectors @ b.vectors.T
    maxsim = min(cosines.max(axis=1) @ a.weights, cosines.max(axis=0) @ b.weights)
    return float(maxsim) + LIKENESS.crossing * (first.language != second.language)


def _numbers(text: str) -> frozenset[int]:
    """The numbers of a text: "06.11." has those of "6 November" and one more, 1,000 is 1000."""
    return frozenset(map(int, re.findall(r"\d+", _THOUSANDS.sub("", text))))


def pointed_at(reader: PassageReader, question: ReadQuestion, quote: Quote) -> Floats:
    """Return what the reader points at in a quote as what answers a question: see
    `PassageReader.pointed`."""
    text = as_read_in(quote.language, question.text, question.language)
    return reader.pointed(text, (quote.title, quote.text))


def agreement(first: Floats, second: Floats) -> tuple[float, float]:
    """Return whether a quote that answers one question answers a second one, and by the same words.

    Of both it is given what the reader points at in the quote. The first number is the log of the
    chance that it answers the second question, less that of the first. The second number is how
    much of what the reader points at is the same, 0 to 1: the Bhattacharyya coefficient.
    """
    readings = np.array([np.logaddexp.reduce(tokens) for tokens in (first, second)])
    chance, second_chance = log_chances(readings)
    shares = np.exp([first - readings[0], second - readings[1]])
    return float(second_chance - chance), float(np.sqrt(shares.prod(axis=0)).sum())


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
