"""Running heads, running feet and numbers of pages in a text that was set in pages, and the foot of
a newsletter. Pure.

They are told by their shape: the same line, by itself, again and again, with a number that grows
from page to page, or at the edges of pages; and the lines around the address that ends a
subscription.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from ..formats.lines import begins_paragraph, breaks_between, ends_in_stop
from ..languages.sections import section_at_start
from ..models import Span

MAX_RUNNING_HEAD = 120
"""A line of more characters is no running head."""

LEAST_PAGES = 3
"""A line that stands on fewer pages may stand there by chance."""

MIN_HEAD_WORDS = 4
"""A line of fewer words, such as "Day 3", may head what is below."""

LEAST_PAGE_SIZE, EVEN = 1_000, 1.5
"""A page has so many characters, and the largest so many times as many as the smallest."""

FOOT = 1_500
"""The foot of a newsletter is looked for in so many of the last characters."""

FORM_FEED = "\x0c"
_NUMBER = re.compile(r"\d+")
_WORDS = re.compile(r"[^\W\d_]+")
_PAGE_NUMBER = re.compile(r"[\s|·•*_~\[\]–—-]*\d{1,4}[\s|·•*_~\[\]–—-]*")
_ENDS_SUBSCRIPTION = re.compile(
    r"(?i)https?://[^\s<>]{0,300}?(?:unsubscri|opt-?out|list-manage\.|abmelde|desuscri)"
)


def running_lines(text: str, spans: Sequence[Span]) -> frozenset[int]:
    """Return where the running heads and feet begin, and the lines of a newsletter's foot, among
    the paragraphs of a text."""
    alike = defaultdict[str, list[int]](list)
    for number, (start, end) in enumerate(spans):
        if end - start <= MAX_RUNNING_HEAD and "\n" not in (line := text[start:end]):
            alike[_NUMBER.sub("0", line)].append(number)
    often = [numbers for numbers in alike.values() if len(numbers) >= LEAST_PAGES]
    running = {
        number for numbers in often if _count_pages(text, spans, numbers) for number in numbers
    }
    edges = {number for number in running if _PAGE_NUMBER.fullmatch(text, *spans[number])}
    for numbers in often:
        if len({text[slice(*spans[number])] for number in numbers}) == 1:
            near = sum(_is_at_edge(text, spans, number, edges) for number in numbers)
            if near >= LEAST_PAGES and 3 * near >= 2 * len(numbers):
                running.update(numbers)
    running.update(_foot(text, spans))
    return frozenset(spans[number][0] for number in running)


def _foot(text: str, spans: Sequence[Span]) -> Iterator[int]:
    """The paragraphs of the last block of lines that ends a subscription."""
    last = len(spans)
    for number in range(len(spans) - 1, 0, -1):
        start, _ = spans[number]
        if start < len(text) - FOOT:
            return
        if breaks_between(text, spans[number - 1][1], start) > 1:
            if _ENDS_SUBSCRIPTION.search(text, start, spans[last - 1][1]):
                yield from range(number, last)
            last = number


def _count_pages(text: str, spans: Sequence[Span], numbers: Sequence[int]) -> bool:
    """Whether lines that are alike have a number that grows from one to the next, as those of pages
    do, by one or, where the heads of two pages differ, by two."""
    lines = [text[slice(*spans[number])] for number in numbers]
    words = len(_WORDS.findall(lines[0]))
    is_number = _PAGE_NUMBER.fullmatch(lines[0])
    if not is_number and (not words or begins_paragraph(lines[0]) or section_at_start(lines[0])):
        return False
    figures = [tuple(int(figure[:9]) for figure in _NUMBER.findall(line)) for line in lines]
    columns = [column for column in zip(*figures, strict=True) if len(set(column)) > 1]
    if len(columns) != 1 or any(not 1 <= after - one <= 2 for one, after in pairwise(columns[0])):
        return False
    if is_number or any(
        _parts_sentence(text, spans, number) or _is_at_edge(text, spans, number)
        for number in numbers
    ):
        return True
    sizes = [spans[below][0] - spans[above][0] for above, below in pairwise(numbers)]
    even = min(sizes) >= LEAST_PAGE_SIZE and max(sizes) <= EVEN * min(sizes)
    return words >= MIN_HEAD_WORDS and even and not ends_in_stop(lines[0], 0, len(lines[0]))


def _parts_sentence(text: str, spans: Sequence[Span], number: int) -> bool:
    """Whether a line stands between the halves of a sentence."""
    if not 0 < number < len(spans) - 1:
        return False
    (start, end), (below, _) = spans[number - 1], spans[number + 1]
    return not ends_in_stop(text, start, end) and text[below].islower()


def _is_at_edge(text: str, spans: Sequence[Span], number: int, edges: Collection[int] = ()) -> bool:
    """Whether a line stands at the edge of a page: beside its number or a form feed."""
    above = spans[number - 1][1] if number else 0
    below = spans[number + 1][0] if number + 1 < len(spans) else len(text)
    start, end = spans[number]
    fed = FORM_FEED in text[above:start] or FORM_FEED in text[end:below]
    return fed or number - 1 in edges or number + 1 in edges
