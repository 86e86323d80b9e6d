"""Questions that mean the same: `python -m bench.like_questions FOLDS [--json]`.

For thresholds of likeness (see `retrieval/search/likeness.py`): of five paraphrases each of 20
questions in four languages (`bench/data/pinned.jsonl`), how many get what is pinned to theirs; how
many gold questions of FOLDS (see `bench/corpora.py`) get what is pinned to any of the 20, but for
those that mean the same; and the pairwise F1 of the groups of 25 questions that nobody answered
(`bench/data/asked.jsonl`). The questions were written before any threshold was chosen.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from bench.corpora import ROOT, folds
from retrieval.embedding.embedder import Embedder
from retrieval.search.likeness import ReadQuestion, grouped, likeness

DATA = ROOT / "bench" / "data"
PIN_AT = (0.5, 0.54, 0.58, 0.62, 0.64, 0.66, 0.68, 0.7, 0.75)
GROUP_AT = (0.4, 0.44, 0.48, 0.5, 0.52, 0.54, 0.56, 0.6, 0.66)


def main() -> None:
    """Print the figures for each threshold."""
    parser = argparse.ArgumentParser(prog="python -m bench.like_questions", description=__doc__)
    parser.add_argument("folds", type=Path)
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    args = parser.parse_args()
    embedder = Embedder.load()
    golds = [gold.question for fold in folds(args.folds) for gold in fold.golds["dev"]]
    figures = {"pins": pins(embedder, golds), "groups": groups(embedder)}
    if args.json:
        print(json.dumps(figures))
        return
    for name, rows in figures.items():
        print(f"{name}: {' | '.join(rows[0])}")
        print("\n".join(" | ".join(f"{value:g}" for value in row.values()) for row in rows))


def pins(embedder: Embedder, golds: Sequence[str]) -> list[dict[str, float]]:
    """Return what each threshold pins rightly and wrongly."""
    rows = _rows("pinned")
    same = {text for row in rows for text in row.get("gold", ())}
    pinned = [ReadQuestion.of(embedder, row["question"]) for row in rows]

    def closest(question: str) -> tuple[float, int]:
        read = ReadQuestion.of(embedder, question)
        return max((likeness(pin, read), number) for number, pin in enumerate(pinned))

    closest_pins = [
        (closest(text), number) for number, row in enumerate(rows) for text in row["same"]
    ]
    unpinned = [closest(question)[0] for question in golds if question not in same]
    return [
        {
            "threshold": least,
            "paraphrases": len(closest_pins),
            "first": sum(score >= least and pin == number for (score, pin), number in closest_pins),
            "another pin": sum(
                score >= least and pin != number for (score, pin), number in closest_pins
            ),
            "gold questions": len(unpinned),
            "wrongly": sum(score >= least for score in unpinned),
        }
        for least in PIN_AT
    ]


def groups(embedder: Embedder) -> list[dict[str, float]]:
    """Return how well each threshold groups the questions that nobody answered."""
    rows = [row for row in _rows("asked") if row["group"] is not None]
    result = []
    for least in GROUP_AT:
        parts = grouped(embedder, [row["question"] for row in rows], least)
        group_of = {number: n for n, group in enumerate(parts) for number in group}
        pairs = [
            (rows[a]["group"] == rows[b]["group"], group_of[a] == group_of[b])
            for a, b in combinations(range(len(rows)), 2)
        ]
        both, either = pairs.count((True, True)), sum(a + b for a, b in pairs)
        result.append({"threshold": least, "groups": len(parts), "pairwise F1": 2 * both / either})
    return result


def _rows(name: str) -> list[dict[str, Any]]:
    lines = (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


if __name__ == "__main__":
    main()
