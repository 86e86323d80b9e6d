"""The place and the day that stand before a report or below a letter. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import normalize

from ..days import Day
from ..languages.meeting_words import MeetingWords
from .dates import find_dates
from .gazetteer import Gazetteer
from .places import title_case

MAX_DATELINE = 2_000
"""The number of first characters of a line in which a dateline is looked for."""

MIN_REPORT_LINE = 60
"""A line of fewer characters is not the first of a report."""

_PLACE = r"(?P<place>[^\W\d_][\w'’\-]*(?:[ .]{1,2}[^\W\d_][\w'’\-]*){0,3})"
_AGENCY = r"\((?:[^()\d]{2,30})\)"
_DATELINES = (
    # GENEVA, June 4 (AFP) – | Wien, am 29. Mai 2013 | Cuzco (Perú), 9 jun.-
    re.compile(
        rf"^\W*{_PLACE}(?:/[^\W\d_]+)?\s*(?:\([^()\d]{{2,30}}\)\s*,?|,)\s*(?P<rest>[^–—]{{0,40}}?\d[^–—]{{0,30}}(?!\w))"
    ),
    # Hanoi (VNA) -
    re.compile(rf"(?:^\W*+|[)\]]\s*+){_PLACE}\s*+,?\s*+{_AGENCY}\s*[.,:]?\s*(?:[–—-]|(?=\w))"),
    # ROSARIO.- | Quảng Ninh – | 10.03.2024 / HOFBIEBER - | SALEM, Ore. -
    re.compile(
        rf"^(?:[\d./-]{{8,10}}\s[/|])?\W*{_PLACE}\s*"
        r"(?:\.\s?[–—-]+|(?:,\s[A-Z][a-z]+\.)?\s[–—-])\s*[\"“„«]?(?=\w)"
    ),
)
_BEFORE_DAY = re.compile(rf"\W*{_PLACE}\s*(?:\([^()\d]{{2,30}}\)\s*)?,\s*(?:[^\W\d_]{{1,4}}\s+)?")
_VOWEL = re.compile(r"[aeiouy]", re.IGNORECASE)


def find_dateline(
    head: Sequence[str], dating: Sequence[str], text: str, words: MeetingWords
) -> tuple[str | None, tuple[Day, ...]]:
    """The place, and the day if it has one, before the dash that opens a report: in the lines at
    the `head` of its `text`, a day in those that may say when it was published."""
    for pattern in _DATELINES:
        has_date = "rest" in pattern.groupindex
        for line in dating if has_date else head:
            match = pattern.search(line[:MAX_DATELINE])
            if match is None or not _is_place_name(match["place"], words):
                continue
            is_word = match["place"].count(" ") == 0
            if len(line) < MIN_REPORT_LINE and not (
                has_date and (is_word or text.count(match["place"]) > 1)
            ):
                continue  # The name of a newspaper or of an office may look like a place.
            dates = find_dates(match["rest"] if has_date else "", words)
            days = [first for first, last in dates[0].readings if first == last] if dates else []
            if days or not has_date:
                return title_case(match["place"]), tuple(days)
    return None, ()


def is_place_before_day(before: str, words: MeetingWords) -> bool:
    """Whether what stands before a day is the place of who wrote a letter: "Wien, am"."""
    match = _BEFORE_DAY.fullmatch(before)
    return bool(match and _is_place_name(match["place"], words))


def _is_place_name(name: str, words: MeetingWords) -> bool:
    """Whether each word has a capital or is a particle, and none is a day or a meeting."""
    parts = name.replace(".", " ").split()
    if name in words.countries or not _VOWEL.search(normalize("NFD", name)):
        return False  # A country is no dateline, and a word without a vowel is an agency's.
    return (
        all(part[0].isupper() or part in words.words_of_place_particles for part in parts)
        and not _names_day(name, parts, words)
        and not words.events.nouns.search(name)
        and not words.events.minutes.search(name)
        and not words.people.bodies.search(name)
        and not words.people.titles.fullmatch(parts[-1])
    )


def _names_day(name: str, parts: Sequence[str], words: MeetingWords) -> bool:
    """Whether a name holds that of a month or a weekday, and is not a town's: "Santo Domingo"."""
    days = {name.lower(), *map(str.lower, parts)} & {*words.months, *words.weekdays}
    return bool(days) and not (len(parts) > 1 and Gazetteer.load().population(name))
