"""A naive Bayes model of n-grams of bytes, by which languages are told apart.

Lui & Baldwin, "langid.py: An Off-the-shelf Language Identification Tool", ACL 2012. `python -m
bench.language_table` takes the n-grams and their weights from py3langid, whose automaton holds ten
times the memory.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

KEY_BITS = 48
"""Of a key's lower part, the bytes of an n-gram; above them is how many these are."""


@dataclass(frozen=True, slots=True)
class NgramTable:
    """A naive Bayes model of n-grams of bytes.

    `keys`, int64 of shape (n-grams,) in ascending order, are the n-grams; `features`, int32 of the
    same shape, the feature that each counts for. `weights`, float16 of shape (features,
    languages), and `prior`, float32 of shape (languages,), are log probabilities; `codes` are the
    languages' ISO 639-1 codes.
    """

    keys: NDArray[np.int64]
    features: NDArray[np.int32]
    weights: NDArray[np.float16]
    prior: NDArray[np.float32]
    codes: tuple[str, ...]

    @classmethod
    @cache
    def load(cls) -> NgramTable:
        """Read the table beside this file, once."""
        path = files(__package__).joinpath("ngrams.npz")
        with path.open("rb") as file, np.load(file) as arrays:
            return cls(
                keys=arrays["keys"],
                features=arrays["features"],
                weights=arrays["weights"],
                prior=arrays["prior"],
                codes=tuple(arrays["codes"].tolist()),
            )

    def language(self, data: bytes, among: Collection[str] | None = None) -> str:
        """Return the code of the language that these bytes, UTF-8, are most likely in, one of
        those `among` which to choose."""
        return self.likeliest(data, among)[0]

    def likeliest(self, data: bytes, among: Collection[str] | None = None) -> tuple[str, float]:
        """Return that language, and how far its log probability is above that of the next one."""
        count, longest = len(data), int(self.keys[-1] >> KEY_BITS)
        # The keys of the n-grams that end at each byte, those of the most bytes in the first row.
        padded = np.frombuffer(bytes(longest - 1) + data, np.uint8).astype(np.int64)
        keys, gram = np.empty((longest, count), np.int64), np.zeros(count, np.int64)
        for length in range(1, longest + 1):
            start = longest - length
            gram |= padded[start : start + count] << 8 * (length - 1)
            keys[start] = gram | length << KEY_BITS
        positions = np.searchsorted(self.keys[:-1], keys)
        known = self.keys[positions] == keys
        # Of those that end at a byte the longest counts alone.
        ending = positions[known.argmax(axis=0), np.arange(count)][known.any(axis=0)]
        counted, counts = np.unique(self.features[ending], return_counts=True)
        columns = [n for n, code in enumerate(self.codes) if among is None or code in among]
        if not len(counted):
            return self.codes[columns[0]], 0.0
        weights = self.weights[counted][:, columns]
        scores = np.log1p(counts.astype(np.float32)) @ weights + self.prior[columns]
        best = int(scores.argmax())
        margin = scores[best] - np.delete(scores, best).max()
        return self.codes[columns[best]], float(margin)
