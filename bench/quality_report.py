"""What came of members' questions → figures with intervals, and tables in Markdown. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from bench.respelling import RESPELLINGS
from retrieval.evaluation.gold import Gold
from retrieval.evaluation.metrics import auc, reliability

RESAMPLES, DRAWS = 1_000, 200
STYLES = {
    "s": "sentence",
    "k": "keywords",
    "c": "colloquial",
    "t": "typos",
    "p": "paraphrase",
    "n": "without diacritics",
    "C": "in capitals",
}
ASKS = {"name": "who is NAME?", "two": "two things at once"}
"""What is asked for: some of the values that a gold question's `wh` has."""
TYPED = {
    "first_right": "first quote right",
    "loss": "loss",
    "answered": "answered",
    "answered_near": "near",
    "answered_other": "domain, far",
}
FIGURES = {
    "questions": "questions",
    "recall_at_1": "R@1",
    "recall_at_3": "R@3",
    "recall_at_10": "R@10",
    "first_right": "first quote right",
    "shown_right": "of quotes shown, right",
    "auc": "AUC",
    "auc_near": "AUC, near",
    "answered": "answered",
    "answered_near": "near",
    "answered_other": "domain, far",
    "calibration_error": "ECE",
    "calibration_by_chance": "by chance",
}
"""The names of the figures, and the heads of their columns."""
TRANSLATED = {
    "questions": "questions",
    "answered_in_all": "answered in all",
    "answered_in_none": "in none",
    "right_in_all": "first quote right in all",
    "right_in_none": "in none",
}

CAPTION = """
R@k: a passage among the first k hits holds the gold words, of the answerable. First quote right: of
the answerable, the quotes shown begin with such a one. Of quotes shown, right: of all quotes that
answerable questions got. AUC: the first hit's score, answerable against all others, and against
near ones alone. Answered, near, domain and far: of the questions of this kind, those that got
quotes. ECE: the first hit's score against its being right, of all questions, in ten bins. By
chance: what as many questions would show on average if each score were the probability of being
right. As typed: of the questions that the respelling changes; loss: of right first quotes against
the same questions as written. In brackets: 95 % percentile bootstrap intervals over questions.
""".strip()

Estimate = dict[str, Any]
"""`value`, `low` and `high` of a figure, and `count`, the questions that count."""


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What came of a gold question. `rank` is that of the first hit that holds gold words, from 1,
    or None; `score` is that of the first hit. `quotes` says of each quote shown whether it holds
    gold words; `typed` says so where the question was respelt, by the respelling's name."""

    fold: str
    gold: Gold
    rank: int | None
    score: float
    quotes: tuple[bool, ...]
    typed: dict[str, tuple[bool, ...]] = field(default_factory=dict)

    @property
    def near(self) -> bool:
        return not self.gold.answerable and self.gold.kind == "near"

    @property
    def right(self) -> bool:
        """Whether the first quote shown is."""
        return self.quotes[:1] == (True,)

    def within(self, k: int) -> bool:
        """Whether one of the first `k` hits holds gold words."""
        return self.rank is not None and self.rank <= k


Results = Sequence[QuestionResult]


def report(results: Results) -> dict[str, Any]:
    """Measure at least one question: figures by fold, of all together, by language, by style and by
    what is asked for; respellings; and what came of each question."""
    return {
        "folds": _grouped(results, lambda result: result.fold),
        "all": figures(results),
        "languages": _grouped(results, lambda result: result.gold.language),
        "styles": _grouped(results, lambda result: result.gold.style),
        "asks": _grouped(
            results, lambda result: result.gold.asks if result.gold.asks in ASKS else None
        ),
        "typed": {
            name: figures_typed(own, name)
            for name in RESPELLINGS
            if (own := [result for result in results if name in result.typed])
        },
        "questions": [asdict(result) for result in results],
    }


def figures(results: Results) -> dict[str, Estimate]:
    """Measure questions as they were written, by the names of FIGURES."""
    answerable, near, far = _by_kind(results)
    shown = [result.quotes for result in answerable if result.quotes]
    scores, right = [r.score for r in results], [r.rank == 1 for r in results]
    error = reliability(scores, right).expected_calibration_error
    return {
        "questions": {"value": len(results), "count": len(results)},
        **{f"recall_at_{k}": share([r.within(k) for r in answerable]) for k in (1, 3, 10)},
        "first_right": share([result.right for result in answerable]),
        "shown_right": share([sum(quotes) for quotes in shown], [len(quotes) for quotes in shown]),
        "auc": _area(answerable, [*near, *far]),
        "auc_near": _area(answerable, near),
        "answered": share([bool(result.quotes) for result in answerable]),
        "answered_near": share([bool(result.quotes) for result in near]),
        "answered_other": share([bool(result.quotes) for result in far]),
        "calibration_error": {"value": error, "count": len(results)},
        "calibration_by_chance": {"value": _error_by_chance(scores), "count": len(results)},
    }


def _error_by_chance(scores: Sequence[float]) -> float:
    """Return the mean calibration error of outcomes that are drawn with these probabilities."""
    drawn = np.random.default_rng(0).random((DRAWS, len(scores))) < np.array(scores)
    errors = [reliability(scores, right.tolist()).expected_calibration_error for right in drawn]
    return round(float(np.mean(errors)), 4)


def figures_typed(results: Results, name: str) -> dict[str, Estimate]:
    """Measure questions in a respelling, by the names of TYPED."""
    answerable, near, far = _by_kind(results)
    right = [result.typed[name][:1] == (True,) for result in answerable]
    pairs = zip(answerable, right, strict=True)
    return {
        "first_right": share(right),
        "loss": share([int(result.right) - typed for result, typed in pairs]),
        "answered": share([bool(result.typed[name]) for result in answerable]),
        "answered_near": share([bool(result.typed[name]) for result in near]),
        "answered_other": share([bool(result.typed[name]) for result in far]),
    }


def translated_alike(cases: Sequence[Results]) -> dict[str, dict[str, Estimate]]:
    """Measure by the names of TRANSLATED how far questions that were asked in several languages are
    treated alike, by their kind: each case has what came of one question in each language."""
    kinds = dict[str, list[Results]]()
    for case in cases:
        kinds.setdefault(case[0].gold.kind or "answerable", []).append(case)
    measured = {}
    for kind, own in kinds.items():
        answered = [{bool(result.quotes) for result in case} for case in own]
        right = [{result.right for result in case} for case in own if case[0].gold.answerable]
        measured[kind] = {"questions": {"value": len(own), "count": len(own)}}
        for name, outcomes in (("answered", answered), ("right", right)):
            measured[kind][f"{name}_in_all"] = share([each == {True} for each in outcomes])
            measured[kind][f"{name}_in_none"] = share([each == {False} for each in outcomes])
    return measured


def share(counts: Sequence[float], of: Sequence[float] | None = None) -> Estimate:
    """Estimate the sum of `counts` divided by that of `of`, which is 1 for each by default. For the
    interval both are drawn together."""
    if not counts:
        return {"value": None, "count": 0}
    above, below = np.array(counts, float), np.ones(len(counts)) if of is None else np.array(of)
    drawn = _drawn(len(above))
    resampled = above[drawn].sum(axis=0) / below[drawn].sum(axis=0)
    return _estimate(above.sum() / below.sum(), resampled, len(above))


def _by_kind(results: Results) -> tuple[list[QuestionResult], ...]:
    """The answerable questions, the near ones, and the others."""
    answerable = [result for result in results if result.gold.answerable]
    near = [result for result in results if result.near]
    far = [result for result in results if not result.gold.answerable and not result.near]
    return answerable, near, far


def _area(positive: Results, negative: Results) -> Estimate:
    if not positive or not negative:
        return {"value": None, "count": 0}
    ones, zeros = (np.array([result.score for result in side]) for side in (positive, negative))
    areas = auc(ones[_drawn(len(ones))], zeros[_drawn(len(zeros), seed=1)])
    return _estimate(auc(ones, zeros), areas, len(ones) + len(zeros))


def _drawn(count: int, seed: int = 0) -> NDArray[np.int64]:
    return np.random.default_rng(seed).integers(count, size=(count, RESAMPLES))


def _estimate(value: float, resampled: NDArray[np.float64], count: int) -> Estimate:
    low, high = np.percentile(resampled, [2.5, 97.5])
    ends = {"value": value, "low": low, "high": high}
    return {name: round(float(number), 4) for name, number in ends.items()} | {"count": count}


def _grouped(
    results: Results, key: Callable[[QuestionResult], str | None]
) -> dict[str, dict[str, Estimate]]:
    groups = dict[str, list[QuestionResult]]()
    for result in results:
        if (name := key(result)) is not None:
            groups.setdefault(name, []).append(result)
    return {name: figures(group) for name, group in sorted(groups.items())}


def restored(measured: Mapping[str, Any]) -> list[QuestionResult]:
    """Return what came of each question, of a report that was written as JSON."""
    return TypeAdapter(list[QuestionResult]).validate_python(measured["questions"])


def differences(before: Results, after: Results) -> dict[str, Estimate]:
    """Estimate by how much each share of all questions rose, by the names of FIGURES: over the
    questions that were asked both times, drawn in pairs."""
    earlier = {(result.fold, result.gold.question): result for result in before}
    both = [result for result in after if (result.fold, result.gold.question) in earlier]
    answerable, near, far = _by_kind(both)

    def rise(group: Results, true: Callable[[QuestionResult], bool]) -> Estimate:
        pairs = [(earlier[result.fold, result.gold.question], result) for result in group]
        return share([int(true(new)) - int(true(old)) for old, new in pairs])

    return {
        "questions": {"value": len(both), "count": len(both)},
        "recall_at_1": rise(answerable, lambda result: result.within(1)),
        "recall_at_3": rise(answerable, lambda result: result.within(3)),
        "recall_at_10": rise(answerable, lambda result: result.within(10)),
        "first_right": rise(answerable, lambda result: result.right),
        "answered": rise(answerable, lambda result: bool(result.quotes)),
        "answered_near": rise(near, lambda result: bool(result.quotes)),
        "answered_other": rise(far, lambda result: bool(result.quotes)),
    }


def tables(measured: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a report in Markdown."""
    yield from _table("fold", {**measured["folds"], "**all**": measured["all"]}, FIGURES)
    yield from _table("language", measured["languages"], FIGURES)
    yield from _table("style", _renamed(measured["styles"], STYLES), FIGURES)
    yield from _table("asked for", _renamed(measured["asks"], ASKS), FIGURES)
    yield from _table("as typed", measured["typed"], TYPED)
    yield from _table("in several languages", measured.get("translated", {}), TRANSLATED)
    if "differences" in measured:
        shown = {name: FIGURES[name] for name in measured["differences"]}
        yield from _table("", {"rise": measured["differences"]}, shown)
    yield CAPTION


def _renamed(rows: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {names.get(name, name): row for name, row in rows.items()}


def _table(title: str, rows: Mapping[str, Any], heads: Mapping[str, str]) -> Iterator[str]:
    if not rows:
        return
    yield f"| {title} | {' | '.join(heads.values())} |"
    yield "|---" * (len(heads) + 1) + "|"
    for name, row in rows.items():
        yield f"| {name} | {' | '.join(_cell(row[figure]) for figure in heads)} |"
    yield ""


def _cell(estimate: Estimate) -> str:
    if estimate["value"] is None:
        return "–"
    value = _figure(estimate["value"])
    if "low" not in estimate:
        return value
    return f"{value} ({_figure(estimate['low'])} to {_figure(estimate['high'])})"


def _figure(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    text = f"{value + 0:.2f}".replace("0.", ".", 1) if abs(value) < 0.995 else f"{value:.2f}"
    return text.removeprefix("-") if text == "-.00" else text
