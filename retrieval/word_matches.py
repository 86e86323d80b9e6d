"""Which passages say what the words of a question say, be it in other words or languages.

BM25 knows a word only as it is spelt. Here a word of a passage counts for a word of the question
as far as their vectors agree, so "conferencia" is found by "conference", and "Medaillen" by
"Unabhängigkeitsmedaille". After Rekabsaz et al., "Generalizing Translation Models in the
Probabilistic Relevance Framework", CIKM 2016; but a cosine counts by how far it stands out among
those of either word with all words, for rare words and syllables are near to everything.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from .lexical import fold, stop_words
from .word_vectors import WordVectors

Floats = NDArray[np.float32]
Places = NDArray[np.intp]

NOTHING, ALL = 2.5, 5.0
"""Standard deviations above the mean from which on a cosine counts, and at which it counts in
full. From (2, 4.5) to (3, 6) the odds are small."""

TRANSLATED = 0.5
"""A word's best match in a language counts in full if it counts for so much: that the passages of
another language cannot spell it as the question does is no fault of theirs."""

_WORD = re.compile(r"\w+")


def content_words(text: str, *languages: str) -> list[str]:
    """The text's words in lower case, in order, without the stop words of these languages."""
    stops = frozenset().union(*map(stop_words, languages))
    words = _WORD.findall(unicodedata.normalize("NFC", text).casefold())
    return [one for one in words if one not in stops and (len(one) > 1 or one.isdigit())]


class WordMatches:
    """The words of all passages, ready to be matched."""

    def __init__(
        self,
        passages: Sequence[Sequence[str]],
        languages: Sequence[str],
        articles: Sequence[str],
        vectors: WordVectors,
    ):
        """`passages` are the content words of each passage, `languages` and `articles` what it is
        in; the passages of an article stand together, in their order."""
        self._vectors = vectors
        owners = defaultdict[str, list[int]](list)
        for place, words in enumerate(passages):
            for word in dict.fromkeys(words):
                owners[word].append(place)
        self.vocabulary = list(owners)
        vectors.add(self.vocabulary)
        vectors.save(self.vocabulary)
        self._owners: list[Places] = [np.array(places) for places in owners.values()]
        self._matrix = vectors.of(self.vocabulary)
        self._mean, self._square = self._moments()
        self._usual, self._spread = self._standing(self._matrix)
        self._same = defaultdict[str, list[int]](list)
        for number, word in enumerate(self.vocabulary):
            self._same[fold(word)].append(number)
        self._exact_only = np.array([_has_digit(word) for word in self.vocabulary], dtype=bool)
        self._size = len(passages)
        array = np.array(languages)
        self._by_language = [np.flatnonzero(array == one) for one in sorted(set(languages))]
        self._before, self._after = _neighbours(articles)

    def scores(self, asked: Sequence[Mapping[str, float]]) -> tuple[Floats, Floats]:
        """What each passage says of the question, and what those beside it add.

        Each of the words asked for is given as its spellings (itself, synonyms, translations) and
        what each of them is worth, from 0 to 1. Both arrays have a value a passage: the sum, over
        the words, of how well the word is matched times its inverse document frequency.
        """
        if not asked or not self._size:
            return np.zeros(self._size, np.float32), np.zeros(self._size, np.float32)
        found = np.array([self._found(spellings) for spellings in asked])
        for places in self._by_language:
            best = found[:, places].max(axis=1, keepdims=True)
            found[:, places] /= np.maximum(best, TRANSLATED)
        frequency = found.sum(axis=1)
        odds = (self._size - frequency + 0.5) / (frequency + 0.5)
        idf = np.asarray(np.log(1 + odds), dtype=np.float32)
        beside = np.pad(found, ((0, 0), (0, 1)))
        around = np.maximum(beside[:, self._before], beside[:, self._after])
        own: Floats = idf @ found
        with_those: Floats = idf @ np.maximum(found, around)
        return own, with_those - own

    def _found(self, spellings: Mapping[str, float]) -> Floats:
        """How well each passage matches a word, by the best of its spellings."""
        words = list(spellings)
        vectors = self._vectors.of(words)
        matched = np.zeros(len(self.vocabulary), np.float32)
        for word, match in zip(words, self._matches(words, vectors), strict=True):
            np.maximum(matched, spellings[word] * match, out=matched)
        row = np.zeros(self._size, np.float32)
        known = np.flatnonzero(matched)
        for number in known[np.argsort(matched[known])]:
            row[self._owners[number]] = matched[number]  # The better ones come later.
        return row

    def _matches(self, words: Sequence[str], vectors: Floats) -> Floats:
        """From 0 to 1: how well each word of the vocabulary matches each of these."""
        cosines = vectors @ self._matrix.T
        usual, spread = self._standing(vectors)
        standing = np.minimum(
            (cosines - usual[:, None]) / spread[:, None],
            (cosines - self._usual) / self._spread,
        )
        matches = np.clip((standing - NOTHING) / (ALL - NOTHING), 0, 1)
        matches[:, self._exact_only] = 0
        for row, word in zip(matches, words, strict=True):
            if _has_digit(word):
                row[:] = 0
            row[self._same.get(fold(word), [])] = 1
        return np.asarray(matches, dtype=np.float32)

    def _moments(self) -> tuple[Floats, Floats]:
        """The mean of the vocabulary's vectors, and of their products."""
        count = max(len(self.vocabulary), 1)
        mean, square = self._matrix.sum(axis=0) / count, self._matrix.T @ self._matrix / count
        return np.asarray(mean, dtype=np.float32), np.asarray(square, dtype=np.float32)

    def _standing(self, vectors: Floats) -> tuple[Floats, Floats]:
        """The mean and the standard deviation of each vector's cosines with the vocabulary."""
        usual = vectors @ self._mean
        square = np.einsum("ij,ij->i", vectors @ self._square, vectors)
        spread = np.sqrt(np.maximum(square - usual**2, 1e-6))
        return usual, np.asarray(spread, dtype=np.float32)


def _has_digit(word: str) -> bool:
    return any(character.isdigit() for character in word)


def _neighbours(articles: Sequence[str]) -> tuple[Places, Places]:
    """The place of the passage before each passage and of that after it, within its article; one
    past the last where there is none."""
    size = len(articles)
    before, after = np.full(size, size), np.full(size, size)
    names = np.array(articles)
    together = np.flatnonzero(names[1:] == names[:-1])
    before[together + 1], after[together] = together, together + 1
    return before, after
