"""Sentences on stderr that do not repeat all of a very long value."""

from __future__ import annotations

import re

MAX_WORD, MAX_SENTENCE = 300, 1_200
"""The most characters of a word, such as a path or an address, and of a sentence."""

_LONG_WORD = re.compile(rf"\S{{{MAX_WORD + 1},}}")


def without_middle(sentence: str) -> str:
    """Return the sentence; of what is too long in it, only the start and the end."""
    words = _LONG_WORD.sub(lambda word: _ends(word[0], MAX_WORD), sentence)
    return words if len(words) <= MAX_SENTENCE else _ends(words, MAX_SENTENCE)


def _ends(text: str, limit: int) -> str:
    end = limit // 3
    return f"{text[: limit - end - 1]}…{text[-end:]}"
