"""Follow-ups: `python -m bench.follow_ups PAIRS FOLDS [--half dev] [--indexes DIR] [--json]`.

PAIRS (JSON Lines; `bench/data/follow_ups.jsonl` has some) has two turns a line: `first`, `second`,
the `second_article` with any of `second_quotes` (or of `also`) that answers the second, both empty
where nothing does, its `kind` ("alone" where it is no follow-up, with `opens` where it looks like
one: "And who …?"), and the `corpus`, one of FOLDS (see `bench/corpora.py`). The first turn is
asked, then the second behind it. To see how often a question that stands alone is taken for a
follow-up, each gold question of the folds is asked behind another one, of other articles.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from bench.corpora import Fold, folds
from retrieval import Library, Turn
from retrieval.evaluation.gold import Gold

RIGHT, CARRIED = "right quote in the first 3", "taken for a follow-up"
OF_BEFORE = "as a follow-up, a wrong passage of the article before is"


def main() -> None:
    """Ask the pairs and print the shares of them."""
    parser = argparse.ArgumentParser(prog="python -m bench.follow_ups", description=__doc__)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("folds", type=Path)
    parser.add_argument("--half", help="ask the pairs of this `half` alone")
    parser.add_argument("--indexes", type=Path, help="a folder that keeps the indexes")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    args = parser.parse_args()
    pairs = [json.loads(line) for line in args.pairs.read_text("utf-8").splitlines()]
    shares: dict[str, list[bool]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="follow-ups-") as temporary:
        for fold in folds(args.folds):
            with Library.open(
                fold.articles, (args.indexes or Path(temporary)) / fold.name
            ) as library:
                library.reload()
                for pair in pairs:
                    if pair["corpus"] == fold.name and args.half in (None, pair.get("half")):
                        _ask_pair(library, pair, shares)
                _ask_behind_others(library, fold, shares)
    figures = {name: [sum(hits), len(hits)] for name, hits in sorted(shares.items())}
    if args.json:
        print(json.dumps(figures))
    else:
        for name, (hits, of) in figures.items():
            print(f"| {name} | {hits / of:.2f} | {hits} of {of} |")


def _ask_pair(library: Library, pair: dict[str, Any], shares: dict[str, list[bool]]) -> None:
    words = [(pair["second_article"], quote) for quote in pair["second_quotes"]]
    words += [(also["article"], also["quote"]) for also in pair.get("also", [])]
    gold = Gold(pair["second"], pair["lang"], True, tuple(words))
    before = Turn.after(library.ask(pair["first"]))
    kind = "follow-up"
    if pair["kind"] == "alone":
        kind = "looks like a follow-up" if pair.get("opens") else "stands alone"
    for manner, turn in (("behind the first", before), ("asked alone", None)):
        hits = library.search(gold.question, 3, turn)
        right = [gold.held_by(hit.passage.source.path, hit.passage.text) for hit in hits]
        shares[f"{kind}, {manner}: {RIGHT}"].append(any(right))
        shares[f"{kind}, {manner}: right quote first"].append(right[:1] == [True])
        answer = library.ask(gold.question, turn)
        shares[f"{kind}, {manner}: answered"].append(answer.answered)
        if turn:
            shares[f"{kind}: {CARRIED}"].append(answer.follows is not None)
            if pair["kind"] == "alone":
                is_wrong = answer.follows is not None and turn.article not in dict(words)
                first = [hit.passage.source.path for hit in hits[:1]]
                shares[f"{kind}: {OF_BEFORE} first"].append(is_wrong and first == [turn.article])
                quoted = [quote.article for quote in answer.quotes[:1]]
                shares[f"{kind}: {OF_BEFORE} quoted"].append(is_wrong and quoted == [turn.article])


def _ask_behind_others(library: Library, fold: Fold, shares: dict[str, list[bool]]) -> None:
    dice = random.Random(0)
    golds = [gold for gold in fold.golds["dev"] if gold.answerable]
    for gold in golds:
        golds_apart = [
            earlier for earlier in golds if not dict(earlier.passages).keys() & dict(gold.passages)
        ]
        if golds_apart:
            earlier = dice.choice(golds_apart)
            before = Turn(earlier.question, earlier.passages[0][0])
            follows = library.ask(gold.question, before).follows
            shares[f"gold questions of the folds: {CARRIED}"].append(follows is not None)


if __name__ == "__main__":
    main()
