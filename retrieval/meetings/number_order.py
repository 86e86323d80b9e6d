"""Whether "12/09/2025" has its day or its month first, as an article's other dates show. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Literal

from ..languages.meeting_words import MeetingWords
from .dates import without_addresses

LAST_MONTH = 12

_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2(?:19|20)\d\d(?![\d/-]|\.\d)")


def with_number_order(words: MeetingWords, text: str) -> MeetingWords:
    """The words with the one order of day and month that a text uses: "30/11/2025" says that
    12/09/2025 is in September; the same words if it uses both, or nothing shows which."""
    orders: set[Literal["dmy", "mdy"]] = set()
    if len(words.dates.numeric_orders) > 1:
        for match in _NUMERIC.finditer(without_addresses(text)):
            first, second = int(match[1]), int(match[3])
            if first > LAST_MONTH >= second:
                orders.add("dmy")
            elif second > LAST_MONTH >= first:
                orders.add("mdy")
    return _ordered(words, orders.pop()) if len(orders) == 1 else words


@cache  # Patterns are kept for each words.
def _ordered(words: MeetingWords, order: Literal["dmy", "mdy"]) -> MeetingWords:
    return replace(words, dates=replace(words.dates, numeric_orders=(order,)))
