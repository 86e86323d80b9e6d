"""Tells what a member asks from what is said around it: greetings, excuses, where it comes from.

The model's state of each token, made in view of the whole message, tells by logistic regression
whether it is chatter; `bench.chatter` learns it from marked messages. What is cut off is the
beginning and the end of a message whose log odds have the highest sums.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Self

import numpy as np

from ..arrays import Floats
from ..embedding.embedder import Embedder
from ..embedding.encoder import Encoder
from ..embedding.onnx_encoder import OnnxEncoder
from ..languages.terms import QUESTION_MARKS, WORD, visible
from .query import without_capitals
from .weights import CHATTER, ChatterWeights

FILE = files(__package__).joinpath("chatter.npz")

_WORD = re.compile(r"\S+")


def without_chatter(message: str, embedder: Embedder) -> str:
    """Return what a message asks, without the chatter before and behind it; the whole message where
    the model is not the default one. Raises ModelError if the model cannot be loaded."""
    return Chatter.learnt().without(message, embedder.questions) if embedder.is_default else message


@dataclass(frozen=True, slots=True)
class Chatter:
    """What the default model's states say of chatter: `weights` of shape (hidden,), and what is
    added to their product for the log odds."""

    weights: Floats
    offset: float

    @classmethod
    @cache
    def learnt(cls) -> Self:
        """Return the weights that `bench.chatter` has learnt."""
        with FILE.open("rb") as file, np.load(file) as arrays:
            return cls(arrays["weights"].astype(np.float32), float(arrays["offset"]))

    def without(self, message: str, questions: OnnxEncoder | Encoder) -> str:
        """Return a message without the chatter before and behind what it asks, by the default
        model's encoder of questions. A part of one word at least is left."""
        message = visible(unicodedata.normalize("NFC", message))
        words = list(_WORD.finditer(message))
        if len(words) < 2:
            return message
        plain = without_capitals(" ".join(word[0] for word in words))
        counts = questions.token_counts(plain.split(" "))
        odds = self.of_words(questions.query(plain).states, counts)
        first, end = asked_part(message, odds)
        return message[words[first].start() : words[end - 1].end()]

    def of_words(self, states: Floats, counts: Sequence[int]) -> Floats:
        """Return the log odds of each word to be chatter, of shape (words,): the sum of those of
        its tokens, whose `states` are of shape (tokens, hidden); `counts` says how many each word
        has. Words beyond what the model has read have 0."""
        sums = np.concatenate([[0], np.cumsum(states @ self.weights + self.offset)])
        return np.diff(sums[np.minimum(np.cumsum(counts), len(states))], prepend=0)


def asked_part(message: str, odds: Floats, weights: ChatterWeights = CHATTER) -> tuple[int, int]:
    """Return the number of the first word of a message that is asked, and of the first one behind
    the last. `odds` are the words' log odds to be chatter, of shape (words,).

    A cut is made where a sign or a line break stands. Nothing is cut if no word would be left, or
    no question mark of those that the message has.
    """
    words = list(_WORD.finditer(message))
    parted = [
        unicodedata.category(word[0][-1])[0] in "PS" or "\n" in message[word.end() : after.start()]
        for word, after in pairwise(words)
    ]
    before = np.concatenate([[0], np.cumsum(odds - weights.doubt)])
    costs = np.where([True, *parted, True], weights.cut, np.inf)
    starts, ends = before - costs, before[-1] - before - costs
    starts[0] = ends[-1] = 0  # Nothing is cut there.
    end = 1 + int(np.argmax(np.maximum.accumulate(starts[:-1]) + ends[1:]))
    first = int(np.argmax(starts[:end]))
    left = message[words[first].start() : words[end - 1].end()]
    no_mark = any(mark in message for mark in QUESTION_MARKS) and not any(
        mark in left for mark in QUESTION_MARKS
    )
    return (0, len(words)) if no_mark or not WORD.search(left) else (first, end)
