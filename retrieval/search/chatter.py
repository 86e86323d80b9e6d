"""Tells what a member asks from what is said around it: greetings, excuses, where it comes from.

The model's state of each token, made in view of the whole message, tells by logistic regression
whether it is chatter; `bench.chatter` learns it from marked messages. The beginning and the end of
a message are cut off, up to a sign, where the log odds of their words have a sum that is high.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Self

import numpy as np

from ..arrays import Floats, read_linear
from ..embedding.embedder import Embedder
from ..languages.terms import QUESTION_MARKS, WORD, visible
from .query import without_capitals
from .weights import CHATTER

FILE = files(__package__).joinpath("chatter.npz")


def without_chatter(message: str, embedder: Embedder) -> str:
    """Return what a message asks, without the chatter before and behind it: one word at least. The
    whole message where the model is not the default one, whose states alone tell what is chatter.
    Raises ModelError if the model cannot be loaded."""
    words = message_words(message)
    if not embedder.is_default or len(words) < 2:
        return message
    questions = embedder.questions
    states, counts = questions.query(" ".join(words)).states, questions.token_counts(words)
    first, end = asked_part(words, Chatter.learnt().of_words(states, counts))
    return message if end - first == len(words) else " ".join(words[first:end]).strip(",;: –—")


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
        return cls(*read_linear(FILE))

    def of_words(self, states: Floats, counts: Sequence[int]) -> Floats:
        """Return the log odds of each word to be chatter, of shape (words,): the sum of those of
        its tokens, whose `states` are of shape (tokens, hidden); `counts` says how many each word
        has. Words beyond what the model has read have 0."""
        sums = np.concatenate([[0], np.cumsum(states @ self.weights + self.offset)])
        return np.diff(sums[np.minimum(np.cumsum(counts), len(states))], prepend=0)


def message_words(message: str) -> list[str]:
    """Return the words of a message as the model reads them: without characters that cannot be
    seen, and in lower case if all are in capitals."""
    return without_capitals(visible(unicodedata.normalize("NFC", message))).split()


def asked_part(words: Sequence[str], odds: Floats, cut: float = CHATTER.cut) -> tuple[int, int]:
    """Return the number of the first word that is asked, and of the first one behind the last.

    `odds` are the words' log odds to be chatter, of shape (words,). What is cut off at either end
    ends at a sign, and has a sum of more than `cut`. Nothing is cut off if no letter would be left,
    or no question mark of those that there are.
    """
    parted = [unicodedata.category(word[-1])[0] in "PS" for word in words[:-1]]
    before = np.concatenate([[0], np.cumsum(odds)])
    costs = np.where([True, *parted, True], cut, np.inf)
    starts, ends = before - costs, before[-1] - before - costs
    starts[0] = ends[-1] = 0  # Nothing is cut there.
    end = 1 + int(np.argmax(np.maximum.accumulate(starts[:-1]) + ends[1:]))
    first = int(np.argmax(starts[:end]))
    left = " ".join(words[first:end])
    marks = set(QUESTION_MARKS).intersection(" ".join(words))
    is_question = not marks or not marks.isdisjoint(left)
    return (first, end) if is_question and WORD.search(left) else (0, len(words))
