"""Running heads, running feet, numbers of pages and contents of a text that was set in pages, and
the heads and feet of letters in the archive of a list. Pure.

They are told by their shape: the same line, by itself and far apart, again and again between the
halves of a sentence, if it has a number with one that grows from page to page; and lines with such
a number below "Contents".
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from ..formats.lines import begins_paragraph, ends_sentence
from ..languages import language_words
from ..languages.sections import section_at_start
from ..models import Span

MAX_RUNNING_HEAD = 120
"""A line of more characters is no running head."""

LEAST_PAGES = 3
"""A line that stands on fewer pages may stand there by chance."""

LEAST_PAGE_SIZE = 500
"""No page has fewer characters."""

LEAST_PARTED = 2
"""Sentences that a running line parts; fewer may be of a list, or a writer's way."""

_ENTRY = re.compile(r"(?P<title>[^\W_].{2,100}?)(?: ?[|] ?| ?\.{3,} ?|\s+)(?P<page>\d{1,4})")
_MARK = re.compile(r"^[#*\s]*(?:[\d.]+[\s|]+)?")
_LETTER_HEAD = re.compile(
    r"(?m)^From \S[^\n]{1,200}:\d\d:\d\d [^\n]{0,40}\d{4}[ \r]{0,9}\n"
    r"(?:[A-Z][\w-]{1,40}:[^\n]*+\n(?:[ \t][^\n]*+\n)*+){2,}+"
)
_LETTER_END = re.compile(
    r"(?m)^(?:-- |_{40,})\r?\n(?:(?!From )[^\n]*+(?:\n|\Z)){1,20}?(?=From |\Z)"
)
_NUMBER = re.compile(r"\d+")
_WORDS = re.compile(r"[^\W\d_]+")
_PAGE_NUMBER = re.compile(r"[\s|·•*_~\[\]–—-]*\d{1,4}[\s|·•*_~\[\]–—-]*")


def left_out_at(text: str, spans: Sequence[Span]) -> frozenset[int]:
    """Return where the paragraphs of a text begin that are none of its own words."""
    return running_lines(text, spans) | contents(text, spans) | ends_of_letters(text, spans)


def running_lines(text: str, spans: Sequence[Span]) -> frozenset[int]:
    """Return where the running heads and feet begin among the paragraphs of a text."""
    alike = defaultdict[str, list[int]](list)
    for number, (start, end) in enumerate(spans):
        if end - start <= MAX_RUNNING_HEAD and not ends_sentence(text, start, end):
            alike[_NUMBER.sub("0", text[start:end])].append(number)
    often = [numbers for numbers in alike.values() if _are_far_apart(spans, numbers)]
    parting = _parting(text, spans, {number for numbers in often for number in numbers})
    running = set[int]()
    for numbers in often:
        parted = len(parting.intersection(numbers))
        lines = [text[slice(*spans[number])] for number in numbers]
        if parted >= LEAST_PARTED and 2 * parted >= len(numbers) and _count_pages(lines):
            running.update(numbers)
    return frozenset(spans[number][0] for number in running)


def contents(text: str, spans: Sequence[Span]) -> frozenset[int]:
    """Return where the paragraphs of a table of contents begin: below a line that says what it is,
    lines with the numbers of pages, which never fall, and of which half stand further below."""
    called = language_words("page.contents")
    short = [span for span in spans if span[1] - span[0] <= MAX_RUNNING_HEAD]
    heads = [end for start, end in short if _title(text[start:end]).rstrip(" :*") in called]
    last_of = {_title(text[start:end]): start for start, end in short} if heads else {}
    found = set[int]()
    for head in heads:
        run, entries = list[int](), list[re.Match[str]]()
        for start, end in spans[bisect_left(spans, (head, head)) :]:
            rows = [_ENTRY.fullmatch(row.strip()) for row in text[start:end].splitlines()]
            if not all(rows):
                break
            run.append(start)
            entries += filter(None, rows)
        pages = [int(entry["page"]) for entry in entries]
        below = sum(last_of.get(_title(entry["title"]), 0) > run[-1] for entry in entries)
        if len(pages) >= LEAST_PAGES and pages == sorted(pages) and 2 * below >= len(pages):
            found.update(run)
    return frozenset(found)


def ends_of_letters(text: str, spans: Sequence[Span]) -> frozenset[int]:
    """Return where the paragraphs begin that are heads of letters in an archive of several (mbox:
    RFC 4155), or stand below the mark of a signature (RFC 3676, 4.3) or a list at the end of one.
    """
    ends = [match.span() for match in _LETTER_HEAD.finditer(text)]
    ends = sorted([*ends, *(match.span() for match in _LETTER_END.finditer(text))]) if ends else []
    firsts = [first for first, _ in ends]
    return frozenset(
        start
        for start, _ in (spans if ends else ())
        if (at := bisect_right(firsts, start)) and start < ends[at - 1][1]
    )


def _title(line: str) -> str:
    """A line without the mark and the number of a heading."""
    return _MARK.sub("", line, count=1).casefold()


def _are_far_apart(spans: Sequence[Span], numbers: Sequence[int]) -> bool:
    """Whether paragraphs that are alike are so many, and as far from one another, as pages."""
    sizes = [spans[below][0] - spans[above][1] for above, below in pairwise(numbers)]
    return len(numbers) >= LEAST_PAGES and min(sizes) >= LEAST_PAGE_SIZE


def _parting(text: str, spans: Sequence[Span], lines: set[int]) -> set[int]:
    """Those of the lines that stand, alone or with others of them, between the halves of a
    sentence: above is its beginning in a long paragraph, and below its end."""
    found = set[int]()
    for first in sorted(lines):
        if first - 1 in lines or first == 0:
            continue
        below = first
        while below in lines:
            below += 1
        if below == len(spans):
            break
        (start, end), (goes_on, stop) = spans[first - 1], spans[below]
        is_open = text[end - 1].isalnum() or text[end - 1] in ",-"
        begins = text[start].isupper() and end - start > MAX_RUNNING_HEAD
        if is_open and begins and text[goes_on].islower() and ends_sentence(text, goes_on, stop):
            found.update(range(first, below))
    return found


def _count_pages(lines: Sequence[str]) -> bool:
    """Whether lines that are alike are the same, or have one number that grows from one to the
    next, as those of pages do, by one or, where the heads of two pages differ, by two."""
    figures = [tuple(int(figure[:9]) for figure in _NUMBER.findall(line)) for line in lines]
    columns = [column for column in zip(*figures, strict=True) if len(set(column)) > 1]
    if not columns:
        return bool(_WORDS.search(lines[0]))
    if not _PAGE_NUMBER.fullmatch(lines[0]) and (
        not _WORDS.search(lines[0]) or begins_paragraph(lines[0]) or section_at_start(lines[0])
    ):
        return False
    grows = (1 <= after - one <= 2 for one, after in pairwise(columns[0]))
    return len(columns) == 1 and all(grows)
