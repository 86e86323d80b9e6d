"""Whether "12/09/2025" has its day or its month first, as an article's other dates show. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Literal

from ..languages.meeting_words import MeetingWords
from ..languages.phrase_patterns import Pattern, alternatives
from .dates import without_addresses

LAST_MONTH = 12

_NUMERIC = re.compile(
    r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2(?:(?:19|20)\d\d|(?<=/)\d\d)(?![\d/-]|\.\d)"
)


def with_number_order(words: MeetingWords, text: str) -> MeetingWords:
    """The words with the one order of day and month that a text uses: "30/11/2025", or else "3
    May", says that 12/09/2025 is in September; the same words if it uses both, or nothing shows
    which."""
    if len(words.dates.numeric_orders) == 1:
        return words
    text = without_addresses(text)
    pairs = [(int(match[1]), int(match[3])) for match in _NUMERIC.finditer(text)]
    orders = {pair[0] <= LAST_MONTH for pair in pairs if min(pair) <= LAST_MONTH < max(pair)}
    if pairs and not orders:
        orders = {is_mdy for is_mdy in (False, True) if _worded(words, is_mdy).search(text)}
    return _ordered(words, "mdy" if orders.pop() else "dmy") if len(orders) == 1 else words


@cache
def _worded(words: MeetingWords, month_first: bool) -> Pattern:
    """Such a date with its month in words."""
    day = rf"\b\d{{1,2}}(?:{'|'.join(map(re.escape, words.dates.ordinal_endings))})?"
    month, of = alternatives(words.months), alternatives(words.dates.of)
    worded = rf"{month}\.?\s+{day}\b" if month_first else rf"{day}\s+(?:{of}\s+)?{month}"
    return re.compile(worded, re.IGNORECASE)


@cache  # Patterns are kept for each words.
def _ordered(words: MeetingWords, order: Literal["dmy", "mdy"]) -> MeetingWords:
    return replace(words, dates=replace(words.dates, numeric_orders=(order,)))
