"""Figures from results: known values, and what holds for any."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from retrieval.evaluation.metrics import (
    POINTS,
    Bin,
    GoldResult,
    Point,
    auc,
    measure,
    reliability,
    risk_coverage,
)
from tests.lazy import sklearn_metrics

FOUND = GoldResult(
    language="en", pair="en-de", kind=None, rank=1, right_article=True, score=0.9, right=True,
    quote_score=0.9, answered=True, ms=10.0,
)  # fmt: skip
MISSED = replace(
    FOUND, pair="en-en", rank=None, right_article=False, score=0.3, right=False, quote_score=0.3
)
THIRD = replace(FOUND, language="de", pair="de-de", rank=3, score=0.5, right=False, quote_score=0.5)
NEAR = replace(MISSED, pair=None, kind="near", score=0.4, quote_score=0.4)
FAR = replace(NEAR, kind="far", score=0.1, quote_score=0.1, answered=False)

scored = st.lists(
    st.tuples(
        st.sampled_from([-0.5, 0.0, 0.1, 0.3, 0.7, 1.0, 1.5]) | st.floats(0, 1), st.booleans()
    ),
    min_size=1,
    max_size=50,
)


def test_figures_that_were_counted_by_hand() -> None:
    found = measure([FOUND, MISSED, THIRD, NEAR, FAR])
    assert found.questions == 5
    assert (found.recall_at_1, found.recall_at_3) == (0.3333, 0.6667)
    assert (found.article_recall_at_1, found.mrr_at_10) == (0.6667, 0.4444)
    assert found.by_language == {
        "de": {"questions": 1, "recall_at_1": 0.0, "recall_at_3": 1.0},
        "en": {"questions": 2, "recall_at_1": 0.5, "recall_at_3": 0.5},
    }
    assert found.by_pair == {
        "de-de": {"questions": 1, "recall_at_1": 0.0, "recall_at_3": 1.0},
        "en-de": {"questions": 1, "recall_at_1": 1.0, "recall_at_3": 1.0},
        "en-en": {"questions": 1, "recall_at_1": 0.0, "recall_at_3": 0.0},
    }
    assert found.abstention == {
        "auc": 0.8333, "answered_answerable": 1.0, "answered_unanswerable": 0.5,
    }  # fmt: skip
    assert found.answered_by_topic == {
        "far": {"questions": 1, "answered": 0.0},
        "near": {"questions": 1, "answered": 1.0},
    }
    assert found.selective == {"coverage": 0.8, "answered_wrong": 0.75}
    assert found.latency_ms == {"p50": 10.0, "p95": 10.0}


def test_what_no_question_counts_towards_is_none() -> None:
    found = measure([FAR])
    assert found.recall_at_1 is None
    assert found.mrr_at_10 is None
    assert found.abstention == {
        "auc": None, "answered_answerable": None, "answered_unanswerable": 0.0,
    }  # fmt: skip
    assert found.selective == {"coverage": 0.0, "answered_wrong": None}
    assert found.by_language == found.by_pair == {}
    assert found.intervals["auc"] is found.intervals["answered_wrong"] is None


def test_one_question_makes_a_figure_but_no_interval() -> None:
    found = measure([FOUND, NEAR, FAR])
    assert (found.recall_at_1, found.intervals["recall_at_1"]) == (1.0, None)
    assert (found.abstention["auc"], found.intervals["auc"]) == (1.0, None)
    assert found.intervals["answered_unanswerable"] == (0.0, 1.0)


def test_intervals_are_those_of_the_binomial_and_the_same_each_time() -> None:
    """Of 100 questions half are found: the mean of as many has a standard deviation of .05."""
    results = [FOUND, MISSED] * 50 + [FAR]
    found = measure(results).intervals
    assert found["recall_at_1"] == pytest.approx((0.402, 0.598), abs=0.015)
    assert found["answered_answerable"] == (1.0, 1.0)
    assert measure(results).intervals == found
    assert found.keys() == {
        "recall_at_1", "recall_at_3", "article_recall_at_1", "mrr_at_10", "auc",
        "answered_answerable", "answered_unanswerable", "answered_wrong",
    }  # fmt: skip


@given(st.lists(st.sampled_from([FOUND, MISSED, THIRD, NEAR, FAR]), min_size=1, max_size=8))
def test_shares_are_shares_and_groups_hold_every_question(results: list[GoldResult]) -> None:
    found = measure(results)
    for ends in filter(None, found.intervals.values()):
        assert 0 <= ends[0] <= ends[1] <= 1
    asked = sum(row["questions"] for row in found.by_pair.values())
    assert asked == sum(row["questions"] for row in found.by_language.values())
    assert asked + sum(row["questions"] for row in found.answered_by_topic.values()) == len(results)


def test_auc_by_hand() -> None:
    """The pairs: .9 above .5 and .1, .5 level with .5 and above .1."""
    assert auc([0.9, 0.5], [0.5, 0.1]) == pytest.approx(3.5 / 4)
    assert auc([[0.9, 0.5], [0.1, 0.1]], [[0.5], [0.1]], axis=1) == pytest.approx([0.75, 0.5])


@given(scored)
def test_auc_is_that_of_scikit_learn(pairs: list[tuple[float, bool]]) -> None:
    scores, positive = zip(*pairs, strict=True)
    assume(len(set(positive)) == 2)
    groups = ([score for score, own in pairs if own is kind] for kind in (True, False))
    assert auc(*groups) == pytest.approx(sklearn_metrics.roc_auc_score(positive, scores))


def test_risk_and_coverage_by_hand() -> None:
    assert risk_coverage([0.2, 0.8, 0.5, 0.5], [False, True, False, True]) == [
        Point(0.8, 0.25, 0.0),
        Point(0.5, 0.75, 0.3333),
        Point(0.2, 1.0, 0.5),
    ]


@given(scored)
def test_the_curve_has_the_risk_of_each_threshold(pairs: list[tuple[float, bool]]) -> None:
    scores, right = map(np.array, zip(*pairs, strict=True))
    curve = risk_coverage(scores, right)
    assert curve[-1].coverage == 1
    for point in curve:
        # A threshold is rounded, a score is not: the share says which questions are meant.
        taken = np.sort(scores)[::-1][round(point.coverage * len(scores)) - 1]
        assert point.threshold == pytest.approx(taken, abs=1e-4)
        assert point.coverage == pytest.approx((scores >= taken).mean(), abs=1e-4)
        assert point.risk == pytest.approx((~right[scores >= taken]).mean(), abs=1e-4)


def test_a_long_curve_keeps_its_ends() -> None:
    curve = risk_coverage(np.linspace(1, 0, 5000), np.arange(5000) < 2500)
    assert len(curve) == POINTS
    assert (curve[0].coverage, curve[-1].coverage) == (0.0002, 1.0)
    assert (curve[0].risk, curve[-1].risk) == (0.0, 0.5)


def test_reliability_by_hand() -> None:
    """Guo's bins hold their upper ends; 1.2 counts as 1 and −.3 as 0."""
    found = reliability([0.3, 0.25, 1.2, 0.95, -0.3], [True, False, True, False, False])
    assert found.bins == [Bin(0.0, 0.0, 1), Bin(0.275, 0.5, 2), Bin(0.975, 0.5, 2)]
    assert found.expected_calibration_error == pytest.approx((0 + 2 * 0.225 + 2 * 0.475) / 5)


@given(scored)
def test_bins_hold_every_question(pairs: list[tuple[float, bool]]) -> None:
    scores, right = zip(*pairs, strict=True)
    found = reliability(scores, right)
    assert sum(one.questions for one in found.bins) == len(pairs)
    assert sum(one.right * one.questions for one in found.bins) == pytest.approx(
        sum(right), abs=1e-4 * len(pairs)
    )
    assert 0 <= found.expected_calibration_error <= 1


def test_a_sure_score_that_is_right_has_no_error() -> None:
    assert reliability([1.0, 0.0], [True, False]).expected_calibration_error == 0
