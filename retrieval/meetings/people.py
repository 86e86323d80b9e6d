"""Who led a meeting, as a text says. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .places import places
from .wording import Wording

FAR = 140
"""The name stands at most so many characters before or after the words that say who led."""

_PART = re.compile(r"[^\W\d_][\w'’\-]*\.?|[^\w\s]")
_LINKS = frozenset(("de", "del", "la", "von", "van", "der", "den", "zu", "bin", "al", "y"))
_CLAUSE = re.compile(r"[;:!?]|(?<=\w{3})\.\s|\n\s*\n")


def chair(text: str, words: Wording) -> str | None:
    """The name of who led a meeting; None if the text does not say so."""
    for place in places(text, words, []):
        if place.rank > 1:  # Whose name would do for a person's.
            text = text[: place.start] + "," * (place.end - place.start) + text[place.end :]
    for match in words["people", "chaired_by"].finditer(text):
        after = _CLAUSE.split(text[match.end() : match.end() + FAR])[0]
        if found := next(_names(after, words), None):
            return found
    for match in words["people", "chair_marks"].finditer(text):
        before = _CLAUSE.split(text[max(0, match.start() - FAR) : match.start()])[-1]
        if names := list(_names(before, words)):
            return names[-1]
    for match in words["people", "chaired"].finditer(text):
        before = _CLAUSE.split(text[max(0, match.start() - FAR) : match.start()])[-1]
        if names := list(_names(before, words)):
            return names[0]
        after = _CLAUSE.split(text[match.end() : match.end() + FAR])[0]
        if found := next(_names(after, words), None):
            return found
    return None


def person(text: str, words: Wording) -> str | None:
    """The first name in the value of a field such as "Chair: …"."""
    return next(_names(text, words), None)


def _names(text: str, words: Wording) -> Iterator[str]:
    """The names of persons in a clause: two to five capitalised words, without their titles."""
    run: list[str] = []
    for part in [*_PART.findall(text), ""]:
        title = words["people", "titles"].fullmatch(part.rstrip("."))
        if (part[:1].isupper() and not title) or (run and part in _LINKS):
            run.append(part)
        else:
            # In Vietnamese an office begins with a capital and goes on in lower case.
            begun = words.names_begin and part.islower() and not _verb(part, words)
            name = "" if begun else _name(run, words)
            if name:
                yield name
            run = []


def _verb(part: str, words: Wording) -> bool:
    return bool(re.match(r"chủ|điều|làm|đồng", part))


def _name(run: list[str], words: Wording) -> str:
    while run and run[-1] in _LINKS:
        run = run[:-1]
    name = " ".join(run)
    calendar = set(map(str.lower, run)) & {*words.months, *words.weekdays}
    if calendar or words["people", "bodies"].search(name):
        return ""
    if words.language == "de" and len(run) > 2 and not any(part in _LINKS for part in run):
        run = run[-2:]  # What stands before is an office: all nouns have a capital.
    parts = [part if len(part) < 3 else part.rstrip(".") for part in run]
    return " ".join(parts) if 2 <= len(parts) <= 5 else ""
