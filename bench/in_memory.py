"""What `bench.ablation` asks of: a library without a store, over articles that are read from a
folder; each text is given to a model once, in this run and the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np

import retrieval.passages as cutting
from retrieval import Library
from retrieval.articles import scan
from retrieval.embedding import Embedder, Embedding, Vectors, embeddings
from retrieval.index import State
from retrieval.meetings import find
from retrieval.models import Article, Hit, Meeting, Passage
from retrieval.packaged import PACKAGED, manner_of
from retrieval.records import Indexed
from retrieval.search import Searcher
from retrieval.store import Store
from retrieval.synonyms import Synonyms


class Remembered:
    """A model that is given each text once, in this run and the next."""

    def __init__(self, model: Any, file: Path):
        self._model, self._file = model, file
        self._kept: dict[str, Vectors] = {}
        self._new = False
        if file.exists():
            with np.load(file) as known:
                keys = bytes(known["keys"]).decode().split("\0")
                self._kept = dict(zip(keys, known["vectors"], strict=True))

    def encode_query(self, text: str, **options: Any) -> Vectors:
        return np.asarray(self._of("q", [text], self._model.encode_query, options)[0])

    def encode_document(self, texts: Sequence[str], **options: Any) -> Vectors:
        return self._of("d", texts, self._model.encode_document, options)

    def _of(
        self, kind: str, texts: Sequence[str], encode: Callable[..., Vectors], options: Any
    ) -> Vectors:
        if new := [one for one in dict.fromkeys(texts) if kind + one not in self._kept]:
            made = np.asarray(encode(new, **options), np.float32)
            self._kept |= zip([kind + one for one in new], made, strict=True)
            self._new = True
        return np.array([self._kept[kind + one] for one in texts])

    def save(self) -> None:
        if self._new:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            keys = np.frombuffer("\0".join(self._kept).encode(), np.uint8)
            np.savez(self._file, keys=keys, vectors=np.array(list(self._kept.values())))
            self._new = False


class Silent:
    """A model that says nothing: what is found is found by words alone."""

    def encode_query(self, text: str, **_: Any) -> Vectors:
        return np.zeros(1, np.float32)

    def encode_document(self, texts: Sequence[str], **_: Any) -> Vectors:
        return np.zeros((len(texts), 1), np.float32)


class Models:
    """Loads a model by name when it is first asked for; what it is given is kept in a folder."""

    def __init__(self, folder: Path, loaded: Mapping[str, Embedder] | None = None):
        """`loaded` are models that are loaded already, by name."""
        self._folder = folder
        self._loaded = dict(loaded or {})
        self._remembered: list[Remembered] = []

    def __call__(self, name: str) -> Embedder:
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def save(self) -> None:
        for one in self._remembered:
            one.save()

    def _load(self, name: str) -> Embedder:
        if name == "none":
            return Embedder(name, cast(Any, Silent()), None)
        base = name.removesuffix(" alone")
        manner = manner_of(base)
        if name != base:  # Taken to know every language, so that scores compare.
            return Embedder(name, self(base)._model, None, usual=manner.usual, scale=manner.scale)
        found = Embedder.load(name)
        if manner.beside:
            found._beside = self(manner.beside)
        sha256 = next(iter(PACKAGED[base].sha256.values()))
        model = Remembered(found._model, self._folder / f"{name}-{sha256[:8]}.npz")
        self._remembered.append(model)
        found._model = cast(Any, model)
        return found


@cache
def _articles(folder: Path) -> list[tuple[Article, tuple[Meeting, ...]]]:
    """The articles of a folder, and the meetings that they report; read once."""
    return [(one, tuple(find(one))) for one in scan(folder).articles]


class Corpus:
    """What a Searcher asks of an index, in memory: passages and their vectors."""

    state = State("bench", 0, "2000-01-01")

    def __init__(self, folder: Path, embedder: Embedder, worded: Callable[[Passage], str]):
        self._cut = {
            Indexed(article.source, len(own), meetings, 0): own
            for article, meetings in _articles(folder)
            if (own := cutting.passages(article))
        }
        passages = [one for own in self._cut.values() for one in own]
        made = embeddings(embedder, [(worded(one), *one.spoken) for one in passages])
        self._embeddings = {one.id: own for one, own in zip(passages, made, strict=True)}

    def articles(self) -> list[Indexed]:
        return list(self._cut)

    def passages(self, articles: Sequence[Indexed]) -> Iterator[tuple[Indexed, Passage, Embedding]]:
        return (
            (one, passage, self._embeddings[passage.id])
            for one in articles
            for passage in self._cut[one]
        )


class Ready(Library):
    """A library over a searcher that is ready; it searches once for each question."""

    def __init__(self, folder: Path, searcher: Searcher, synonyms: Synonyms):
        super().__init__(folder, cast(Store, None), lambda: searcher._embedder)
        self._given = searcher
        self._hits: dict[str, list[Hit]] = {}
        self._given_synonyms = synonyms

    def _searching(self) -> Searcher:
        return self._given

    def _found(self, question: str, language: str, limit: int) -> tuple[Searcher, list[Hit]]:
        if question not in self._hits:
            asked = self._given_synonyms.apply(question, language)
            self._hits[question] = self._given.search(question, language, limit, asked)
        return self._given, self._hits[question][:limit]
