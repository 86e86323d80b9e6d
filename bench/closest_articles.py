"""When articles are called close: `python -m bench.closest_articles FOLDS [--readers READERS]
[--indexes INDEXES]`.

By thresholds of `[answer] closeness` in `retrieval/search/weights.toml`, the share of questions
that get a list of closest articles and no quote: of those without a quote that the articles answer,
and of near ones; of all questions of the field, and of those far from it. The last rows choose on
all folds but one the threshold above which the given share of these two is, and try it on that one,
in turn.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.quality import libraries
from retrieval import Outcome
from retrieval.search.weights import READING

THRESHOLDS = (0.1, 0.2, 0.25, 0.3, 0.32, 0.35, 0.4, 0.45, 0.5)
ALLOWED = (0.05, 0.08, 0.1)


class Asked(NamedTuple):
    """A gold question: its fold, kind, and the sum of chances; 0 where it gets a quote."""

    fold: str
    kind: str
    closeness: float


def main() -> None:
    """Ask, and print a row a threshold."""
    parser = argparse.ArgumentParser(prog="python -m bench.closest_articles", description=__doc__)
    parser.add_argument("folds", type=Path)
    parser.add_argument("--readers", type=Path)
    parser.add_argument("--indexes", type=Path)
    args = parser.parse_args()
    asked = list(_asked(args))
    print("| from | held | near | field | far | field, far |\n|---|---|---|---|---|---|")
    for threshold in THRESHOLDS:
        _print_row(f"{threshold:g}", asked, [each.closeness >= threshold for each in asked])
    for allowed in ALLOWED:
        least = {fold: _least([a for a in asked if a.fold != fold], allowed) for fold, *_ in asked}
        _print_row(f"left out, {allowed:g}", asked, [a.closeness > least[a.fold] for a in asked])


def _asked(args: argparse.Namespace) -> Iterator[Asked]:
    for fold, library in libraries(args.folds, args.indexes, args.readers):
        for gold in fold.golds["dev"]:
            # Before any repeat is left out.
            hits = library._found(gold.question, limit=READING.hits).hits
            silent = library.ask(gold.question).outcome is Outcome.NOT_FOUND
            closeness = sum(hit.score for hit in hits) if silent else 0.0
            yield Asked(fold.name, gold.kind or "held", closeness)


def _least(asked: Sequence[Asked], allowed: float) -> float:
    """The closeness above which the allowed share of the questions of the field and far ones is."""
    far = sorted((a.closeness for a in asked if a.kind in ("domain", "far")), reverse=True)
    return far[int(allowed * len(far))]


def _print_row(name: str, asked: Sequence[Asked], shown: Sequence[bool]) -> None:
    cells = []
    for kinds in (("held",), ("near",), ("domain",), ("far",), ("domain", "far")):
        silent_only = kinds[0] in ("held", "near")
        of = [
            listed
            for each, listed in zip(asked, shown, strict=True)
            if each.kind in kinds and (each.closeness or not silent_only)
        ]
        cells.append(f"{sum(of) / max(1, len(of)):.3f}")
    print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
