"""Article → statements: the sentences and headings in which a meeting may be reported. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..articles.paragraphs import Paragraph, is_stamp
from ..articles.sentences import sentences
from ..articles.tables import table_rows
from ..models import Article, Kind
from .years import Period

_LINE_ENDS = dict.fromkeys(map(ord, "\n\r\x85\u2028\u2029"), " ")
"""Within a statement they are white space, and as long."""

_SPACED = re.compile(r"(?<!\S)(?:[^\W\d_] ){3,}[^\W\d_](?!\S)")
"""A word of a heading that has a space between its letters."""

_DATED = re.compile(r"(?:^|[\n\r])[ \t]*[a-zà-ỹ]+(?::\s[^\n\r]{3,40}\d|\s+\d{4}-\d\d-\d\d)\s*$")
"""The line that a program leaves below a title: "date 2020-11-03", "fecha: 3 de mayo de 2020"."""

_SAYS = re.compile(r"[^\W\d_]|\d{4}")
"""What no number of a page has: a letter or a year."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or a heading, from offset `start` to `end` of the article's text.

    `index` counts the statements before it, `paragraph` the paragraphs. `period` is that of the
    title or heading above it, for days without a year.
    """

    start: int
    end: int
    text: str
    index: int
    paragraph: int
    kind: Kind
    period: Period | None = None


def split_statements(article: Article, parts: Sequence[Paragraph]) -> list[Statement]:
    """The article's statements in order, without captions and what websites add; `parts` are its
    paragraphs."""
    statements: list[Statement] = []
    for number, (start, end, kind) in enumerate(_shown_paragraphs(article, parts)):
        rows = table_rows(article.text, start, end) if kind is Kind.TABLE else None
        for span in rows or sentences(article.text, start, end, article.source.language):
            text = article.text[slice(*span)].translate(_LINE_ENDS)
            text = _SPACED.sub(lambda word: word[0].replace(" ", "").ljust(len(word[0])), text)
            statements.append(Statement(*span, text, len(statements), number, kind))
    return statements


def _shown_paragraphs(
    article: Article, parts: Sequence[Paragraph]
) -> Iterator[tuple[int, int, Kind]]:
    """The paragraphs but for captions and what websites add, without what a program has left below
    a title."""
    for part in parts:
        line = article.text[part.start : part.end]
        line = _DATED.sub("", line) if line[-1:].isdigit() else line
        is_page = not line or part.kind is Kind.CAPTION or is_stamp(line)
        if not (is_page or (part.kind is Kind.FURNITURE and not _SAYS.search(line))):
            yield part.start, part.start + len(line), part.kind
