"""The verbs by which a text tells what was. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from ..languages.meeting_words import MeetingWords
from ..models import Span
from .dates import ends_with, find_dates

_LETTER = re.compile(r"[^\W\d_]")


@lru_cache(maxsize=1_000)
def past_verbs(text: str, words: MeetingWords) -> list[Span]:
    """Where a text has a word by which a sentence tells what was; a noun that looks like one, and
    "heute", are none."""
    dates = find_dates(text, words)
    return [
        verb.span()
        for verb in words.events.past_tense.finditer(text)
        if not words.nouns_capitalised or verb[0].islower() or verb.start() == 0
        if not any(date.start < verb.end() and verb.start() < date.end for date in dates)
    ]


def is_headline(title: str, words: MeetingWords) -> bool:
    """Whether a title tells what was on its day, which may be of any time: "The pier was opened on
    14 June 1898"."""
    dates = find_dates(title, words)
    before = title[: dates[0].start] if dates else ""
    verbs = [] if ends_with(words.dates.published, before.rstrip()) else past_verbs(before, words)
    return any(_LETTER.search(before[:start]) for start, _ in verbs)
