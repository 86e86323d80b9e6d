"""Gold questions → figures.

A gold file has one JSON object a line: `question`, `lang`, `answerable`, and `gold`, a list of
{`seed`: an article's path, `contains`: words of it}. A quote is a hit when it is from a gold
article and contains its words.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .embedding import Progress
from .errors import OperatorError, PassageError
from .library import DEPTH, Library
from .models import Hit, Outcome


@dataclass(frozen=True, slots=True)
class Gold:
    """One gold question. `passages` are pairs of an article's path and words of it."""

    question: str
    language: str
    answerable: bool
    passages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures over a gold file; a recall is None where no question counts towards it.

    Recall and MRR are over the answerable questions, on the ranking before abstention;
    latencies are those of whole answers, in milliseconds.
    """

    questions: int
    recall_at_1: float | None
    recall_at_3: float | None
    by_language: dict[str, dict[str, float | int]]
    article_recall_at_1: float | None
    mrr_at_10: float | None
    abstention: dict[str, float | None]
    latency_ms: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Result:
    gold: Gold
    rank: int | None
    right_article: bool
    score: float
    answered: bool
    ms: float


def read_gold(path: Path) -> list[Gold]:
    """Read a gold file.

    Raises:
        OperatorError: it cannot be read, or a line is not a gold question.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(f"The gold questions in {path} cannot be read ({error}).") from error
    golds = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                golds.append(_gold(json.loads(line)))
            except (ValueError, KeyError, TypeError) as error:
                raise OperatorError(
                    f"Line {number} of {path} is not a gold question ({error!r})."
                ) from error
    if not golds:
        raise OperatorError(f"There is no gold question in {path}.")
    return golds


def evaluate(library: Library, path: Path, progress: Progress | None = None) -> Evaluation:
    """Ask every question of a gold file. Raises OperatorError; see also `Library.ask`."""
    golds = read_gold(path)
    library.warm()
    results = []
    for number, gold in enumerate(golds, 1):
        results.append(_result(library, gold))
        if progress:
            progress(number, len(golds))
    return _figures(results)


def _gold(row: dict[str, Any]) -> Gold:
    passages = tuple((str(one["seed"]), str(one["contains"])) for one in row["gold"])
    return Gold(str(row["question"]), str(row["lang"]), bool(row["answerable"]), passages)


def _result(library: Library, gold: Gold) -> _Result:
    started = time.perf_counter()
    try:
        answer = library.ask(gold.question)
        ms = (time.perf_counter() - started) * 1000
        hits = [] if answer.outcome is Outcome.SMALL_TALK else library.search(gold.question, DEPTH)
    except PassageError as error:
        raise OperatorError(f"{gold.question[:60]!r} cannot be asked: {error}") from error
    rank = next((k for k, hit in enumerate(hits, 1) if _is_hit(hit, gold)), None)
    first = hits[0].passage.source.path if hits else None
    right = first in {article for article, _ in gold.passages}
    score = hits[0].score if hits else 0.0
    return _Result(gold, rank, right, score, answer.answered, ms)


def _is_hit(hit: Hit, gold: Gold) -> bool:
    return any(
        hit.passage.source.path == article and words in hit.passage.text
        for article, words in gold.passages
    )


def _figures(results: Sequence[_Result]) -> Evaluation:
    asked = [r for r in results if r.gold.answerable]
    others = [r for r in results if not r.gold.answerable]
    groups: dict[str, list[_Result]] = defaultdict(list)
    for result in asked:
        groups[result.gold.language].append(result)
    ms = [r.ms for r in results]
    return Evaluation(
        questions=len(results),
        recall_at_1=_recall(asked, 1),
        recall_at_3=_recall(asked, 3),
        by_language={
            language: {
                "questions": len(group),
                "recall_at_1": _recall(group, 1) or 0.0,
                "recall_at_3": _recall(group, 3) or 0.0,
            }
            for language, group in sorted(groups.items())
        },
        article_recall_at_1=_share([r.right_article for r in asked]),
        mrr_at_10=_share([1 / r.rank if r.rank else 0.0 for r in asked]),
        abstention={
            "auc": _auc([r.score for r in asked], [r.score for r in others]),
            "answered_answerable": _share([r.answered for r in asked]),
            "answered_unanswerable": _share([r.answered for r in others]),
        },
        latency_ms={"p50": _quantile(ms, 0.5), "p95": _quantile(ms, 0.95)},
    )


def _recall(results: Sequence[_Result], k: int) -> float | None:
    return _share([r.rank is not None and r.rank <= k for r in results])


def _share(values: Sequence[float | bool]) -> float | None:
    return round(float(np.mean(values)), 4) if values else None


def _quantile(values: Sequence[float], q: float) -> float:
    return round(float(np.quantile(values, q)), 2)


def _auc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """The chance that an answerable question scores above an unanswerable one (ties half)."""
    if not positive or not negative:
        return None
    a, b = np.array(positive)[:, None], np.array(negative)[None, :]
    return round(float(((a > b) + 0.5 * (a == b)).mean()), 4)
