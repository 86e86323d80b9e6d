"""The rows of `bench.ablation`: Passage as shipped, less one thing, with another, or one alone.

A row is weights and small substitutions; retrieval knows nothing of it. Articles are searched in
memory and exactly, as Chroma does with so few, and each text is given to a model once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

import retrieval.passages as cutting
from retrieval import Library, answering, lexical, word_matches
from retrieval.articles import scan
from retrieval.embedding import PACKAGED, WORDS_MODEL, Embedder, Vectors
from retrieval.index import Index, State
from retrieval.meetings import find
from retrieval.models import Hit, Passage
from retrieval.records import Indexed
from retrieval.scoring import Floats, Weights
from retrieval.search import NEAREST, Searcher
from retrieval.store import Store
from retrieval.synonyms import Asked, Synonyms
from retrieval.word_matches import Matched
from retrieval.word_vectors import WordVectors

Memory = dict[tuple[str, str], Matched]
Models = Callable[[str], Embedder]

SYNONYMS = Path("tests/data")
ACROSS = 0.044
"""What BM25 counted across languages before words were matched by meaning."""


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
        return self._of("q", [text], self._model.encode_query, options)[0]

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


def models(folder: Path) -> Models:
    """Loads a model by name when it is first asked for; what it was given is kept in `folder`."""

    @cache
    def loaded(name: str) -> Embedder:
        if name == "none":
            return Embedder(name, cast(Any, Silent()), None)
        if name.endswith(" alone"):  # Taken to know every language, so that scores compare.
            whole, known = loaded(name.removesuffix(" alone")), PACKAGED[name.split()[0]]
            return Embedder(name, whole._model, None, usual=known.usual, scale=known.scale)
        if name == "e5":
            found = Embedder.load(name)
            found._beside = loaded(WORDS_MODEL)
        else:
            found = Embedder.load(name)
        sha256 = next(iter(PACKAGED[name].sha256.values()))
        found._model = cast(Any, Remembered(found._model, folder / f"{name}-{sha256[:8]}.npz"))
        return found

    return loaded


class Corpus:
    """What a Searcher asks of an index, in memory: passages and their vectors."""

    state = State("bench", 0, "2000-01-01")

    def __init__(self, folder: Path, embedder: Embedder, worded: Callable[[Passage], str]):
        cut = [(one, cutting.passages(one)) for one in scan(folder).articles]
        self._cut = {Indexed(a.source, len(own), tuple(find(a)), 0): own for a, own in cut}
        self._all = [one for own in self._cut.values() for one in own]
        self._numbers = {one.id: number for number, one in enumerate(self._all)}
        self.matrix = embedder.passages([worded(one) for one in self._all])

    def articles(self) -> list[Indexed]:
        return list(self._cut)

    def passages(self, articles: Sequence[Indexed]) -> Iterator[tuple[Indexed, Passage, Vectors]]:
        return (
            (one, passage, self.matrix[self._numbers[passage.id]])
            for one in articles
            for passage in self._cut[one]
        )

    def nearest(self, vector: Vectors, count: int, _: object) -> dict[str, float]:
        products = self.matrix @ vector
        return {self._all[n].id: float(products[n]) for n in np.argsort(-products)[:count]}

    def vectors(self, ids: Mapping[str, str]) -> dict[str, Vectors]:
        return {id: self.matrix[self._numbers[id]] for id in ids}


class Ready(Library):
    """A library over a searcher that is ready; it searches once for each question."""

    def __init__(self, folder: Path, searcher: Searcher, synonyms: Synonyms):
        super().__init__(folder, cast(Store, None), lambda: searcher._embedder)
        self._ready = searcher
        self._asked: dict[str, list[Hit]] = {}
        self._known = synonyms

    def _searching(self) -> Searcher:
        return self._ready

    def _found(self, question: str, language: str, limit: int) -> tuple[Searcher, list[Hit]]:
        if question not in self._asked:
            asked = self._known.apply(question, language)
            self._asked[question] = self._ready.search(question, language, limit, asked)
        return self._ready, self._asked[question][:limit]


class Shipped(Searcher):
    """The searcher itself, but that it remembers how the words of a question are matched: rows
    that change no words share that. (Which sentence of a quote answers, it does not tell.)"""

    memory: Memory

    def _matched(self, asked: Asked, language: str) -> Matched:
        key = (asked.text, language)
        if key not in self.memory:
            found = super()._matched(asked, language)
            self.memory[key] = replace(found, matches=found.matches[:, :0], numbers={})
        return self.memory[key]


class Uncentred(Shipped):
    """No value is compared with what is usual in its language."""

    def _usual(self, means: Mapping[str, Vectors], vector: Vectors) -> Floats:
        return np.zeros(len(self.passages), np.float32)

    def _centred(self, values: Floats) -> Floats:
        return values


class Terms(Uncentred):
    """BM25 alone, in all languages alike."""

    def _said(self, asked: Asked, language: str, matched: Matched) -> Floats:
        return self._weights.terms * self._lexicon.scores(asked.text, language)


class Words(Uncentred):
    """Words matched by meaning alone."""

    def _said(self, asked: Asked, language: str, matched: Matched) -> Floats:
        return self._weights.words * matched.own


class TermsAcross(Shipped):
    """BM25 counts across languages too."""

    def _said(self, asked: Asked, language: str, matched: Matched) -> Floats:
        terms = self._lexicon.scores(asked.text, language)
        other = self._centred(ACROSS * (self._languages != language) * terms)
        return super()._said(asked, language, matched) + other


class BestSentence(Shipped):
    """The cosine of e5 is the mean of that with the passage and that with its best sentence."""

    @property
    def _own(self) -> int:
        return self._embedder._own

    def _products(self, vector: Vectors) -> Floats:
        if not hasattr(self, "_sentences"):
            spans = [(p, span) for p in self.passages for span in p.sentences]
            self._sentences = self._embedder.passages([p.sentence(span) for p, span in spans])
            self._starts = np.cumsum([0, *(len(p.sentences) for p in self.passages)])[:-1]
        matrix, own = cast(Corpus, self._index).matrix, slice(self._own)
        best = np.maximum.reduceat(self._sentences[:, own] @ vector[own], self._starts)
        return np.asarray(matrix @ vector + (best - matrix[:, own] @ vector[own]) / 2)

    def _usual(self, means: Mapping[str, Vectors], vector: Vectors) -> Floats:
        if means is not self._means:
            return super()._usual(means, vector)
        products = self._products(vector)
        usual = {one: products[self._languages == one].mean() for one in self._known}
        return np.array([usual[one] for one in self._languages], np.float32)

    def _nearest(
        self, vector: Vectors, places: NDArray[np.intp]
    ) -> tuple[NDArray[np.intp], Floats]:
        products = self._products(vector)
        found = np.union1d(np.argsort(-products)[:NEAREST], places)
        return found, products[found]


Substitution = tuple[object, str, object]
"""A module, a name in it, and what it stands for."""

NOT_DIVERSE: Substitution = (answering, "chosen", lambda hits, count: list(hits[:count]))
ALONE = Weights(caption=0, short=0, lacking=0, evidence=0, likeness_unknown=1)
NO_WORDS = replace(ALONE, terms=0, words=0, around=0, names=0, names_alone=0)


def _title_first(passage: Passage) -> str:
    return f"{passage.source.title}\n{passage.text}"


def _text(passage: Passage) -> str:
    return passage.text


@dataclass(frozen=True, slots=True)
class Row:
    """One variant. Where `alone`, its score is of another scale than the threshold."""

    label: str
    weights: Weights = field(default_factory=Weights)
    model: str = "e5"
    searcher: type[Shipped] = Shipped
    instead: tuple[Substitution, ...] = ()
    worded: Callable[[Passage], str] = _text
    synonyms: Path | None = None
    alone: bool = False

    @contextmanager
    def applied(self) -> Iterator[None]:
        with ExitStack() as stack:
            for one in self.instead:
                stack.enter_context(patch.object(*one))
            yield

    @property
    def own_words(self) -> bool:
        """Whether words are matched as in no other row."""
        return bool(self.instead or self.synonyms)

    def library(self, folder: Path, loaded: Models, memory: Memory) -> Library:
        """The library over a folder of articles, while the row is applied."""
        embedder = loaded(self.model)
        corpus = Corpus(folder, embedder, self.worded)
        words = WordVectors(loaded(WORDS_MODEL))
        searcher = self.searcher(cast(Index, corpus), embedder, self.weights, words=words)
        searcher.memory = {} if self.own_words else memory
        synonyms = Synonyms.read(self.synonyms) if self.synonyms else Synonyms()
        return Ready(folder, searcher, synonyms)


def _alone(label: str, model: str, searcher: type[Shipped], weights: Weights) -> Row:
    return Row(label, weights, model, searcher, (NOT_DIVERSE,), alone=True)


ROWS = {
    "shipped": Row("as shipped"),
    "e5": _alone("e5 alone, its cosine", "e5 alone", Uncentred, NO_WORDS),
    "use": _alone("USE alone, its cosine", "use-multilingual alone", Uncentred, NO_WORDS),
    "e5-use": _alone("e5 and USE, their cosines", "e5", Uncentred, NO_WORDS),
    "bm25": _alone("BM25 alone", "none", Terms, ALONE),
    "words": _alone("words by meaning alone", "none", Words, ALONE),
    "no-words": Row("− words by meaning", Weights(words=0, around=0)),
    "no-bm25": Row("− BM25", Weights(terms=0)),
    "no-around": Row("− passages beside", Weights(around=0)),
    "no-caption": Row("− handicap of captions", Weights(caption=0)),
    "no-short": Row("− handicap of short passages", Weights(short=0)),
    "no-lacking": Row("− lacking a number or date", Weights(lacking=0)),
    "no-evidence": Row("− evidence of meetings", Weights(evidence=0)),
    "no-centring": Row("− centring by language", searcher=Uncentred),
    "no-use": Row("− USE beside e5", model="e5 alone"),
    "no-diversity": Row("− diversity of quotes", instead=(NOT_DIVERSE,)),
    "no-stemming": Row("− stemming", instead=((lexical, "stemmer_of", lambda _: None),)),
    "no-folding": Row(
        "− folding of accents",
        instead=((lexical, "fold", str.casefold), (word_matches, "fold", str.casefold)),
    ),
    "sentence": Row("+ the best sentence's cosine", searcher=BestSentence),
    "bm25-across": Row("+ BM25 across languages", searcher=TermsAcross),
    "title": Row("+ title before the passage", worded=_title_first),
    "short-passages": Row("passages of 200 characters", instead=((cutting, "ENOUGH", 200),)),
    "long-passages": Row("passages of 500 characters", instead=((cutting, "ENOUGH", 500),)),
    "synonyms": Row("+ tests/data/synonyms.txt", synonyms=SYNONYMS),
    "use-model": Row("USE as the only model", model=WORDS_MODEL),
    "minilm": Row("MiniLM as the only model", model="minilm"),
}
"""Each row by its name on the command line."""


def save(loaded: Models) -> None:
    """Keeps what the packaged models were given."""
    for name in PACKAGED:
        model = loaded(name)._model
        if isinstance(model, Remembered):
            model.save()
