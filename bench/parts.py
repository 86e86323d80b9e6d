"""What each part of an answer brings: `python -m bench.parts FOLDS [PART …] [--readers READERS]`.

Each question of the folds (see `bench/corpora.py`) is asked of the whole, and again without one
part of it, whose weights are not learnt anew. Prints a table in Markdown: what the part adds, over
the same questions, with 95 % paired bootstrap intervals; progress goes to standard error.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import cache
from pathlib import Path
from unittest.mock import patch

import numpy as np

from bench.quality import ask, libraries
from bench.quality_report import FIGURES, QuestionResult, differences, figures
from bench.reading.fit import add_readers_option
from retrieval import Library
from retrieval.answer import compose, window
from retrieval.embedding.onnx_encoder import PassageReader
from retrieval.languages import vietnamese
from retrieval.search import late_interaction, query, reranker, searcher
from retrieval.search.query import parsed
from retrieval.search.weights import ANSWER, ORDER, READING, SEARCH

WHOLE = "the whole"
VALUES = {"shown_right": "without it: of quotes shown, right", "auc_near": "AUC, near"}
"""Figures that stand as they are without the part, beside what it adds to the others."""

Without = Callable[[Library], AbstractContextManager[object]]
"""Returns what takes a part out of a library as long as it is entered."""


def _weights(module: object, name: str, weights: object) -> Without:
    return lambda _: patch.object(module, name, weights)


def _first_reading(question: str) -> tuple[tuple[str, ...], str]:
    readings, language = parsed(question)
    return readings[:1], language


PARTS: dict[str, tuple[str, Without]] = {
    WHOLE: (WHOLE, lambda _: nullcontext()),
    "marks": (
        "Vietnamese is given its diacritics",
        lambda _: patch.object(vietnamese, "is_unmarked_vietnamese", return_value=False),
    ),
    "plain-names": (
        "Vietnamese names also without diacritics",
        lambda _: patch.object(query, "with_plain_names", lambda question: question),
    ),
    "readings": (
        "a second reading of the question, if in doubt",
        lambda _: patch.object(searcher, "parsed", _first_reading),
    ),
    "typos": (
        "typos are corrected",
        lambda _: patch.object(searcher, "corrected", lambda text, *_: text),
    ),
    "rarity": (
        "rare tokens weigh more",
        _weights(late_interaction, "SEARCH", replace(SEARCH, common_rarity=math.inf)),
    ),
    "crossing": (
        "what another language adds to MaxSim",
        _weights(searcher, "ORDER", replace(ORDER, crossing=0.0)),
    ),
    "sections": (
        "sections named by their numbers",
        _weights(searcher, "ORDER", replace(ORDER, section=0.0)),
    ),
    "verbatim": (
        "words as they were asked, in the score",
        lambda _: patch.object(
            searcher, "verbatim_evidence", lambda *given: np.zeros(len(given[-1]), np.float32)
        ),
    ),
    "reader": ("the reader", lambda library: patch.object(library.embedder, "reader", None)),
    "reader-order": (
        "of this, its word on the order",
        _weights(reranker, "READING", replace(READING, order=0.0)),
    ),
    "reader-chance": (
        "of this, its word on the score",
        _weights(
            reranker,
            "READING",
            replace(READING, search=1.0, maxsim=0.0, reading=0.0, offset=0.0),
        ),
    ),
    "widening": (
        "quotes wider than a passage",
        lambda _: patch.object(window, "widened_in", lambda *given: given[-1]),
    ),
    "run": (
        "of these, sentences that match further",
        lambda _: patch.object(window, "_best_run", lambda *given: given[-2:]),
    ),
    "leading": (
        "what a line leads to",
        lambda _: patch.object(window, "_led_to", lambda *given: given[-1]),
    ),
    "heading": (
        "the heading above",
        lambda _: patch.object(window, "_heading", return_value=None),
    ),
    "labels": (
        "no label alone is the first quote",
        lambda _: patch.object(compose, "stands_alone", return_value=False),
    ),
    "same-words": (
        "no two quotes of the same words",
        _weights(compose, "ANSWER", replace(ANSWER, same_words=math.inf)),
    ),
    "share": (
        "only quotes about as good as the best",
        _weights(compose, "ANSWER", replace(ANSWER, share_of_best=0.0)),
    ),
}
"""By name: what the part is, and what takes it out."""


def main() -> None:
    """Ask with and without the parts, and print the table."""
    parser = argparse.ArgumentParser(description="What each part of an answer brings.")
    parser.add_argument("folds", type=Path)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; else all")
    add_readers_option(parser)
    parser.add_argument("--indexes", type=Path, help="a folder that keeps the indexes")
    args = parser.parse_intermixed_args()
    if unknown := set(args.parts) - set(PARTS):
        parser.error(f"There is no part {min(unknown)!r}.")
    names = [name for name in PARTS if name in (WHOLE, *args.parts) or not args.parts]
    results: dict[str, list[QuestionResult]] = {name: [] for name in names}
    # A passage is read alike whichever part is missing.
    with patch.object(PassageReader, "_reading", cache(PassageReader._reading)):
        for fold, library in libraries(args.folds, args.indexes, args.readers):
            for name in names:
                with PARTS[name][1](library):
                    golds = fold.golds["dev"]
                    results[name] += [ask(library, fold.name, g, typed=False) for g in golds]
                print(f"{fold.name}: {name}", file=sys.stderr, flush=True)
    print("\n".join(table_of_parts(results)))


def table_of_parts(results: dict[str, list[QuestionResult]]) -> Iterator[str]:
    """Yield the lines of the table, of what came of the questions by the missing part."""
    whole = results[WHOLE]
    added_names = [name for name in differences(whole, whole) if name != "questions"]
    heads = [FIGURES[name] for name in added_names] + list(VALUES.values())
    yield f"| part | {' | '.join(heads)} |\n|{'---|' * (len(heads) + 1)}"
    for name, without in results.items():
        values = figures(without)
        added = values if name == WHOLE else differences(without, whole)
        form = "{value:.3f}" if name == WHOLE else "{value:+.3f} ({low:+.3f} to {high:+.3f})"
        cells = [form.format(**added[figure]) for figure in added_names]
        cells += [f"{values[figure]['value']:.3f}" for figure in VALUES]
        yield f"| {PARTS[name][0]} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
