"""Tables in a text: which lines are rows, which belong together, and what is their head. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from ..formats.lines import breaks_between
from ..models import MAX_QUOTE, Span

_ROW = re.compile(
    r"\|[^\n|]*\||(?:(?!\{\{)[^\n|]){1,200} \| "
    r"|[^\W\d_][^\n\t:]{0,80}?(?:\t| {3,})\S"
    r"|(?!\d{1,3}[.)]\s)\d[\w.,:%]{0,20}(?: [^\s]{1,20}){0,3}(?:\t| {3,})\S"
)
"""A row of a table: cells with bars, tabs or wide gaps between."""
_ROW_LINE = re.compile(r"\S(?:[^\n\r]*\S)?")
_RULE = re.compile(r"[-=+:|\u2500-\u257f \t]*[-=\u2500-\u257f]{2}[-=+:|\u2500-\u257f \t]*")
"""A line that is drawn between two rows."""
_EMPTY_FIRST = re.compile(r"\| [^\n|]*$")
_ONE_CELL = re.compile(r"\| [^\n|]*$|[^\n|]{1,200} \|$")
"""What may be a row of which one cell is full: others of the table say so."""
_GAP, _NARROW_GAP = re.compile(r" {2,}(?=\S)"), re.compile(r"[^\s.!?:] {2}(?=\S)")
_WORD = re.compile(r"[^\W_]")
MAX_RAW_TABLE = 20_000
"""The most characters of a table in HTML tags."""
_RAW_TABLE, _RAW_TABLE_END = re.compile("(?i)<table"), re.compile("(?i)</table>")
_RAW_ROW = re.compile(r"<tr\b[^<]*+(?:<(?!/?tr\b)[^<]*+)*+(?:</tr>)?", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def with_joined_rows(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the spans, those of the rows of a table as one."""
    at = 0
    while at < len(spans):
        first, last = spans[at]
        if (end := _end_of_raw_table(text, first)) is not None:
            while last < end and at + 1 < len(spans):
                at += 1
                last = spans[at][1]
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


def _end_of_raw_table(text: str, start: int) -> int | None:
    """Where a table ends that begins with a tag of HTML, as Markdown may have it; None if none
    begins there."""
    begins = _RAW_TABLE.match(text, start)
    end = _RAW_TABLE_END.search(text, start, start + MAX_RAW_TABLE) if begins else None
    return end.start() if end else None


def _is_row_below(text: str, spans: Sequence[Span], at: int) -> bool:
    """Whether a line with its first cell empty, or narrow gaps, stands above a row."""
    line, below = spans[at], spans[at + 1] if at + 1 < len(spans) else None
    if below is None or not is_row(text, *below) or breaks_between(text, line[1], below[0]) != 1:
        return False
    return bool(_EMPTY_FIRST.match(text, *line)) or _is_narrow_row(text, line, below)


def _follows(text: str, above: Span, line: Span) -> bool:
    """Whether a line belongs to the table of the one above."""
    fits = is_row(text, *line) or _RULE.fullmatch(text, *line) or _ONE_CELL.match(text, *line)
    belongs = bool(fits) or _is_narrow_row(text, line, above)
    return belongs and breaks_between(text, above[1], line[0]) == 1


def _is_narrow_row(text: str, line: Span, row: Span) -> bool:
    """Whether a line beside a row has a gap of two spaces, as the widest cell of a column leaves,
    that ends where one of the row's gaps ends. A rule is no row."""
    if _RULE.fullmatch(text, *line) or _RULE.fullmatch(text, *row):
        return False
    ends = {gap.end() - line[0] for gap in _NARROW_GAP.finditer(text, *line)}
    return any(gap.end() - row[0] in ends for gap in _GAP.finditer(text, *row)) if ends else False


def is_table(text: str, start: int, end: int) -> bool:
    """Whether a paragraph is several rows of a table."""
    if _end_of_raw_table(text, start) is not None:
        return True
    if not breaks_between(text, start, end):
        return False
    lines = [line.span() for line in islice(_ROW_LINE.finditer(text, start, end), 2)]
    narrow = len(lines) == 2 and is_row(text, *lines[1]) and _is_narrow_row(text, *lines)
    return narrow or is_row(text, start, end)


def is_row(text: str, start: int, end: int) -> bool:
    """Whether a line, or the first of several, is a row of a table: cells with bars between."""
    return bool(_ROW.match(text, start, end))


def is_rule(text: str) -> bool:
    """Whether a line is one that is drawn between two rows."""
    return bool(_RULE.fullmatch(text))


def table_head(text: str, start: int) -> Span | None:
    """Return the span of the first row of the table in which text[start:] begins below that row;
    None where it begins elsewhere, or the row could not be quoted."""
    if text[start : start + 3].lower() == "<tr":
        tables = [*_RAW_TABLE.finditer(text, max(0, start - MAX_RAW_TABLE), start)]
        row = _RAW_ROW.search(text, tables[-1].start(), start) if tables else None
        return row.span() if row and row.end() - row.start() <= MAX_QUOTE else None
    above, line = text.rfind("\n", 0, start), text.find("\n", start)
    words = _ROW_LINE.search(text, above + 1, line if line >= 0 else len(text))
    if words is None:
        return None
    quoted = below = words.span()
    is_of_table = is_row(text, *quoted)
    while above > 0:
        begin = text.rfind("\n", 0, above) + 1
        row, above = _ROW_LINE.search(text, begin, above), begin - 1
        if row is None:
            break
        span = row.span()
        narrow = _is_narrow_row(text, span, below) or _is_narrow_row(text, below, span)
        if narrow or (is_of_table and is_row(text, *span)):
            below = span
            is_of_table = is_of_table or is_row(text, *span)
        elif not (_RULE.fullmatch(row[0]) or _ONE_CELL.match(row[0])):
            break
    is_head = is_of_table and below != quoted and below[1] - below[0] <= MAX_QUOTE
    return below if is_head else None


def table_rows(text: str, start: int, end: int) -> list[Span]:
    """The rows of a table that have words."""
    is_raw = _end_of_raw_table(text, start) is not None
    lines = (
        match.span() for match in (_RAW_ROW if is_raw else _ROW_LINE).finditer(text, start, end)
    )
    return [span for span in lines if _WORD.search(_TAG.sub("", text[slice(*span)]))]
