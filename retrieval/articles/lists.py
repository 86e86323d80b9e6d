"""Lists in a text: which short items are one paragraph, and which line leads to a list. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..formats.lines import (
    ENDING,
    LIST_MARKS,
    begins_paragraph,
    breaks_between,
    ends_sentence,
    indented_line,
)
from ..languages.sections import section_at_start
from ..models import Span

MAX_LEAD = 120
"""A line of more characters that leads to a list answers by itself, and its items would go before
it: without this limit five right passages instead of two left the first three."""

NEXT_NUMBER = 5_000
"""The next number of a heading is looked for in so many characters below it."""

SHORT_ITEM = 80
"""An item of more characters says something by itself."""

_ITEM = re.compile(
    rf"(?:[{LIST_MARKS}]|"
    r"\(?(?:\d{1,3}|[a-z])[.)])\s+(?!!?\[[^\]]*\]\()"
    r"[^\w\n]*+(?:\w++[^\w\n]*+){1,3}"
)
"""An item of up to three words, but for one that is a link, as a page's menu has them."""

_MARK = re.compile(rf"([{LIST_MARKS}])\s|(\(?)(\d{{1,3}})([.)])\s")
_NUMBERED_LINE = re.compile(r"[\r\n][ \t]*\(?(\d{1,3})[.)]\s")


def with_joined_items(text: str, spans: Sequence[Span]) -> Iterator[tuple[int, int, bool]]:
    """Yield the spans of paragraphs, and whether they are a list: of its short items, which say
    little by themselves ("- Jane Smith"), those below a marked heading are one paragraph, and those
    below a line that leads to them are one with it."""
    at = 0
    while at < len(spans):
        first, last = spans[at]
        leads = text.endswith(":", first, last) and last - first <= MAX_LEAD
        below_heading = (
            at > 0 and text[spans[at - 1][0]] == "#" and is_short_item(text, first, last)
        )
        at, breaks, is_list = at + 1, 2 if leads else 1, False
        while (
            (leads or below_heading)
            and at < len(spans)
            and is_short_item(text, *spans[at])
            and breaks_between(text, last, spans[at][0]) <= breaks
        ):
            last, at, breaks, is_list = spans[at][1], at + 1, 1, True
        yield first, last, is_list


def is_short_item(text: str, start: int, end: int) -> bool:
    """Return whether a line is an item of a list with too few words to be prose by itself."""
    short = end - start <= SHORT_ITEM and _ITEM.fullmatch(text, start, end)
    return bool(short) and not ends_sentence(text, start, end)


def is_listed(text: str, above: Span, line: Span, below: Span) -> bool:
    """Return whether a line is an item of a list by its neighbours. The last of numbered ones
    may head what is below it, but the next section: right below, or before a line with the next
    number."""
    if _are_siblings(text, line, below):
        return True
    if not _are_siblings(text, above, line):
        follows = _follows(_MARK.match(text, above[0]), _MARK.match(text, line[0]))
        return follows and bool(section_at_start(text[below[0] : below[0] + ENDING]))
    if text[line[0]] in LIST_MARKS:
        return True
    last = _MARK.match(text, line[0])
    further = _NUMBERED_LINE.search(text, line[1], line[1] + NEXT_NUMBER)
    goes_on = last and further and int(further[1]) == int(last[3]) + 1
    return not goes_on and breaks_between(text, line[1], below[0]) > 1


def _are_siblings(text: str, above: Span, below: Span) -> bool:
    """Whether two lines right above one another are items of one list: as far indented, and with
    the same mark or one number behind the other."""
    if breaks_between(text, above[1], below[0]) != 1:
        return False
    one, other = _MARK.match(text, above[0]), _MARK.match(text, below[0])
    if (
        not one
        or not other
        or indented_line(text, above[0] + 1)[1] != indented_line(text, below[0] + 1)[1]
    ):
        return False
    return one[1] == other[1] if one[1] else _follows(one, other)


def _follows(one: re.Match[str] | None, other: re.Match[str] | None) -> bool:
    """Whether the number of an item follows that of another. Every item may have the number 1: the
    page counts them."""
    if not one or not other or not one[3] or not other[3]:
        return False
    return one.group(2, 4) == other.group(2, 4) and 0 <= int(other[3]) - int(one[3]) <= 1


class ListLine(NamedTuple):
    """The line at which a paragraph begins: how far it is indented, the mark of a list's item that
    it begins with, if it is one, and the mark of the items that it leads to by its words."""

    indent: int
    mark: str
    items: str = ""
    words: str = ""

    @classmethod
    def at(cls, text: str, start: int) -> ListLine:
        first, indent = indented_line(text, start + 1)
        item = text[first : first + 2].lstrip("(")[0] if begins_paragraph(text, first) else ""
        return cls(indent, "1" if item.isdigit() else "a" if item.isalpha() else item)

    def has(self, below: ListLine) -> bool:
        """Whether a line below it is of the list that this one leads to, or of an item of it."""
        return below.indent > self.indent or (
            below.indent == self.indent and below.mark == self.items != self.mark
        )

    def leads_to(self, item: ListLine) -> bool:
        """Whether its words lead to the first item of a list below it."""
        if not self.has(item) or len(self.words) > MAX_LEAD:
            return False
        goes_on = item.indent > self.indent and not ends_sentence(self.words)
        return goes_on or self.words.endswith(":")
