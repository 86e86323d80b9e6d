"""The corpora that numbers are learnt and tried on: folds with gold questions, and XQuAD.

ANSWERS has a folder for each fold, with `articles/` and gold questions in `dev.jsonl`; the seeds'
has no articles of its own. XQUAD has XQuAD's `dev.en.json` and so on.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.token_space import LANGUAGES, read_xquad
from retrieval import Library
from retrieval.articles.scan import scan
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.encoder import Encoding
from retrieval.embedding.token_space import CODES_VERSION
from retrieval.evaluation.gold import Gold, read_gold
from retrieval.index.records import text_of
from retrieval.index.store import Store
from retrieval.models import Passage
from retrieval.search.query import parsed
from retrieval.search.searcher import Searcher

ROOT = Path(__file__).parent.parent
OWN_GOLD = ("questions", "more_questions")
"""Gold files about the seeds that are not the fold's: the core was once tuned on the first."""

XQUAD_STEP = 4
"""Of XQuAD's questions every fourth is asked."""

XQUAD_PASSAGES = ("en", "de", "es")
"""The languages whose paragraphs XQuAD's questions are asked of."""

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Fold:
    """A corpus: its folder of articles, and its gold questions by the name of their file."""

    name: str
    articles: Path
    golds: dict[str, list[Gold]]


def folds(answers: Path) -> Iterator[Fold]:
    """Yield the folds of a folder, by name. Raises OperatorError where gold cannot be read."""
    for folder in sorted(path for path in answers.iterdir() if path.is_dir()):
        articles, golds = folder / "articles", {"dev": read_gold(folder / "dev.jsonl")}
        if not articles.is_dir():
            articles = ROOT / "seeds"
            seed_golds = {
                name: read_gold(ROOT / "tests" / "data" / f"{name}.jsonl") for name in OWN_GOLD
            }
            golds |= seed_golds
        yield Fold(folder.name, articles, golds)


def read_translations(path: Path) -> list[list[Gold]]:
    """Return the gold questions of a file that has the same question in several languages in each
    line (`questions`, by language); none if there is no such file."""
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    cases = []
    for row in map(json.loads, lines):
        passages = tuple((gold["seed"], gold["contains"]) for gold in row["gold"])
        others = row["answerable"], passages, row.get("kind")
        cases.append([Gold(text, language, *others) for language, text in row["questions"].items()])
    return cases


def searcher_of(articles: Path, data: Path, embedder: Embedder) -> Searcher:
    """Index a folder of articles below `data`; return what searches it, without the reader."""
    store = Store.open(data)
    Library(articles, store, lambda: embedder).reload()
    generation = store.index()
    if generation is None:
        raise SystemExit(f"There is no index of {articles}.")
    return Searcher(generation, embedder)


def write_xquad(source: Path, language: str, folder: Path) -> list[Gold]:
    """Write the paragraphs of a file of XQuAD as articles, the first one `000.txt`; return its
    questions."""
    folder.mkdir(parents=True)
    golds = []
    paragraphs, _ = read_xquad(source)
    by_text = {text: f"{number:03}.txt" for number, text in enumerate(paragraphs)}
    for text, name in by_text.items():
        (folder / name).write_text(text + "\n", "utf-8")
    for article in json.loads(source.read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            for asked in paragraph["qas"]:
                gold = ((by_text[paragraph["context"]], asked["answers"][0]["text"]),)
                golds.append(Gold(asked["question"], language, True, gold))
    return golds


@dataclass(frozen=True, slots=True)
class EncodedTexts:
    """Encodings of several texts: `vectors` of shape (texts, dimension), `states` in 16 bits of
    shape (tokens, hidden), `rarity` of shape (tokens,), and where each text's tokens start, of
    shape (texts + 1,)."""

    vectors: Floats
    states: NDArray[np.float16]
    rarity: Floats
    starts: NDArray[np.int64]

    @classmethod
    def join(cls, encodings: Sequence[Encoding]) -> EncodedTexts:
        """Put encodings together, each with one token at least."""
        return cls(
            np.stack([encoding.vector for encoding in encodings]),
            np.concatenate([encoding.states.astype(np.float16) for encoding in encodings]),
            np.concatenate([encoding.rarity for encoding in encodings]),
            np.cumsum([0, *(len(encoding.states) for encoding in encodings)]),
        )

    @classmethod
    def read(cls, path: Path) -> EncodedTexts:
        """Read what `write` wrote."""
        with np.load(path) as arrays:
            return cls(*(arrays[name] for name in cls.__slots__))

    def write(self, path: Path) -> None:
        """Write the encodings to a file."""
        np.savez(path, **{name: getattr(self, name) for name in self.__slots__})

    def __getitem__(self, number: int) -> Encoding:
        """The encoding of a text."""
        span = slice(self.starts[number], self.starts[number + 1])
        return Encoding(
            self.vectors[number], self.states[span].astype(np.float32), self.rarity[span]
        )


@dataclass(frozen=True, slots=True)
class Question:
    """A gold question, its `text` and `language` as they are read, the passages it is asked of in
    each trial, and which of all passages answer it, of shape (passages,)."""

    gold: Gold
    text: str
    language: str
    trials: tuple[tuple[str, Numbers], ...]
    right: Bools


@dataclass(frozen=True, slots=True)
class Corpus:
    """Passages in order of their articles, and questions, with what the model makes of them."""

    name: str
    passages: list[Passage]
    questions: list[Question]
    encoded_passages: EncodedTexts
    encoded_questions: EncodedTexts

    @property
    def languages(self) -> NDArray[np.str_]:
        """The language of each passage."""
        return np.array([passage.source.language for passage in self.passages])


def fold_corpora(answers: Path, embedder: Embedder, cache: Path | None = None) -> Iterator[Corpus]:
    """Yield the folds with their answerable questions, a trial for each file of them. What the
    model makes of the texts is kept in `cache`."""
    for fold in folds(answers):
        passages = read_passages(fold.articles)
        questions = []
        for name, golds in fold.golds.items():
            for gold in (gold for gold in golds if gold.answerable):
                right = [gold.held_by(p.source.path, p.text) for p in passages]
                trials = ((name, np.arange(len(passages))),)
                questions.append(_question(gold, trials, np.array(right)))
        yield _encoded(fold.name, passages, questions, embedder, cache)


def xquad_corpus(xquad: Path, embedder: Embedder, cache: Path | None = None) -> Corpus:
    """Return XQuAD. A question is asked of the paragraphs in its language ("same"), in each other
    one ("across", "vi" if it is Vietnamese), and of each in a language at random ("mixed"). What
    the model makes of the texts is kept in `cache`."""
    with tempfile.TemporaryDirectory() as work:
        golds = [
            gold
            for language in LANGUAGES
            for gold in write_xquad(xquad / f"dev.{language}.json", language, Path(work) / language)
        ]
        passages = read_passages(Path(work))
    files = [passage.source.path.split("/") for passage in passages]
    dice = np.random.default_rng(0)
    drawn = {name: dice.choice(XQUAD_PASSAGES) for name in sorted({name for _, name in files})}
    mixed = np.flatnonzero([drawn[name] == language for language, name in files])
    columns = {
        wanted: np.flatnonzero([language == wanted for language, _ in files])
        for wanted in XQUAD_PASSAGES
    }
    questions = []
    for gold in golds[::XQUAD_STEP]:
        trials = [
            (
                "vi"
                if gold.language == "vi"
                else "same"
                if gold.language == language
                else "across",
                own,
            )
            for language, own in columns.items()
        ]
        if gold.language in columns:
            trials.append(("mixed", mixed))
        right = np.array([name == gold.passages[0][0] for _, name in files])
        questions.append(_question(gold, tuple(trials), right))
    return _encoded("xquad", passages, questions, embedder, cache)


def _question(gold: Gold, trials: tuple[tuple[str, Numbers], ...], right: Bools) -> Question:
    readings, language = parsed(gold.question)
    return Question(gold, readings[0], language, trials, right)


def read_passages(folder: Path) -> list[Passage]:
    """Return the passages of the articles in a folder."""
    return [passage for file in scan(folder, whole=True).files for passage in file.passages]


def _encoded(
    name: str,
    passages: list[Passage],
    questions: list[Question],
    embedder: Embedder,
    cache: Path | None,
) -> Corpus:
    def encode(role: str, texts: list[str], model: Callable[[], list[Encoding]]) -> EncodedTexts:
        key = hashlib.sha256(
            "\0".join([embedder.name, CODES_VERSION, *texts]).encode()
        ).hexdigest()[:16]
        path = cache / f"{name}-{role}-{key}.npz" if cache else None
        if path and path.is_file():
            return EncodedTexts.read(path)
        encoded = EncodedTexts.join(model())
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            encoded.write(path)
        return encoded

    texts = [text_of(passage).whole for passage in passages]
    asked = [question.text for question in questions]
    return Corpus(
        name,
        passages,
        questions,
        encode("passages", texts, lambda: embedder.passages.passages(texts)),
        encode("questions", asked, lambda: [embedder.questions.query(text) for text in asked]),
    )
