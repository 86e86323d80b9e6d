"""What came of gold questions → figures. Pure.

Each figure is a function of how much every question counts: 1 for the figure itself, as often as
it is drawn for the figure's interval.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

DRAWS, SEED = 1000, 0
"""So many samples make an interval, the same each time."""

LEVEL = 0.95
BINS = 10
POINTS = 200
"""The most points that a curve has."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one gold question.

    `pair` is the question's language and its gold article's, `en-de`, and None for a question
    without an answer; `kind` is the gold file's. `rank` is that of the first hit, from 1, or None;
    `right_article` says whether what ranks first is from a gold article, and `score` is its score.
    `right` says whether the answer's first quote is a hit, and `quote_score` is its score; where
    nothing is quoted, they are those of what ranks first.
    """

    language: str
    pair: str | None
    kind: str | None
    rank: int | None
    right_article: bool
    score: float
    right: bool
    quote_score: float
    answered: bool
    ms: float

    @property
    def answerable(self) -> bool:
        return self.pair is not None


@dataclass(frozen=True, slots=True)
class Point:
    """If all that scores `threshold` or more were answered: `coverage` is the share of questions
    with an answer, `risk` the share of these answers that are not right."""

    threshold: float
    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of like scores: their mean score, and the share of right answers."""

    score: float
    right: float
    questions: int


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far scores are from probabilities. The error is the mean of |score − right| over the
    bins, weighed by their questions."""

    bins: list[Bin]
    expected_calibration_error: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures over a gold file; shares are from 0 to 1, None where no question counts.

    Recall and MRR are over the answerable questions, on the ranking before abstention;
    latencies are those of whole answers, in milliseconds. An answer is right if its first quote
    is a hit; to an unanswerable question none is.

    `by_pair` goes by the question's language and the gold article's (`en-de`). `intervals` has
    the ends of each figure's 95 % interval. `answered_by_topic` has the unanswerable questions by
    the gold file's `kind`. In `selective`, `coverage` is the share of all questions that were
    answered, `answered_wrong` the share of these answers that are not right; `risk_coverage` is
    what they would be at other thresholds.
    """

    questions: int
    recall_at_1: float | None
    recall_at_3: float | None
    by_language: dict[str, dict[str, float | int]]
    article_recall_at_1: float | None
    mrr_at_10: float | None
    abstention: dict[str, float | None]
    latency_ms: dict[str, float]
    by_pair: dict[str, dict[str, float | int]]
    intervals: dict[str, tuple[float, float] | None]
    answered_by_topic: dict[str, dict[str, float | int]]
    selective: dict[str, float | None]
    risk_coverage: list[Point]
    reliability: Reliability


def figures(results: Sequence[Result]) -> Evaluation:
    """The figures over at least one result."""
    asked = [r for r in results if r.answerable]
    others = [r for r in results if not r.answerable]
    scores, right = [r.quote_score for r in results], [r.right for r in results]
    ms = [r.ms for r in results]
    found = {name: _value(one) for name, one in _measured(results, np.ones((1, len(ms)))).items()}
    return Evaluation(
        questions=len(results),
        recall_at_1=found["recall_at_1"],
        recall_at_3=found["recall_at_3"],
        by_language=_grouped(asked, lambda r: r.language, _recalls),
        article_recall_at_1=found["article_recall_at_1"],
        mrr_at_10=found["mrr_at_10"],
        abstention={
            name: found[name] for name in ("auc", "answered_answerable", "answered_unanswerable")
        },
        latency_ms={f"p{q}": round(float(np.percentile(ms, q)), 2) for q in (50, 95)},
        by_pair=_grouped(asked, lambda r: r.pair, _recalls),
        intervals={
            name: None if found[name] is None else _interval(one)
            for name, one in _measured(results, drawn(len(results))).items()
        },
        answered_by_topic=_grouped(
            others, lambda r: r.kind, lambda group: {"answered": _share(r.answered for r in group)}
        ),
        selective={
            "coverage": _share(r.answered for r in results),
            "answered_wrong": found["answered_wrong"],
        },
        risk_coverage=risk_coverage(scores, right),
        reliability=reliability(scores, right),
    )


def drawn(questions: int) -> Floats:
    """How often each question is in each sample of as many, drawn with replacement.

    The bootstrap of Efron & Tibshirani, "An Introduction to the Bootstrap", 1993: the ends of an
    interval are percentiles of the figure over the samples (chapter 13).

    Returns:
        (DRAWS, questions); each row sums to `questions`.
    """
    draws = np.random.default_rng(SEED).integers(questions, size=(DRAWS, questions))
    cells = draws + questions * np.arange(DRAWS)[:, None]
    counts = np.bincount(cells.ravel(), minlength=cells.size)
    return counts.reshape(cells.shape).astype(float)


def auc(scores: ArrayLike, positive: ArrayLike, weights: ArrayLike) -> Floats:
    """The chance that a positive scores above a negative (ties half): the area under the ROC curve.

    Args:
        scores, positive: (n,), n ≥ 1.
        weights: (samples, n), how much each counts.

    Returns:
        (samples,), NaN where there are no positives or no negatives.
    """
    order = np.argsort(scores, kind="stable")
    _, starts = np.unique(np.asarray(scores)[order], return_index=True)
    weighed, chosen = np.asarray(weights, dtype=float)[:, order], np.asarray(positive)[order]
    above = np.add.reduceat(weighed * chosen, starts, axis=1)
    level = np.add.reduceat(weighed * ~chosen, starts, axis=1)
    wins = above * (level.cumsum(axis=1) - level / 2)
    return _divided(wins.sum(axis=1), above.sum(axis=1) * level.sum(axis=1))


def risk_coverage(scores: ArrayLike, right: ArrayLike) -> list[Point]:
    """The risk–coverage curve, from the best score to the least; at most POINTS of its points.

    El-Yaniv & Wiener, "On the Foundations of Noise-free Selective Classification", JMLR 2010.

    Args:
        scores, right: (n,), n ≥ 1.
    """
    order = np.argsort(-np.asarray(scores), kind="stable")
    ranked, wrong = np.asarray(scores)[order], ~np.asarray(right)[order]
    # Questions of one score are answered together or not at all.
    last = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    kept = last[np.linspace(0, len(last) - 1, min(len(last), POINTS)).astype(int)]
    answered = np.arange(1, len(ranked) + 1)
    risk, coverage = wrong.cumsum() / answered, answered / len(ranked)
    return [Point(_round(ranked[k]), _round(coverage[k]), _round(risk[k])) for k in kept]


def reliability(scores: ArrayLike, right: ArrayLike) -> Reliability:
    """Scores beside the shares of right answers, in BINS bins of equal width; no empty ones.

    Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, sections 2 and 3; scores
    below 0 count as 0, above 1 as 1.

    Args:
        scores, right: (n,), n ≥ 1.
    """
    clipped, good = np.clip(scores, 0, 1), np.asarray(right, dtype=float)
    of = np.digitize(clipped, np.arange(1, BINS) / BINS, right=True)
    groups = [of == one for one in np.unique(of)]
    gaps = [abs(float((clipped - good)[group].sum())) for group in groups]
    return Reliability(
        [
            Bin(_round(clipped[group].mean()), _round(good[group].mean()), int(group.sum()))
            for group in groups
        ],
        _round(sum(gaps) / len(good)),
    )


def _measured(results: Sequence[Result], weights: Floats) -> dict[str, Floats]:
    """The figures that have intervals, each (samples,), for weights (samples, results)."""
    asked = np.array([r.answerable for r in results])
    answered = np.array([r.answered for r in results])
    ranks = np.array([r.rank or np.inf for r in results])

    def mean(values: ArrayLike, of: NDArray[np.bool_]) -> Floats:
        return _divided(weights @ (np.asarray(values, dtype=float) * of), weights @ of)

    return {
        "recall_at_1": mean(ranks <= 1, asked),
        "recall_at_3": mean(ranks <= 3, asked),
        "article_recall_at_1": mean([r.right_article for r in results], asked),
        "mrr_at_10": mean(1 / ranks, asked),
        "auc": auc([r.score for r in results], asked, weights),
        "answered_answerable": mean(answered, asked),
        "answered_unanswerable": mean(answered, ~asked),
        "answered_wrong": mean([not r.right for r in results], answered),
    }


def _divided(a: Floats, b: Floats) -> Floats:
    return np.divide(a, b, out=np.full_like(a, np.nan), where=b > 0)


def _value(sample: Floats) -> float | None:
    return None if np.isnan(sample[0]) else _round(sample[0])


def _interval(samples: Floats) -> tuple[float, float]:
    """Samples in which no question counts are left out."""
    tail = (1 - LEVEL) / 2
    low, high = np.nanquantile(samples, [tail, 1 - tail])
    return _round(low), _round(high)


def _grouped(
    results: Iterable[Result],
    key: Callable[[Result], str | None],
    row: Callable[[Sequence[Result]], dict[str, float]],
) -> dict[str, dict[str, float | int]]:
    """A row for each group, with the number of its questions; those of no group are left out."""
    groups = defaultdict[str, list[Result]](list)
    for result in results:
        if (name := key(result)) is not None:
            groups[name].append(result)
    return {name: {"questions": len(one), **row(one)} for name, one in sorted(groups.items())}


def _recalls(group: Sequence[Result]) -> dict[str, float]:
    return {
        f"recall_at_{k}": _share(r.rank is not None and r.rank <= k for r in group) for k in (1, 3)
    }


def _share(values: Iterable[bool]) -> float:
    return _round(np.mean(list(values)))


def _round(value: float | np.floating) -> float:
    return round(float(value), 4)
