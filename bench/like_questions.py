"""Questions that mean the same: `python -m bench.like_questions FOLDS [--indexes DIR] [--json]`.

`pinned`: 20 questions in four languages with a passage of the seeds each, and five paraphrases.
`elsewhere`: 8 questions with passages of other folds, five paraphrases, and 60 near misses, which
ask for another fact; written once the likeness was known, and before the reading was. For
thresholds of likeness, and those of reading (see `retrieval/search/likeness.py`): how many
paraphrases get what is pinned to theirs; how many near misses and gold questions of FOLDS (see
`bench/corpora.py`) get any pin, but for those that mean the same. `halves`: all three are chosen
on half of the 20 questions, 200 times, and tried on the others. Last the pairwise F1 of the groups
of 25 questions that nobody answered (`asked`). The data are in `bench/data/`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, partial
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np

from bench.corpora import ROOT, Bools, folds, read_passages
from retrieval import Library
from retrieval.answer.pins import is_sure_elsewhere
from retrieval.embedding.embedder import Embedder
from retrieval.models import Passage, Quote
from retrieval.quotes.quoting import quote_of
from retrieval.search.likeness import ReadQuestion, agreement, grouped, likeness, pointed_at
from retrieval.search.weights import LIKENESS

DATA = ROOT / "bench" / "data"
PIN_AT = (0.58, 0.62, 0.65, 0.68, 0.75)
CHANCE_AT = (-2.0, -3.0, -4.0, -5.0, -6.0)
POINTED_AT = (0.3, 0.4, 0.5, 0.6, 0.7)
ALONE = (-np.inf, 0.0)
"""Least chance and share that all have."""
GROUP_AT = (0.4, 0.44, 0.48, 0.5, 0.52, 0.54, 0.56, 0.6, 0.66)
SPLITS = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A question beside the pin that is most like it: how alike they are, their `agreement`, the
    pin's number, and that of the one which it is to get, -1 for none; `near` is a near miss. `sure`
    says that other words than the pinned ones surely answer it, where that counts."""

    alike: float
    chance: float
    pointed: float
    pin: int
    wanted: int
    near: bool = False
    sure: bool = False


def main() -> None:
    """Print the figures for each threshold."""
    parser = argparse.ArgumentParser(prog="python -m bench.like_questions", description=__doc__)
    parser.add_argument("folds", type=Path)
    parser.add_argument("--indexes", type=Path, help="a folder that keeps the indexes")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    args = parser.parse_args()
    embedder = Embedder.load()
    all_folds = list(folds(args.folds))
    golds = [gold.question for fold in all_folds for gold in fold.golds["dev"]]
    passages = {fold.name: read_passages(fold.articles) for fold in all_folds}
    with ExitStack() as stack:
        kept = args.indexes or Path(stack.enter_context(tempfile.TemporaryDirectory()))

        @cache
        def library(name: str) -> Library:
            (articles,) = (fold.articles for fold in all_folds if fold.name == name)
            opened = stack.enter_context(Library.open(articles, kept / name))
            opened.reload()
            return opened

        ask = partial(_asked, embedder, library)
        asked = {name: ask(name, passages, golds) for name in ("pinned", "elsewhere")}
    figures = {name: pins(rows) for name, rows in asked.items()}
    figures |= {"halves": halves(asked["pinned"]), "groups": groups(embedder)}
    if args.json:
        print(json.dumps(figures))
        return
    for name, rows in figures.items():
        print(f"{name}: {' | '.join(rows[0])}")
        print("\n".join(" | ".join(f"{value:g}" for value in row.values()) for row in rows))


def pins(asked: Sequence[Asked]) -> list[dict[str, float]]:
    """Return what each threshold pins rightly and wrongly, without and with the reading."""
    rows = []
    for least, (chance, pointed) in product(PIN_AT, (ALONE, (LIKENESS.chance, LIKENESS.pointed))):
        got, right, near = _got(asked, least, chance, pointed)
        meant = np.array([row.wanted >= 0 for row in asked])
        rows.append(
            {
                "threshold": least,
                "reading": float(pointed > 0),
                "paraphrases": int(meant.sum()),
                "first": int((got & right).sum()),
                "another pin": int((got & meant & ~right).sum()),
                "near misses": int(near.sum()),
                "nearly": int((got & near).sum()),
                "gold questions": int((~meant & ~near).sum()),
                "wrongly": int((got & ~meant & ~near).sum()),
            }
        )
    return rows


def halves(asked: Sequence[Asked]) -> list[dict[str, float]]:
    """Return what thresholds that were chosen on half of the pins bring on the others: the fewest
    pinned wrongly at nine of ten first, each one missing from these as bad as two wrong ones. The
    mean of the splits, and their 2.5 and 97.5 percentiles."""
    tried = [_got(asked, *grid) for grid in product(PIN_AT, CHANCE_AT, POINTED_AT)]
    meant = np.array([row.wanted >= 0 for row in asked])
    of = np.array([row.wanted if row.wanted >= 0 else row.pin for row in asked])
    dice, results = np.random.default_rng(0), []
    for _ in range(SPLITS):
        chosen_on = np.isin(of, dice.permutation(of.max() + 1)[::2])

        def counts(got: Bools, right: Bools, half: Bools) -> tuple[float, float, float]:
            first = float((got & right & half).sum())
            return first, float((meant & half).sum()), float((got & ~right & half).sum())

        def loss(number: int, half: Bools = chosen_on) -> tuple[float, float]:
            first, all_meant, wrong = counts(*tried[number][:2], half)
            return wrong + 2 * max(0.0, 0.9 * all_meant - first), -first

        best = min(range(len(tried)), key=loss)
        first, all_meant, wrong = counts(*tried[best][:2], ~chosen_on)
        results.append((first / all_meant, wrong))
    values = np.array(results)
    low, high = np.percentile(values, [2.5, 97.5], axis=0)
    return [
        {"first": float(first), "wrongly": float(wrong)}
        for first, wrong in (values.mean(axis=0), low, high)
    ]


def _got(
    asked: Sequence[Asked], least: float, chance: float, pointed: float
) -> tuple[Bools, Bools, Bools]:
    """Which questions get a pin, which of all are likest to the one that they are to get, and which
    are near misses; each of shape (questions,)."""
    from_here = [max(least, LIKENESS.sure) if row.sure else least for row in asked]
    got = [
        row.alike >= at and row.chance >= chance and row.pointed >= pointed
        for row, at in zip(asked, from_here, strict=True)
    ]
    right = [row.pin == row.wanted for row in asked]
    return np.array(got), np.array(right), np.array([row.near for row in asked])


def _asked(
    embedder: Embedder,
    library: Callable[[str], Library],
    name: str,
    passages: dict[str, list[Passage]],
    golds: Sequence[str],
) -> list[Asked]:
    """Ask the paraphrases and near misses of a file, and the gold questions; `library` opens that
    of a corpus."""
    rows = _rows("pinned" if name == "pinned" else "pinned_elsewhere")
    same = {text for row in rows for text in (row["question"], *row.get("gold", ()))}
    pinned = [ReadQuestion.of(embedder, row["question"]) for row in rows]
    quotes = [_quote(passages[row.get("corpus", "seeds")], *row["passage"]) for row in rows]

    def ask(question: str, wanted: int, *, near: bool = False) -> Asked:
        read = ReadQuestion.of(embedder, question)
        alike, pin = max((likeness(each, read), number) for number, each in enumerate(pinned))
        both = ALONE
        if alike >= min(PIN_AT) and embedder.reader:
            own = pointed_at(embedder.reader, pinned[pin], quotes[pin])
            both = agreement(own, pointed_at(embedder.reader, read, quotes[pin]))
        sure = False
        if min(PIN_AT) <= alike < LIKENESS.sure:
            answer = library(rows[pin].get("corpus", "seeds")).ask(question)
            sure = is_sure_elsewhere(answer, quotes[pin])
        return Asked(alike, *both, pin, wanted, near, sure)

    asked = [ask(text, number) for number, row in enumerate(rows) for text in row["same"]]
    asked += [ask(text, -1, near=True) for row in rows for text in row.get("near", ())]
    return asked + [ask(question, -1) for question in golds if question not in same]


def _quote(passages: Sequence[Passage], path: str, words: str) -> Quote:
    """The passage of an article that holds these words, as a quote."""
    held = (p for p in passages if p.source.path == path and words in " ".join(p.text.split()))
    passage = next(held)
    return quote_of(passage.source, passage.start, passage.text, passage.sentences[0], 1.0)


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
