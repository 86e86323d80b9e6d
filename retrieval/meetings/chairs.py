"""Who chaired a meeting, as a text says. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..languages.meeting_words import MeetingWords
from .places import PlaceRank, find_places

MAX_DISTANCE = 140
"""The most characters between a name and the words that say who chaired."""

_PART = re.compile(r"[^\W\d_][\w'’\-]*\.?|[^\w\s]")
_CLAUSE_END = re.compile(r"[;:!?]|(?<=\w{3})\.\s|\n\s*\n")


def find_chair(text: str, words: MeetingWords) -> str | None:
    """The name of who chaired a meeting; None if the text does not say so."""
    for place in find_places(text, words, []):
        if place.rank > PlaceRank.BUILDING_NAME:  # Its name could be taken for a person's.
            text = text[: place.start] + "," * (place.end - place.start) + text[place.end :]

    def before(match: re.Match[str]) -> list[str]:
        clause = text[max(0, match.start() - MAX_DISTANCE) : match.start()]
        return list(_persons(_CLAUSE_END.split(clause)[-1], words))

    def after(match: re.Match[str]) -> str | None:
        return first_person(
            _CLAUSE_END.split(text[match.end() : match.end() + MAX_DISTANCE])[0], words
        )

    for match in words.people.chaired_by.finditer(text):
        if name := after(match):
            return name
    for match in words.people.chair_marks.finditer(text):
        if names := before(match):
            return names[-1]
    for match in words.people.chaired.finditer(text):
        if names := before(match):
            return names[0]
        if name := after(match):
            return name
    return None


def first_person(text: str, words: MeetingWords) -> str | None:
    """The first name of a person in a clause; None if there is none."""
    return next(_persons(text, words), None)


def _persons(text: str, words: MeetingWords) -> Iterator[str]:
    """The names of persons in a clause: two to five capitalised words, without their titles."""
    run: list[str] = []
    for part in [*_PART.findall(text), ""]:
        title = words.people.titles.fullmatch(part.rstrip("."))
        if (part[:1].isupper() and not title) or (run and part in words.person_particles):
            run.append(part)
            continue
        office = (
            words.names.first_syllable_capitalised
            and part.islower()
            and not words.people.after_name.match(part)
        )
        if name := "" if office else _name(run, words):
            yield name
        run = []


def _name(run: list[str], words: MeetingWords) -> str:
    while run and run[-1] in words.person_particles:
        run = run[:-1]
    is_date = set(map(str.lower, run)) & {*words.months, *words.weekdays}
    if is_date or words.people.bodies.search(" ".join(run)):
        return ""
    if words.nouns_capitalised and len(run) > 2 and not {*run} & words.person_particles:
        run = run[-2:]  # What stands before is an office.
    parts = [part if len(part) < 3 else part.rstrip(".") for part in run]
    return " ".join(parts) if 2 <= len(parts) <= 5 else ""
