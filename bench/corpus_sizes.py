"""How large corpora answer: `python -m bench.corpus_sizes ANSWERS XQUAD [--also FOLDER QUESTIONS]`.

Each fold of ANSWERS (see `bench/corpora.py`) is asked its own questions, and some of other folds,
which it does not answer. Then all folds together are asked the same, and XQuAD's for what they do
not answer; then, with --also, a folder of articles that nothing was learnt from, its gold questions
(`article` and `answers` of each, in JSON) and the folds'. The table has what each answers with
several values of `score.crossing_loss`. The reader has learnt from the folds, so of these it
answers too many, alone and together.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bench.corpora import folds, searcher_of
from bench.learn import share_cell
from bench.token_space import LANGUAGES
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.onnx_encoder import PassageReader
from retrieval.evaluation.gold import Gold
from retrieval.search.reranker import reread
from retrieval.search.searcher import Searcher
from retrieval.search.weights import ANSWER, SCORE

LOSSES = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7)
OTHERS = 60
"""Questions of other folds that each is asked, and of XQuAD in each language."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: its kind, the chances of its first hit by LOSSES, and whether that is right and
    in another language."""

    kind: str
    chances: Sequence[float]
    is_right: bool
    is_crossing: bool


def main() -> None:
    """Ask, and print the table."""
    parser = argparse.ArgumentParser(description="How large corpora answer.")
    parser.add_argument("answers", type=Path)
    parser.add_argument("xquad", type=Path)
    parser.add_argument("--also", type=Path, nargs=2, metavar=("FOLDER", "QUESTIONS"))
    args = parser.parse_args()
    embedder = Embedder.load(threads=2)
    chance = random.Random(1)
    all_folds = list(folds(args.answers))
    own = {fold.name: fold.golds["dev"] for fold in all_folds}
    head = "passages | loss | first quote right | answered | near | others | … in another language"
    print(f"| corpus | {head} |\n|{'---|' * 8}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        together, data = Path(folder) / "together", Path(folder) / "data"
        alone, joined = list[Asked](), list[Gold]()
        for fold in all_folds:
            foreign = [gold for name, golds in own.items() if name != fold.name for gold in golds]
            golds = [*own[fold.name], *map(_of_others, chance.sample(foreign, OTHERS))]
            alone += _ask(searcher_of(fold.articles, data / fold.name, embedder), embedder, golds)
            shutil.copytree(fold.articles, together / fold.name)
            joined += [_below(fold.name, gold) for gold in own[fold.name]]
        _print("each fold alone", "51 to 1,700", alone)
        joined += map(_of_others, _xquad(args.xquad, chance))
        corpora = [("all folds together", together, joined)]
        if args.also:
            others = [_of_others(gold) for golds in own.values() for gold in golds]
            corpora += [("other articles", args.also[0], [*_read(args.also[1]), *others])]
        for name, articles, golds in corpora:
            searcher = searcher_of(articles, data / name, embedder)
            passages = sum(article.passages for article in searcher.articles)
            _print(name, f"{passages:,}", _ask(searcher, embedder, golds))


def _of_others(gold: Gold) -> Gold:
    return replace(gold, answerable=False, passages=(), kind="far")


def _below(folder: str, gold: Gold) -> Gold:
    passages = tuple((f"{folder}/{path}", words) for path, words in gold.passages)
    return replace(gold, passages=passages)


def _xquad(xquad: Path, chance: random.Random) -> Iterator[Gold]:
    for language in LANGUAGES:
        data = json.loads((xquad / f"dev.{language}.json").read_text("utf-8"))["data"]
        paragraphs = [paragraph for article in data for paragraph in article["paragraphs"]]
        asked = [qa["question"] for paragraph in paragraphs for qa in paragraph["qas"]]
        yield from (Gold(text, language, False, ()) for text in chance.sample(asked, OTHERS))


def _read(questions: Path) -> Iterator[Gold]:
    for row in json.loads(questions.read_text("utf-8")):
        passages = tuple((row["article"], words) for words in row["answers"])
        yield Gold(row["q"], row["lang"], bool(passages), passages, row["kind"])


class _Reader:
    """Reads each pair once."""

    def __init__(self, reader: PassageReader) -> None:
        self._reader = reader
        self._read: dict[tuple[str, tuple[str, str]], float] = {}

    def read(
        self, questions: Sequence[str], pairs: Sequence[tuple[str, str]]
    ) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        """Return what the reader does."""
        asked = list(zip(questions, pairs, strict=True))
        if any(pair not in self._read for pair in asked):
            readings = self._reader.read(questions, pairs)
            self._read |= dict(zip(asked, map(float, readings), strict=True))
        return np.array([self._read[pair] for pair in asked], dtype=np.float32)


def _ask(searcher: Searcher, embedder: Embedder, golds: Sequence[Gold]) -> list[Asked]:
    passages = sum(article.passages for article in searcher.articles)
    growth = max(0.0, math.log(max(passages, 1) / SCORE.small))
    asked = []
    for gold in golds:
        reader, chances = _Reader(embedder.reader), list[float]()
        query = searcher.parse(gold.question)
        for loss in LOSSES:
            searcher.crossing = SCORE.crossing - loss * growth
            hits = reread(reader, query.text, query.language, searcher.search(query))
            chances.append(hits[0].score)
        passage = hits[0].passage
        right = gold.held_by(passage.source.path, passage.text)
        kind = "answerable" if gold.answerable else "near" if gold.kind == "near" else "other"
        asked.append(Asked(kind, chances, right, passage.source.language != query.language))
    return asked


def _print(name: str, passages: str, asked: Sequence[Asked]) -> None:
    right, crossing = (
        np.array([getattr(a, n) for a in asked]) for n in ("is_right", "is_crossing")
    )
    kinds = np.array([each.kind for each in asked])
    for number, loss in enumerate(LOSSES):
        answered = np.array([each.chances[number] >= ANSWER.threshold for each in asked])
        other = kinds == "other"
        cells = [
            share_cell((answered & right)[kinds == "answerable"]),
            *(share_cell(answered[kinds == kind]) for kind in ("answerable", "near", "other")),
            share_cell(answered[other & crossing]),
        ]
        print(f"| {name} | {passages} | {loss} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
