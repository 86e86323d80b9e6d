"""What a heading that no mark says is one looks like: numbered, or a line is drawn below. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

from ..formats.lines import LIST_MARKS, breaks_between
from ..languages.terms import WORD

MAX_HEADING_WORDS, MAX_PLAIN_HEADING_WORDS = 10, 6
"""A heading that nothing marks has no more words; the first if it is numbered."""

MAX_TITLE_WORDS = 6
"""A section's title has no more words if it ends in a stop, as in Spanish laws."""

MAX_DRAWN = 100
"""A line of more characters is no heading, whatever is drawn below it."""

NUMBERED = re.compile(
    r"\W*(?:§+\s*|[^\W\d_]{1,12}\.?\s)?\d{1,3}(?:\.\d{1,3}){0,3}"
    r"(?:\s(?:bis|ter|quater)|er|re|[a-z])?[.º°ª]{0,2}[):]?(?:\s|$)"
    r"|(?:[^\W\d_]{3,12}\s[IVXL]{1,6}\b[.:]?|[IVXL]{1,6}[.)])(?:\s|$)"
)
"""What a numbered heading begins with: "§ 2", "3.", "Article 4", "Điều 5.", "Chapter II"."""

FIELD = re.compile(r"[*_]{0,3}[^\W\d_a-zß-ÿ][\w ()/-]{0,40}:[*_]{0,3}[ \t]+[\w\"“(]")
"""A line of a form: "Chair: Ida Holm"."""

LIST_MARK = re.compile(rf"[{LIST_MARKS}|>]")
"""What an item of a list, a row or a quoted line begins with."""

_BULLET = re.compile(rf"[{LIST_MARKS}]\s")
_FULL_STOP = re.compile(r"\w\w[.。]")
_DRAWN = re.compile(r"(?:\r?\n|\r)[ \t]{0,3}(={3,}|-{3,}|~{3,})[ \t]*(?=[\r\n]|$)")
_FENCE = re.compile(r"(?m)^[ \t>]{0,12}(`{3,}|~{3,})([^`\r\n]{0,200})$")


def is_code(text: str, body: int) -> Callable[[int], bool]:
    """Return what tells whether an offset of a text is between two fences of code: "# Install" is a
    comment there. One that nothing closes is none."""
    starts, ends = list[int](), list[int]()
    opened = ""
    for match in _FENCE.finditer(text, body) if "```" in text or "~~~" in text else ():
        above = text[max(body, match.start() - 4) : match.start()]
        if not opened and (match[1][0] == "`" or breaks_between(above, 0, len(above)) != 1):
            opened, start = match[1], match.end()  # "~~~" right below words is drawn below them.
        elif opened and match[1].startswith(opened) and not match[2].strip():
            starts.append(start)
            ends.append(match.start())
            opened = ""

    def between(offset: int) -> bool:
        at = bisect_right(starts, offset) - 1
        return at >= 0 and offset < ends[at]

    return between


def count_words(line: str) -> int:
    """Return the number of words of a line."""
    return len(WORD.findall(line))


def is_drawn(text: str, start: int, end: int) -> bool:
    """Return whether a line is drawn below text[start:end], as below a heading. `---` may part a
    paragraph from the next: a heading above it has few words, and no stop."""
    drawn, line = _DRAWN.match(text, end), text[start : min(end, start + MAX_DRAWN + 1)]
    if not drawn or len(line) > MAX_DRAWN or "\n" in line or line.endswith((",", ";", ":")):
        return False
    few = count_words(line) <= MAX_HEADING_WORDS and not line.endswith(".")
    return (few or drawn[1][0] == "=") and not FIELD.match(line) and not line[0].islower()


def is_section_title(line: str, number_end: int, section: str | None) -> bool:
    """Return whether a line that ends in a stop is nothing but the number of a section, or that and
    a title: "Điều 3.", "Artículo 1. Objeto."."""
    title = line[number_end:]
    words = count_words(title)
    return not words or (
        bool(section) and words <= MAX_TITLE_WORDS and not _FULL_STOP.search(title[:-1])
    )


def is_short_title(line: str, is_numbered: bool, text_length: int) -> bool:
    """Return whether a line has no more lines and words than a heading, and is shorter than the
    text below it; a numbered one may be longer."""
    words = count_words(line)
    if len(line.splitlines()) > (2 if is_numbered else 1):
        return False
    if is_numbered and words <= MAX_HEADING_WORDS:
        return True
    plain = words <= MAX_PLAIN_HEADING_WORDS and not any(map(str.isdigit, line))
    is_title = not line[:1].islower() and not LIST_MARK.match(line)
    return plain and is_title and text_length > 2 * len(line)


def heading_number(text: str, line: str, below: int) -> re.Match[str] | None:
    """Return the number that a line may be a heading by, of what is below it in the text; an item
    of a list ("- 14.12. (4 pm) Ginger houses") heads no items."""
    is_item = _BULLET.match(line) and _BULLET.match(text, below)
    return None if is_item else NUMBERED.match(line)


def numbering(text: str, start: int) -> str:
    """Return how a line is numbered: that of other items of the same list is the same."""
    mark = NUMBERED.match(text, start) or LIST_MARK.match(text, start)
    return re.sub(r"[IVXL]+\b|\d+", "0", mark[0].strip()) if mark else ""
