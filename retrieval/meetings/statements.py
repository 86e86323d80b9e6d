"""Article → statements: the sentences and headings in which a meeting may be reported. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..articles.paragraphs import Paragraph, is_stamp
from ..articles.sentences import sentences
from ..articles.tables import table_rows
from ..formats.lines import DATED, ENDING, breaks_between
from ..models import Article, Kind, Span
from .date_ranges import Period
from .dates import DateMention

WRAPPED = 50
"""A line of more characters may have been wrapped before a number."""

_LINE_ENDS = dict.fromkeys(map(ord, "\n\r\x85\u2028\u2029"), " ")
"""Within a statement they are white space, and as long."""

_SPACED = re.compile(r"(?<!\S)(?:[^\W\d_] ){3,}[^\W\d_](?!\S)")
"""A word of a heading that has a space between its letters."""

_SAYS = re.compile(r"[^\W\d_]|\d{4}")
"""What no number of a page has: a letter or a year."""

_SENTENCE_END = re.compile(r"[.!?:…][\"'”’»“)\]]*$")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or a heading, from offset `start` to `end` of the article's text.

    `index` counts the statements before it, `paragraph` the paragraphs. `period` is that of the
    title or heading above it, for days without a year, `told` its dates with those that what
    stands above it makes of it (`told`).
    """

    start: int
    end: int
    text: str
    index: int
    paragraph: int
    kind: Kind
    period: Period | None = None
    told: tuple[DateMention, ...] | None = None


def split_statements(article: Article, parts: Sequence[Paragraph]) -> list[Statement]:
    """The article's statements in order, without captions and what websites add; `parts` are its
    paragraphs."""
    statements: list[Statement] = []
    for number, (start, end, kind) in enumerate(_joined_paragraphs(article, parts)):
        rows = table_rows(article.text, start, end) if kind is Kind.TABLE else None
        for span in rows or sentences(article.text, start, end, article.source.language):
            text = article.text[slice(*span)].translate(_LINE_ENDS)
            text = _SPACED.sub(lambda word: word[0].replace(" ", "").ljust(len(word[0])), text)
            statements.append(Statement(*span, text, len(statements), number, kind))
    return statements


def _joined_paragraphs(
    article: Article, parts: Sequence[Paragraph]
) -> Iterator[tuple[int, int, Kind]]:
    """The paragraphs; a line that goes on in lower case belongs to the one above it.

    Minutes are often laid out by hand, so that no width tells that a line was wrapped.
    """
    above: tuple[int, int, Kind] | None = None
    for part in parts:
        line = article.text[part.start : part.end]
        is_page = part.kind is Kind.CAPTION or DATED.fullmatch(line) or is_stamp(line)
        if is_page or (part.kind is Kind.FURNITURE and not _SAYS.search(line)):
            continue
        if above and _goes_on(article.text, (above[0], above[1]), part.start):
            above = (above[0], part.end, above[2])
            continue
        if above:
            yield above
        above = part
    if above:
        yield above


def _goes_on(text: str, above: Span, start: int) -> bool:
    return (
        breaks_between(text, above[1], start) == 1
        and (
            text[start : start + 1].islower()
            or text[above[1] - 1] == ","
            or (above[1] - above[0] > WRAPPED and _may_be_wrapped(text, above, start))
        )
        and not _SENTENCE_END.search(text[max(above[0], above[1] - ENDING) : above[1]])
    )


def _may_be_wrapped(text: str, above: Span, start: int) -> bool:
    """Whether a line goes on with a number, or in capitals as the one above it."""
    line = text[start : start + ENDING].partition("\n")[0]
    return line[:1].isdigit() or (line.isupper() and text[slice(*above)].isupper())
