"""Token states → what late interaction compares: centred by language, fewer dimensions, few bits.
Pooled vectors are centred too, so that the nearest are not those of the question's language.

After Santhanam et al., "ColBERTv2", NAACL 2022, without training: a state less the mean state of
its language and role, turned to the principal directions of such states, as a unit vector. The
means and directions are learnt from free text by `python -m bench.token_space`; a language that is
not among them has the mean of those that are. (Means learnt from the corpus itself did worse.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats

Codes = NDArray[np.uint8]

CODES_VERSION = "3"
"""Changes when earlier codes or vectors no longer mean the same. It is part of the format of an
index."""

DIMENSIONS = 192
"""Of a token's vector; see docs/measurements.md, "What each choice brings"."""

BITS = 4
"""Of each dimension, two of which share a byte."""

LEVELS = 2**BITS

STEP = 0.335
"""The width of a level in standard deviations: that of the uniform quantizer of 16 levels with the
least error on a normal distribution (Max, "Quantizing for minimum distortion", 1960)."""

MEAN_LENGTH = 0.9
"""Of the mean of a language's pooled unit vectors: .89 to .92 in the folds. With .7 to 1 as many
right passages are among the nearest."""

_LENGTHS = np.array(
    [
        (2 * (pair & 15) - LEVELS + 1) ** 2 + (2 * (pair >> 4) - LEVELS + 1) ** 2
        for pair in range(256)
    ],
    np.float32,
)
"""What the two levels in each byte add to the square of a length, in half steps."""


@dataclass(frozen=True, slots=True)
class TokenSpace:
    """Turns token states into vectors.

    `directions` is of shape (hidden, dimensions). `passages` and `questions` are the mean states by
    language, each of shape (hidden,); "" stands for the mean of the languages.
    """

    directions: Floats
    passages: Mapping[str, Floats]
    questions: Mapping[str, Floats]

    @classmethod
    def general(cls) -> TokenSpace:
        """Return the space of the default model, as it was learnt from free text."""
        table = files(__package__).joinpath("token_space.npz")
        with table.open("rb") as file, np.load(file) as arrays:
            values = {name: arrays[name].astype(np.float32) for name in arrays.files}
        means = {
            role: {name[2:]: mean for name, mean in values.items() if name[:2] == f"{role}_"}
            for role in "pq"
        }
        return cls(values["directions"], means["p"], means["q"])

    @classmethod
    def random(cls, hidden: int) -> TokenSpace:
        """Return a space for a model of which nothing is known: directions at random keep angles
        (Johnson and Lindenstrauss, 1984), and nothing is taken from states."""
        values = np.random.default_rng(0).normal(size=(hidden, min(hidden, DIMENSIONS)))
        zero = {"": np.zeros(hidden, np.float32)}
        return cls(np.linalg.qr(values)[0].astype(np.float32), zero, zero)

    def rotated(self) -> TokenSpace:
        """Return this space turned at random. No product changes, but all directions then vary
        alike, so rounding each of them to as many levels loses less (Gong et al., "Iterative
        Quantization", 2013, with a random rotation)."""
        values = np.random.default_rng(0).normal(size=(self.dimensions, self.dimensions))
        turned = self.directions @ np.linalg.qr(values)[0].astype(np.float32)
        return TokenSpace(turned, self.passages, self.questions)

    @property
    def dimensions(self) -> int:
        return int(self.directions.shape[1])

    def question(self, states: Floats, language: str) -> Floats:
        """Return the unit vectors of a question's tokens, of shape (tokens, dimensions)."""
        return self._turned(states, _mean_of(self.questions, language))

    def passage(self, states: Floats, language: str) -> Codes:
        """Return the codes of a passage's tokens, of shape (tokens, dimensions / 2)."""
        vectors = self._turned(states, _mean_of(self.passages, language))
        step = STEP / np.sqrt(self.dimensions)
        levels = np.clip(np.floor(vectors / step) + LEVELS // 2, 0, LEVELS - 1).astype(np.uint8)
        return np.asarray(levels[:, 0::2] | levels[:, 1::2] << BITS, dtype=np.uint8)

    def question_vector(self, pooled: Floats, language: str) -> Floats:
        """Return the centred unit vector of a question, of its `pooled` one; (dimension,) both."""
        return _centred(pooled, _mean_of(self.questions, language))

    def passage_vector(self, pooled: Floats, language: str) -> Floats:
        """Return the centred unit vector of a passage, of its `pooled` one; (dimension,) both."""
        return _centred(pooled, _mean_of(self.passages, language))

    def _turned(self, states: Floats, mean: Floats) -> Floats:
        vectors = (states - mean) @ self.directions
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


def _mean_of(means: Mapping[str, Floats], language: str) -> Floats:
    """The mean of a language, or of all where it has none of its own."""
    return means.get(language, means[""])


def _centred(pooled: Floats, mean: Floats) -> Floats:
    """A pooled unit vector less the mean of such, which points where the `mean` state does."""
    if not mean.any():
        return pooled
    vector = pooled - MEAN_LENGTH / np.linalg.norm(mean) * mean
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def code_lengths(codes: Codes) -> Floats:
    """Return the lengths of the vectors that codes stand for, of shape (tokens,), in half steps."""
    return np.asarray(np.sqrt(_LENGTHS[codes].sum(axis=1)), dtype=np.float32)


class SplitCodes:
    """Codes, ready to be multiplied: the levels of even dimensions, then those of odd ones."""

    def __init__(self, codes: Codes) -> None:
        count, half = codes.shape
        self._levels = np.empty((count, 2 * half), np.float32)
        self._levels[:, :half] = codes & (LEVELS - 1)
        self._levels[:, half:] = codes >> BITS

    def products(self, vectors: Floats) -> Floats:
        """Return the products of what the codes stand for with vectors, in half steps, of shape
        (tokens, vectors)."""
        # A level stands for twice itself, less 15.
        doubled = 2 * np.concatenate([vectors[:, 0::2], vectors[:, 1::2]], axis=1)
        products: Floats = self._levels @ doubled.T
        products -= (LEVELS - 1) * vectors.sum(axis=1)
        return products
