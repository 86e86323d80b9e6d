"""The ways in which members type a question otherwise than it was written. Pure."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from retrieval.languages.terms import without_diacritics

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


RESPELLINGS: dict[str, Callable[[str], str]] = {
    "IN CAPITALS": str.upper,
    "lower case": str.lower,
    "soft hyphens": with_soft_hyphens,
    "a prefix": lambda question: PREFIX + question,
    "typos": with_typos,
    "Vietnamese without diacritics": without_diacritics,
}


def respelt(question: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield the name of each respelling that changes a question, and the question changed."""
    for name, respell in RESPELLINGS.items():
        if name.startswith("Vietnamese") and language != "vi":
            continue
        if (typed := respell(question)) != question:
            yield name, typed
