"""Article → Passages: spans of whole sentences within one paragraph. Pure.

A passage is as long as a quote may be and no longer, so that what is found is what is quoted.
"""

from __future__ import annotations

from ..models import MAX_QUOTE, Article, Kind, Passage, Span
from .paragraphs import paragraphs
from .sentences import sentences

VERSION = "5"
"""Changes when of the same article other passages, or other vectors of them, would be kept: an
index remembers it."""

ENOUGH = 300
"""A passage of so many characters takes no further sentence (from 200 to 500: little odds)."""

TOO_SHORT = 80
"""A last sentence of fewer characters joins the passage before it where it fits."""

_QUOTABLE = (Kind.PROSE, Kind.CAPTION)


def passages(article: Article) -> list[Passage]:
    """All passages of an article that may be quoted, in order."""
    return [
        _passage(article, paragraph.kind, group)
        for paragraph in paragraphs(article.text, article.body)
        if paragraph.kind in _QUOTABLE
        for group in _groups(
            sentences(article.text, paragraph.start, paragraph.end, article.source.language)
        )
    ]


def _passage(article: Article, kind: Kind, group: list[Span]) -> Passage:
    start, end = group[0][0], group[-1][1]
    return Passage(article.source, start, end, article.text[start:end], kind, tuple(group))


def _groups(spans: list[Span]) -> list[list[Span]]:
    groups: list[list[Span]] = []
    for span in spans:
        if groups and _fits(groups[-1], span):
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def _fits(group: list[Span], span: Span) -> bool:
    start, end = group[0][0], group[-1][1]
    wanted = end - start < ENOUGH or span[1] - span[0] < TOO_SHORT
    return wanted and span[1] - start <= MAX_QUOTE
