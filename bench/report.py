"""The rounds of all contenders as one table for a person, or one value for a program."""

from __future__ import annotations

import os
import platform
import statistics
import textwrap
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from bench.metrics import ROWS, Row
from bench.runner import Round

Rounds = Mapping[str, Sequence[Round]]
"""The rounds of each contender by its name; the first name is ours."""

PACKAGES = ("langchain-core", "langchain-chroma", "txtai", "chromadb", "torch")

CAPTION = (
    "Median over {rounds} rounds, in brackets the least and the most; every round is two new "
    "processes of each contender, in turn.",
    "recall: a found chunk is of a gold article and holds the gold words; over the {answerable} "
    "answerable of {questions} questions, before any abstention.",
    "index: with the model loaded. start to …: from the start of the process, for the answer "
    "with the index on disk.",
    "warm: each question once; of Passage the whole answer, of the others the search alone.",
    "÷: Passage's least divided by the other's least, as other work on the machine only ever adds; "
    "below 1 Passage needs less.",
    "{cores} cores; {versions}.",
)

WIDTH = 100


def table(rounds: Rounds, questions: int) -> str:
    """The table and its caption, at most 100 columns wide."""
    ours, *peers = rounds
    cells = [["", *rounds, *(f"÷ {peer}" for peer in peers)]]
    for row in ROWS:
        values = {name: _values(row, results) for name, results in rounds.items()}
        cells.append(
            [
                row.label,
                *(_spread(values[name], row.digits) for name in rounds),
                *(_ratio(values[ours], values[peer]) if row.lower else "" for peer in peers),
            ]
        )
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    lines = [
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    ]
    lines.insert(1, "-" * max(len(line) for line in lines))
    return "\n".join([*lines, "", *_caption(rounds, questions)])


def as_json(rounds: Rounds, questions: int) -> dict[str, object]:
    """The same as one value; medians, extremes and every round's figure, units in the names."""
    ours, *peers = rounds
    contenders = {
        name: {row.key: _summary(_values(row, results)) for row in ROWS}
        for name, results in rounds.items()
    }
    ratios = {
        peer: {
            row.key: contenders[ours][row.key]["min"] / contenders[peer][row.key]["min"]
            for row in ROWS
            if row.lower
        }
        for peer in peers
    }
    first = rounds[ours][0]
    return {
        "questions": questions,
        "answerable": len(first.ranks),
        "rounds": len(rounds[ours]),
        "contenders": contenders,
        "ratios_of_least_ours_to": ratios,
        "machine": _machine(),
    }


def _values(row: Row, results: Sequence[Round]) -> list[float]:
    return [row.value(result) for result in results]


def _spread(values: Sequence[float], digits: int) -> str:
    middle, least, most = (
        _number(value, digits) for value in (statistics.median(values), min(values), max(values))
    )
    return middle if least == most else f"{middle} ({least}–{most})"


def _number(value: float, digits: int) -> str:
    """At most `digits` decimal places, fewer where three figures stand without them."""
    whole = len(str(int(value))) if value >= 1 else 0
    return f"{value:.{min(digits, max(0, 3 - whole))}f}"


def _ratio(ours: Sequence[float], peer: Sequence[float]) -> str:
    return f"{min(ours) / min(peer):.2f}"


def _summary(values: list[float]) -> dict[str, Any]:
    return {
        "median": statistics.median(values),
        "min": min(values),
        "max": max(values),
        "rounds": values,
    }


def _machine() -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }


def _caption(rounds: Rounds, questions: int) -> list[str]:
    results = next(iter(rounds.values()))
    machine = _machine()
    facts = {
        "rounds": len(results),
        "answerable": len(results[0].ranks),
        "questions": questions,
        "cores": machine["cores"],
        "versions": ", ".join(f"{name} {number}" for name, number in machine["packages"].items()),
    }
    return [line for text in CAPTION for line in textwrap.wrap(text.format(**facts), WIDTH)]
