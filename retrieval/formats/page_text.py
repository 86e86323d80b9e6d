"""The lines of a PDF's pages, each with its position → paragraphs, one a line.

What only the layout tells is told first: a gap between two lines, or an indented line, parts two
paragraphs; what stands at the same height at the edge of several pages is a running head; small
print below the text is a note. Then a line goes on in the next if it had no room for the next one's
first word; what stands at the edge of most pages (a running head, a page's number) is left out,
however near to the text; a word that was divided at a line's end is put together again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from .lines import between_parts, counted_words, ends_sentence

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

MAX_DIVIDED = 60
"""A word that is divided at a line's end has no more characters there."""

CELL = " | "
"""What stands between two cells of a table."""

Line = tuple[str, int]
"""A line, and the index of its page."""

FULL = 0.85
"""A line of this share of the usual width is full: letters are not equally wide."""

_END = re.compile(r"[.!?…:。！？][\"'”’»“)\]]*$")
_ITEM = re.compile(r"[●○•‣▪◦–—*-]\s|\(?\d{1,3}[.)]\s|[a-z]\)\s")
_LETTERED = re.compile(r"\((?:[a-zA-Z]|[ivx]{1,5})\)\s|(?:[a-zA-Z]|[ivx]{2,4})\.\s(?!\w{1,3}\.|\d)")
"""What an item begins with, or a line that goes on ("clauses (a) and / (b) of"); but not "z. B." or
"p. 12"."""
_BEFORE_ITEM = re.compile(r"[.!?…:;,—–。][\"'”’»“)\]]*(?:\s\w{1,4})?$")
"""What stands above an item: "…; and", "… are:"."""
_BEFORE_NAME = re.compile(r"(?<!\w)(?:[A-Z]\w{0,3}|\w)\.$|,\n[A-Z]\.\s[A-Z]")
"""Two lines that part no items: "Dr." above "B. Miller", "i." above "e.", "Ray," above "A. Lee"."""
_DIVIDED = re.compile(r"([^\W\d_]+)[-\u00ad\u2010]$")
_LONE_HYPHEN = re.compile(r"[ \t]{0,9}\n[ \t]{0,9}\xad[ \t]{0,9}\n")
_LEADERS = re.compile(r"\s?(?<!\.)\.{5,}+\s?(?=\d(?:[\d.,:]{0,30}\d)?$)")
"""The dots between two cells: "Members ........ 5"."""
_NUMBER = re.compile(r"\W*\d{1,4}\W*")
_SOFT_HYPHEN = re.compile("\xad(?!$)")
_LIGATURES = dict(enumerate(("ff", "fi", "fl", "ffi", "ffl", "st", "st"), start=0xFB00))


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
    lefts = [line.x for line in lines] or [0.0]
    width = max(lefts) - min(lefts)
    running = _running(pages, size, distance)
    texts: list[list[str]] = []
    notes: list[list[str]] = []
    for page in pages:
        kept = [line for line in page if _key(line) not in running]
        small = _notes(kept, size, COLUMN * width)
        texts.append(_with_gaps([line for line in kept if line not in small], distance))
        notes.append(_with_gaps([line for line in kept if line in small], distance))
    return texts, notes


def _same_size(size: float, other: float) -> bool:
    return abs(size - other) <= (1 - SMALLER) * max(size, other)


def _key(line: PlacedLine) -> tuple[str, int]:
    """What a line has in common with itself on the next page."""
    return _digitless(line.text), round(line.y)


def _running(pages: Sequence[PlacedLines], size: float, distance: float) -> set[tuple[str, int]]:
    """The keys of what stands at the edge of at least two pages, and of every third, and of a
    page's number."""
    counts = Counter(key for page in pages for key in {_key(line) for line in page})
    often = {key for key, count in counts.items() if count >= max(2, len(pages) / 3)}
    running = set[tuple[str, int]]()
    for page in pages:
        heads = [each for each in page if _key(each) in often or _NUMBER.fullmatch(each.text)]
        text = [line.y for line in page if line not in heads]
        rows = sorted({round(line.y) for line in page})
        edges = {*rows[:EDGE_ROWS], *rows[-EDGE_ROWS:]}
        for line in heads:
            if not text or round(line.y) not in edges:
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
    page = _with_cells(page)
    texts = [line.text for line in page[:1]]
    gaps = [_is_gap(above, line, distance) for above, line in pairwise(page)]
    for gap, (above, line) in zip(gaps, pairwise(page), strict=True):
        column_ends = above.y < line.y and ends_sentence(above.text)
        if gap or (column_ends and any(gaps)):
            texts.append("")
        texts.append(line.text)
    return texts


def _with_cells(page: PlacedLines) -> list[PlacedLine]:
    """The lines with a bar between two cells, where several have cells."""
    cells = ["\t" in line.text for line in page]
    rows = (any(cells[max(0, at - 1) : at] + cells[at + 1 : at + 2]) for at in range(len(page)))
    return [
        line._replace(text=line.text.replace("\t", CELL if is_row else " "))
        for line, is_row in zip(page, rows, strict=True)
    ]


def _is_gap(above: PlacedLine, line: PlacedLine, distance: float) -> bool:
    """Whether a line is of another size than the one above, further away than usual, or begins
    further right, as the first of a paragraph may."""
    if not _same_size(above.size, line.size):
        return True
    below, right = above.y - line.y, line.x - above.x
    if below > 0 and _DIVIDED.search(above.text) and line.text[0].islower():
        return False
    is_item = _ITEM.match(above.text) or _LETTERED.match(above.text)
    hangs = is_item and not _ITEM.match(line.text)
    indented = below > 0 and 0.6 * line.size < right < 4 * line.size and not hangs
    return indented or (distance > 0 and below > 1.15 * distance + 0.8)


def unwrapped(
    pages: Sequence[Sequence[str]], notes: Sequence[Sequence[str]] = ()
) -> tuple[str, tuple[int, ...]]:
    """Return the text of the pages, with an empty line between paragraphs, and the offsets at which
    the pages begin in it.

    Args:
        pages: the lines of each page, an empty one where it has a gap.
        notes: those of the notes of each page; they do not part a paragraph that goes on in the
            next page.
    """
    lines = list(_lines([_cleaned(page) for page in pages]))
    words = counted_words(" ".join(line for line, _ in lines))
    paragraphs = _paragraphs(lines)
    for number, note in reversed(list(enumerate(notes))):
        if not note:
            continue
        later = (at for at, part in enumerate(paragraphs) if part[-1][1] > number)
        at = next(later, len(paragraphs))
        if at < len(paragraphs) and paragraphs[at][0][1] < number:
            at += 1
        paragraphs[at:at] = _paragraphs([(line, number) for line in _cleaned(note)])
    text, starts = "", [0] * len(pages)
    for number, paragraph in enumerate(paragraphs):
        around = paragraphs[number - 1 : number + 1]
        rows = number and all(len(part) == 1 and CELL in part[0][0] for part in around)
        text += "\n" if rows else "\n\n" if number else ""
        text += _joined(paragraph, words, starts, len(text))
    # A page without a line begins where the one before it does.
    return text, tuple(accumulate(starts, max))


def _cleaned(page: Sequence[str]) -> list[str]:
    """The lines of a page without ligatures, with a space for white space."""
    # A soft hyphen may stand on a line of its own.
    text = _LONE_HYPHEN.sub("\xad\n", "\n".join(page).translate(_LIGATURES))
    lines = (_SOFT_HYPHEN.sub("", " ".join(line.split())) for line in text.splitlines())
    return [_LEADERS.sub(CELL, line) for line in lines]


def _paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of each paragraph."""
    widths = sorted(len(line) for line, _ in lines if line)
    # The usual width is that of the long lines; a few longer ones are tables.
    width = widths[len(widths) * 9 // 10] if widths else 0
    # Where gaps part paragraphs, one that ends with its page does not go on in the next.
    has_gaps = any(not line for line, _ in lines)
    paragraphs: list[list[Line]] = []
    above, page_above = "", 0
    for line, page in lines:
        ends = has_gaps and page != page_above and _END.search(above)
        if above and line and not ends and _goes_on(above, line, width):
            paragraphs[-1].append((line, page))
        elif line:
            paragraphs.append([(line, page)])
        above, page_above = line, page
    return paragraphs


def _lines(pages: Sequence[list[str]]) -> Iterator[Line]:
    """The lines of pages without what stands at the edge of most, and without pages' numbers."""
    edges = Counter(_digitless(page[at]) for page in pages if page for at in (0, -1))
    often = {edge for edge, count in edges.items() if count > max(2, len(pages) // 2)}
    for number, page in enumerate(pages):
        kept = list(page)
        for at in (0, -1):
            if kept and (_digitless(kept[at]) in often or _NUMBER.fullmatch(kept[at])):
                del kept[at]
        yield from ((line, number) for line in kept)


def _digitless(line: str) -> str:
    return re.sub(r"\d+", "0", line)


def _goes_on(line: str, below: str, width: int) -> bool:
    if _ITEM.match(below) or CELL in line or CELL in below:
        return False
    is_name = _BEFORE_NAME.search(line) or _BEFORE_NAME.search(f"{line[-1]}\n{below}")
    if _LETTERED.match(below) and _BEFORE_ITEM.search(line) and not is_name:
        return False
    if below[0].islower() and not _END.search(line):
        return True
    full = len(line) + 1 + len(below.split(maxsplit=1)[0]) >= FULL * width
    return full and len(line) >= FULL * width / 2


def _joined(lines: Sequence[Line], words: Counter[str], starts: list[int], offset: int) -> str:
    """The lines of a paragraph as one. Where the first line of a page stands in it goes to
    `starts`; the paragraph itself begins at an offset of the text."""
    before, length = list[str](), 0
    text, page = lines[0]
    starts[page] = starts[page] or offset
    for line, page in lines[1:]:
        divided = _DIVIDED.search(text, max(0, len(text) - MAX_DIVIDED))
        if divided and line[0].isalpha():
            text = text[:-1] + between_parts(divided[1], text[-1], line, 0, words)
        else:
            text = text.removesuffix("\xad") + " "
        before.append(text)
        length += len(text)
        starts[page] = starts[page] or offset + length
        text = line
    return "".join([*before, text.removesuffix("\xad")])
