"""Terms and BM25, passage language by passage language: the only importer of bm25s.

Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009. A question
is cut into terms as the passages of each language are: folded ("Tô" → "to"), without the stop
words of either language, stemmed in the passage's language.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Sequence
from functools import cache

import bm25s
import numpy as np
import Stemmer
import stopwordsiso
from numpy.typing import NDArray

from .languages import LANGUAGES

K1, B = 1.2, 0.75

# It sets itself to DEBUG when it is imported.
logging.getLogger("bm25s").setLevel(logging.WARNING)

_WORD = re.compile(r"\w+")


def fold(text: str) -> str:
    """Lower case without accents: "Tô Huy Rứa" → "to huy rua", "Straße" → "strasse"."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return "".join(c for c in plain if not unicodedata.combining(c))


@cache
def stop_words(language: str) -> frozenset[str]:
    """The language's stop words in lower case, with their accents; none where there is no list.

    They are not folded: "làm" is a Vietnamese stop word, "Lâm" a name.
    """
    known = stopwordsiso.has_lang(language)
    return frozenset(map(str.casefold, stopwordsiso.stopwords(language))) if known else frozenset()


@cache
def stemmer_of(language: str) -> Stemmer.Stemmer | None:
    name = LANGUAGES[language].stemmer if language in LANGUAGES else None
    return Stemmer.Stemmer(name) if name else None


def terms(text: str, language: str, *, spoken: str | None = None) -> list[str]:
    """The text's terms as the passages of `language` have them.

    `spoken` is the language that the text itself is in, if that is another one: its stop words
    are left out as well.
    """
    stops = stop_words(language) | (stop_words(spoken) if spoken else frozenset())
    composed = unicodedata.normalize("NFC", text).casefold()
    folded = [fold(word) for word in _WORD.findall(composed) if word not in stops]
    stemmer = stemmer_of(language)
    return list(stemmer.stemWords(folded)) if stemmer else folded


class Lexicon:
    """BM25 over passages, an index for each of their languages."""

    def __init__(self, documents: Sequence[list[str]], languages: Sequence[str]):
        """`documents` are the terms of each passage, in its language."""
        self._size = len(documents)
        self._indexes: dict[str, tuple[NDArray[np.intp], bm25s.BM25]] = {}
        for language in sorted(set(languages)):
            places = np.array([i for i, one in enumerate(languages) if one == language])
            own = [documents[i] for i in places]
            if any(own):
                index = bm25s.BM25(k1=K1, b=B, method="lucene")
                index.index(own, show_progress=False)
                self._indexes[language] = (places, index)

    def scores(self, question: str, language: str) -> NDArray[np.float32]:
        """The BM25 score of each passage, 0 for those that share no term."""
        scores = np.zeros(self._size, dtype=np.float32)
        for passage_language, (places, index) in self._indexes.items():
            asked = list(dict.fromkeys(terms(question, passage_language, spoken=language)))
            known = [term for term in asked if term in index.vocab_dict]
            if known:
                scores[places] = index.get_scores(known)
        return scores
