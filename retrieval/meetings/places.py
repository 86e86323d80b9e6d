"""The places that a text names. Pure.

A place is known by what stands before it: a preposition, a word such as "city of", or the name
of a body such as a town's council. There is no list of places, so a village is as good as a city.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..models import Span
from .wording import Wording

_COMMA = re.compile(r"\s*,\s+")
_TOKEN = re.compile(r"[^\W_][\w'’\-]*")
_LINKS = frozenset(("de", "del", "of", "upon", "am", "an", "der", "do", "da", "di", "le", "ob"))
_ARTICLES = frozenset(("la", "las", "los", "el"))
_ABSTRACT = ("ung", "heit", "keit", "schaft", "tion", "tät", "ismus", "ungen")


@dataclass(frozen=True, slots=True)
class Place:
    """A place from `start` to `end` of a text, and how well it is known: 4 for what something
    was in and is called a city, 3 for another place that something was in, 2 for one that is
    only named, 1 for what is part of a building's name, 0 for a building."""

    start: int
    end: int
    name: str
    rank: int


def places(text: str, words: Wording, dates: list[Span]) -> list[Place]:
    """The places that a text names, in order. `dates` are the spans of its dates."""
    free = _Free(text, words, dates)
    found = [
        place for match in words["places", "in"].finditer(text) for place in free.at(match.end())
    ]
    others = [match.span() for match in words["places", "not_kinds"].finditer(text)]
    for match in words["places", "kinds_before"].finditer(text):
        if not any(start <= match.start() < end for start, end in others):
            found += free.town(match.end(), 2)
    for match in words["places", "bodies"].finditer(text):
        found += free.town(match.end(), 2)
    for match in re.finditer(r"\((?=\w)", text):
        found += [p for p in free.town(match.end(), 3) if any(_next(text, p.end, d) for d in dates)]
    return sorted(set(found), key=lambda place: place.start)


def named(value: str, words: Wording) -> list[Place]:
    """The places that the value of a field names: "Village Hall, Upper Marsh"."""
    free = _Free(value, words, [])
    found = list(free.at(0))
    for match in words["places", "kinds_before"].finditer(value):
        found += free.town(match.end(), 4 if words["places", "cities"].fullmatch(match[0]) else 3)
    for comma in _COMMA.finditer(value):
        found += free.town(comma.end(), 3)
    return found


def _next(text: str, end: int, date: Span) -> bool:
    return date[0] >= end and not text[end : date[0]].strip(" ,")


class _Free:
    """Reads names in a text."""

    def __init__(self, text: str, words: Wording, dates: list[Span]) -> None:
        self._text = text
        self._words = words
        self._dates = dates

    def at(self, start: int) -> Iterator[Place]:
        """What stands at an offset, behind a preposition of place."""
        kind = self._words["places", "kinds_before"].match(self._text, self._blank(start))
        start = kind.end() if kind else start
        rank = 4 if kind and self._words["places", "cities"].fullmatch(kind[0]) else 3
        venue = self._words["places", "venues"].match(self._text, self._article(start))
        if venue:
            yield from self._venue(venue)
            return
        for place in self.town(start, rank):
            if self._is_venue(place.name):
                yield Place(place.start, place.end, place.name, 0)
                yield from self._within(place)
                comma = _COMMA.match(self._text, place.end)
                if comma:
                    yield from self.at(comma.end())
            else:
                yield place

    def town(self, start: int, rank: int) -> list[Place]:
        """The name that begins at or just after an offset."""
        start = self._article(start)
        span = self._name(start)
        if span is None:
            return []
        name = self._text[slice(*span)]
        kind = self._words["places", "kinds"].search(name, 1)
        if kind and kind.end() == len(name):  # "Vientiane Capital"
            name = name[: kind.start()].rstrip()
        behind = self._words["places", "capital"].match(self._text, self._blank(span[1]))
        if behind or name.endswith(("'s", "’s")):  # "the Kenyan capital", "the Bank's offices"
            return []
        if self._goes_on(span[1]) and name.count(" ") == 0:
            return []
        if self._never(name) or any(s < span[1] and span[0] < e for s, e in self._dates):
            return []
        return [Place(*span, " ".join(name.split()), rank)]

    def _venue(self, match: re.Match[str]) -> Iterator[Place]:
        """A building by a common noun, and the town that its name ends with."""
        stop = self._clause(match.end())
        run = self._name(match.start()) or match.span()
        end = max(match.end(), min(run[1], stop))
        name = " ".join(self._text[match.start() : end].split())
        if any(map(str.isupper, name)):
            yield Place(match.start(), end, name, 0)
        last = self._last_run(match.end(), stop)
        if last is not None:
            yield from self.town(last, 1)
        comma = _COMMA.match(self._text, stop)
        if comma:
            yield from self.at(comma.end())

    def _last_run(self, start: int, stop: int) -> int | None:
        """Where the last run of capitalised words begins, without words for buildings."""
        begin, last = None, start
        for token in _TOKEN.finditer(self._text, start, stop):
            capital = token[0][0].isupper() and not self._is_venue(token[0])
            if capital and not self._goes_on(token.end()):
                joined = begin is not None and not self._text[last : token.start()].strip()
                begin = begin if joined else token.start()
                last = token.end()
        return begin

    def _clause(self, start: int) -> int:
        """Where the words about a building end: at a mark, a preposition or a date."""
        rest = re.compile(r"[^,.;:()\n]*").match(self._text, start)
        stop = rest.end() if rest else start
        for cue in (self._words["places", "in"], self._words["places", "kinds_before"]):
            cut = cue.search(self._text, start, stop)
            stop = cut.start() if cut else stop
        return min([stop, *(s for s, _ in self._dates if start <= s)])

    def _within(self, place: Place) -> Iterator[Place]:
        """The town in a building's name: "Casa Consistorial de Almansa"."""
        parts = list(_TOKEN.finditer(place.name))
        links = [n for n, part in enumerate(parts) if part[0] in _LINKS]
        if links and links[-1] + 1 < len(parts):
            start = place.start + parts[links[-1] + 1].start()
            yield from self.town(start, 1)

    def _name(self, start: int) -> Span | None:
        """A run of capitalised words, joined by such as "de" or "upon"."""
        end, waiting, last = None, start, ""
        for token in _TOKEN.finditer(self._text, start):
            if self._text[waiting : token.start()].strip(" \n") or (
                end is None and token.start() != start
            ):
                break
            if token[0][0].isupper():
                end = token.end()
            elif end is None or not (
                token[0] in _LINKS or (last == "de" and token[0] in _ARTICLES)
            ):
                break
            waiting, last = token.end(), token[0]
        return None if end is None else (start, end)

    def _article(self, start: int) -> int:
        start = self._blank(start)
        if not self._text[start : start + 1].islower():
            return start
        known = self._words["events", "known"].match(self._text, start)
        return self._blank(known.end()) if known else start

    def _blank(self, start: int) -> int:
        while start < len(self._text) and self._text[start].isspace():
            start += 1
        return start

    def _goes_on(self, end: int) -> bool:
        """Whether the name is only begun: where a name's further words are in lower case."""
        after = re.compile(r"\s+([^\W\d_]+)").match(self._text, end)
        return bool(
            self._words.names_begin
            and after
            and after[1].islower()
            and not self._words["names", "stop"].match(self._text, after.start(1))
            and not self._words["events", "held"].match(self._text, after.start(1))
        )

    def _is_venue(self, name: str) -> bool:
        return bool(self._words["places", "venues"].search(name))

    def _never(self, name: str) -> bool:
        first = name.split(maxsplit=1)[0].lower()
        return (
            bool(
                self._words["places", "not"].fullmatch(name)
                or self._words["places", "not"].fullmatch(first)
            )
            or bool(self._words["events", "nouns"].search(name))
            or first in self._words.months
            or (self._words.language == "de" and first.endswith(_ABSTRACT))
        )
