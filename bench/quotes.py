"""Which quotes are shown, and how long: `python -m bench.quotes ANSWERS [--indexes FOLDER]`.

Prints what the two numbers bring that select quotes (`length_cost` and `share_of_best` in
`retrieval/search/weights.toml`), on the folds of ANSWERS (see `bench/corpora.py`); and for each
fold what would be chosen on the others, and what that brings there. Indexes are kept in FOLDER.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import numpy as np

from bench.bootstrap import mean_interval
from bench.corpora import Fold, folds
from retrieval import Answer, Hit, Library
from retrieval.answer import compose, window
from retrieval.evaluation.gold import Gold
from retrieval.search.query import cleaned
from retrieval.search.weights import ANSWER

NOT_WIDENED = float("inf")
COSTS = (NOT_WIDENED, 0.02, 0.01, 0.005, 0.003, 0.002, 0.001, 0.0)
SHARES = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)

MAX_MEAN_LENGTH = 300
"""The `length_cost` to choose is the least whose first quotes have no more characters than this in
the mean, as many as a passage is to have."""

LEAST_RIGHT = 0.6
"""The `share_of_best` to choose is the least at which so many of the quotes shown are right."""


@dataclass(frozen=True, slots=True)
class ShownQuotes:
    """What is shown for a question: which quotes are right, and the length of the first (0 where
    there is none)."""

    fold: str
    answerable: bool
    right: tuple[bool, ...]
    length: int

    @property
    def first_right(self) -> bool:
        return self.right[:1] == (True,)


def main() -> None:
    """Ask all questions, and print the tables."""
    parser = argparse.ArgumentParser(description="Which quotes are shown, and how long.")
    parser.add_argument("answers", type=Path)
    parser.add_argument("--indexes", type=Path, help="keep the folds' indexes here")
    args = parser.parse_args()
    shown: dict[tuple[float, float], list[ShownQuotes]] = {}
    with tempfile.TemporaryDirectory() as work:
        for fold in folds(args.answers):
            with Library.open(fold.articles, (args.indexes or Path(work)) / fold.name) as library:
                if not library.indexed:
                    library.reload()
                for numbers, row in _shown_quotes(library, fold):
                    shown.setdefault(numbers, []).append(row)
    by_cost = {cost: shown[cost, ANSWER.share_of_best] for cost in COSTS}
    by_share = {share: shown[ANSWER.length_cost, share] for share in SHARES}
    _print_costs(by_cost)
    _print_shares(by_share)


def _shown_quotes(
    library: Library, fold: Fold
) -> Iterator[tuple[tuple[float, float], ShownQuotes]]:
    """What is shown for each question of a fold by each pair of numbers that a table has."""
    numbers = {(cost, ANSWER.share_of_best) for cost in COSTS}
    numbers |= {(ANSWER.length_cost, share) for share in SHARES}
    for gold in fold.golds["dev"]:
        question = cleaned(gold.question)
        found = library._found(question)
        for cost, share in sorted(numbers):
            weights = replace(ANSWER, length_cost=cost, share_of_best=share)
            with patch.object(compose, "ANSWER", weights), patch.object(window, "ANSWER", weights):
                widen = _unchanged if cost == NOT_WIDENED else found.widened.__wrapped__
                answer = compose.compose(question, found.query.language, found.hits, widen=widen)
            yield (cost, share), _shown_for(fold.name, gold, answer)


def _unchanged(hit: Hit) -> Hit:
    return hit


def _shown_for(fold: str, gold: Gold, answer: Answer) -> ShownQuotes:
    right = tuple(gold.held_by(quote.article, quote.text) for quote in answer.quotes)
    length = len(answer.quotes[0].text) if answer.quotes else 0
    return ShownQuotes(fold, gold.answerable, right, length)


def _print_costs(rows: dict[float, list[ShownQuotes]]) -> None:
    answerable = {cost: [row for row in group if row.answerable] for cost, group in rows.items()}
    before = np.array([row.first_right for row in answerable[NOT_WIDENED]])
    print("| length_cost | first quote right | less not widened | gained, lost | characters |")
    print("|---|---|---|---|---|")
    for cost, group in answerable.items():
        after = np.array([row.first_right for row in group])
        counts = f"{np.sum(after & ~before)}, {np.sum(before & ~after)}"
        name = "not widened" if cost == NOT_WIDENED else cost
        print(
            f"| {name} | {after.mean():.3f} | {_interval(after, before)} | {counts} "
            f"| {_mean_length(rows[cost]):.0f} |"
        )
    print("\nEach fold, with the length_cost that is chosen on the others")
    print("| fold | length_cost | first quote right | less not widened |\n|---|---|---|---|")
    names = np.array([row.fold for row in answerable[NOT_WIDENED]])
    left_out = np.zeros_like(before)
    for name in sorted(set(names.tolist())):
        fits = (
            cost
            for cost in sorted(COSTS)
            if _mean_length([row for row in rows[cost] if row.fold != name]) <= MAX_MEAN_LENGTH
        )
        cost, mask = next(fits), names == name
        after = np.array([row.first_right for row in answerable[cost]])
        left_out[mask] = after[mask]
        change = _interval(after[mask], before[mask])
        print(
            f"| {name} | {cost} | {before[mask].mean():.2f} → {after[mask].mean():.2f} | {change} |"
        )
    change = _interval(left_out, before)
    print(f"| all | | {before.mean():.3f} → {left_out.mean():.3f} | {change} |")


def _print_shares(rows: dict[float, list[ShownQuotes]]) -> None:
    head = "right, of all shown | of those to answerable questions | a right one | shown"
    print(f"\n| share_of_best | {head} |\n|---|---|---|---|---|")
    for share, group in rows.items():
        print(f"| {share} | {_share_cells(group)} |")
    print(f"\nEach fold, with the share_of_best that is chosen on the others\n| fold | | {head} |")
    print("|---|---|---|---|---|---|")
    left_out: list[ShownQuotes] = []
    for name in sorted({row.fold for row in rows[SHARES[0]]}):
        fits = (
            share
            for share, group in rows.items()
            if _right_of_shown([row for row in group if row.fold != name]) >= LEAST_RIGHT
        )
        share = next(fits, SHARES[-1])
        group = [row for row in rows[share] if row.fold == name]
        left_out += group
        print(f"| {name} | {share} | {_share_cells(group)} |")
    print(f"| all | | {_share_cells(left_out)} |")


def _share_cells(rows: Sequence[ShownQuotes]) -> str:
    answerable = [row for row in rows if row.answerable]
    some = float(np.mean([any(row.right) for row in answerable]))
    count = sum(len(row.right) for row in rows)
    shares = f"{_right_of_shown(rows):.3f} | {_right_of_shown(answerable):.3f}"
    return f"{shares} | {some:.3f} | {count}"


def _right_of_shown(rows: Sequence[ShownQuotes]) -> float:
    return float(np.mean([right for row in rows for right in row.right]))


def _mean_length(rows: Sequence[ShownQuotes]) -> float:
    return float(np.mean([row.length for row in rows if row.length]))


def _interval(after: np.ndarray, before: np.ndarray) -> str:
    """The mean of the differences with its 95 % paired bootstrap interval."""
    mean, low, high = mean_interval(after.astype(float) - before)
    return f"{mean:+.3f} ({low:+.2f} to {high:+.2f})"


if __name__ == "__main__":
    main()
