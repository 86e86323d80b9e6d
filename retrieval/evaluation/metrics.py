"""Results of gold questions → an `Evaluation`. Pure.

Each interval is a percentile bootstrap over the questions that its figure counts (Efron &
Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13); for the AUC, answerable and
unanswerable ones are drawn apart. scipy is slow to import, and only an evaluation needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

RESAMPLES, SEED = 1000, 0
"""How many samples make an interval, and the seed that draws the same ones each time."""

LEVEL = 0.95
BINS = 10
POINTS = 200
"""The most points that a curve has."""


@dataclass(frozen=True, slots=True)
class GoldResult:
    """The result of one gold question.

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

    def within(self, k: int) -> bool:
        """Whether one of the first `k` is a hit."""
        return self.rank is not None and self.rank <= k


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


def measure(results: Sequence[GoldResult]) -> Evaluation:
    """Measure at least one result."""
    answerable = [r for r in results if r.answerable]
    unanswerable = [r for r in results if not r.answerable]
    estimates = {
        "recall_at_1": _estimate([r.within(1) for r in answerable]),
        "recall_at_3": _estimate([r.within(3) for r in answerable]),
        "article_recall_at_1": _estimate([r.right_article for r in answerable]),
        "mrr_at_10": _estimate([1 / r.rank if r.rank else 0 for r in answerable]),
        "auc": _estimate([r.score for r in answerable], [r.score for r in unanswerable]),
        "answered_answerable": _estimate([r.answered for r in answerable]),
        "answered_unanswerable": _estimate([r.answered for r in unanswerable]),
        "answered_wrong": _estimate([not r.right for r in results if r.answered]),
    }
    value = {name: estimate for name, (estimate, _) in estimates.items()}
    abstention = ("auc", "answered_answerable", "answered_unanswerable")
    scores, right = [r.quote_score for r in results], [r.right for r in results]
    ms = [r.ms for r in results]
    return Evaluation(
        questions=len(results),
        recall_at_1=value["recall_at_1"],
        recall_at_3=value["recall_at_3"],
        by_language=_grouped(answerable, lambda r: r.language, _recalls),
        article_recall_at_1=value["article_recall_at_1"],
        mrr_at_10=value["mrr_at_10"],
        abstention={name: value[name] for name in abstention},
        latency_ms={f"p{q}": round(float(np.percentile(ms, q)), 2) for q in (50, 95)},
        by_pair=_grouped(answerable, lambda r: r.pair, _recalls),
        intervals={name: interval for name, (_, interval) in estimates.items()},
        answered_by_topic=_grouped(
            unanswerable, lambda r: r.kind, lambda group: {"answered": _answered(group)}
        ),
        selective={"coverage": _answered(results), "answered_wrong": value["answered_wrong"]},
        risk_coverage=risk_coverage(scores, right),
        reliability=reliability(scores, right),
    )


def auc(positive: ArrayLike, negative: ArrayLike, axis: int = 0) -> Any:
    """The chance that a positive scores above a negative (ties half): the area under the ROC curve.

    Args:
        positive, negative: their scores along `axis`, at least one each.
    """
    from scipy.stats import mannwhitneyu  # noqa: PLC0415

    pairs = np.shape(positive)[axis] * np.shape(negative)[axis]
    return mannwhitneyu(positive, negative, axis=axis, method="asymptotic").statistic / pairs


def risk_coverage(scores: ArrayLike, right: ArrayLike) -> list[Point]:
    """The risk–coverage curve, from the best score to the least; at most POINTS of its points.

    El-Yaniv & Wiener, "On the Foundations of Noise-free Selective Classification", JMLR 2010.

    Args:
        scores, right: (n,), n ≥ 1.
    """
    # Questions of one score are answered together or not at all.
    thresholds, group = np.unique(-np.asarray(scores), return_inverse=True)
    answered = np.bincount(group).cumsum()
    risk = np.bincount(group, ~np.asarray(right)).cumsum() / answered
    indices = np.linspace(0, len(answered) - 1, min(len(answered), POINTS)).astype(int)
    curve = np.column_stack([-thresholds, answered / len(group), risk])[indices]
    return [Point(*point) for point in curve.round(4).tolist()]


def reliability(scores: ArrayLike, right: ArrayLike) -> Reliability:
    """Scores beside the shares of right answers, in BINS bins of equal width; no empty ones.

    Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, sections 2 and 3; scores
    below 0 count as 0, above 1 as 1.

    Args:
        scores, right: (n,), n ≥ 1.
    """
    clipped = np.clip(scores, 0, 1)
    number = np.digitize(clipped, np.arange(1, BINS) / BINS, right=True)
    _, group, count = np.unique(number, return_inverse=True, return_counts=True)
    score, share = (np.bincount(group, values) / count for values in (clipped, np.asarray(right)))
    columns = score.round(4).tolist(), share.round(4).tolist(), count.tolist()
    error = np.average(abs(score - share), weights=count)
    return Reliability([Bin(*row) for row in zip(*columns, strict=True)], _round(error))


def _estimate(*samples: Sequence[float]) -> tuple[float | None, tuple[float, float] | None]:
    """The mean of one sample or the AUC of two, None of an empty one; and its interval, None where
    a sample has fewer than two questions."""
    from scipy.stats import bootstrap  # noqa: PLC0415

    if not all(samples):
        return None, None
    data = [np.array(sample, dtype=float) for sample in samples]
    statistic: Callable[..., Any] = auc if len(data) == 2 else np.mean
    value = _round(statistic(*data))
    if min(map(len, samples)) == 1:
        return value, None
    options = {"n_resamples": RESAMPLES, "confidence_level": LEVEL, "method": "percentile"}
    low, high = bootstrap(data, statistic, **options, rng=SEED).confidence_interval
    return value, (_round(low), _round(high))


def _grouped(
    results: Sequence[GoldResult],
    key: Callable[[GoldResult], str | None],
    row: Callable[[Sequence[GoldResult]], dict[str, float]],
) -> dict[str, dict[str, float | int]]:
    """A row for each group, with the number of its questions; those of no group are left out."""
    groups = dict[str, list[GoldResult]]()
    for result in results:
        if (name := key(result)) is not None:
            groups.setdefault(name, []).append(result)
    return {name: {"questions": len(group), **row(group)} for name, group in sorted(groups.items())}


def _recalls(group: Sequence[GoldResult]) -> dict[str, float]:
    return {f"recall_at_{k}": _round(np.mean([r.within(k) for r in group])) for k in (1, 3)}


def _answered(group: Sequence[GoldResult]) -> float:
    return _round(np.mean([r.answered for r in group]))


def _round(value: Any) -> float:
    return round(float(value), 4)
