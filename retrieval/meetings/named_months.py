"""The months that texts name without a day, and what stands below them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from ..languages.meeting_words import MeetingWords
from ..languages.phrase_patterns import Pattern, alternatives
from ..models import Kind, Span
from .dates import find_dates
from .statements import Statement

SHORT_MONTH = 3
"""A month of so many letters is another word in lower case: "may", "mar"."""

_NO_WORD = re.compile(r"[\W_]*")
_LABEL_END = re.compile(r"[\s,]*(?:\d{4})?\s*(?:[.:\N{EN DASH}\N{EM DASH}]|-\s|\W*$)")
"""Behind a month above what is of it: "March. We met", "March 2023"."""

_YEAR_BEHIND = re.compile(r"[\s,/]*(?:[^\W\d_]{2,3}\s+)?([12]\d{3})(?!\d)")
"""Behind a month: its year."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month, January is 1, with its year if a text names that."""

    number: int
    year: int | None


def month_labels(statements: Sequence[Statement], words: MeetingWords) -> dict[int, Month]:
    """The months that stand before paragraphs, or alone in headings and lines, by the index of the
    statement: that of what stands below."""
    labels = dict[int, Month]()
    paragraph = -1
    for n, each in enumerate(statements):
        if each.paragraph != paragraph or each.kind is Kind.HEADING:
            begin = _NO_WORD.match(each.text)
            if begin and _months(words).match(each.text, begin.end()):
                named = next(named_months(each.text, words), None)
                labels |= {n: named[1]} if named and named[2] else {}
        paragraph = each.paragraph
    return labels


def named_months(text: str, words: MeetingWords) -> Iterator[tuple[Span, Month, bool]]:
    """Where a text names months, but those of its dates, and whether a month is the label of what
    follows. Else it stands behind a preposition: "Theresa May" and "Plaza de Mayo" name none."""
    dates = [date.span for date in find_dates(text, words)]
    begin = _NO_WORD.match(text)
    for match in _months(words).finditer(text):
        name = " ".join(match["month"].split())
        is_first = begin and match.start() <= begin.end()
        is_label = is_first and _LABEL_END.match(text, match.end() - name.endswith("."))
        is_name = words.dates.weekdays_capitalised and name[0].isupper()
        is_month = (len(name) > SHORT_MONTH or is_name) and (is_label or match["lead"])
        month = words.months.get(name.lower())
        span = match.span("month")
        if (
            month
            and is_month
            and not any(span[0] < end and start < span[1] for start, end in dates)
        ):
            year = _YEAR_BEHIND.match(text, span[1])
            yield span, Month(month, int(year[1]) if year else None), bool(is_label)


@cache
def _months(words: MeetingWords) -> Pattern:
    lead, names = alternatives(words.dates.in_month), [*words.months, *words.dates.this_month]
    return re.compile(rf"(?P<lead>{lead}\s+)?(?P<month>{alternatives(names)})", re.IGNORECASE)
