"""Text → paragraphs, each with its kind: prose, caption, heading, or the page's furniture.

A paragraph is a line, or several where a text is wrapped at a fixed width. What a website
leaves between paragraphs (buttons, counters, credits) is furniture and never quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from ..languages import language_words
from ..models import Kind, Span

WRAP_WIDTH = 120
"""No text is wrapped at more characters than this; longer lines are paragraphs."""

MAX_HEADING = 200
"""A first line of more characters is prose, however it ends."""

SHORT = 20
"""What kind a line of no more characters is, is remembered: it may stand there a million times."""

LABEL_LENGTH = 80
"""A line of more characters says something, even without a stop."""

ENDING = 200
"""A sentence's end or a credit is looked for in so many of the last characters of a line."""

MIN_WORDS = 4
"""A line of fewer words that does not end as a sentence does is a label, not prose."""


class Paragraph(NamedTuple):
    """A span of the text without the white space around it."""

    start: int
    end: int
    kind: Kind


_LINE = re.compile(r"[^\s\ufeff](?:[^\n]*[^\s\ufeff])?")
"""A line without the white space around it. A byte order mark is white space here."""

_MARKUP_ONLY = re.compile(r"\[[^\]]*\]\W*|!\[.*|[|\-=*_#\s]+|<[^>]*>\W*|```.*")
_HEADING = re.compile(r"#{1,6}\s")
_RIGHTS = re.compile(r".*©|\W*copyright\b|\W*\(c\)\s*\d{4}", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»“)\]/.]*$")
_STOP_WITHIN = re.compile(r"\w\w[.!?。！？]\s")
_WORD = re.compile(r"[^\W_]+")
_MIN_WORDS = re.compile(rf"(?:[\W_]*+[^\W_]++){{{MIN_WORDS}}}")
_FACT = re.compile(r"[\d:]")
_BLOCK_START = re.compile(r"\s*(?:#{1,6}\s|[-*+•]\s|\d+[.)]\s|>|\||!\[)")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What the page's furniture, a caption and a labelled control look like, in the words of all
    languages."""
    credit, source, control = (
        "|".join(map(re.escape, language_words(f"page.{kind}")))
        for kind in ("credits", "sources", "controls")
    )
    credit = rf"(?:{credit})\s*[:/©]"
    furniture = rf"""\W*+ (?:
        (?:{control}) \W*+ \d*+ \W*+             # Comment (0)
      | (?:{source}) \b (?: \W* | \s*[:\-–] .* | (?:\s+\S+){{1,3}} )   # Source: …
      | {credit} .{{0,80}}                       # Photo: somebody
      | https?://\S+
    ) """
    caption = rf"\b{credit}[^().!?\n]{{1,60}}\)?.{{0,20}}$"
    return (
        re.compile(furniture, re.IGNORECASE | re.VERBOSE),
        re.compile(caption, re.IGNORECASE),
        re.compile(rf"\W*+(?:{control})\s*:", re.IGNORECASE),  # Tags: …
    )


@lru_cache(maxsize=1)  # Whoever reads a file asks for them two or three times.
def paragraphs(text: str, body: int = 0) -> tuple[Paragraph, ...]:
    """All paragraphs of the text from offset `body` on, in order, but for those without a word."""
    found: list[Paragraph] = []
    first = True
    for start, end in _spans(text, body):
        kind = (_kind if end - start > SHORT else _kind_of_short)(text[start:end], first)
        if kind is not None:
            first = first and kind is Kind.FURNITURE
            found.append(Paragraph(start, end, kind))
    return tuple(found)


def ends_sentence(line: str) -> bool:
    """Return whether a line ends as a sentence does, with a stop."""
    return _ends_sentence(line, 0, len(line))


def is_stamp(line: str) -> bool:
    """Return whether a line is a picture, a credit, an address, tags or a notice of copyright: what
    dates it holds are not its article's."""
    furniture, caption, control = _patterns()
    return bool(
        _MARKUP_ONLY.fullmatch(line)
        or furniture.fullmatch(line)
        or caption.search(line, max(0, len(line) - ENDING))
        or control.match(line)
        or (len(line) <= MAX_HEADING and _RIGHTS.match(line))
    )


def is_label(line: str) -> bool:
    """Return whether a line of prose may be a heading or a label that is not marked as one: short,
    without a stop at its end, and neither an item of a list nor a fact ("Tickets: 40 €").

    Where a script has no capitals it may have no stops either, and nothing is taken for a label.
    """
    plain = len(line) <= LABEL_LENGTH and line.upper() != line.lower() and not _FACT.search(line)
    return plain and not ends_sentence(line) and not _BLOCK_START.match(line)


def heading_above(text: str, start: int) -> Span | None:
    """Return the span of the line above the line that begins at an offset, if it is marked as a
    heading; blank lines do not count."""
    above = text[:start].rstrip()
    begin = above.rfind("\n") + 1
    line = above[begin:].strip()
    begin += len(above[begin:]) - len(line)
    parted = "\n" in text[len(above) : start]
    return (begin, len(above)) if parted and _HEADING.match(line) else None


def _spans(text: str, body: int) -> Iterator[Span]:
    block: list[Span] = []
    for line in _LINE.finditer(text, body):
        start, end = line.span()
        if block and text.count("\n", block[-1][1], start) > 1:
            yield from _unwrap(text, block)
            block = []
        block.append((start, end))
    yield from _unwrap(text, block)


def _unwrap(text: str, lines: list[Span]) -> list[Span]:
    """Join the lines of a block into one span if they were wrapped at one width.

    They were if no line had room for the first word of the next, and a sentence goes on in lower
    case from one to the next.
    """
    if not any(text[start].islower() for start, _ in lines[1:]):
        return lines
    width = max(end - start for start, end in lines)
    if width > WRAP_WIDTH or any(_BLOCK_START.match(text, start) for start, _ in lines):
        return lines
    goes_on = False
    for (start, end), (below, below_end) in pairwise(lines):
        word = text[below:below_end].split(maxsplit=1)[0]
        if end - start + 1 + len(word) < width:
            return lines
        goes_on |= word[0].islower() and not _ends_sentence(text, start, end)
    return [(lines[0][0], lines[-1][1])] if goes_on else lines


def _ends_sentence(text: str, start: int, end: int) -> bool:
    return bool(_SENTENCE_END.search(text[max(start, end - ENDING) : end]))


def _kind(line: str, first: bool) -> Kind | None:
    if not _WORD.search(line):
        return None
    furniture, caption, _ = _patterns()
    if _MARKUP_ONLY.fullmatch(line) or furniture.fullmatch(line):
        return Kind.FURNITURE
    if _HEADING.match(line):
        return Kind.HEADING
    if caption.search(line, max(0, len(line) - ENDING)):
        return Kind.CAPTION
    ends = _ends_sentence(line, 0, len(line))
    if first and not ends and len(line) <= MAX_HEADING and not _STOP_WITHIN.search(line):
        return Kind.HEADING
    return Kind.PROSE if ends or _MIN_WORDS.match(line) else Kind.FURNITURE


_kind_of_short = lru_cache(maxsize=1_000)(_kind)
