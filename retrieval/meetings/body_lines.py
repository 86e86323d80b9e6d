"""Article → the lines of its text, where those that were wrapped at a width are one. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..formats.wrapped import paragraph_spans
from ..models import Article

MIN_WRAPPED = 40
"""A line of fewer characters is not wrapped at a width: what is below it is another."""


def body_lines(article: Article) -> Sequence[str]:
    """The lines that have words, without those of front matter."""
    text, spans = article.text, paragraph_spans(article.text, article.body)
    lines = (line for start, end in spans for line in _joined(text[start:end].splitlines()))
    return [line for line in lines if line.strip()]


def _joined(lines: Sequence[str]) -> Iterator[str]:
    if all(len(line) >= MIN_WRAPPED for line in lines[:-1]):
        yield " ".join(lines)
    else:
        yield from lines
