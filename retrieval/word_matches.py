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
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

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


def travelling(text: str, language: str) -> list[str]:
    """Those of the content words that may be spelt alike in another language: names, numbers, and
    words of four letters without accents."""
    content = set(content_words(text, language))
    found = _WORD.findall(unicodedata.normalize("NFC", text))
    named = (w for w in found if w[0].isupper() or _has_digit(w) or (w.isascii() and len(w) > 3))
    return [word for word in map(str.casefold, named) if word in content]


@dataclass(frozen=True, slots=True)
class Matched:
    """How a question's words are matched in a corpus.

    A value a passage: `own` is the sum, over the words asked for, of how well it matches the word
    times the word's inverse document frequency; `around` what the passages beside it add.
    """

    own: Floats
    around: Floats
    idf: Floats
    """A value a word asked for."""
    matches: Floats
    """How well each word of the corpus matches; a row a word asked for."""
    numbers: Mapping[str, int]
    """The column of each word of the corpus."""

    def closeness(self, words: Sequence[str]) -> float:
        """The same sum for a part of a passage."""
        columns = [self.numbers[word] for word in words if word in self.numbers]
        if not columns or not len(self.idf):
            return 0.0
        return float(self.idf @ self.matches[:, columns].max(axis=1))


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
        self._numbers = {word: number for number, word in enumerate(self.vocabulary)}
        self._same = defaultdict[str, list[int]](list)
        for number, word in enumerate(self.vocabulary):
            self._same[fold(word)].append(number)
        self._exact_only = np.array([_has_digit(word) for word in self.vocabulary], dtype=bool)
        self._size = len(passages)
        array = np.array(languages)
        self._by_language = [np.flatnonzero(array == one) for one in sorted(set(languages))]
        self._before, self._after = _neighbours(articles)

    def knows(self, language: str) -> bool:
        """Whether words of a language can be matched by meaning."""
        return self._vectors.knows(language)

    def match(self, asked: Sequence[Mapping[str, float]], exactly: Collection[str] = ()) -> Matched:
        """The words of a question, found in the passages.

        Each of the words asked for is given as its spellings (itself, synonyms) and what each of
        them is worth, from 0 to 1. Those in `exactly` are matched as they are spelt alone.
        """
        shape = (len(asked), len(self.vocabulary))
        near = [w for w in dict.fromkeys(w for one in asked for w in one) if w not in exactly]
        known = dict(zip(near, self._matches(near), strict=True))
        matches = np.array([self._best(one, known) for one in asked], np.float32).reshape(shape)
        found = np.array([self._places(one) for one in matches], np.float32)
        found = found.reshape(len(asked), self._size)
        for places in self._by_language:
            best = found[:, places].max(axis=1, keepdims=True, initial=0)
            found[:, places] /= np.maximum(best, TRANSLATED)
        frequency = found.sum(axis=1)
        odds = (self._size - frequency + 0.5) / (frequency + 0.5)
        idf = np.log(1 + odds).astype(np.float32)
        beside = np.pad(found, ((0, 0), (0, 1)))
        around = np.maximum(beside[:, self._before], beside[:, self._after])
        return Matched(
            own=idf @ found,
            around=idf @ np.maximum(around - found, 0),
            idf=idf,
            matches=matches,
            numbers=self._numbers,
        )

    def _best(self, spellings: Mapping[str, float], near: Mapping[str, Floats]) -> Floats:
        """How well each word of the vocabulary matches a word, by the best of its spellings."""
        best = np.zeros(len(self.vocabulary), np.float32)
        for word, worth in spellings.items():
            if word in near:
                np.maximum(best, worth * near[word], out=best)
            same = self._same.get(fold(word), [])
            best[same] = np.maximum(best[same], worth)
        return best

    def _places(self, matches: Floats) -> Floats:
        """How well each passage matches a word, by the best of its own words."""
        row = np.zeros(self._size, np.float32)
        known = np.flatnonzero(matches)
        for number in known[np.argsort(matches[known])]:
            row[self._owners[number]] = matches[number]  # The better ones come later.
        return row

    def _matches(self, words: Sequence[str]) -> Floats:
        """From 0 to 1: how near each word of the vocabulary is to each of these; a row a word.

        A number is near to none: 17 is not 18.
        """
        vectors = self._vectors.of(words)
        cosines = vectors @ self._matrix.T
        usual, spread = self._standing(vectors)
        standing = np.minimum(
            (cosines - usual[:, None]) / spread[:, None],
            (cosines - self._usual) / self._spread,
        )
        matches = np.clip((standing - NOTHING) / (ALL - NOTHING), 0, 1)
        matches[:, self._exact_only] = 0
        matches[[_has_digit(word) for word in words]] = 0
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
