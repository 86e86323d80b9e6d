"""How well members' questions are answered: `python -m bench.quality [FOLDS] [--json]`.

FOLDS has a folder for each corpus (see `bench/corpora.py`); without it the two of `bench/data` are
asked. Prints tables in Markdown; progress goes to standard error.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.corpora import ROOT, folds
from bench.respelling import RESPELLINGS, respelt
from retrieval import Library, QuestionError
from retrieval.evaluation.gold import Gold, read_gold
from retrieval.evaluation.metrics import auc, reliability

OWN_FOLDS = ROOT / "bench" / "data"
RESAMPLES = 1_000
STYLES = {
    "s": "sentence",
    "k": "keywords",
    "c": "colloquial",
    "t": "typos",
    "p": "paraphrase",
    "n": "without diacritics",
    "C": "in capitals",
}
FIGURES = {
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
}
"""The name of each figure, and the head of its column."""

CAPTION = """
R@k: a passage among the first k hits holds the gold words, of the answerable. First quote right: of
the answerable, the quotes shown begin with such a one. Of quotes shown, right: of all quotes that
answerable questions got. AUC: the first hit's score, answerable against all others, and against
near ones alone. Answered, near, domain and far: of the questions of this kind, those that got
quotes. ECE: the first hit's score against its being right, of all questions, in ten bins. As typed:
of the questions that the respelling changes; loss: of right first quotes against the same questions
as written. In brackets: 95 % percentile bootstrap intervals over questions.
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A gold question, asked. `rank` is that of the first hit that holds gold words, from 1, or
    None; `score` is that of the first hit. `quotes` says of each quote shown whether it holds gold
    words; `typed` says so where the question was respelt, by the respelling's name."""

    fold: str
    gold: Gold
    rank: int | None
    score: float
    quotes: tuple[bool, ...]
    typed: dict[str, tuple[bool, ...]] = field(default_factory=dict)

    @property
    def near(self) -> bool:
        return not self.gold.answerable and self.gold.kind == "near"


Estimate = dict[str, Any]
"""`value`, `low` and `high` of a figure, and `count`, the questions that count."""


def main() -> None:
    """Ask, and print how well it was answered."""
    parser = argparse.ArgumentParser(description="How well members' questions are answered.")
    parser.add_argument("folds", type=Path, nargs="?", default=OWN_FOLDS)
    parser.add_argument("--only", nargs="+", metavar="FOLD", help="ask these folds alone")
    parser.add_argument(
        "--questions", type=Path, help="a folder whose FOLD.jsonl is asked, not its dev.jsonl"
    )
    parser.add_argument("--indexes", type=Path, help="a folder that keeps the indexes")
    parser.add_argument("--as-written", action="store_true", help="respell no question")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    args = parser.parse_args()
    asked = list[Asked]()
    with tempfile.TemporaryDirectory(prefix="quality-") as temporary:
        for fold in folds(args.folds):
            if args.only and fold.name not in args.only:
                continue
            golds = fold.golds["dev"]
            if args.questions:
                golds = read_gold(args.questions / f"{fold.name}.jsonl")
            data = (args.indexes or Path(temporary)) / fold.name
            with Library.open(fold.articles, data, threads=2) as library:
                library.reload()
                for gold in golds:
                    asked.append(ask(library, fold.name, gold, typed=not args.as_written))
            print(f"{fold.name}: {len(golds)} questions", file=sys.stderr, flush=True)
    print(json.dumps(report(asked)) if args.json else "\n".join(tables(report(asked))))


def ask(library: Library, fold: str, gold: Gold, *, typed: bool = True) -> Asked:
    """Ask a question as a member would; also respelt where it is to be `typed`."""
    hits = library.search(gold.question)
    right = (gold.held_by(hit.passage.source.path, hit.passage.text) for hit in hits)
    return Asked(
        fold,
        gold,
        next((rank for rank, held in enumerate(right, 1) if held), None),
        hits[0].score if hits else 0.0,
        _quotes(library, gold, gold.question),
        {
            name: _quotes(library, gold, question)
            for name, question in (respelt(gold.question, gold.language) if typed else ())
        },
    )


def _quotes(library: Library, gold: Gold, question: str) -> tuple[bool, ...]:
    try:
        quotes = library.ask(question).quotes
    except QuestionError:  # A prefix can make it too long: the member gets no quote either.
        return ()
    return tuple(gold.held_by(quote.article, quote.text) for quote in quotes)


def report(asked: Sequence[Asked]) -> dict[str, Any]:
    """Measure at least one question: figures by fold, of all together, by language and by style;
    respellings; and what came of each question."""
    return {
        "folds": _grouped(asked, lambda one: one.fold),
        "all": figures(asked),
        "languages": _grouped(asked, lambda one: one.gold.language),
        "styles": _grouped(asked, lambda one: one.gold.style),
        "typed": {
            name: figures_typed([one for one in asked if name in one.typed], name)
            for name in RESPELLINGS
            if any(name in one.typed for one in asked)
        },
        "questions": [
            {
                "fold": one.fold,
                "lang": one.gold.language,
                "style": one.gold.style,
                "kind": one.gold.kind,
                "answerable": one.gold.answerable,
                "question": one.gold.question,
                "rank": one.rank,
                "score": one.score,
                "quotes": one.quotes,
                "typed": one.typed,
            }
            for one in asked
        ],
    }


def figures(asked: Sequence[Asked]) -> dict[str, Estimate]:
    """Measure questions as they were written, by the names of FIGURES."""
    answerable = [one for one in asked if one.gold.answerable]
    others = [one for one in asked if not one.gold.answerable]
    near = [one for one in others if one.near]
    recalls = {
        f"recall_at_{k}": share([one.rank is not None and one.rank <= k for one in answerable])
        for k in (1, 3, 10)
    }
    shown = [one for one in answerable if one.quotes]
    calibration = reliability(
        [one.score for one in asked], [one.rank == 1 for one in asked]
    ).expected_calibration_error
    return recalls | {
        "first_right": share([one.quotes[:1] == (True,) for one in answerable]),
        "shown_right": share(
            [sum(one.quotes) for one in shown], [len(one.quotes) for one in shown]
        ),
        "auc": _area(answerable, others),
        "auc_near": _area(answerable, near),
        "answered": _answered(answerable),
        "answered_near": _answered(near),
        "answered_other": _answered([one for one in others if not one.near]),
        "calibration_error": {"value": calibration, "count": len(asked)},
    }


def figures_typed(asked: Sequence[Asked], name: str) -> dict[str, Estimate]:
    """Measure questions in a respelling, and what it loses against the same as written."""
    answerable = [one for one in asked if one.gold.answerable]
    others = [one for one in asked if not one.gold.answerable]
    right = [one.typed[name][:1] == (True,) for one in answerable]
    written = [one.quotes[:1] == (True,) for one in answerable]
    return {
        "first_right": share(right),
        "loss": share([int(a) - int(b) for a, b in zip(written, right, strict=True)]),
        "answered": share([bool(one.typed[name]) for one in answerable]),
        "answered_near": share([bool(one.typed[name]) for one in others if one.near]),
        "answered_other": share([bool(one.typed[name]) for one in others if not one.near]),
    }


def share(counts: Sequence[float], of: Sequence[float] | None = None) -> Estimate:
    """The sum of `counts` by that of `of` (1 each), drawn together for the interval."""
    if not counts:
        return {"value": None, "count": 0}
    above, below = np.array(counts, float), np.ones(len(counts)) if of is None else np.array(of)
    drawn = _drawn(len(above))
    return _estimate(
        above.sum() / below.sum(), above[drawn].sum(0) / below[drawn].sum(0), len(above)
    )


def _area(positive: Sequence[Asked], negative: Sequence[Asked]) -> Estimate:
    if not positive or not negative:
        return {"value": None, "count": 0}
    ones, zeros = (np.array([one.score for one in side]) for side in (positive, negative))
    areas = auc(ones[_drawn(len(ones))], zeros[_drawn(len(zeros), 1)])
    return _estimate(auc(ones, zeros), areas, len(ones) + len(zeros))


def _drawn(count: int, seed: int = 0) -> NDArray[np.int64]:
    return np.random.default_rng(seed).integers(count, size=(count, RESAMPLES))


def _estimate(value: float, resampled: NDArray[np.float64], count: int) -> Estimate:
    low, high = np.percentile(resampled, [2.5, 97.5])
    ends = {"value": value, "low": low, "high": high}
    return {name: round(float(number), 4) for name, number in ends.items()} | {"count": count}


def _answered(asked: Sequence[Asked]) -> Estimate:
    return share([bool(one.quotes) for one in asked])


def _grouped(
    asked: Sequence[Asked], key: Callable[[Asked], str | None]
) -> dict[str, dict[str, Estimate]]:
    names = sorted({name for one in asked if (name := key(one)) is not None})
    return {name: figures([one for one in asked if key(one) == name]) for name in names}


def tables(measured: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a report in Markdown."""
    groups = {
        "fold": measured["folds"] | {"**all**": measured["all"]},
        "language": measured["languages"],
        "style": {STYLES.get(name, name): row for name, row in measured["styles"].items()},
    }
    for title, rows in groups.items():
        yield from _table(title, rows, FIGURES)
    if measured["typed"]:
        heads = {name: FIGURES.get(name, name) for name in (*("first_right", "loss", "answered"),)}
        heads |= {name: FIGURES[name] for name in ("answered_near", "answered_other")}
        yield from _table("as typed", measured["typed"], heads)
    yield CAPTION.strip()


def _table(
    title: str, rows: dict[str, dict[str, Estimate]], heads: dict[str, str]
) -> Iterator[str]:
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
    return f"{value} ({_figure(estimate['low'])}–{_figure(estimate['high'])})"


def _figure(value: float) -> str:
    return f"{value:.2f}".replace("0.", ".", 1) if abs(value) < 1 else f"{value:.2f}"


if __name__ == "__main__":
    main()
