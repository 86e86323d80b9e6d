"""The gold questions, and what counts as finding their answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Chunk:
    """What a contender found: a piece of one article. `article` is its path below the seeds."""

    article: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and for each place that answers it the article and some of its words."""

    text: str
    answerable: bool
    gold: tuple[Chunk, ...]


def load_articles(seeds: Path) -> list[Chunk]:
    """Every article whole, for the contenders that do not read folders themselves."""
    return [
        Chunk(path.relative_to(seeds).as_posix(), path.read_text("utf-8"))
        for path in sorted(seeds.rglob("*"))
        if path.suffix in {".txt", ".md"}
    ]


def load_questions(path: Path) -> list[Question]:
    """The questions of a JSON Lines file, in its order."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [
        Question(
            text=row["question"],
            answerable=row["answerable"],
            gold=tuple(Chunk(place["seed"], place["contains"]) for place in row["gold"]),
        )
        for row in rows
    ]


def rank(question: Question, chunks: Sequence[Chunk]) -> int | None:
    """Where the first chunk with a gold text stands, counted from 1; None if there is none."""
    for position, chunk in enumerate(chunks, start=1):
        if any(chunk.article == gold.article and gold.text in chunk.text for gold in question.gold):
            return position
    return None


def recall(ranks: Sequence[int | None], limit: int) -> float:
    """The share of ranks, from 0 to 1, that are within the limit."""
    return sum(rank is not None and rank <= limit for rank in ranks) / len(ranks)
