"""The ways in which members type a question otherwise than it was written."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from retrieval.languages.terms import without_diacritics

AROUND = Path(__file__).parent / "data" / "chatter_around.jsonl"
"""What members say before and behind a question, by its language; it was written by somebody who
had seen neither `chatter.jsonl` nor the code. `small`: the question then begins in lower case."""

PREFIX = "hey bot, quick question: "
LEAST_LETTERS = 4
"""Shorter words are typed without mistakes: with one they may be another word."""
WORDS_A_TYPO = 4
"""One of so many long words has a typo, and one at least."""


def with_typos(question: str) -> str:
    """Mistype some words: two letters swapped, one left out, doubled or another. The same question
    gets the same typos."""
    dice, words = random.Random(question), question.split(" ")
    long = [n for n, word in enumerate(words) if len(word) >= LEAST_LETTERS and word.isalpha()]
    for number in dice.sample(long, min(len(long), 1 + len(long) // WORDS_A_TYPO)):
        words[number] = _mistyped(words[number], dice)
    return " ".join(words)


def _mistyped(word: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    return dice.choice(
        [
            before + after[0] + letter + after[1:],
            before + after,
            before + letter + letter + after,
            before + dice.choice("abcdefghijklmnopqrstuvwxyz") + after,
        ]
    )


def with_soft_hyphens(question: str) -> str:
    """Put soft hyphens into words, as a text copied from a page has them."""
    pairs = enumerate(question)
    return "".join(c + "\u00ad" if n % 4 == 2 and c.isalpha() else c for n, c in pairs)


def with_chatter(question: str, language: str) -> str:
    """Put around a question what a member might; the same question gets the same."""
    chosen = [row for row in _around() if row["lang"] == language]
    if not chosen:
        return question
    row = random.Random(question).choice(chosen)
    asked = question[:1].lower() + question[1:] if row["small"] else question
    return f"{row['before']}{asked}{row['after']}"


@cache
def _around() -> list[dict[str, str]]:
    return [json.loads(line) for line in AROUND.read_text("utf-8").splitlines()]


RESPELLINGS: dict[str, Callable[[str, str], str]] = {
    "IN CAPITALS": lambda question, _: question.upper(),
    "lower case": lambda question, _: question.lower(),
    "soft hyphens": lambda question, _: with_soft_hyphens(question),
    "a prefix": lambda question, _: PREFIX + question,
    "chatter": with_chatter,
    "typos": lambda question, _: with_typos(question),
    "Vietnamese without diacritics": lambda question, language: (
        without_diacritics(question) if language == "vi" else question
    ),
}


def respelt(question: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield the name of each respelling that changes a question, and the question changed."""
    for name, respell in RESPELLINGS.items():
        if (typed := respell(question, language)) != question:
            yield name, typed
