"""The lines of a PDF's pages, each with its position → the page's text, and its footnotes.

What only the layout tells is told here: a gap between two lines, or an indented line, parts two
paragraphs; what stands at the same height at the edge of several pages is a running head; small
print below the text is a note.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from .lines import ends_in_stop

EDGE_ROWS = 2
"""Running heads and feet are looked for in so many rows from the edge of a page."""

APART = 1.5
"""A running head is so many distances of lines away from the text, or has letters of its own
size."""

SMALLER = 0.92
"""Letters of a smaller share of the text's usual size are small print."""

USUAL = 0.1
"""A distance of lines is usual that so large a share of them has."""

COLUMN = 0.25
"""Lines that begin within such a share of the width of all are in the same column."""


class PlacedLine(NamedTuple):
    """A line: its words, where it begins (in points, from the left and from below), and the size of
    its letters."""

    text: str
    x: float
    y: float
    size: float


PlacedLines = Sequence[PlacedLine]


def laid_out(pages: Sequence[PlacedLines]) -> tuple[list[list[str]], list[list[str]]]:
    """Return the lines of each page without running heads and notes, and those of its notes, with
    an empty line wherever the page has a gap."""
    lines = [line for page in pages for line in page]
    # The size of most letters.
    sizes = Counter[float]()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    size = sizes.most_common(1)[0][0] if sizes else 0.0
    distances = Counter(  # Of lines that follow one another.
        round(above.y - line.y, 1)
        for page in pages
        for above, line in pairwise(page)
        if above.y > line.y and _same_size(above.size, size) and _same_size(line.size, size)
    )
    # The smallest that is usual: most paragraphs may have but one line.
    usual = (by for by, count in distances.items() if count >= USUAL * distances.total())
    distance = min(usual, default=0.0)
    width = max((line.x for line in lines), default=0.0) - min(
        (line.x for line in lines), default=0
    )
    running = _running(pages, size, distance)
    texts: list[list[str]] = []
    notes: list[list[str]] = []
    for page in pages:
        kept = [line for line in page if _key(line) not in running]
        small = _notes(kept, size, COLUMN * width)
        texts.append(_with_gaps([line for line in kept if line not in small], distance))
        notes.append(_with_gaps([line for line in kept if line in small], distance))
    return texts, notes


def _same_size(one: float, other: float) -> bool:
    return abs(one - other) <= (1 - SMALLER) * max(one, other)


def _key(line: PlacedLine) -> tuple[str, int]:
    """What a line has in common with itself on the next page."""
    return re.sub(r"\d+", "0", line.text), round(line.y)


def _running(pages: Sequence[PlacedLines], size: float, distance: float) -> set[tuple[str, int]]:
    """The keys of what stands at the edge of at least two pages, and of every third."""
    counts = Counter(key for page in pages for key in {_key(line) for line in page})
    often = {key for key, count in counts.items() if count >= max(2, len(pages) / 3)}
    running = set[tuple[str, int]]()
    for page in pages:
        text = [line.y for line in page if _key(line) not in often]
        rows = sorted({round(line.y) for line in page})
        edges = {*rows[:EDGE_ROWS], *rows[-EDGE_ROWS:]}
        for line in page:
            if not text or round(line.y) not in edges or _key(line) not in often:
                continue
            outside = max(min(text) - line.y, line.y - max(text))
            if outside > (0 if not _same_size(line.size, size) else APART * distance):
                running.add(_key(line))
    return running


def _notes(page: PlacedLines, size: float, column: float) -> set[PlacedLine]:
    """The small print below the text of its column."""
    text = [line for line in page if line.size >= SMALLER * size]
    return {
        line
        for line in page
        if line.size < SMALLER * size
        and (heights := [other.y for other in text if abs(other.x - line.x) <= column])
        and line.y < min(heights)
    }


def _with_gaps(page: PlacedLines, distance: float) -> list[str]:
    """The words of lines, with an empty line between two paragraphs, and at the end of a column
    that ends as a sentence does."""
    texts = [line.text for line in page[:1]]
    gaps = [_is_gap(above, line, distance) for above, line in pairwise(page)]
    for gap, (above, line) in zip(gaps, pairwise(page), strict=True):
        column_ends = above.y < line.y and ends_in_stop(above.text, 0, len(above.text))
        if gap or (column_ends and any(gaps)):
            texts.append("")
        texts.append(line.text)
    return texts


def _is_gap(above: PlacedLine, line: PlacedLine, distance: float) -> bool:
    """Whether a line is of another size than the one above, further away than usual, or begins
    further right, as the first of a paragraph may."""
    if not _same_size(above.size, line.size):
        return True
    below, right = above.y - line.y, line.x - above.x
    indented = below > 0 and 0.6 * line.size < right < 4 * line.size
    return indented or (distance > 0 and below > 1.15 * distance + 0.8)
