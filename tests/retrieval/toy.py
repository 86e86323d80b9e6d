"""What tests have instead of a model's weights and of quick arithmetic, plain and slow; and how
those of the search index a folder and ask it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from retrieval import Library
from retrieval.arrays import Floats
from retrieval.embedding.embedder import PassageText, PassageVectors
from retrieval.embedding.encoder import Encoding, Progress
from retrieval.embedding.token_space import Codes, TokenSpace
from retrieval.index.generation import Generation
from retrieval.index.reload import reload
from retrieval.index.store import Store
from retrieval.search.searcher import Searcher
from retrieval.search.synonyms import ExpandedQuery


class WordModel:
    """Each word is a direction at random: texts are alike as far as they share words."""

    reader = meeting_reader = None
    is_default = False

    def __init__(self, name: str = "words", dimension: int = 32) -> None:
        self.name, self.dimension = name, dimension
        self.space = TokenSpace.random(dimension)
        self.questions = self
        self.read = list[PassageText]()
        """The passages that were embedded."""

    def query(self, text: str) -> Encoding:
        states = self._states(text)
        return Encoding(_unit(states), states, np.ones(len(states), np.float32))

    def embed(
        self, texts: Sequence[PassageText], progress: Progress | None = None
    ) -> list[PassageVectors]:
        self.read += texts
        made = list[PassageVectors]()
        for text in texts:
            states = self._states(text.whole)
            counts = [len(part.split()) for part in (text.title, *text.sentences)]
            ends = tuple(np.cumsum(counts).tolist())
            codes = self.space.passage(states, text.language)
            made.append(PassageVectors(_unit(states), codes, ends))
            if progress:
                progress(len(made), len(texts))
        return made

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def _states(self, text: str) -> Floats:
        words = [word.strip(".,?!").casefold() for word in text.split()]
        dice = (np.random.default_rng(zlib.crc32(word.encode())) for word in words)
        states = [own.normal(size=self.dimension).astype(np.float32) for own in dice]
        return np.array(states, np.float32).reshape(-1, self.dimension)


def _unit(states: Floats) -> Floats:
    mean: Floats = states.sum(axis=0)
    return mean / max(float(np.linalg.norm(mean)), 1e-9)


def unpacked(codes: Codes) -> Floats:
    """The vectors that codes stand for, in half steps: odd numbers from -15 to 15."""
    levels = [[half for byte in row for half in (byte & 15, byte >> 4)] for row in codes.tolist()]
    return np.array(levels, np.float32).reshape(len(codes), -1) * 2 - 15


def cosine(a: Any, b: Any) -> float:
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def alike(one: Encoding, other: Encoding, least: float = 0.99) -> bool:
    """Whether two encodings are of as many tokens, and point to the same."""
    if len(one.states) != len(other.states):
        return False
    found = [cosine(one.vector, other.vector)]
    if len(one.states):
        found.append(cosine(one.states.mean(axis=0), other.states.mean(axis=0)))
    return min(found) > least


QUESTIONS = (
    "Who received the Ho Chi Minh Order?",
    "Wann war das Treffen?",
    "¿Qué acordaron los dos partidos?",
    "Ai đã được trao huân chương?",
)


def ranking(searcher: Searcher | Library, question: str) -> list[tuple[str, float]]:
    hits = (
        searcher.search(question, 20)
        if isinstance(searcher, Library)
        else searcher.search(ExpandedQuery(question, "en"), 20)
    )
    return [(hit.passage.id, round(hit.rank_score, 4)) for hit in hits]


def indexed(seeds: Path, store: Store, model: Any) -> Generation:
    reload(seeds, store, model)
    index = store.index()
    assert index
    return index
