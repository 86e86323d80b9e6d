"""Text → paragraphs as spans: a line each, or several where they were wrapped at a width. Pure.

A line goes on in the next if that says so itself (a divided word, a small letter), or if it had no
room for the next one's first word in a text that is wrapped. Items of a list, headings and rows of
a table begin a paragraph of their own.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from functools import lru_cache
from itertools import chain, pairwise

from ..models import Span
from .lines import (
    BLOCK_START,
    BREAKS,
    DATED,
    ITEM_NUMBER,
    LIST_MARKS,
    begins_paragraph,
    breaks_between,
    ends_sentence,
)

WRAP_WIDTH = 120
"""No text is wrapped at more characters than this; longer lines are paragraphs."""

MIN_WIDTH = 35
"""No text is wrapped at fewer characters than this: shorter lines are those of a list or a poem."""

MIN_LENGTH = 8
"""A line of fewer characters goes on in none."""

NEARLY = 0.85
"""A line of this share of the width is full where a text is wrapped by the width of its letters."""

MAX_SECTION_TITLE = 100
"""What stands below the number of a section in so many characters is its title."""

_LINE = re.compile(rf"[^\s\ufeff](?:[^{BREAKS}]*[^\s\ufeff])?")
"""A line without the white space around it. A byte order mark is white space here."""
_CERTAIN_END = re.compile(
    r"(?:[^\W\d_]{5}|(?<![^\W\d_])(?=[a-zß-ÿ]*[aeiouyß-ÿ])[a-zß-ÿ]{3,4}|\d{4})\.$|[^.]$"
)
"""The end of a sentence that is none of an abbreviation, as "Dr.", "Prof." and "bzw." may be."""
_LABEL = re.compile(r"[^\W\d_](?:[\w ()/-]|\.(?!\s)){0,40}:\s")
_BARE_NUMBER = re.compile(r"(?:§+\s?|[^\W\d_]{3,12}\.?\s)\d{1,4}[a-z]?\.?")
_DIVIDED = re.compile(r"[^\W\d_]{2}[-\xad\u2010]$")
_COLUMNS = re.compile(r"\S(?: {3}|\t)")
_STOP_WITHIN = re.compile(r"(?:[^\W\d_]{3}|[a-zß-ÿ]{2})[.!?。！？][\"”’»“)\]]?\s[^\W\d_]")
_LISTED = re.compile(r"\S{1,40}(?: \S{1,40})?[,.;)]")
_TERM = re.compile(r"\S{1,20}(?:\t| {3,})(?=\S)")
"""What is explained behind a gap: "24/0031   The Old Forge"."""
_QUOTED = re.compile(r"(?:>[ \t]?)+")
_NOTE = re.compile(r"\[\^(?:[^\]\s]{1,60}\])?")
_ALONE = re.compile(r"#{1,6}\s|(?:[-=*_~][ \t]*){3,}(?:[\r\n]|$)")
"""What begins a line that goes on in none: a heading, or a line that is drawn."""
_ENUMERATED = re.compile(r"\((?:\d{1,3}|[a-z]{1,5})\)")


@lru_cache(maxsize=1)  # Whoever reads an article asks for them several times.
def paragraph_spans(text: str, body: int = 0) -> Sequence[Span]:
    """The paragraphs of a text from offset `body` on, without the white space around them."""
    starts: dict[int, int] = {}
    blocks = list(_blocks(text, body, starts))
    joined = chain.from_iterable(map(_Lines(text, blocks, starts).joined, blocks))
    return tuple((starts.get(start, start), end) for start, end in joined)


def _blocks(text: str, body: int, starts: dict[int, int]) -> Iterator[list[Span]]:
    """The lines between two empty ones. Those of a letter that is quoted in another one (">") are a
    block of their own, without the marks: where each begins with them goes to `starts`."""
    block: list[Span] = []
    was_quoted = False
    for match in _LINE.finditer(text, body):
        line, mark = match.span(), _QUOTED.match(text, *match.span())
        is_quoted = mark is not None and mark.end() < line[1]
        begins = is_quoted and not was_quoted
        if block and (begins or breaks_between(text, block[-1][1], line[0]) > 1):
            yield block
            block = []
        if mark and is_quoted:
            starts[mark.end()] = line[0]
            line = mark.end(), line[1]
        block.append(line)
        was_quoted = is_quoted
    if block:
        yield block


class _Lines:
    """The lines of a text, whose long ones have a width."""

    def __init__(self, text: str, blocks: Sequence[Sequence[Span]], quoted: Container[int]) -> None:
        """`quoted` has the offsets at which the lines begin that are quoted."""
        self._text, self._quoted = text, quoted
        # The last line of a block ends where it ends. Marks of notes may be put in afterwards.
        lines = (line for block in blocks for line in block[:-1])
        lengths = (line[1] - line[0] - len("".join(_NOTE.findall(text, *line))) for line in lines)
        widths = sorted(length for length in lengths if length <= WRAP_WIDTH)
        # The usual width is that of the long lines; a few longer ones are tables or addresses.
        self._width = widths[len(widths) * 9 // 10] if widths else 0
        self._are_wrapped = self._look_wrapped(blocks)

    def _look_wrapped(self, blocks: Sequence[Sequence[Span]]) -> bool:
        """Whether a text is wrapped at a width: lines that do not end as a sentence does are full,
        and some go on in small letters, or hold the end of a sentence and the start of another."""
        within = full = small = running = 0
        if self._width < MIN_WIDTH:
            return False
        for block in blocks:
            for line, below in pairwise(block):
                length = line[1] - line[0]
                if not self._width / 2 < length <= WRAP_WIDTH or self._begins(below):
                    continue
                if not self._ends(line):
                    within += 1
                    full += self._is_full(line, below)
                    small += self._text[below[0]].islower()
                    running += bool(_STOP_WITHIN.search(self._text, *line))
        return full >= 2 and full >= within / 2 and (small >= within / 4 or running > 0)

    def joined(self, block: Sequence[Span]) -> Iterator[Span]:
        """The paragraphs of a block of lines."""
        if len(block) == 1 or self._is_even(block):
            yield block[0][0], block[-1][1]
            return
        # What begins in small letters throughout is a list without marks, or a poem.
        is_list = all(self._text[start].islower() for start, _ in block)
        is_list = is_list and not any(map(self._begins, block))
        first = block[0][0]
        longest = max(end - start for start, end in block)
        for number, (line, below) in enumerate(pairwise(block)):
            begins = line[0] == first
            goes_on = self._hangs_below(first, line, below) or self._lists_on(block, number)
            goes_on = goes_on or (not is_list and self._breaks_off(first, line, below))
            goes_on = goes_on or self._goes_on(line, below, is_list, number == 0, begins)
            if line[0] in self._quoted and not self._are_wrapped:  # A letter is, however short.
                full = self._is_full(line, below, max(MIN_WIDTH, NEARLY * longest))
                goes_on = goes_on or (full and not (self._begins(below) or self._ends(line)))
            if goes_on and (
                _ALONE.match(self._text, line[0])
                or self._is_lone(line, below, block[number + 2 : number + 3])
            ):
                goes_on = False
            if not goes_on:
                yield first, line[1]
                first = below[0]
        yield first, block[-1][1]

    def _is_even(self, block: Sequence[Span]) -> bool:
        """Whether all lines of a block were wrapped at one width, its own: none had room for the
        first word of the next, and a sentence goes on in small letters from one to the next."""
        width = max(end - start for start, end in block)
        if width > WRAP_WIDTH or not any(self._text[start].islower() for start, _ in block[1:]):
            return False
        goes_on = False
        for line, below in pairwise(block):
            if self._begins(below) or self._is_field(below):
                return False
            if not self._is_full(line, below, width):
                return False
            goes_on |= self._text[below[0]].islower() and not self._ends(line)
        return goes_on and not self._begins(block[0])

    def _goes_on(
        self, line: Span, below: Span, is_list: bool, is_first: bool, begins: bool
    ) -> bool:
        """Whether a line, the first of its block or one that begins a paragraph, goes on in the
        next."""
        length = line[1] - line[0]
        if begins and _BARE_NUMBER.fullmatch(self._text, *line):
            return self._may_be_title(below)
        if not MIN_LENGTH <= length <= WRAP_WIDTH or BLOCK_START.match(self._text, below[0]):
            return False
        divided = _DIVIDED.search(self._text, max(line[0], line[1] - 3), line[1])
        if divided and self._text[below[0]].isalpha():
            return True
        if self._width < MIN_WIDTH or is_list or self._in_columns(line) or self._in_columns(below):
            return False
        if self._text[below[0]].islower() and not self._ends(line):
            is_open = 2 * (length + self._word(below)) >= self._width
            return is_open and not DATED.fullmatch(self._text, *below)
        return self._has_no_room(line, below, is_first=is_first, begins=begins)

    def _lists_on(self, block: Sequence[Span], number: int) -> bool:
        """Whether a line of a block ends in a comma before one of words, as one beside it does: who
        was there, a name a line. One alone may be how a letter begins or ends."""
        pairs = list(pairwise(block[max(0, number - 1) : number + 3]))
        line = pairs.pop(min(number, 1))
        return self._has_comma(*line) and any(self._has_comma(*pair) for pair in pairs)

    def _has_comma(self, line: Span, below: Span) -> bool:
        """Whether a line ends in a comma before one of words."""
        listed = self._text[line[1] - 1] == "," and line[1] - line[0] <= WRAP_WIDTH
        of_words = listed and all(self._text[start].isalpha() for start, _ in (line, below))
        return of_words and not self._begins(below) and not self._is_field(below)

    def _breaks_off(self, first: int, line: Span, below: Span) -> bool:
        """Whether a line that is longer than any width ends amid a sentence, which goes on in small
        letters: its writer broke it there. Below an item may stand what follows the whole list."""
        is_open = line[1] - line[0] > WRAP_WIDTH and self._text[line[1] - 1] not in ":;"
        above, under = self._text[line[0]], self._text[below[0]]
        goes_on = under.islower() or (under.isdigit() and not above.isdigit())
        goes_on = is_open and goes_on and not self._ends(line)
        is_item = begins_paragraph(self._text, first) or _ENUMERATED.match(self._text, first)
        return goes_on and not (is_item or self._begins(below) or self._is_field(below))

    def _is_lone(self, line: Span, below: Span, further: Sequence[Span]) -> bool:
        """Whether a line below the end of a sentence has neither an end nor the beginning of a
        sentence that goes on, as a heading has in a text without empty lines."""
        short = 2 * (below[1] - below[0]) <= self._width
        if not short or not self._ends(line) or self._ends(below):
            return False
        certain = _CERTAIN_END.search(self._text, *line)
        begins = [self._text[start] for start, _ in (below, *further)]
        return bool(certain) and not any(first.islower() or first.isdigit() for first in begins)

    def _has_no_room(self, line: Span, below: Span, *, is_first: bool, begins: bool) -> bool:
        """Whether a line goes on in one with a capital, a number or the like, for it is full."""
        ends, full = self._ends(line), self._is_full(line, below)
        is_field = begins and self._is_field(line)
        follows_item = is_field or bool(ITEM_NUMBER.match(self._text, line[0]))
        if self._is_field(below):
            return False
        if ITEM_NUMBER.match(self._text, below[0]):
            # "… on the / 14. of May" or an item.
            return self._are_wrapped and full and not ends and not follows_item
        if self._are_wrapped and is_field:
            return full and not ends and (is_first or self._leaves_open(line, below))
        if self._are_wrapped:
            # A sentence may end at a line's end by chance.
            return full or (not ends and self._is_full(line, below, NEARLY * self._width))
        # "… proposed by / Councillor Bright and seconded by …": full, and it ends nowhere.
        return full and not (is_first or ends or follows_item) and self._ends(below)

    def _is_field(self, line: Span) -> bool:
        """Whether a line is a field of a form: it begins with a label ("Present: …")."""
        has_label = _LABEL.match(self._text, line[0], line[0] + 50)
        return bool(has_label or DATED.fullmatch(self._text, *line))

    def _may_be_title(self, line: Span) -> bool:
        """Whether a line may be the title of a section whose number is above: "§ 2 / Cycling"."""
        short = line[1] - line[0] <= MAX_SECTION_TITLE
        return short and not self._ends(line) and not self._begins(line)

    def _hangs_below(self, first: int, line: Span, below: Span) -> bool:
        """Whether a line goes on in the next because that is indented as the words of the item, the
        note or the term that begins the paragraph at an offset."""
        column, begin = self._column(below[0]), self._column(first)
        if column <= begin or self._begins(below) or self._in_columns(below):
            return False
        if term := _TERM.match(self._text, first):
            return column == begin + term.end() - first and not self._is_field(below)
        is_item = begins_paragraph(self._text, first)
        is_label = (
            line[0] == first and self._text[first] in LIST_MARKS and self._text[line[1] - 1] != ":"
        )
        goes_on = (is_label or self._text[below[0]].islower()) and not self._ends(line)
        return is_item and bool(goes_on or _NOTE.match(self._text, first))

    def _column(self, start: int) -> int:
        """How far a line that begins at an offset is indented, to `WRAP_WIDTH` characters."""
        before = self._text[max(0, start - WRAP_WIDTH) : start]
        return len(before) - len(before.rstrip(" \t"))

    def _leaves_open(self, line: Span, below: Span) -> bool:
        """Whether a field goes on in the next line by its words: "…, Anna / Weiss, …"."""
        last = self._text[line[0] : line[1]].split()[-1]
        listed = last[-1] in ",;(&" or last[0].islower()
        return listed or bool(_LISTED.match(self._text, *below))

    def _ends(self, line: Span) -> bool:
        return ends_sentence(self._text, *line)

    def _begins(self, line: Span) -> bool:
        """Whether a line begins a paragraph, whatever is above."""
        return begins_paragraph(self._text, line[0])

    def _in_columns(self, line: Span) -> bool:
        return line[1] - line[0] <= WRAP_WIDTH and bool(_COLUMNS.search(self._text, *line))

    def _word(self, line: Span) -> int:
        """The length of a line's first word."""
        begin = self._text[line[0] : min(line[1], line[0] + WRAP_WIDTH)]
        return len("".join(begin.split(maxsplit=1)[:1]))  # Behind ">" there may be spaces alone.

    def _is_full(self, line: Span, below: Span, width: float | None = None) -> bool:
        """Whether a line has no room for the first word of the next, at the text's width or at
        another."""
        length = line[1] - line[0]
        return length <= WRAP_WIDTH and length + 1 + self._word(below) >= (width or self._width)
