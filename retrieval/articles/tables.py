"""Tables in a text: which lines are rows, which belong together, and what is their head. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..formats.lines import breaks_between
from ..models import MAX_QUOTE, Span

_ROW = re.compile(
    r"\|[^\n|]*\||[^\n|]{1,200} \| "
    r"|[^\W\d_][^\n\t:]{0,80}?(?:\t| {3,}| ?\.{4,} ?)\S"
    r"|(?!\d{1,3}[.)]\s)\d[\w.,:%]{0,20}(?: [^\s]{1,20}){0,3}(?:\t| {3,})\S"
    r"|\"[^\"\n]{0,200}\"[,;]\S"
    r"|[^\n,]{1,60},(?!\d{3}\b)[^\s,][^\n,]{0,60},(?!\d{3}\b)\S"
    r"|[^\n;]{1,60};[^\s;][^\n;]{0,60};\S"
)
"""A row of a table: cells with bars, tabs or wide gaps between, or as a spreadsheet exports it."""
_ROW_LINE = re.compile(r"\S(?:[^\n\r]*\S)?")
_RULE = re.compile(r"[-=+:|\u2500-\u257f \t]*[-=\u2500-\u257f]{2}[-=+:|\u2500-\u257f \t]*")
"""A line that is drawn between two rows."""
_EMPTY_FIRST = re.compile(r"\| [^\n|]*$")
_ONE_CELL = re.compile(r"\| [^\n|]*$|[^\n|]{1,200} \|$")
"""What may be a row of which one cell is full: others of the table say so."""
_WORD = re.compile(r"[^\W_]")


def with_joined_rows(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the spans, those of the rows of a table as one."""
    at = 0
    while at < len(spans):
        first, last = spans[at]
        begins = is_row(text, first, last) or _is_row_below(text, spans, at)
        at += 1
        if begins:
            rows = at
            while rows < len(spans) and _follows(text, spans[rows - 1], spans[rows]):
                rows += 1
                # A rule ends no table: it stands between two rows, or is no part of it.
                if not _RULE.fullmatch(text, *spans[rows - 1]):
                    last, at = spans[rows - 1][1], rows
        yield first, last


def _is_row_below(text: str, spans: Sequence[Span], at: int) -> bool:
    """Whether a line with its first cell empty stands above a row."""
    below = spans[at + 1] if at + 1 < len(spans) else None
    fits = below and _EMPTY_FIRST.match(text, *spans[at]) and is_row(text, *below)
    return bool(below and fits and breaks_between(text, spans[at][1], below[0]) == 1)


def _follows(text: str, above: Span, line: Span) -> bool:
    """Whether a line belongs to the table of the one above."""
    belongs = is_row(text, *line) or _RULE.fullmatch(text, *line) or _ONE_CELL.match(text, *line)
    return bool(belongs) and breaks_between(text, above[1], line[0]) == 1


def is_row(text: str, start: int, end: int) -> bool:
    """Whether a line, or the first of several, is a row of a table: cells with bars between."""
    return bool(_ROW.match(text, start, end))


def table_head(text: str, start: int) -> Span | None:
    """Return the span of the first row of the table in which text[start:] begins below that row;
    None where it begins elsewhere, or the row could not be quoted."""
    head, above = None, text.rfind("\n", 0, start)
    line = text.find("\n", start)
    if not is_row(text, above + 1, line if line >= 0 else len(text)):
        return None
    while above > 0:
        begin = text.rfind("\n", 0, above) + 1
        row, above = _ROW_LINE.search(text, begin, above), begin - 1
        if row and is_row(text, *row.span()):
            head = row.span()
        elif row is None or not (_RULE.fullmatch(row[0]) or _ONE_CELL.match(row[0])):
            break
    return head if head and head[1] - head[0] <= MAX_QUOTE else None


def table_rows(text: str, start: int, end: int) -> list[Span]:
    """The rows of a table that have words."""
    lines = (match.span() for match in _ROW_LINE.finditer(text, start, end))
    return [span for span in lines if _WORD.search(text, *span)]
