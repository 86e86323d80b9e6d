"""Question → ranked hits: meaning and words, weighed by what each is worth for the question.

A passage in the question's own language is found whatever it says. So all signals are centred
within each language of the passages before they are summed. Likeness counts for less where the
model does not know the question's language.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .embedding import Embedder, Vectors
from .expected import Expected, expected
from .index import Index, State
from .loading import Loaded, load
from .meetings import asks_about_meeting
from .models import Hit, Kind, Span
from .scoring import ALONE, OTHER, PLAIN, Floats, Weights
from .sentence_matches import SentenceMatches
from .synonyms import ExpandedQuery
from .word_matches import Matched, WordMatches, content_words, travelling
from .word_vectors import WordVectors

FEW = 3
"""The mean of a language counts half if it is that of so many passages."""

NEAREST = 100
"""Passages taken from the vectors …"""
SAID = 30
"""… and from the words."""

EXACT = 20_000
"""So many passages are compared one by one, and none is missed; of more, Chroma finds the nearest.
With 896 dimensions: .1 ms for 500 passages and 1.7 for 20,000, Chroma 1.7 and 2.9."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """Passages by their places, a value each: what ranks them, what would if they were taken as
    wholes, and their score with its makings."""

    places: NDArray[np.intp]
    rank: NDArray[np.floating[Any]]
    whole: NDArray[np.floating[Any]]
    evidence: NDArray[np.floating[Any]]
    likeness: Floats
    score: Floats

    def first(self, limit: int) -> tuple[NDArray[np.intp], Floats]:
        """Where the best of them stand here, best first, and what they score as such."""
        order = np.argsort(-self.rank, kind="stable")[:limit]
        # What ranks behind another is no likelier to answer. Whether anything does, wholes tell:
        # a near question finds a sentence somewhere that sounds like it.
        most = self.score[self.whole.argmax()]
        return order, np.minimum.accumulate(np.minimum(self.score[order], most))


class Searcher:
    """Searches one index. Everything it needs of all passages is read when it is made."""

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        words: WordVectors,
        weights: Weights | None = None,
        last: Searcher | None = None,
    ):
        """`words` has the vectors of words that are known already; `last` is the searcher of an
        earlier generation, whose articles need not be read."""
        self._index = index
        self._embedder = embedder
        self._weights = weights or Weights()
        self.indexed_on = index.state.indexed_at[:10]
        self.articles = index.articles()
        same = last is not None and last._index.state.name == index.state.name
        kept = last._read if last is not None and same else {}
        self._read: Mapping[str, Loaded]
        self._vectors, self._read = load(index, self.articles, kept)
        read = [self._read[one.key] for one in self.articles]
        self.passages = [passage for one in read for passage in one.passages]
        self._places = {passage.id: place for place, passage in enumerate(self.passages)}
        languages = [passage.source.language for passage in self.passages]
        self._word_vectors = words
        self._words = WordMatches(
            [own for one in read for own in one.words],
            languages,
            [key for key, one in self._read.items() for _ in one.passages],
            words,
        )
        self._holds = {
            kind: np.array([held for one in read for held in one.holds[kind]]) for kind in Expected
        }
        known, self._numbers = np.unique(languages, return_inverse=True)
        self._counts = np.bincount(self._numbers).astype(np.float32)
        self._means = np.zeros((len(known), embedder.dimension), np.float32)
        """The mean of the vectors of the passages in each language."""
        for article, own in zip(self.articles, read, strict=True):
            language = np.searchsorted(known, article.source.language)
            self._means[language] += own.vectors.sum(axis=0)
        self._means /= self._counts[:, None]
        spoken = [own for one in read for own in one.sentences]
        size = embedder.own(self._means).shape[1]
        self._sentences = SentenceMatches(spoken, self._numbers, size)
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
        captions = np.array([passage.kind is Kind.CAPTION for passage in self.passages])
        self._handicap = self._weights.caption * captions

    @property
    def state(self) -> State:
        """Which index it searches."""
        return self._index.state

    def over(self, index: Index) -> Searcher:
        """This searcher, reading the same index by way of another client."""
        self._index = index
        return self

    def search(
        self, question: str, language: str, limit: int = 10, asked: ExpandedQuery | None = None
    ) -> list[Hit]:
        """The best passages for a question in `language`, best first. `asked` is the question with
        the synonyms of its words, if it has any."""
        asked = asked or ExpandedQuery(question)
        vector = self._vector(asked, language)
        matched = self._matched(asked, language)
        found = self._weighed(asked, language, matched, vector)
        order, scores = found.first(limit)
        own = self._embedder.own(vector)
        return [
            Hit(
                self.passages[found.places[k]],
                float(found.rank[k]),
                float(chance),
                self._answer(found.places[k], matched, own),
            )
            for k, chance in zip(order, scores, strict=True)
        ]

    def _weighed(
        self, asked: ExpandedQuery, language: str, matched: Matched, vector: Vectors
    ) -> Weighed:
        """The passages nearest in meaning or words, weighed for a question."""
        w, question = self._weights, asked.text
        said = self._said(language, matched)
        found, products = self._nearest(vector, _best(said, SAID))
        vectors = self._vectors[found]
        meaning = 1.0 if self._embedder.knows(language) else w.likeness_unknown
        likeness = meaning * self._embedder.likeness(products)
        usual = meaning * self._usual(self._embedder.likeness(self._means @ vector))[found]

        rest = said[found] - self._handicap[found]
        if kind := expected(question, language):
            rest -= w.lacking * ~self._holds[kind][found]
        whole = evidence = likeness - usual + rest
        if self._embedder.knows_plainly(language):
            plain = self._embedder.plain(vector)
            cosine = self._embedder.plain(vectors) @ plain
            usually = self._usual(self._embedder.plain(self._means) @ plain)
            evidence = rest + cosine - usually[found] + w.plain * cosine
            calibration = PLAIN if self._embedder.paired else ALONE
        else:
            calibration = OTHER
        score = calibration.chance(evidence, likeness, len(self.passages))
        if asks_about_meeting(question, language):
            whole = whole + w.evidence * self._evidence[found]
        rank = whole + meaning * w.sentence * self._closer(found, vectors, vector)
        return Weighed(found, rank, whole, evidence, likeness, score)

    def _closer(self, found: NDArray[np.intp], vectors: Vectors, vector: Vectors) -> Floats:
        """How much nearer the best sentence of each of these passages is than the passage, by the
        first model; `vectors` are theirs, `vector` the question's."""
        own, question = self._embedder.own, self._embedder.own(vector)
        best = self._sentences.best(found, question)
        usual = self._usual(self._sentences.means @ question - own(self._means) @ question)
        more = best - own(vectors) @ question - usual[found]
        return np.asarray(self._embedder.scale * more, dtype=np.float32)

    def _answer(self, place: int, matched: Matched, question: Vectors) -> Span:
        """The sentence of a passage that says most of what was asked."""
        passage, w = self.passages[place], self._weights
        if len(passage.sentences) == 1:
            return passage.sentences[0]
        words = (content_words(text, passage.source.language) for text in passage.spoken)
        said = np.array([matched.closeness(own) for own in words])
        near = self._embedder.scale * self._sentences.products(place, question)
        return passage.sentences[int((w.words * said + w.sentence * near).argmax())]

    def _vector(self, asked: ExpandedQuery, language: str) -> Vectors:
        """The question's vector, or the mean of those of its wordings."""
        texts = asked.variants()
        beside: Sequence[Vectors | None] = [None] * len(texts)
        if self._embedder.paired and self._words.knows(language):
            # With its words in one go: that takes the model little longer than the question.
            words = [word for text in texts for word in content_words(text, language)]
            beside = list(self._word_vectors.of([*texts, *dict.fromkeys(words)]))[: len(texts)]
        pairs = zip(texts, beside, strict=True)
        vectors = [self._embedder.query(text, language, other) for text, other in pairs]
        return np.asarray(np.mean(vectors, axis=0), dtype=np.float32)

    def _usual(self, means: Floats) -> Floats:
        """What each passage would have by its language alone, of the means of the languages.

        A mean of few passages says little: it is drawn to that of all, and that to nothing, or
        a passage that stands alone in its language would have no more than is usual.
        """
        overall = self._counts @ means / (self._counts.sum() + FEW)
        drawn = (self._counts * means + FEW * overall) / (self._counts + FEW)
        return np.asarray(drawn[self._numbers], dtype=np.float32)

    def _matched(self, asked: ExpandedQuery, language: str) -> Matched:
        """The question's words, found in the passages."""
        spellings = asked.spellings(lambda text: content_words(text, language))
        if self._words.knows(language):
            return self._words.match(spellings)
        # What the words' model cannot read may be a name: it is looked for as it is spelt.
        own = content_words(asked.text, language)
        names = set(travelling(asked.text, language))
        kept = [{w: v for w, v in one.items() if w in names or w not in own} for one in spellings]
        return self._words.match([one for one in kept if one], exactly=names)

    def _said(self, language: str, matched: Matched) -> Floats:
        """What each passage says in the question's words, less what is usual for its language."""
        w = self._weights
        if not self._words.knows(language):
            worth = w.names if self._embedder.knows(language) else w.names_alone
            return self._centred(worth * matched.own)
        return self._centred(w.words * matched.own + w.around * matched.around)

    def _centred(self, values: Floats) -> Floats:
        """Each value less what is usual for the passage's language."""
        sums = np.bincount(self._numbers, values).astype(np.float32)
        centred: Floats = values - self._usual(sums / self._counts)
        return centred

    def _nearest(
        self, vector: Vectors, places: NDArray[np.intp]
    ) -> tuple[NDArray[np.intp], Floats]:
        """The places of the passages nearest to a vector, and these places, in order; and the
        product of each with it."""
        if len(self.passages) <= EXACT:
            near = _best(self._vectors @ vector, NEAREST)
        else:
            ids = self._index.nearest(vector, NEAREST, self._places)
            near = np.array([self._places[id] for id in ids])
        found = np.union1d(near, places)
        return found, self._vectors[found] @ vector


def _best(values: Floats, count: int) -> NDArray[np.intp]:
    """The places of the `count` highest values, in any order."""
    return (
        np.argpartition(-values, count)[:count] if count < len(values) else np.arange(len(values))
    )
