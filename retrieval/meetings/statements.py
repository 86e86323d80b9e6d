"""Article → statements: the sentences and headings in which a meeting may be reported. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..articles.paragraphs import ENDING, is_stamp, paragraphs
from ..articles.sentences import sentences
from ..models import Article, Kind, Span

WRAPPED = 50
"""A line of more characters may have been wrapped before a number."""

_SENTENCE_END = re.compile(r"[.!?:…][\"'”’»“)\]]*$")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or a heading, from offset `start` to `end` of the article's text.

    `index` counts the statements before it, `paragraph` the paragraphs.
    """

    start: int
    end: int
    text: str
    index: int
    paragraph: int
    kind: Kind


def split_statements(article: Article) -> list[Statement]:
    """The article's statements in order, without captions and what websites add."""
    statements: list[Statement] = []
    for number, (start, end, kind) in enumerate(_joined_paragraphs(article)):
        for span in sentences(article.text, start, end, article.source.language):
            text = article.text[slice(*span)]
            statements.append(Statement(*span, text, len(statements), number, kind))
    return statements


def _joined_paragraphs(article: Article) -> Iterator[tuple[int, int, Kind]]:
    """The paragraphs; a line that goes on in lower case belongs to the one above it.

    Minutes are often laid out by hand, so that no width tells that a line was wrapped.
    """
    above: tuple[int, int, Kind] | None = None
    for part in paragraphs(article.text, article.body):
        line = article.text[part.start : part.end]
        if is_stamp(line) or (part.kind is Kind.FURNITURE and not any(map(str.isalpha, line))):
            continue
        if above and _goes_on(article.text, (above[0], above[1]), part.start):
            above = (above[0], part.end, above[2])
            continue
        if above:
            yield above
        above = (part.start, part.end, part.kind)
    if above:
        yield above


def _goes_on(text: str, above: Span, start: int) -> bool:
    between = text[above[1] : start]
    return (
        between.count("\n") == 1
        and (
            text[start].islower()
            or text[above[1] - 1] == ","
            or (text[start].isdigit() and above[1] - above[0] > WRAPPED)
        )
        and not _SENTENCE_END.search(text[max(above[0], above[1] - ENDING) : above[1]])
    )
