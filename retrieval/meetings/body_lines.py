"""Article → the lines of its text, where those that were wrapped at a width are one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..formats.wrapped import paragraph_spans
from ..models import Article

MIN_WRAPPED = 40
"""A line of fewer characters is not wrapped at a width: what is below it is another."""

_PLACE_AND_DAY = re.compile(
    r"[^\W\d_][^\d,;:.!?]{1,30},\D{1,12}\d{1,2}\D{1,12}(?:\d{1,2}\D{1,8})?\d{4}"
)
"""The place and the day of who writes a letter: "Bình Dương, ngày 26 tháng 4 năm 2025"."""


def body_lines(article: Article) -> Sequence[str]:
    """The lines that have words, without those of front matter."""
    text, spans = article.text, paragraph_spans(article.text, article.body)
    lines = (line for start, end in spans for line in _joined(text[start:end].splitlines()))
    return [line for line in lines if line.strip()]


def _joined(lines: Sequence[str]) -> Iterator[str]:
    last = lines[-1].strip()
    if len(lines) > 1 and last[:1].isupper() and _PLACE_AND_DAY.fullmatch(last):
        yield from _joined(lines[:-1])
        yield lines[-1]
    elif all(len(line) >= MIN_WRAPPED for line in lines[:-1]):
        yield " ".join(lines)
    else:
        yield from lines
