"""A corpus as large as one likes, made of the sentences of the test articles: the same each time.

Each sentence gets one word from elsewhere in its language, so that no two articles say the same
and the model has each of them to do.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

FROM = Path("tests/data/meetings")
LANGUAGES = ("de", "en", "es", "vi")

LENGTH, SPREAD = 1_100, 0.5
"""The median of the articles' characters, that of the test articles, and the spread of its
logarithm: one in twenty is longer than 2,500, as a report is, one shorter than 500, as a notice."""

PARAGRAPH = 3
"""Sentences."""

_END = re.compile(r"(?<=[.!?])\s+")


def articles(number: int) -> Iterator[tuple[str, str]]:
    """The names and texts of so many articles, as many of each language."""
    sentences = {language: _sentences(language) for language in LANGUAGES}
    words = {language: _words(sentences) for language, sentences in sentences.items()}
    for n in range(number):
        dice = random.Random(n)
        language = LANGUAGES[n % len(LANGUAGES)]
        length = dice.lognormvariate(0, SPREAD) * LENGTH
        drawn: list[str] = []
        while sum(map(len, drawn)) < length:
            drawn.append(_varied(dice.choice(sentences[language]), words[language], dice))
        lines = [
            " ".join(drawn[start : start + PARAGRAPH]) for start in range(0, len(drawn), PARAGRAPH)
        ]
        title = " ".join(dice.sample(words[language], 4)).capitalize()
        yield f"{language}/{n:05}.txt", f"{title}\n\n" + "\n".join(lines) + "\n"


def write(folder: Path, number: int) -> None:
    """Write so many articles into a folder."""
    for name, text in articles(number):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def _sentences(language: str) -> list[str]:
    files = sorted(FROM.glob(f"*/{language}-*.txt"))
    lines = (line for file in files for line in file.read_text("utf-8").splitlines())
    sentences = (sentence for line in lines if len(line) > 80 for sentence in _END.split(line))
    return [sentence for sentence in sentences if len(sentence.split()) > 5]


def _words(sentences: list[str]) -> list[str]:
    return sorted({word for sentence in sentences for word in sentence.split() if word.isalpha()})


def _varied(sentence: str, words: list[str], dice: random.Random) -> str:
    parts = sentence.split()
    parts[dice.randrange(1, len(parts) - 1)] = dice.choice(words)
    return " ".join(parts)
