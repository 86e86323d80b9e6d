"""Question → ranked hits: meaning and terms, weighed by what each is worth for the question.

Terms win within a language, meaning wins across languages, and a passage in the question's own
language is found whatever it says. So both signals are centred within each language of the
passages before they are summed, terms count for less across languages, and meaning for less
where the model does not know the question's language.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .embedding import Embedder, Vectors
from .expected import Expected, expected, holds
from .index import Index
from .lexical import Lexicon, terms
from .meetings import asks_about_meeting
from .models import Hit, Kind, Passage, Span
from .records import Indexed, records
from .synonyms import Asked
from .word_matches import WordMatches, content_words
from .word_vectors import WordVectors

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """How signals are weighed. Cosines count 1; the others were measured on development data:
    see docs/retrieval.md."""

    terms: float = 0.03
    """BM25, where passage and question share a language."""
    words: float = 0.035
    """The question's words matched by meaning, whatever the language …"""
    around: float = 0.015
    """… and those that only the passages beside have."""
    terms_alone: float = 0.1
    """BM25, where the model does not know the question's language: terms carry all the weight,
    names and numbers above all …"""
    cosine_unknown: float = 0.25
    """… and cosines little."""
    caption: float = 0.1
    """Taken from a picture's caption: it repeats what the prose says."""
    short: float = 0.2
    """Taken from a passage of no length, less from a longer one, nothing from LONG_ENOUGH on:
    a vector of few words is near to everything that names the same people."""
    lacking: float = 0.15
    """Taken from a passage without any number or date, where the question asks for one."""
    held: float = 0.066
    """A term of the question, where the sentence of a passage is looked for that answers."""
    evidence: float = 0.15
    """Given to the evidence of a meeting, where a question asks when or where one was."""
    cosine_again: float = 1.5
    """What the plain cosine adds to the rank for the score: whether a passage answers at all, not
    only better than the others of its language."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """From a raw score to the chance that the passage answers: Platt, "Probabilistic outputs for
    support vector machines", 1999. Fitted on development data, see docs/retrieval.md."""

    slope: float
    offset: float

    def chance(self, score: Floats) -> Floats:
        """From 0 to 1, for each score."""
        return np.asarray(1 / (1 + np.exp(-self.slope * score - self.offset)), dtype=np.float32)


KNOWN = Calibration(2.85, -2.94)
UNKNOWN = Calibration(8.07, -2.70)
"""For questions in languages that the model knows, and that it does not."""

LONG_ENOUGH = 150
NEAREST = 100
"""Records taken from the vectors, passages and sentences."""
TERM_HITS = 30
"""Passages taken from the terms."""


@dataclass(frozen=True, slots=True)
class _Article:
    """What is kept in memory of an article: its passages in order, the terms and the words of
    each, the sum of their vectors."""

    passages: tuple[Passage, ...]
    terms: tuple[list[str], ...]
    words: tuple[list[str], ...]
    sum: Floats


class Searcher:
    """Searches one index. Everything it needs of all passages is read when it is made."""

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        weights: Weights | None = None,
        last: Searcher | None = None,
        words: WordVectors | None = None,
    ):
        """`last` is the searcher of an earlier generation, whose articles need not be read;
        `words` has the vectors of words that are known already."""
        self._index = index
        self._embedder = embedder
        self._weights = weights or Weights()
        self.indexed_on = index.state.indexed_at[:10]
        self.articles = index.articles()
        same = last is not None and last._index.state.name == index.state.name
        kept = last._read if last is not None and same else {}
        self._read: Mapping[str, _Article] = _read(index, self.articles, kept)
        self._keys = [one.key for one in self.articles for _ in self._read[one.key].passages]
        self.passages = [p for one in self.articles for p in self._read[one.key].passages]
        self._places = {passage.id: place for place, passage in enumerate(self.passages)}
        languages = [passage.source.language for passage in self.passages]
        documents = [terms for one in self.articles for terms in self._read[one.key].terms]
        self._lexicon = Lexicon(documents, languages)
        self._words = WordMatches(
            [words for one in self.articles for words in self._read[one.key].words],
            languages,
            self._keys,
            words or WordVectors(embedder),
        )
        self._holds = {
            kind: np.array([holds(p.text, p.source.language, kind) for p in self.passages])
            for kind in Expected
        }
        self._languages = np.array(languages)
        self._known = sorted(set(languages))
        self._means = {language: self._mean(language) for language in self._known}
        evidence = {
            (meeting.evidence.article, meeting.evidence.start)
            for one in self.articles
            for meeting in one.meetings
        }
        starts = defaultdict[str, list[int]](list)
        for path, start in evidence:
            starts[path].append(start)
        self._evidence = np.array(
            [any(p.start <= at < p.end for at in starts[p.source.path]) for p in self.passages]
        )
        lengths = np.array([len(passage.text) for passage in self.passages])
        captions = np.array([passage.kind is Kind.CAPTION for passage in self.passages])
        self._handicap = self._weights.caption * captions + self._weights.short * np.clip(
            1 - lengths / LONG_ENOUGH, 0, 1
        )

    def _mean(self, language: str) -> Floats:
        """The mean of the vectors of all passages in a language."""
        own = [self._read[a.key] for a in self.articles if a.source.language == language]
        total: Floats = np.sum([one.sum for one in own], axis=0)
        return np.asarray(total / sum(len(one.passages) for one in own), dtype=np.float32)

    def search(
        self, question: str, language: str, limit: int = 10, asked: Asked | None = None
    ) -> list[Hit]:
        """The best passages for a question in `language`, best first. `asked` is the question with
        the synonyms of its words, if it has any."""
        w = self._weights
        asked = asked or Asked(question)
        vector = self._vector(asked)
        bm25 = self._terms(asked, language)
        known = self._embedder.knows(language)
        if known:
            meaning = 1.0
            own, around = self._words.scores(
                asked.spellings(lambda text: content_words(text, language))
            )
            same = self._languages == language
            said = w.terms * same * self._centred(bm25)
            said += w.words * self._centred(own) + w.around * self._centred(around)
        else:
            meaning, said = w.cosine_unknown, w.terms_alone * self._centred(bm25)

        similar = self._similarities(vector, np.argsort(-said, kind="stable")[:TERM_HITS])
        found = np.array(sorted(similar))
        whole = np.array([similar[place][0] for place in found])
        best = np.array([max(similar[place]) for place in found])
        cosine = (whole + best) / 2
        means = {one: float(vector @ mean) for one, mean in self._means.items()}
        usual = np.array([means[one] for one in self._languages[found]])

        rank = meaning * (cosine - usual) + said[found] - self._handicap[found]
        if kind := expected(question, language):
            rank -= w.lacking * ~self._holds[kind][found]
        raw = rank + w.cosine_again * meaning * cosine
        score = (KNOWN if known else UNKNOWN).chance(raw)
        if asks_about_meeting(question, language):
            rank = rank + w.evidence * self._evidence[found]
        order = np.argsort(-rank, kind="stable")[:limit]
        hits = []
        for k in order:
            passage, cosines = self.passages[found[k]], similar[found[k]][1:]
            weighed = [meaning * cosine for cosine in cosines]
            answer = self._answer(passage, weighed, question, language)
            hits.append(Hit(passage, float(rank[k]), float(score[k]), answer))
        return hits

    def _vector(self, asked: Asked) -> Vectors:
        """The question's vector, or the mean direction of its wordings."""
        vectors = [self._embedder.query(text) for text in asked.variants()]
        total = np.sum(vectors, axis=0)
        return np.asarray(total / np.linalg.norm(total), dtype=np.float32)

    def _terms(self, asked: Asked, language: str) -> Floats:
        """The BM25 score of each passage: of synonyms, the best counts."""
        scores = self._lexicon.scores(asked.rest, language)
        for expansion in asked.expansions:
            each = [self._lexicon.scores(option, language) for option in expansion.options]
            scores = scores + np.max(each, axis=0)
        return scores

    def _centred(self, values: Floats) -> Floats:
        """Each value less the mean over the passages in its language."""
        centred = values.copy()
        for language in self._known:
            centred[self._languages == language] -= values[self._languages == language].mean()
        return centred

    def _similarities(self, vector: Floats, places: NDArray[np.intp]) -> dict[int, list[float]]:
        """The cosines of a question's vector with passages and their sentences.

        For the passages at `places` and for those that Chroma finds nearest: by place, the
        passage's own first, then its sentences' (where it has several).
        """
        cosines = self._index.nearest(vector, min(NEAREST, len(self.passages)), self._places)
        near = {self._places[id.split(".")[0]] for id in cosines}
        wanted = near | {int(place) for place in places}
        ids = {place: [r.id for r in records(self.passages[place])] for place in wanted}
        missing = {
            id: self._keys[place]
            for place, group in ids.items()
            for id in group
            if id not in cosines
        }
        cosines |= {id: float(v @ vector) for id, v in self._index.vectors(missing).items()}
        return {place: [cosines[id] for id in group] for place, group in ids.items()}

    def _answer(self, passage: Passage, cosines: list[float], question: str, language: str) -> Span:
        """The sentence that is nearest to the question, by meaning and by terms."""
        if len(passage.sentences) == 1:
            return passage.sentences[0]
        asked = set(terms(question, passage.source.language, spoken=language))

        def closeness(pair: tuple[Span, float]) -> float:
            span, cosine = pair
            held = asked & set(terms(passage.sentence(span), passage.source.language))
            return cosine + self._weights.held * len(held)

        pairs = zip(passage.sentences, cosines, strict=True)
        answer, _ = max(pairs, key=closeness)
        return answer


def _read(
    index: Index, articles: Sequence[Indexed], kept: Mapping[str, _Article]
) -> dict[str, _Article]:
    """What is kept of each article, by its key; only those that are not `kept` are read."""
    known = {one.key: kept[one.key] for one in articles if one.key in kept}
    found = defaultdict[str, list[tuple[Passage, Floats]]](list)
    for owner, passage, vector in index.passages([one for one in articles if one.key not in kept]):
        found[owner.key].append((passage, vector))
    for key, pairs in found.items():
        pairs.sort(key=lambda pair: pair[0].start)
        passages = tuple(passage for passage, _ in pairs)
        known[key] = _Article(
            passages,
            tuple(terms(one.text, one.source.language) for one in passages),
            tuple(content_words(one.text, one.source.language) for one in passages),
            np.sum([vector for _, vector in pairs], axis=0),
        )
    return known
