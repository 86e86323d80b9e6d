"""The words of a corpus: which there are, and in how many passages each of them stands."""

from __future__ import annotations

import struct
import zlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ..languages.terms import accented_words

Counts = NDArray[np.uint32]

_HEADER = struct.Struct("<QI")
"""How many passages were counted, and how many words they have."""

_LEVEL = 1
"""Of zlib: a higher one takes four times as long for a tenth of the bytes."""


class Vocabulary:
    """In how many passages of a corpus each of its words stands. It does not change.

    A word is a run of letters and digits in lower case, with its diacritics, as `accented_words`
    gives it. The title of an article counts as a passage: what it names need not stand elsewhere.

    300,000 words take about 5 MB. They are kept in order, as bytes, and found by bisection.
    """

    def __init__(self, words: bytes = b"", counts: Counts | None = None, passages: int = 0):
        """`words` are sorted, in UTF-8, each with a line feed behind it; `counts` are the numbers
        of passages that hold them, of shape (words,)."""
        self._words = words
        self._counts = np.zeros(0, np.uint32) if counts is None else counts
        ends = np.flatnonzero(np.frombuffer(words, np.uint8) == ord("\n")) + 1
        # As a memoryview it gives Python's numbers, which a bisection compares faster than NumPy's.
        self._starts = np.concatenate([[0], ends]).astype(np.uint32).data
        self.passages = passages
        """How many were counted, and titles."""

    def count(self, word: str) -> int:
        """Return in how many passages a word stands: 0 if there is no such word."""
        encoded = word.encode(errors="surrogatepass")
        number = self._find(encoded)
        there = number < len(self._counts) and self._word(number) == encoded
        return int(self._counts[number]) if there else 0

    def __iter__(self) -> Iterator[str]:
        """Yield all words in the order of their code points."""
        yield from self._words.decode().split("\n")[:-1]

    def beginning(self, start: str) -> Sequence[str]:
        """Return the words that begin with `start`, in order."""
        encoded = start.encode(errors="surrogatepass")
        first, end = self._find(encoded), self._find(encoded + b"\xff")
        return self._words[self._starts[first] : self._starts[end]].decode().split("\n")[:-1]

    def changed(self, removed: Iterable[str], added: Iterable[str]) -> Vocabulary:
        """Return the vocabulary of this corpus without the passages `removed`, and with those
        `added`; both are texts, and those removed must have been counted."""
        counts = Counter(dict(zip(self, self._counts.tolist(), strict=True)))
        passages = self.passages
        for texts, sign in ((removed, -1), (added, 1)):
            for text in texts:
                passages += sign
                for word in set(accented_words(text)):
                    counts[word] += sign
        words = sorted(word for word, count in counts.items() if count > 0)
        numbers = np.fromiter(map(counts.__getitem__, words), np.uint32, len(words))
        return Vocabulary("\n".join([*words, ""]).encode(), numbers, passages)

    def to_bytes(self) -> bytes:
        """Return it compressed, for `from_bytes`."""
        header = _HEADER.pack(self.passages, len(self._counts))
        return zlib.compress(header + self._counts.astype("<u4").tobytes() + self._words, _LEVEL)

    @classmethod
    def from_bytes(cls, data: bytes) -> Vocabulary:
        """Return what `to_bytes` was called on."""
        plain = zlib.decompress(data)
        passages, size = _HEADER.unpack_from(plain)
        counts = np.frombuffer(plain, "<u4", size, _HEADER.size).astype(np.uint32)
        return cls(plain[_HEADER.size + 4 * size :], counts, passages)

    def _find(self, word: bytes) -> int:
        """The number of a word, or that at which it would have to be put in."""
        return bisect_left(range(len(self._counts)), word, key=self._word)

    def _word(self, number: int) -> bytes:
        return self._words[self._starts[number] : self._starts[number + 1] - 1]
