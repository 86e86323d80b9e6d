"""BM25, passage language by passage language: what the search is compared with.

Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009. A question
is cut into terms as the passages of each language are: folded ("Tô" → "to"), without the stop
words of either language, stemmed in the passage's language.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Sequence

import bm25s
import numpy as np

from retrieval.lexical import fold, stemmer_of, stop_words
from retrieval.models import Passage
from retrieval.scoring import Floats

K1, B = 1.2, 0.75

# It sets itself to DEBUG when it is imported.
logging.getLogger("bm25s").setLevel(logging.WARNING)

_WORD = re.compile(r"\w+")


class Lexicon:
    """BM25 over passages, an index for each of their languages."""

    def __init__(self, passages: Sequence[Passage], *, stemmed: bool = True):
        self._stemmed = stemmed
        self._size = len(passages)
        self._indexes = {}
        spoken = [passage.source.language for passage in passages]
        for language in sorted(set(spoken)):
            places = np.array([n for n, one in enumerate(spoken) if one == language])
            own = [self._terms(passages[n].text, language) for n in places]
            if any(own):
                index = bm25s.BM25(k1=K1, b=B, method="lucene")
                index.index(own, show_progress=False)
                self._indexes[language] = (places, index)

    def scores(self, question: str, language: str) -> Floats:
        """The BM25 score of each passage, 0 for those that share no term with the question."""
        scores = np.zeros(self._size, dtype=np.float32)
        for held, (places, index) in self._indexes.items():
            asked = dict.fromkeys(self._terms(question, held, language))
            known = [term for term in asked if term in index.vocab_dict]
            if known:
                scores[places] = index.get_scores(known)
        return scores

    def _terms(self, text: str, language: str, spoken: str = "") -> list[str]:
        stops = stop_words(language) | stop_words(spoken)
        composed = unicodedata.normalize("NFC", text).casefold()
        folded = [fold(word) for word in _WORD.findall(composed) if word not in stops]
        stemmer = stemmer_of(language) if self._stemmed else None
        return list(stemmer.stemWords(folded)) if stemmer else folded
