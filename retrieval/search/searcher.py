"""Question → ranked hits: the nearest passages by their vectors, put in order by their tokens."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats
from ..embedding.embedder import Embedder
from ..embedding.encoder import Encoding
from ..errors import StoreError
from ..index.generation import Generation
from ..index.records import article_key, stored_id, text_of
from ..models import Hit, Passage
from .chatter import without_chatter
from .evidence import section_evidence, verbatim_evidence
from .late_interaction import PassageTokens, QuestionTokens, Surroundings, TokenTable, token_weights
from .query import Turn, corrected, parsed
from .synonyms import ExpandedQuery
from .weights import FOLLOW_UP, ORDER, SCORE, SEARCH

Vectors = dict[str, tuple[list[str], Floats]]
"""By article: the ids of its passages, and their vectors, a row each."""

CACHED_BYTES = 48 * 1024**2
"""The most bytes of token codes that are cached: those of the passages that were candidates last.
"""

NEIGHBOURS = 6
"""Passages on each side of a hit whose sentences may be quoted with it: a line may be a passage."""

_Candidate = tuple[Passage, PassageTokens]
_Encoded = tuple[list[QuestionTokens], Floats]
"""The tokens of each wording of a question, and the mean of the wordings' vectors."""


class Searcher:
    """Searches one generation of a corpus.

    The vectors of a corpus of up to `SEARCH.exact` passages are held in memory; those of a larger
    one stay in Chroma. Token codes are read from Chroma and cached.
    """

    def __init__(self, generation: Generation, embedder: Embedder, last: Searcher | None = None):
        """`last` is the searcher of an earlier generation, whose vectors need not be read again."""
        self.generation = generation
        self._embedder = embedder
        self.state = generation.state
        self.indexed_on = self.state.indexed_at[:10]
        self.articles = generation.articles()
        self._vocabulary = generation.vocabulary()
        self._by_key = {article.key: article for article in self.articles}
        self._keys = {article.source.path: key for key, article in self._by_key.items()}
        self._last_asked: tuple[ExpandedQuery, _Encoded] | None = None
        same_index = last is not None and last.state.name == self.state.name
        self._cached: OrderedDict[str, _Candidate] = OrderedDict()
        self._cached_bytes = 0
        self._table: tuple[list[str], TokenTable] | None = None
        """The tokens of all passages, where all are candidates."""
        passages = sum(article.passages for article in self.articles)
        self.exact = passages <= SEARCH.exact
        growth = max(0.0, math.log(max(passages, 1) / SCORE.small))
        self.crossing = SCORE.crossing - SCORE.crossing_loss * growth
        """What the odds of a hit in another language than the question have besides."""
        vectors = dict(last._vectors) if last is not None and same_index else {}
        if self.exact:
            vectors |= generation.vectors([key for key in self._by_key if key not in vectors])
        self._vectors: Vectors = {key: vectors[key] for key in self._by_key} if self.exact else {}
        self._ids = [id for ids, _ in self._vectors.values() for id in ids]
        rows = [vectors for ids, vectors in self._vectors.values() if ids]
        empty = np.empty((0, generation.format.dimension), np.float32)
        self._matrix = np.concatenate([empty, *rows])
        start = 0
        for key, (ids, _) in self._vectors.items():
            # Views from now on, so that nothing is held twice.
            self._vectors[key] = ids, self._matrix[start : start + len(ids)]
            start += len(ids)

    def parse(self, question: str) -> ExpandedQuery:
        """Return what a question says (see `parsed`), without the chatter around it, and with its
        typos corrected by the words of the articles; nothing is expanded yet."""
        readings, language = parsed(without_chatter(question, self._embedder))
        count = self._embedder.questions.token_counts
        text, *others = (corrected(reading, self._vocabulary, count) for reading in readings)
        return ExpandedQuery(text, language, readings=tuple(others))

    def search(self, query: ExpandedQuery, limit: int = 10) -> list[Hit]:
        """Return the best passages for a question, best first."""
        questions, vector = self._encode(query)
        if not questions:
            return []
        ids, table = self._candidates(vector)
        if table is None:
            return []
        passages = [self._cached[id][0] for id in ids]
        matches = [table.compare(question) for question in questions]
        maxsim = np.max([match.maxsim for match in matches], axis=0)
        crossing = np.array([passage.source.language != query.language for passage in passages])
        ranks, sections, alone = _ranks(query, passages, maxsim + ORDER.crossing * crossing)
        order = np.argsort(-ranks, kind="stable")
        level = _level(maxsim[order])
        if query.only is not None:
            order = order[[passages[n].source.sha256 in query.only for n in order]]
        first = order[:limit]
        texts = [text_of(passages[n]).whole for n in first]
        wording = query.variants()[0]
        counts = self._embedder.questions.token_counts(wording.split())
        verbatim = verbatim_evidence(wording, query.language, counts, questions[0].weights, texts)
        evidence = np.maximum(verbatim, sections[first])
        # Of several wordings the one that matches best is taken as the question.
        best = int(np.argmax([match.maxsim.max() for match in matches]))
        tokens = len(questions[best].weights)
        # Few articles match no more by chance than those of a small corpus.
        odds = (self.crossing if query.only is None else SCORE.crossing) * crossing[first]
        chances = _chances(maxsim[first], level, tokens, odds, evidence)
        if alone:
            chances = np.maximum(chances, SCORE.section * sections[first])
        # A passage's chance is at most that of the passage ranked before it.
        chances = np.minimum.accumulate(chances)
        hits = []
        for number, chance in zip(first, chances, strict=True):
            passage = passages[number]
            sentence = passage.sentences[matches[best].best_sentence(number)]
            hits.append(Hit(passage, float(ranks[number]), float(chance), sentence))
        return hits

    def compared(
        self, query: ExpandedQuery, articles: Collection[str]
    ) -> list[tuple[Passage, float]]:
        """Return the passages of the articles of these paths that are nearest to a question, each
        with its MaxSim and what is added to that of another language. Of a corpus that is not
        `exact` only those are among them that are nearest of all articles.

        Raises:
            StoreError: as `surroundings`.
        """
        questions, vector = self._encode(query)
        keys = [self._keys[path] for path in articles if path in self._keys]
        if not (questions and keys):
            return []
        if self.exact:
            every = [id for key in keys for id in self._vectors[key][0]]
            cosines = np.concatenate([self._vectors[key][1] @ vector for key in keys])
            ids = [every[number] for number in _best(cosines, SEARCH.candidates)]
        else:
            nearest = self.generation.nearest(vector, SEARCH.candidates, self._by_key)
            wanted = set(keys)
            ids = [id for id in nearest if article_key(id) in wanted]
        if not (ids := self._cache(ids)):
            return []
        passages = [self._cached[id][0] for id in ids]
        table = TokenTable([self._cached[id][1] for id in ids])
        maxsim = np.max([table.compare(question).maxsim for question in questions], axis=0)
        maxsim += ORDER.crossing * np.array([p.source.language != query.language for p in passages])
        return list(zip(passages, map(float, maxsim), strict=True))

    def surroundings(self, query: ExpandedQuery, hit: Hit) -> Surroundings:
        """Return the sentences around a hit of `search`, with how they match the same question.

        Raises:
            StoreError: they are gone, since a later generation has replaced the article.
        """
        key = self._keys[hit.passage.source.path]
        ids = self._vectors[key][0] if self.exact else self.generation.ids(key)
        if (id := stored_id(hit.passage.id, key)) not in ids:
            raise StoreError("The articles were replaced while they were searched; ask once more.")
        number = ids.index(id)
        neighbours = self._cache(ids[max(0, number - NEIGHBOURS) : number + NEIGHBOURS + 1])
        rows = sorted((self._cached[id] for id in neighbours), key=lambda row: row[0].start)
        table = TokenTable([tokens for _, tokens in rows])
        questions, _ = self._encode(query)
        matches = [table.sentence_matches(question) for question in questions]
        spans = [span for passage, _ in rows for span in passage.sentences]
        return Surroundings(spans, max(matches, key=lambda match: match.max(axis=0).sum()))

    def _encode(self, query: ExpandedQuery) -> _Encoded:
        """Encode a question; the last is kept: `search` and `surroundings` ask for the same."""
        if self._last_asked is None or self._last_asked[0] != query:
            encodings = [self._encode_wording(text, query.lead) for text in query.variants()]
            space = self._embedder.space
            tokens = [
                QuestionTokens(space.question(e.states, query.language), token_weights(e.rarity))
                for e in encodings
                if len(e.states)
            ]
            vectors = [space.question_vector(e.vector, query.language) for e in encodings]
            self._last_asked = query, (tokens, np.mean(vectors, axis=0))
        return self._last_asked[1]

    def _encode_wording(self, text: str, lead: Turn | None) -> Encoding:
        """Encode a wording; a follow-up's is read behind its lead, and keeps its own tokens."""
        encode = self._embedder.questions.query
        if lead is None:
            return encode(text)
        both, first = encode(f"{lead.question} {text}"), len(encode(lead.question).states)
        return replace(both, states=both.states[first:], rarity=both.rarity[first:])

    def _candidates(self, vector: Floats) -> tuple[list[str], TokenTable | None]:
        """Return the ids of the passages nearest to a vector, and the table of their tokens, or
        None for it where there are no passages."""
        if self._table is not None:
            return self._table
        if self.exact:
            chosen = _best(self._matrix @ vector, SEARCH.candidates)
            ids = [self._ids[number] for number in chosen]
        else:
            ids = self.generation.nearest(vector, SEARCH.candidates, self._by_key)
        ids = self._cache(ids)
        table = TokenTable([self._cached[id][1] for id in ids]) if ids else None
        if table and self.exact and len(self._ids) <= SEARCH.candidates:
            self._table = ids, table
        return ids, table

    def _cache(self, ids: Sequence[str]) -> list[str]:
        """Read those of these passages that are not cached; return the ids that the index has.

        Raises StoreError if some are not, since a later generation has replaced their articles.
        """
        if missing := [id for id in ids if id not in self._cached]:
            for id, candidate in self.generation.passages(missing, self._by_key).items():
                self._cached[id] = candidate[0], PassageTokens(*candidate[1:])
                self._cached_bytes += candidate[1].nbytes
        present = [id for id in ids if id in self._cached]
        if len(present) < len(ids) and self.generation.replaced():
            raise StoreError("The articles were replaced while they were searched; ask once more.")
        for id in present:
            self._cached.move_to_end(id)
        while self._cached_bytes > CACHED_BYTES and len(self._cached) > len(present):
            _, (_, oldest) = self._cached.popitem(last=False)
            self._cached_bytes -= oldest.codes.nbytes
        return present


def _ranks(
    query: ExpandedQuery, passages: Sequence[Passage], ranks: NDArray[np.float64]
) -> tuple[NDArray[np.float64], Floats, bool]:
    """Return these `ranks` of passages, with what their articles and sections add for a question;
    and `section_evidence`."""
    if query.lead:
        leads = [passage.source.path == query.lead.article for passage in passages]
        ranks = ranks + FOLLOW_UP.article * np.array(leads)
    sections, alone = section_evidence(query.variants()[0], passages, int(np.argmax(ranks)))
    # Its other words tell nothing then; no two passages differ by so much.
    return ranks + (1.0 if alone else ORDER.section) * sections, sections, alone


def _level(maxsim: Floats) -> float:
    """Return the mean MaxSim of the passages ranked behind the first, of those of all passages in
    their order; the usual one stands for those that are missing."""
    behind = maxsim[1 : 1 + SCORE.rivals]
    return float((behind.sum() + (SCORE.rivals - len(behind)) * SCORE.usual) / SCORE.rivals)


def _chances(
    maxsim: Floats, level: float, tokens: int, crossing: NDArray[np.float64], evidence: Floats
) -> NDArray[np.float64]:
    """Return the chance that each passage answers, of shape (passages,), by logistic regression, as
    in Platt, "Probabilistic outputs for support vector machines", 1999.

    `maxsim` is of shape (passages,), in order of rank; a passage that stands out from the `level`
    is likelier to answer. `tokens` is how many the question has: the more of them agree, the less
    it is by chance. `crossing` is what the odds of those have besides that are in another language
    than the question: tokens agree less there, but in a large corpus a few agree by chance.
    `evidence` is explained in `evidence.py`. Both are of shape (passages,).
    """
    raw = SCORE.maxsim * maxsim + SCORE.gap * (maxsim - level) + SCORE.tokens * tokens
    raw = raw + crossing + SCORE.verbatim * evidence
    return np.asarray(1 / (1 + np.exp(-raw - SCORE.offset)), dtype=np.float64)


def _best(values: Floats, count: int) -> NDArray[np.intp]:
    """The numbers of the `count` highest values, in their own order."""
    if count >= len(values):
        return np.arange(len(values))
    return np.sort(np.argpartition(-values, count)[:count])
