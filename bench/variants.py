"""The rows of `bench.ablation`: Passage as shipped, less one thing, with another, or one alone.

A row is weights and small substitutions; retrieval knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

import retrieval.passages as cutting
from bench.in_memory import Corpus, Models, Ready
from retrieval import Library, answering, lexical, word_matches
from retrieval.embedding import Vectors
from retrieval.index import Index
from retrieval.models import Passage
from retrieval.packaged import DEFAULT_MODEL, WORDS_MODEL
from retrieval.scoring import Floats, Weights
from retrieval.search import Searcher
from retrieval.synonyms import ExpandedQuery, Synonyms
from retrieval.word_matches import Matched
from retrieval.word_vectors import WordVectors

Memory = dict[tuple[ExpandedQuery, str], Matched]

SYNONYMS = Path("tests/data")
WITHIN, ACROSS = 0.03, 0.044
"""What BM25 counted in the question's language, and in others, when it was part of the search."""
FUSED = 60
"""The constant of reciprocal rank fusion, as its paper has it."""


class Shipped(Searcher):
    """The searcher itself, but that it remembers how the words of a question are matched: rows
    that change no words share that. (Which sentence of a quote answers, it does not tell.)"""

    memory: Memory

    def _matched(self, asked: ExpandedQuery, language: str) -> Matched:
        key = (asked, language)
        if key not in self.memory:
            found = super()._matched(asked, language)
            self.memory[key] = replace(found, matches=found.matches[:, :0], numbers={})
        return self.memory[key]


class Uncentred(Shipped):
    """No value is compared with what is usual in its language."""

    def _usual(self, means: Floats) -> Floats:
        return np.zeros(len(self.passages), np.float32)


class Words(Uncentred):
    """Words matched by meaning alone."""

    def _said(self, language: str, matched: Matched) -> Floats:
        return self._weights.words * matched.own


class _WithTerms(Shipped):
    """Knows the BM25 score of each passage for the question that is asked."""

    stemmed = True

    def _matched(self, asked: ExpandedQuery, language: str) -> Matched:
        from bench.lexicon import Lexicon  # noqa: PLC0415 - of bench/requirements.txt

        if not hasattr(self, "_lexicon"):
            self._lexicon = Lexicon(self.passages, stemmed=self.stemmed)
        self._terms = self._lexicon.scores(asked.text, language)
        return super()._matched(asked, language)

    def _own(self, language: str) -> NDArray[np.bool_]:
        return np.array([one.source.language == language for one in self.passages])


class Terms(_WithTerms, Uncentred):
    """BM25 alone, in all languages alike."""

    def _said(self, language: str, matched: Matched) -> Floats:
        return WITHIN * self._terms


class TermsUnstemmed(Terms):
    stemmed = False


class Fused(_WithTerms, Uncentred):
    """BM25 and the vectors, each by its ranks alone: the fusion that most hybrid searches use.

    Cormack et al., "Reciprocal Rank Fusion Outperforms Condorcet and Individual Rank Learning
    Methods", SIGIR 2009.
    """

    def _said(self, language: str, matched: Matched) -> Floats:
        return np.zeros(len(self.passages), np.float32)

    def _nearest(
        self, vector: Vectors, places: NDArray[np.intp]
    ) -> tuple[NDArray[np.intp], Floats]:
        fused = np.zeros(len(self.passages), np.float32)
        for scores in (self._vectors @ vector, self._terms):
            fused[np.argsort(-scores, kind="stable")] += 1 / (FUSED + np.arange(len(scores)))
        return np.arange(len(fused)), fused


class TermsWithin(_WithTerms):
    """BM25 counts beside words by meaning, in passages of the question's language."""

    def _said(self, language: str, matched: Matched) -> Floats:
        terms = self._centred(WITHIN * self._own(language) * self._terms)
        return super()._said(language, matched) + terms


class TermsAcross(TermsWithin):
    """… and in those of others."""

    def _said(self, language: str, matched: Matched) -> Floats:
        terms = self._centred(ACROSS * ~self._own(language) * self._terms)
        return super()._said(language, matched) + terms


Substitution = tuple[object, str, object]
"""A module, a name in it, and what it stands for."""

NOT_DIVERSE: Substitution = (answering, "chosen", lambda hits, count: list(hits[:count]))
ALONE = Weights(sentence=0, caption=0, lacking=0, evidence=0, likeness_unknown=1)
NO_WORDS = replace(ALONE, words=0, around=0, names=0, names_alone=0)


def _worded(passage: Passage) -> str:
    return passage.worded


def _text(passage: Passage) -> str:
    return passage.text


@dataclass(frozen=True, slots=True)
class Row:
    """One variant; `scaled` says whether its score is on the scale that the threshold is for."""

    label: str
    weights: Weights = field(default_factory=Weights)
    model: str = DEFAULT_MODEL
    searcher: type[Shipped] = Shipped
    instead: tuple[Substitution, ...] = ()
    worded: Callable[[Passage], str] = _worded
    synonyms: Path | None = None
    scaled: bool = True

    @contextmanager
    def applied(self) -> Iterator[None]:
        with ExitStack() as stack:
            for one in self.instead:
                stack.enter_context(patch.object(*one))
            yield

    @property
    def own_words(self) -> bool:
        """Whether words are matched as in no other row, or in other passages."""
        return any(of in (word_matches, cutting) for of, _, _ in self.instead)

    def library(self, folder: Path, loaded: Models, memory: Memory) -> Library:
        """The library over a folder of articles, while the row is applied."""
        embedder = loaded(self.model)
        corpus = Corpus(folder, embedder, self.worded)
        words = WordVectors(loaded(WORDS_MODEL))
        searcher = self.searcher(cast(Index, corpus), embedder, words, self.weights)
        searcher.memory = {} if self.own_words else memory
        synonyms = Synonyms.read(self.synonyms) if self.synonyms else Synonyms()
        return Ready(folder, searcher, synonyms)


def _alone(label: str, model: str, searcher: type[Shipped], weights: Weights) -> Row:
    return Row(label, weights, model, searcher, (NOT_DIVERSE,), scaled=False)


ROWS = {
    "shipped": Row("as shipped"),
    "e5": _alone("e5 alone, its cosine", "e5 alone", Uncentred, NO_WORDS),
    "use": _alone("USE alone, its cosine", "use-multilingual alone", Uncentred, NO_WORDS),
    "e5-use": _alone("e5 and USE, their cosines", "e5", Uncentred, NO_WORDS),
    "bm25": _alone("BM25 alone", "none", Terms, ALONE),
    "bm25-unstemmed": _alone("BM25 alone, not stemmed", "none", TermsUnstemmed, ALONE),
    "rrf": _alone("e5 and BM25, by their ranks (RRF)", "e5 alone", Fused, NO_WORDS),
    "words": _alone("words by meaning alone", "none", Words, ALONE),
    "no-sentence": Row("− the best sentence's cosine", Weights(sentence=0)),
    "no-words": Row("− words by meaning", Weights(words=0, around=0)),
    "no-around": Row("− passages beside", Weights(around=0)),
    "no-caption": Row("− handicap of captions", Weights(caption=0)),
    "no-lacking": Row("− lacking a number or date", Weights(lacking=0)),
    "no-evidence": Row("− evidence of meetings", Weights(evidence=0)),
    "no-centring": Row("− centring by language", searcher=Uncentred, scaled=False),
    "no-use": Row("− USE beside e5", model="e5 alone", scaled=False),
    "no-diversity": Row("− diversity of quotes", instead=(NOT_DIVERSE,)),
    "no-folding": Row(
        "− folding of accents",
        instead=((lexical, "fold", str.casefold), (word_matches, "fold", str.casefold)),
    ),
    "bm25-within": Row("+ BM25 within a language", searcher=TermsWithin),
    "bm25-across": Row("+ BM25 across languages too", searcher=TermsAcross),
    "no-title": Row("− title before the passage", worded=_text),
    "short-passages": Row("passages of 200 characters", instead=((cutting, "ENOUGH", 200),)),
    "long-passages": Row("passages of 500 characters", instead=((cutting, "ENOUGH", 500),)),
    "synonyms": Row("+ tests/data/synonyms.txt", synonyms=SYNONYMS),
    "use-model": Row("USE as the only model", model=WORDS_MODEL),
    "minilm": Row("MiniLM as the only model", model="minilm"),
}
"""Each row by its name on the command line."""
