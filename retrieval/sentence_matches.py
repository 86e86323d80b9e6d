"""How near a question comes to the best sentence of each passage.

A passage's vector blurs what its sentences say one by one. After Callan, "Passage-level evidence in
document retrieval", SIGIR 1994, a size smaller: a passage is as near as its best part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .scoring import Floats


class SentenceMatches:
    """The vectors of all passages' sentences."""

    def __init__(
        self,
        vectors: Sequence[NDArray[np.floating[Any]]],
        languages: NDArray[np.integer[Any]],
        dimension: int,
    ):
        """`vectors` has those of each passage's sentences, a row each (one at least); `languages`
        the number of the language of each passage."""
        self._vectors = vectors
        count = int(languages.max(initial=-1)) + 1
        self.means = np.zeros((count, dimension), np.float32)
        """The mean over the sentences in each language."""
        sentences = np.zeros((count, 1), np.float32)
        for language, own in zip(languages, vectors, strict=True):
            self.means[language] += own.sum(axis=0, dtype=np.float32)
            sentences[language] += len(own)
        self.means /= sentences

    def products(self, place: int, question: Floats) -> Floats:
        """Of each sentence of a passage the product with the question's vector."""
        return np.asarray(self._vectors[place] @ question, dtype=np.float32)

    def best(self, places: NDArray[np.intp], question: Floats) -> Floats:
        """Of each of these passages the highest product of a sentence with the question's vector.
        There is one passage at least."""
        own = [self._vectors[place] for place in places]
        products = np.concatenate(own).astype(np.float32) @ question
        starts = np.cumsum([0, *map(len, own[:-1])])
        best: Floats = np.maximum.reduceat(products, starts)
        return best
