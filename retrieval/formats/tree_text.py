"""A tree of XML or of a page → its text: one paragraph a line, headings with `#`.

What stands in Word, OpenDocument, EPUB and pages under which name is told here, for all at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from .lines import begins_paragraph, ends_sentence

MAX_CELL = 200
"""A longer text in a cell is no datum: the table is there for the layout of its page."""

MAX_SPAN = 50
"""A cell goes over no more rows or columns."""

TABLE_OF_CONTENTS = "<contents>"
"""What a line of a table of contents is marked with, until it is left out."""

PICTURE_ABOVE = "![](picture)"
"""What stands for a picture, right above its caption."""

_PARAGRAPHS = frozenset({
    "p", "h", "li", "dt", "dd", "blockquote", "div", "pre", "section", "figcaption", "caption",
})  # fmt: skip
HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ROWS = frozenset({"tr", "table-row"})
_CELLS = frozenset({"tc", "td", "th", "table-cell", "covered-table-cell"})
_BREAKS = frozenset({"br", "cr", "line-break"})
_MARK = re.compile(r"[\W_]*(?:\d{1,4}|[a-zA-Z]{1,2})?[\W_]*")
_NOTE = re.compile(r"(?i)#.{0,9}(?:f(?:oot)?n|ftn|edn|end|note|cite|fuss|cmnt|anc|ref).{0,40}")
_TABLES = frozenset({"tbl", "table"})
_ENDS = _PARAGRAPHS | HEADINGS.keys() | _ROWS | _CELLS | _TABLES
_SIGNS = {"tab": " ", "s": " ", "noBreakHyphen": "-"}
"""What stands for elements that are signs."""

_LEFT_OUT = frozenset({
    "Fallback", "del", "moveFrom", "note", "annotation", "tracked-changes", "table-of-content",
    "head", "nav", "script", "style", "desc", "title", "rt", "rp", "ruby-text", "hidden-text",
    "alphabetical-index", "template", "number",
})  # fmt: skip
"""What is not shown, shown twice, or is a note, which comes at the end."""


def is_mark(element: Any) -> bool:
    """Return whether an element of a page stands in a sentence and is none of its words: a link of
    a number or a sign to a note or back from it, or the place where a page of a book begins."""
    if "pagebreak" in (attribute(element, "type"), element.get("class")):
        return True
    target = element.get("href") or ""
    if not target or (not target.startswith("#") and attribute(element, "type") != "noteref"):
        return False
    words = "".join(element.itertext()).strip()
    parent = local_name(element.getparent()) if element.getparent() is not None else ""
    raised = "sup" in (parent, *map(local_name, element))
    is_note = raised or words.startswith("[") or not words[:1].isalnum() or _NOTE.fullmatch(target)
    return bool(is_note and _MARK.fullmatch(words)) or attribute(element, "type") == "noteref"


def goes_on(parts: Sequence[str], below: str | None) -> bool:
    """Return whether what stands below a break of a line goes on with the sentence before it."""
    above, below = "".join(parts).rstrip(), (below or "").lstrip()
    return below[:1].islower() and bool(above) and not ends_sentence(above)


def local_name(element: Any) -> str:
    """Return the name of an element without its namespace; "" of a comment and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """An attribute by its name in whatever namespace."""
    return next((v for key, v in element.items() if key.rpartition("}")[2] == name), "")


class TableCells:
    """The cells of one row after another; `row` has those of this one, a list of paragraphs each,
    and `at` is the number of the one that has begun. `in_row` says whether a row has begun.

    A cell that goes over several rows is repeated in each, and one over several columns is followed
    by empty ones: so each row can be read by itself.
    """

    def __init__(self) -> None:
        self.row: list[list[str]] = []
        self.in_row = False
        self._above: list[list[str]] = []
        self._left: dict[int, int] = {}
        self.at = -1

    def begin_row(self, begins: bool = True) -> None:
        """Begin a row, or none."""
        self.in_row = begins
        if begins:
            self._above, self.row, self.at = self.row, [], -1

    def begin_cell(self, element: Any, name: str) -> None:
        """Begin a cell; `name` is its element's."""
        merge = element.find("{*}tcPr/{*}vMerge")
        if merge is not None and attribute(merge, "val") != "restart":
            self.row.append(self._words_above())
        elif name == "covered-table-cell":
            self.row.append(self._words_above() if self._is_spanned() else [])
        else:
            while self._is_spanned():
                self.row.append(self._words_above())
            grid = element.find("{*}tcPr/{*}gridSpan")
            rows = self._span(element, "rowspan", "number-rows-spanned")
            columns = 1 if grid is None else self._span(grid, "val")
            columns = max(columns, self._span(element, "colspan"))
            self._left[len(self.row)] = rows - 1
            self.at = len(self.row)
            self.row += [list[str]() for _ in range(columns)]
            return
        self.at = len(self.row) - 1

    def add(self, line: str) -> None:
        """Add a paragraph to the cell that has begun, if one has."""
        if self.at < 0:
            self.row.append([])
            self.at = len(self.row) - 1
        self.row[self.at].append(line)

    def end_row(self) -> list[list[str]]:
        """Return the cells of the row."""
        while self._is_spanned():
            self.row.append(self._words_above())
        return self.row

    def _is_spanned(self) -> bool:
        """Whether a cell of a row above goes over the next column; it does over one row less."""
        at = len(self.row)
        left = self._left.get(at, 0)
        self._left[at] = max(left - 1, 0)
        return left > 0

    def _words_above(self) -> list[str]:
        at = len(self.row)
        return list(self._above[at]) if at < len(self._above) else []

    def _span(self, element: Any, *names: str) -> int:
        value = next(filter(None, (attribute(element, name) for name in names)), "")
        known = value.isascii() and value.isdecimal() and 0 < len(value) <= 4
        return min(max(int(value), 1), MAX_SPAN) if known else 1


def lines_of(
    root: Any,
    level: Callable[[Any], int],
    texts: str = "",
    number: Callable[[Any], str] = lambda _: "",
) -> Iterator[str]:
    """The paragraphs below an element; the rows of a table as one, with a bar between two cells,
    and the items of a list.

    Args:
        root: the element.
        level: what level of a heading a paragraph has, 0 if it is none.
        texts: the name of the elements whose text counts; all count without it.
        number: what the program that shows the file sets before a paragraph, and a space.
    """
    return with_tables(_Paragraphs(level, texts, number).of(root))


def with_tables(paragraphs: Iterable[tuple[str, bool]]) -> Iterator[str]:
    """Yield each paragraph that has words, and the rows of a table or items of a list, which are
    given with True, as one; an empty paragraph parts two tables."""
    for is_row, group in groupby(paragraphs, itemgetter(1)):
        lines = (line for line, _ in group if line)
        yield from ["\n".join(lines)] if is_row else lines


def _shown(root: Any) -> Iterator[tuple[str, bool, Any]]:
    """Yield the name of each element, True where it starts and False where it ends, and itself; of
    what is left out its end alone, which has the text behind it."""
    from lxml import etree  # noqa: PLC0415

    left_out: Any = None
    # Not by recursion, which a deep file would exhaust.
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag, starts = local_name(element), event == "start"
        if left_out is None and starts and element is not root and _is_left_out(tag, element):
            left_out = element
        elif left_out is None or (element is left_out and not starts):
            left_out = None
            yield tag, starts, element


def _is_left_out(tag: str, element: Any) -> bool:
    if tag == "r":
        hidden = element.find("{*}rPr/{*}vanish")
        return hidden is not None and attribute(hidden, "val") not in ("0", "false", "off")
    return tag in _LEFT_OUT or (tag in ("a", "span") and is_mark(element))


class _Paragraphs:
    """The paragraphs of a tree, which is read from element to element."""

    def __init__(
        self, level: Callable[[Any], int], texts: str, number: Callable[[Any], str]
    ) -> None:
        """See `lines_of`."""
        self._level, self._texts, self._number = level, texts, number
        self._parts = list[str]()
        """The words since the last paragraph."""
        self._has_break = False
        """Whether a line has ended within them."""
        self._mark = self._numbered = ""
        """What the next paragraph begins with."""
        self._around = list[str]()
        """The numbers of the paragraphs around, which may hold a text box first."""
        self._table, self._has_rows = TableCells(), False

    def of(self, root: Any) -> Iterator[tuple[str, bool]]:
        """Yield each paragraph, and each row of a table or item of a list with True."""
        for tag, starts, element in _shown(root):
            words = (element.text if starts else element.tail) or ""
            if self._texts and (not starts or tag != self._texts):
                words = ""
            if tag in _ENDS:
                yield from self._paragraph()
                self._begin(tag, starts, element)
            else:
                if self._has_break and words.strip() and not goes_on(self._parts, words):
                    yield from self._paragraph()
                if tag in _BREAKS and starts:
                    self._has_break = True
                    self._parts.append(" ")
            if tag in _TABLES:
                self._has_rows = False
                yield "", False
            elif tag in _ROWS:
                yield from self._row()
                self._table.begin_row(starts)
            elif tag in _CELLS and starts and self._table.in_row:
                self._table.begin_cell(element, tag)
            self._parts.append(_SIGNS.get(tag, words) if starts else words)
        if line := " ".join("".join(self._parts).split()):
            yield self._mark + line, False

    def _begin(self, tag: str, starts: bool, element: Any) -> None:
        """Note what the paragraph begins with that an element begins or ends."""
        is_paragraph = starts and tag not in _CELLS | _ROWS
        self._mark = _mark(self._level(element)) if is_paragraph else ""
        if starts and _is_caption(tag, element):
            self._mark = PICTURE_ABOVE + "\n"
        if starts:
            self._around.append(self._numbered)
            self._numbered = self._number(element) if is_paragraph else ""
        else:
            self._numbered = self._around.pop()

    def _paragraph(self) -> Iterator[tuple[str, bool]]:
        """End the paragraph: yield it, if it has words and is not of a cell or the contents."""
        words = " ".join("".join(self._parts).split())
        self._parts, self._has_break = [], False
        if words:
            line = self._mark + self._numbered + words
            if self._table.in_row:
                self._table.add(line)
            elif self._mark is not TABLE_OF_CONTENTS:
                is_item = not self._mark and bool(self._numbered)
                yield line, is_item and begins_paragraph(self._numbered)
            self._numbered = ""

    def _row(self) -> Iterator[tuple[str, bool]]:
        """End the row: yield it, if one has begun."""
        row = table_row(self._table.end_row(), self._has_rows) if self._table.in_row else ()
        for line, is_row in row:
            self._has_rows = self._has_rows or is_row
            yield line, is_row


def _mark(level: int) -> str:
    """What a paragraph of a level begins with."""
    return TABLE_OF_CONTENTS if level < 0 else "#" * min(level, 6) + " " * bool(level)


def _is_caption(tag: str, element: Any) -> bool:
    """Whether a paragraph is the caption of a picture, not of a table."""
    return tag == "figcaption" and element.getparent().find(".//{*}table") is None


def table_row(cells: Iterable[Sequence[str]], has_rows: bool = False) -> Iterator[tuple[str, bool]]:
    """Yield a row as one line, with True; what its cells hold, where the table is there for the
    layout. Of each cell its paragraphs are given; a row of one cell, such as a total or a heading,
    is one of a table that already `has_rows`."""
    texts = [" ".join(cell) for cell in cells]
    full = sum(map(bool, texts))
    if (full > 1 or (full and has_rows and len(texts) > 1)) and max(map(len, texts)) <= MAX_CELL:
        yield " | ".join(texts), True
    else:
        yield from ((line, False) for cell in cells for line in cell)
