"""How well members' questions are answered: `python -m bench.quality [FOLDS] [--json]`.

FOLDS has a folder for each corpus (see `bench/corpora.py`); without it the two of `bench/data` are
asked. Every question is asked of a library as a member's would be, as it was written and respelt;
where a corpus has `translations.jsonl`, those are asked too, and counted apart. Prints tables in
Markdown; progress goes to standard error.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.corpora import ROOT, Fold, folds, read_translations
from bench.quality_report import (
    QuestionResult,
    differences,
    report,
    restored,
    tables,
    translated_alike,
)
from bench.reading.fit import add_readers_option, reading_with
from bench.respelling import respelt
from retrieval import Library, QuestionError
from retrieval.evaluation.gold import Gold, read_gold

OWN_FOLDS = ROOT / "bench" / "data"


def main() -> None:
    """Ask, and print how well it was answered."""
    parser = argparse.ArgumentParser(description="How well members' questions are answered.")
    parser.add_argument("folds", type=Path, nargs="?", default=OWN_FOLDS)
    parser.add_argument("--only", nargs="+", metavar="FOLD", help="ask these folds alone")
    parser.add_argument(
        "--questions", type=Path, help="a folder whose FOLD.jsonl is asked, not its dev.jsonl"
    )
    add_readers_option(parser)
    parser.add_argument("--indexes", type=Path, help="a folder that keeps the indexes")
    parser.add_argument("--as-written", action="store_true", help="respell no question")
    parser.add_argument("--against", type=Path, help="an earlier --json: compare in pairs")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    args = parser.parse_args()
    earlier = restored(json.loads(args.against.read_text("utf-8"))) if args.against else []
    results, translated = list[QuestionResult](), list[list[QuestionResult]]()
    for fold, library in libraries(args.folds, args.indexes, args.readers, args.only):
        golds = fold.golds["dev"]
        if args.questions:
            golds = read_gold(args.questions / f"{fold.name}.jsonl")
        results += (ask(library, fold.name, g, typed=not args.as_written) for g in golds)
        translated += (
            [ask(library, fold.name, gold, typed=False) for gold in case]
            for case in read_translations(args.folds / fold.name / "translations.jsonl")
        )
        print(f"{fold.name}: {len(golds)} questions", file=sys.stderr, flush=True)
    measured = report(results)
    if translated:
        measured["translated"] = translated_alike(translated)
    if args.against:
        measured["differences"] = differences(earlier, results)
    print(json.dumps(measured) if args.json else "\n".join(tables(measured)))


def libraries(
    answers: Path, indexes: Path | None, readers: Path | None, only: Sequence[str] | None = None
) -> Iterator[tuple[Fold, Library]]:
    """Yield each fold, or those of the names in `only`, with its library, open and indexed.

    Args:
        answers: the folds.
        indexes: the folder that keeps the indexes; None keeps none.
        readers: the folder with FOLD.npz, readers learnt without that fold; None takes the model's.
    """
    with tempfile.TemporaryDirectory(prefix="quality-") as temporary:
        for fold in folds(answers):
            if only and fold.name not in only:
                continue
            data = (indexes or Path(temporary)) / fold.name
            with Library.open(fold.articles, data, threads=2) as library:
                library.reload()
                with reading_with(library.embedder, readers, fold.name):
                    yield fold, library


def ask(library: Library, fold: str, gold: Gold, *, typed: bool = True) -> QuestionResult:
    """Ask a gold question as a member would; also respelt where it is to be `typed`."""
    hits = library.search(gold.question)
    right = [gold.held_by(hit.passage.source.path, hit.passage.text) for hit in hits]
    respellings = respelt(gold.question, gold.language) if typed else ()
    return QuestionResult(
        fold,
        gold,
        rank=right.index(True) + 1 if True in right else None,
        score=hits[0].score if hits else 0.0,
        quotes=_quotes(library, gold, gold.question),
        typed={name: _quotes(library, gold, question) for name, question in respellings},
    )


def _quotes(library: Library, gold: Gold, question: str) -> tuple[bool, ...]:
    try:
        quotes = library.ask(question).quotes
    except QuestionError:  # A prefix can make it too long: the member gets no quote either.
        return ()
    return tuple(gold.held_by(quote.article, quote.text) for quote in quotes)


if __name__ == "__main__":
    main()
