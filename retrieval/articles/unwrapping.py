"""The lines of a PDF's pages → paragraphs, one a line, and where each page begins.

A text layer has lines where the page had them. A line goes on in the next if it had no room for
the next one's first word. What stands at the edge of most pages (a running head, a page's
number) is left out; a word that was divided at a line's end is put together again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate

Line = tuple[str, int]
"""A line, and the index of its page."""

FULL = 0.85
"""A line of this share of the usual width is full: letters are not equally wide."""

_END = re.compile(r"[.!?…:。！？][\"'”’»“)\]]*$")
_ITEM = re.compile(r"[•‣▪◦–—*-]\s|\(?\d{1,3}[.)]\s|[a-z]\)\s")
_DIVIDED = re.compile(r"([^\W\d_]+)[-\u00ad\u2010]$")
_LONE_HYPHEN = re.compile(r"[ \t]{0,9}\n[ \t]{0,9}\xad[ \t]{0,9}\n")
_SOFT_HYPHEN = re.compile("\xad(?!$)")
_FIRST = re.compile(r"[^\W\d_]+")
_LIGATURES = dict(enumerate(("ff", "fi", "fl", "ffi", "ffl", "st", "st"), start=0xFB00))


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
    all_words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)?", " ".join(line for line, _ in lines))
    words = Counter(all_words)
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
        text += "\n\n" if number else ""
        text += _joined(paragraph, words, starts, len(text))
    # A page without a line begins where the one before it does.
    return text, tuple(accumulate(starts, max))


def _cleaned(page: Sequence[str]) -> list[str]:
    """The lines of a page without ligatures, with a space for white space."""
    # A soft hyphen may stand on a line of its own.
    text = _LONE_HYPHEN.sub("\xad\n", "\n".join(page).translate(_LIGATURES))
    return [_SOFT_HYPHEN.sub("", " ".join(line.split())) for line in text.splitlines()]


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
    """All lines without white space around them; an empty one where there was a gap."""
    edges = Counter(_digitless(page[at]) for page in pages if page for at in (0, -1))
    often = {edge for edge, count in edges.items() if count > max(2, len(pages) // 2)}
    for number, page in enumerate(pages):
        kept = list(page)
        for at in (0, -1):
            if kept and (_digitless(kept[at]) in often or re.fullmatch(r"\W*\d{1,4}\W*", kept[at])):
                del kept[at]
        yield from ((line, number) for line in kept)


def _digitless(line: str) -> str:
    return re.sub(r"\d+", "0", line)


def _goes_on(line: str, below: str, width: int) -> bool:
    if _ITEM.match(below):
        return False
    if below[0].islower() and not _END.search(line):
        return True
    full = len(line) + 1 + len(below.split(maxsplit=1)[0]) >= FULL * width
    return full and len(line) >= FULL * width / 2


def _joined(lines: Sequence[Line], words: Counter[str], starts: list[int], offset: int) -> str:
    """The lines of a paragraph as one. Where the first line of a page stands in it goes to
    `starts`; the paragraph itself begins at an offset of the text."""
    text, page = lines[0]
    starts[page] = starts[page] or offset
    for line, page in lines[1:]:
        divided, first = _DIVIDED.search(text), _FIRST.match(line)
        if divided and first and line[0].isupper() and text[-1] != "\xad":
            pass  # "IP- / Adressen".
        elif not divided or not first or not line[0].islower():
            text = text.removesuffix("\xad") + " "
        elif words[f"{divided[1]}-{first[0]}"] <= words[divided[1] + first[0]]:
            text = text[:-1]  # Else it is a word that has a hyphen elsewhere, too.
        starts[page] = starts[page] or offset + len(text)
        text += line
    return text.removesuffix("\xad")
