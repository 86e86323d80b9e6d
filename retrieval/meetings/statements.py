"""Article → statements: the sentences in which a meeting may be reported. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..articles.paragraphs import ENDING, Paragraph, paragraphs
from ..articles.sentences import sentences
from ..models import Article, Kind, Span

WRAPPED = 50
"""A line of more characters may have been wrapped before a number."""

_ENDS = re.compile(r"[.!?:…][\"'”’»“)\]]*$")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or a heading, from offset `start` to `end` of the article's text.

    `place` counts the statements before it, `paragraph` the paragraphs; `opens` says whether it
    is the first of its paragraph.
    """

    start: int
    end: int
    text: str
    place: int
    paragraph: int
    opens: bool
    kind: Kind


def statements(article: Article) -> list[Statement]:
    """The article's statements in order. Captions and what websites add are left out."""
    found: list[Statement] = []
    for number, (start, end, kind) in enumerate(_joined(article)):
        spans = sentences(article.text, start, end, article.source.language)
        for span in spans:
            text = article.text[slice(*span)]
            opens = span == spans[0]
            found.append(Statement(*span, text, len(found), number, opens, kind))
    return found


def _joined(article: Article) -> Iterator[tuple[int, int, Kind]]:
    """The paragraphs; a line that goes on in lower case belongs to the one above it.

    Minutes are often laid out by hand, so that no width tells that a line was wrapped.
    """
    open_: tuple[int, int, Kind] | None = None
    for part in paragraphs(article.text, article.body):
        if part.kind is Kind.CAPTION or (part.kind is Kind.FURNITURE and not _words(article, part)):
            continue
        if open_ and _goes_on(article.text, (open_[0], open_[1]), part.start):
            open_ = (open_[0], part.end, open_[2])
            continue
        if open_:
            yield open_
        open_ = (part.start, part.end, part.kind)
    if open_:
        yield open_


def _words(article: Article, part: Paragraph) -> bool:
    return any(character.isalpha() for character in article.text[part.start : part.end])


def _goes_on(text: str, above: Span, start: int) -> bool:
    between = text[above[1] : start]
    return (
        between.count("\n") == 1
        and (
            text[start].islower()
            or text[above[1] - 1] == ","
            or (text[start].isdigit() and above[1] - above[0] > WRAPPED)
        )
        and not _ENDS.search(text[max(above[0], above[1] - ENDING) : above[1]])
    )
