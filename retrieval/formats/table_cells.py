"""The cells of a table of a page, of Word or of OpenDocument: those that go over several rows or
columns are told as a reader sees them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MAX_SPAN = 50
"""A cell goes over no more rows or columns."""

Attribute = Callable[[Any, str], str]
"""An element and the local name of an attribute → its value, or nothing."""


class TableCells:
    """The cells of one row after another; `row` has those of this one, a list of paragraphs each,
    and `at` is the number of the one that has begun. `in_row` says whether a row has begun.

    A cell that goes over several rows is repeated in each, and one over several columns is followed
    by empty ones: so each row can be read by itself.
    """

    def __init__(self, attribute: Attribute) -> None:
        self.row: list[list[str]] = []
        self.in_row = False
        self._attribute = attribute
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
        if merge is not None and self._attribute(merge, "val") != "restart":
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
        value = next(filter(None, (self._attribute(element, name) for name in names)), "")
        known = value.isascii() and value.isdecimal() and 0 < len(value) <= 4
        return min(max(int(value), 1), MAX_SPAN) if known else 1
