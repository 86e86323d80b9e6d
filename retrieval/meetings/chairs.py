"""Who chaired a meeting, as a text says. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from ..languages.meeting_words import MeetingWords
from ..languages.phrase_patterns import Pattern
from ..models import Span
from .places import PlaceRank, find_places
from .statements import Statement

MAX_DISTANCE = 140
"""The most characters between a name and the words that say who chaired."""

_PART = re.compile(r"\w[\w'’\-]*\.?|[^\w\s]")
_SENTENCE_END = re.compile(r"[!?]|(?<=\w{3})\.\s|\n\s*\n")
_CLAUSE_END = re.compile(r"[;:!?]|(?<=\w{3})\.\s|\n\s*\n")


def find_listed_chair(statements: Sequence[Statement], words: MeetingWords) -> str | None:
    """Who is marked as the chair in a list of those present: "Ann Lock - Chair"; None if nobody
    is."""
    for statement in statements:
        for mark in _role(words).finditer(statement.text):
            clause = _CLAUSE_END.split(statement.text[: mark.start()])[-1]
            for name, _ in list(_persons(clause, words))[-1:]:
                return name
    return None


@cache
def _role(words: MeetingWords) -> Pattern:
    labels = words.people.labels.pattern
    mark = r"(?:\s*[–—,(]\s*|\s+-\s*|-\s+)"  # No "Vice-Chair".
    return re.compile(rf"{mark}(?:1\.\s*)?{labels}(?=\s*(?:[,;.)]|$))", re.IGNORECASE)


def find_chair(text: str, words: MeetingWords) -> str | None:
    """The names of all who chaired a meeting, with commas between them; empty if the text says that
    someone did but not whom it means, None if it does not say so."""
    chair = _chair(text, words)
    is_one = chair and "," not in chair
    return "" if is_one and words.people.together.search(text) else chair


def _chair(text: str, words: MeetingWords) -> str | None:
    people = words.people
    if not any(cue.search(text) for cue in (people.chaired_by, people.chair_marks, people.chaired)):
        return None
    text = _without_places(text, words)

    def before(match: re.Match[str]) -> str:
        return text[max(0, match.start() - MAX_DISTANCE) : match.start()]

    def after(match: re.Match[str]) -> str | None:
        clause = _CLAUSE_END.split(text[match.end() : match.end() + MAX_DISTANCE])[0]
        return first_persons(clause, words)

    passive = set[int]()
    for match in people.chaired_by.finditer(text):
        if name := after(match):
            return name
        passive.add(match.start())
    marked = (
        list(_persons(_CLAUSE_END.split(before(match))[-1], words))[-1:]
        for match in people.chair_marks.finditer(text)
    )
    if leaders := dict.fromkeys(name for each in marked for name, _ in each):
        return ", ".join(leaders)
    for match in people.chaired.finditer(text):
        if match.start() in passive:
            continue  # "The council met in San Damián, presided over by the vicar."
        sentence = _SENTENCE_END.split(before(match))[-1]
        *others, clause = _CLAUSE_END.split(sentence)
        if names := _groups(clause, words)[-1:]:
            # "The comrades A, secretary; B, minister, chaired": both may have.
            return "" if any(first_persons(other, words) for other in others) else names[0]
        if name := after(match):
            return name
    return None


def _without_places(text: str, words: MeetingWords) -> str:
    """A text with commas for the places whose names could be taken for persons'."""
    for place in find_places(text, words, []):
        # Where towns' names have two syllables, a longer one is a person's.
        is_person = words.names.first_syllable_capitalised and place.name.count(" ") > 1
        if place.rank > PlaceRank.BUILDING_NAME and not is_person:
            text = text[: place.start] + "," * (place.end - place.start) + text[place.end :]
    return text


def first_persons(text: str, words: MeetingWords) -> str | None:
    """The first name of a person in a clause, with those that "and" joins to it; None if there is
    none."""
    return next(iter(_groups(text, words)), None)


def _groups(text: str, words: MeetingWords) -> list[str]:
    """The names of persons in a clause, those together that "and" joins."""
    groups: list[tuple[list[str], int]] = []
    end = 0
    for name, span in _persons(text, words):
        between = [part.rstrip(".") for part in text[end : span[0]].replace(",", " , ").split()]
        links = [part for part in between if not words.people.titles.fullmatch(part)]
        has_join = any(map(words.names.joins.fullmatch, links))
        if groups and links and (has_join or links == [","]) and len(links) <= 2:
            names, joined = groups[-1]
            groups[-1] = ([*names, name], len(names) + 1 if has_join else joined)
        else:
            groups.append(([name], 1))
        end = span[1]
    return [", ".join(names[:joined]) for names, joined in groups]


def _persons(text: str, words: MeetingWords) -> Iterator[tuple[str, Span]]:
    """The names of persons in a clause and their spans: two to five capitalised words, without
    their titles."""
    run: list[str] = []
    start = end = 0
    before = ""
    for match in _PART.finditer(text + "\n."):
        part = match[0]
        is_letter = len(part) == 2 and words.events.determiners.fullmatch(before)  # "el C. Gil"
        title = is_letter or words.people.titles.fullmatch(part.rstrip("."))
        before = part
        is_owner = part.endswith(("'s", "’s"))  # "Singapore's"
        if (part[:1].isupper() and not title and not is_owner) or (
            run and part in words.person_particles
        ):
            start, end = start if run else match.start(), match.end()
            run.append(part)
            continue
        office = (
            words.names.first_syllable_capitalised
            and part.islower()
            and not words.people.after_name.match(part)
        )
        if name := "" if office else _name(run, words):
            yield name, (start, end)
        run = []


def _name(run: list[str], words: MeetingWords) -> str:
    while run and run[-1] in words.person_particles:
        run = run[:-1]
    if run and run[0] in words.countries:
        run = run[1:]
    if words.nouns_capitalised and len(run) > 2 and not {*run} & words.person_particles:
        run = run[-2:]  # What stands before is an office.
    is_date = set(map(str.lower, run)) & {*words.months, *words.weekdays}
    is_article = run and words.events.determiners.fullmatch(run[0])  # "The Bishop"
    kinds = (words.people.bodies, words.places.venues)
    if is_date or is_article or any(kind.search(" ".join(run)) for kind in kinds):
        return ""
    parts = [part if len(part) < 3 else part.rstrip(".") for part in run]
    return " ".join(parts) if 2 <= len(parts) <= 5 else ""
