"""Learns how hits are ordered and scored: `python -m bench.learn ANSWERS XQUAD [--write]`.

ANSWERS has a folder for each corpus, with `articles/` and gold questions in `dev.jsonl` (that of
the seeds without articles); XQUAD has XQuAD's `dev.en.json` and so on. The order and the score are
fitted on all corpora but one, and tried on that one, in turn; the tables say what they brought
there. At last they are fitted on all, and with --write put into `retrieval/search/weights.toml`.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.bootstrap import mean_interval
from bench.corpora import ROOT, folds, read_passages, searcher_of, write_xquad
from bench.name_questions import WHO_IS, name_questions, names_of
from bench.token_space import LANGUAGES
from retrieval.embedding.embedder import Embedder
from retrieval.evaluation.gold import Gold
from retrieval.index.records import text_of
from retrieval.library import DEPTH
from retrieval.search.evidence import verbatim_evidence
from retrieval.search.late_interaction import token_weights
from retrieval.search.query import parsed
from retrieval.search.searcher import Searcher
from retrieval.search.synonyms import ExpandedQuery
from retrieval.search.weights import ANSWER, ORDER, SCORE

WEIGHTS = ROOT / "retrieval" / "search" / "weights.toml"
XQUAD_SAMPLE = 150
"""Questions of XQuAD in each language: all of them would outweigh the rest."""

UNASKED = -1.0
SCORE_NAMES = ("maxsim", "gap", "tokens", "crossing", "verbatim", "offset")


@dataclass(frozen=True, slots=True)
class Row:
    """A question, asked.

    `hits` is of shape (hits, 3): the MaxSim of each, whether it is in another language than the
    question, and its `verbatim_evidence`. `right` says which of them answer, `tokens` how many the
    question has.
    """

    corpus: str
    language: str
    kind: str
    answerable: bool
    asks: str | None
    hits: NDArray[np.float64]
    right: NDArray[np.bool_]
    tokens: int

    def ordered(self, crossing: float) -> Row:
        """Return the row with its hits in the order that a weight gives."""
        order = np.argsort(-self.hits[:, :2] @ [1.0, crossing], kind="stable")
        return replace(self, hits=self.hits[order], right=self.right[order])

    @property
    def level(self) -> float:
        """The mean MaxSim of the hits behind the first."""
        return float(self.hits[1 : 1 + SCORE.rivals, 0].mean())

    @property
    def features(self) -> tuple[float, float, float, float, float]:
        """What the chance that the first hit answers is learnt from."""
        maxsim, crossing, verbatim = self.hits[0]
        return maxsim, maxsim - self.level, self.tokens, crossing, verbatim

    @property
    def rank(self) -> int | None:
        """The rank of the first hit that answers."""
        return int(self.right.argmax()) + 1 if self.right.any() else None


def main() -> None:
    """Learn, and print what it brings."""
    parser = argparse.ArgumentParser(description="Learns how a score comes about.")
    parser.add_argument("answers", type=Path)
    parser.add_argument("xquad", type=Path)
    parser.add_argument("--write", action="store_true", help="put it into weights.toml")
    args = parser.parse_args()
    embedder = Embedder.load(threads=2)
    rows = [row for corpus in _corpora(args.answers, args.xquad, embedder) for row in corpus]
    names = sorted({row.corpus for row in rows})
    scores = np.full(len(rows), UNASKED)
    ordered = list(rows)
    for name in names:
        crossing = fit_order([row for row in rows if row.corpus != name])
        training = [row.ordered(crossing) for row in rows if row.corpus != name]
        numbers = [number for number, row in enumerate(rows) if row.corpus == name]
        for number in numbers:
            ordered[number] = rows[number].ordered(crossing)
        scores[numbers] = chances([ordered[number] for number in numbers], fit(training))
    named = np.array([row.asks == WHO_IS for row in rows])
    _print_tables([row for row in ordered if row.asks != WHO_IS], scores[~named], names)
    for answerable in (True, False):
        numbers = named & (np.array([row.answerable for row in rows]) == answerable)
        print(f"{WHO_IS}, {answerable}: {share_cell(scores[numbers] >= ANSWER.threshold)}")
    crossing = fit_order(rows)
    rows = [row.ordered(crossing) for row in rows]
    order, score = {"crossing": crossing}, dict(zip(SCORE_NAMES, fit(rows).tolist(), strict=True))
    score["usual"] = float(np.mean([row.level for row in rows]))
    for table, learnt in (("order", order), ("score", score)):
        print(f"\n{table}:", {name: round(value, 3) for name, value in learnt.items()})
        if args.write:
            write_weights(table, learnt)


def fit_order(rows: list[Row]) -> float:
    """Fit what being in another language adds to a hit's MaxSim, each corpus with the same
    weight."""
    rows = [row for row in rows if row.right.any()]
    counts = Counter(row.corpus for row in rows)
    return conditional_logit(
        [(1 / counts[row.corpus], row.hits[:, :2], row.right) for row in rows], 0.0
    )


def conditional_logit(
    questions: Sequence[tuple[float, NDArray[np.float64], NDArray[np.bool_]]], start: float
) -> float:
    """Fit what the second of two features of a hit counts beside the first, so that of the hits one
    that answers comes first (McFadden, 1974).

    Args:
        questions: of each its weight, the features of its hits, of shape (hits, 2), and which of
            them answer, of shape (hits,).
        start: where the search begins, for 20 of the first feature.
    """
    from scipy.optimize import minimize  # noqa: PLC0415
    from scipy.special import logsumexp  # noqa: PLC0415

    def loss(weights: NDArray[np.float64]) -> float:
        total = 0.0
        for share, features, right in questions:
            ranks = features @ weights
            total += share * (logsumexp(ranks) - logsumexp(ranks[right]))
        return total

    fitted = minimize(loss, np.array([20.0, start]), method="Powell").x
    return float(fitted[1] / fitted[0])


def fit(rows: list[Row]) -> NDArray[np.float64]:
    """Fit the chance that a first hit answers, each corpus with the same weight; return the
    coefficients of the features and the offset."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    features = np.array([row.features for row in rows])
    counts = Counter(row.corpus for row in rows)
    weights = [len(rows) / len(counts) / counts[row.corpus] for row in rows]
    scale = features.std(axis=0)
    model = LogisticRegression(C=10.0).fit(
        features / scale, [row.rank == 1 for row in rows], sample_weight=weights
    )
    return np.array([*(model.coef_[0] / scale), model.intercept_[0]])


def chances(rows: list[Row], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what rows score with weights as `fit` returns them."""
    raw = np.array([row.features for row in rows]) @ weights[:-1] + weights[-1]
    return np.asarray(1 / (1 + np.exp(-raw)), dtype=np.float64)


def write_weights(table: str, learnt: dict[str, float]) -> None:
    """Put learnt numbers into a table of `weights.toml`."""
    before, mark, text = WEIGHTS.read_text("utf-8").partition(f"[{table}]")
    for name, value in learnt.items():
        text = re.sub(rf"(?m)^{name} = \S+", f"{name} = {value:.4g}", text, count=1)
    WEIGHTS.write_text(before + mark + text, "utf-8")


def _corpora(answers: Path, xquad: Path, embedder: Embedder) -> Iterator[list[Row]]:
    all_folds = list(folds(answers))
    passages = [list(read_passages(fold.articles)) for fold in all_folds]
    for number, fold in enumerate(all_folds):
        golds = [gold for file_golds in fold.golds.values() for gold in file_golds]
        golds += name_questions(passages[number], names_of(passages[number - 1]), number)
        with tempfile.TemporaryDirectory() as data:
            searcher = searcher_of(fold.articles, Path(data), embedder)
            yield [_row(fold.name, gold, searcher, embedder) for gold in golds]
        print(f"{fold.name}: {len(golds)} questions", flush=True)
    for language in LANGUAGES:
        with tempfile.TemporaryDirectory() as work:
            golds = write_xquad(xquad / f"dev.{language}.json", language, Path(work) / "articles")
            searcher = searcher_of(Path(work) / "articles", Path(work) / "data", embedder)
            yield [
                _row("xquad", gold, searcher, embedder, without=without)
                for gold in golds[:: len(golds) // XQUAD_SAMPLE]
                for without in (False, True)
            ]
        print(f"xquad {language}", flush=True)


def _row(
    corpus: str, gold: Gold, searcher: Searcher, embedder: Embedder, *, without: bool = False
) -> Row:
    """Ask a question; `without` leaves out the articles that answer it."""
    (text, *readings), language = parsed(gold.question)
    hits = searcher.search(ExpandedQuery(text, language, readings=tuple(readings)), 100)
    if without:
        away = {path for path, _ in gold.passages}
        hits = [hit for hit in hits if hit.passage.source.path not in away]
    crossing = np.array([hit.passage.source.language != language for hit in hits])
    question = embedder.questions.query(text)
    weights, counts = token_weights(question.rarity), embedder.questions.token_counts(text.split())
    verbatim = np.zeros(len(hits))
    worded = [text_of(hit.passage).whole for hit in hits[:DEPTH]]
    verbatim[:DEPTH] = verbatim_evidence(text, language, counts, weights, worded)
    ranks = np.array([hit.rank_score for hit in hits])
    answers = [gold.held_by(hit.passage.source.path, hit.passage.text) for hit in hits]
    return Row(
        corpus,
        gold.language,
        "near" if without else gold.kind or "",
        gold.answerable and not without,
        gold.asks,
        np.stack([ranks - ORDER.crossing * crossing, crossing, verbatim], axis=1),
        np.array(answers),
        len(question.rarity),
    )


def _print_tables(rows: list[Row], scores: NDArray[np.float64], names: list[str]) -> None:
    print("\nEach corpus by weights that were learnt on the others; 95 % intervals")
    head = "R@1 | R@3 | R@10 | AUC | AUC near | first quote right | answered | near | other"
    print(f"| corpus | {head} |\n|{'---|' * 10}")
    folds = [name for name in names if name != "xquad"]
    for name, chosen in [*((name, [name]) for name in names), ("all but xquad", folds)]:
        mask = np.array([row.corpus in chosen for row in rows])
        print(f"| {name} | {_figures([r for r in rows if r.corpus in chosen], scores[mask])} |")
    print("\n| threshold | first quote right | answered | near | other |\n|---|---|---|---|---|")
    mask = np.array([row.corpus in folds for row in rows])
    for threshold in (0.15, 0.2, 0.25, 0.3, 0.35):
        cells = _figures([r for r in rows if r.corpus in folds], scores[mask], threshold)
        print(f"| {threshold} | {' | '.join(cells.split(' | ')[5:])} |")
    print("\n| language | said | right |\n|---|---|---|")
    for language in sorted({row.language for row in rows}):
        mask = np.array([row.language == language and row.corpus != "xquad" for row in rows])
        right = np.array([row.rank == 1 for row in rows])
        print(f"| {language} | {scores[mask].mean():.2f} | {right[mask].mean():.2f} |")


def _figures(
    rows: list[Row], scores: NDArray[np.float64], threshold: float = ANSWER.threshold
) -> str:
    answerable = np.array([row.answerable for row in rows])
    near = np.array([row.kind == "near" for row in rows])
    right = np.array([row.rank == 1 for row in rows])
    ranks = np.array([row.rank or np.inf for row in rows])
    answered = scores >= threshold
    cells = [share_cell(ranks[answerable] <= limit) for limit in (1, 3, 10)]
    cells += [auc_cell(scores, answerable, ~answerable), auc_cell(scores, answerable, near)]
    cells += [share_cell((right & answered)[answerable]), share_cell(answered[answerable])]
    cells += [share_cell(answered[near]), share_cell(answered[~answerable & ~near])]
    return " | ".join(cells)


def share_cell(hits: NDArray[np.bool_]) -> str:
    """Return a share with its 95 % interval, for a table."""
    if not len(hits):
        return "–"
    mean, low, high = mean_interval(hits)
    return f"{mean:.3f} ({low:.2f}–{high:.2f})"


def auc_cell(scores: NDArray[np.float64], ones: NDArray[np.bool_], zeros: NDArray[np.bool_]) -> str:
    """Return how well scores tell the ones from the zeros, for a table."""
    from sklearn.metrics import roc_auc_score  # noqa: PLC0415

    if not ones.any() or not zeros.any():
        return "–"
    used = ones | zeros
    return f"{roc_auc_score(ones[used], scores[used]):.3f}"


if __name__ == "__main__":
    main()
