"""`python -m bench`: measure every contender, print the table."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from bench.gold import load_questions
from bench.report import as_json, table
from bench.runner import ContenderFailedError, Entry, Round, measure

CONTENDERS = (
    Entry("Passage", "bench.ours"),
    Entry("LangChain", "bench.langchain_pipeline"),
    Entry("txtai", "bench.txtai_pipeline"),
)


def main() -> int:
    """The exit code: 0; 1 when a contender failed; 2 for wrong options."""
    args = _parse()
    for path in (args.seeds, args.questions):
        if not path.exists():
            print(f"There is no {path}.", file=sys.stderr)
            return 2
    questions = load_questions(args.questions)
    if not any(question.answerable for question in questions):
        print(f"{args.questions} has no answerable question.", file=sys.stderr)
        return 2
    load = os.getloadavg()[0]
    if load > 0.5:
        print(f"Other work runs here (load {load:.1f}); the times will be long.", file=sys.stderr)
    rounds: dict[str, list[Round]] = {entry.name: [] for entry in CONTENDERS}
    try:
        for number in range(1, args.rounds + 1):
            for entry in CONTENDERS:
                print(f"Round {number} of {args.rounds}: {entry.name} ...", file=sys.stderr)
                rounds[entry.name].append(measure(entry, args.seeds, args.questions))
    except ContenderFailedError as failure:
        print(failure, file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(as_json(rounds, len(questions)), indent=2))
    else:
        print(table(rounds, len(questions)))
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--seeds", type=Path, default=Path("seeds"), help="folder of articles")
    parser.add_argument(
        "--questions",
        type=Path,
        default=Path("tests/data/questions.jsonl"),
        help="gold questions, JSON Lines",
    )
    parser.add_argument(
        "--rounds", type=int, choices=range(1, 21), default=3, metavar="N", help="1 to 20"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
