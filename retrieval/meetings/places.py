"""The places that a text names. Pure.

A place is recognised by what stands before it: a preposition, a phrase such as "city of", or the
name of a body such as a town's council. Which of them are places, `location` judges.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from ..formats.lines import ends_sentence
from ..languages.meeting_words import MeetingWords
from ..models import Span

_COMMA = re.compile(r"\s*,\s+(?:\d{4,6}\s+)?")
_POSTCODE = re.compile(r"(?<=, )(?!19|20)\d{4,5}\s+(?=[^\W\d_])|(?<=, )\d{5}\s+(?=[^\W\d_])")
_HOUSE_NUMBER = re.compile(r"\s+(?!(?:19|20)\d\d\b)\d{1,5}\s?[a-z]?\s*(?:[,.;)]|$)")
_TOKEN = re.compile(r"[^\W_][\w'’\-]*")
_NO_CLAUSE_END = re.compile(r"[^,.;:()\n]*")
_NEXT_WORD = re.compile(r"\s+([^\W\d_]+)")
_GOES_ON = re.compile(r"\s+(?!\d)[a-zà-ỹ]")
"""A name that goes on in lower case is a room's: "Annexe of the inn, Leeds"."""

MAX_BODY_NAME = 3
"""The most words of a town's name before that of its council."""

MAX_ABBREVIATION = 3
"""No name that a full stop follows within a line has so few letters: "St. Mary"."""


class PlaceRank(IntEnum):
    """How likely a name is that of the town where something was; the highest is likeliest."""

    BUILDING = 0
    BUILDING_NAME = 1
    """A part of a building's name."""
    ADDRESS = 2
    """A further part of an address, or what stands in the name of a body."""
    MENTIONED = 3
    LOCATION = 4
    """What something was in."""
    CITY = 5
    """What something was in and is called a city."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place from `start` to `end` of a text."""

    start: int
    end: int
    name: str
    rank: PlaceRank
    has_article: bool = False
    """Whether it is one word behind an article, as few towns are: "in the Residence"."""

    @property
    def span(self) -> Span:
        return self.start, self.end


def title_case(name: str) -> str:
    """A name, in capitals no longer."""
    name = " ".join(name.split())
    return name.title() if name.isupper() else name


def find_places(text: str, words: MeetingWords, dates: Sequence[Span]) -> list[Place]:
    """The places that a text names, in order. `dates` are the spans of its dates."""
    scanner = _Scanner(text, words, dates)
    places = [
        place
        for match in words.places.prepositions.finditer(text)
        for place in scanner.after_preposition(match.end())
    ]
    for before in (words.places.kinds_before, words.places.bodies):
        for match in before.finditer(text):
            places += scanner.town(match.end(), PlaceRank.MENTIONED)
    for match in _POSTCODE.finditer(text):
        places += scanner.town(match.end(), PlaceRank.CITY)
    return sorted(set(places), key=lambda place: place.start)


def places_of_bodies(text: str, words: MeetingWords) -> Iterator[Place]:
    """The names that a text has behind a word such as "of", as the name of a body has."""
    scanner = _Scanner(text, words, [])
    for match in words.names.after.finditer(text):
        if not words.events.determiners.fullmatch(match[0]):
            yield from scanner.town(match.end(), PlaceRank.ADDRESS)


def names_before_bodies(text: str, words: MeetingWords) -> Iterator[str]:
    """The names that may be the town's before such as "parish council", the longest first: in a
    title, or where a sentence begins with it."""
    for match in words.places.bodies_behind.finditer(text):
        before = text[: match.start()].split()
        if not ends_sentence(text) or len(before) <= MAX_BODY_NAME:
            before = before[-MAX_BODY_NAME:]
            yield from (" ".join(before[n:]) for n in range(len(before)))


def places_in_field(value: str, words: MeetingWords) -> list[Place]:
    """The places that the value of a field names: "Village Hall, Upper Marsh"."""
    scanner = _Scanner(value, words, [])
    places = [
        replace(place, rank=PlaceRank.MENTIONED) if _GOES_ON.match(value, place.end) else place
        for place in scanner.after_preposition(0)
    ]
    for match in words.places.kinds_before.finditer(value):
        places += scanner.town(match.end(), _rank(match, words))
    for pattern, rank in ((_COMMA, PlaceRank.LOCATION), (_POSTCODE, PlaceRank.CITY)):
        for match in pattern.finditer(value):
            places += scanner.town(match.end(), rank)
    return [place for place in places if not _HOUSE_NUMBER.match(value, place.end)]


def _rank(kind: re.Match[str] | None, words: MeetingWords) -> PlaceRank:
    is_city = kind and words.places.cities_before.fullmatch(kind[0])
    return PlaceRank.CITY if is_city else PlaceRank.LOCATION


class _Scanner:
    """Reads names at offsets of a text."""

    def __init__(self, text: str, words: MeetingWords, dates: Sequence[Span]) -> None:
        self._text = text
        self._words = words
        self._dates = dates

    def after_preposition(self, start: int) -> Iterator[Place]:
        """The places that an offset behind a preposition of place begins with."""
        kind = self._words.places.kinds_before.match(self._text, self._skip_space(start))
        if kind:
            start, whole = kind.end(), self.town(start, PlaceRank.CITY)
            # "Ciudad de México" is the name of a city.
            yield from (each for each in whole if self._is_country(start))
        venue = self._words.places.venues.match(self._text, self._skip_article(start))
        if venue:
            yield from self._venue(venue)
            return
        for place in self.town(start, _rank(kind, self._words)):
            if self._is_venue(place.name):
                yield Place(place.start, place.end, place.name, PlaceRank.BUILDING)
                yield from self._after_comma(place.end)
            else:
                yield place

    def town(self, start: int, rank: PlaceRank) -> list[Place]:
        """The name that begins at or just after an offset, alone in a list; else an empty one."""
        begin, start = self._skip_space(start), self._skip_article(start)
        span = self.name(start)
        if span is None:
            return []
        name = self._text[slice(*span)]
        if (
            self._words.places.not_before.match(self._text, self._skip_space(span[1]))
            or name.endswith(("'s", "’s"))  # "the Kenyan capital", "the Bank's offices"
            or (self.goes_on(span[1]) and name.count(" ") == 0)
            or _HOUSE_NUMBER.match(self._text, span[1])  # A street.
            or (len(name) <= MAX_ABBREVIATION and self._text[span[1] :].startswith(". "))
            or self._is_no_place(name)
            or any(s < span[1] and span[0] < e for s, e in self._dates)
        ):
            return []
        return [Place(*span, " ".join(name.split()), rank, start > begin and " " not in name)]

    def _venue(self, match: re.Match[str]) -> Iterator[Place]:
        """A building by a common noun, and the town that its name ends with."""
        stop = self._clause_end(match.end())
        run = self.name(match.start()) or match.span()
        end = max(match.end(), min(run[1], stop))
        if self._words.names.first_syllable_capitalised:
            capitals = (
                token for token in _TOKEN.finditer(self._text, end, stop) if token[0][0].isupper()
            )
            end = max(
                (token.end() for token in capitals if not self.goes_on(token.end())), default=end
            )
        name = " ".join(self._text[match.start() : end].split())
        if any(map(str.isupper, name)):
            yield Place(match.start(), end, name, PlaceRank.BUILDING)
        last = self._last_run(match.end(), stop)
        if last is not None:
            yield from self.town(last, PlaceRank.BUILDING_NAME)
        if not self._words.names.joins.search(self._text, end, stop):
            yield from self._after_comma(stop)

    def _after_comma(self, end: int) -> Iterator[Place]:
        """The places of an address behind the name of a building."""
        if comma := _COMMA.match(self._text, end):
            for place in self.after_preposition(comma.end()):
                if place.rank is not PlaceRank.BUILDING:  # A street.
                    yield place

    def _last_run(self, start: int, stop: int) -> int | None:
        """Where the last run of capitalised words begins, without words for buildings."""
        begin, last = None, start
        for token in _TOKEN.finditer(self._text, start, stop):
            is_name = token[0][0].isupper() and not self._is_venue(token[0])
            if is_name and not self.goes_on(token.end()):
                joined = begin is not None and not self._text[last : token.start()].strip()
                begin = begin if joined else token.start()
                last = token.end()
        return begin

    def _clause_end(self, start: int) -> int:
        """Where the words about a building end: at a mark, a preposition or a date."""
        rest = _NO_CLAUSE_END.match(self._text, start)
        stop = rest.end() if rest else start
        for pattern in (self._words.places.prepositions, self._words.places.kinds_before):
            cut = pattern.search(self._text, start, stop)
            stop = cut.start() if cut else stop
        return min([stop, *(begin for begin, _ in self._dates if start <= begin)])

    def name(self, start: int) -> Span | None:
        """A run of capitalised words, joined by particles such as "de la" or "upon"."""
        end, read, last = None, start, ""
        for token in _TOKEN.finditer(self._text, start):
            between = self._text[read : token.start()]
            # "Phan Rang - Tháp Chàm"
            is_joined = between == " - " and self._words.names.first_syllable_capitalised
            if (between.strip(" \n") and not is_joined) or (end is None and token.start() != start):
                break
            if end and any(begin <= token.start() < stop for begin, stop in self._dates):
                break  # "in Geneva Monday"
            if token[0][0].isupper():
                end = token.end()
            elif end is None or not {token[0], f"{last} {token[0]}"} & self._words.place_particles:
                break
            read, last = token.end(), token[0]
        return None if end is None else (start, end)

    def _skip_article(self, start: int) -> int:
        start = self._skip_space(start)
        if not self._text[start : start + 1].islower():
            return start
        article = self._words.events.determiners.match(self._text, start)
        return self._skip_space(article.end()) if article else start

    def _skip_space(self, start: int) -> int:
        while start < len(self._text) and self._text[start].isspace():
            start += 1
        return start

    def goes_on(self, end: int) -> bool:
        """Whether a name goes on behind `end`, where its further words are in lower case."""
        after = _NEXT_WORD.match(self._text, end)
        return bool(
            self._words.names.first_syllable_capitalised
            and after
            and after[1].islower()
            and not self._words.names.stop.match(self._text, after.start(1))
            and not self._words.events.held.match(self._text, after.start(1))
        )

    def _is_country(self, start: int) -> bool:
        span = self.name(self._skip_article(start))
        return span is not None and self._text[slice(*span)] in self._words.countries

    def _is_venue(self, name: str) -> bool:
        return bool(self._words.places.venues.search(name))

    def _is_no_place(self, name: str) -> bool:
        first = name.split(maxsplit=1)[0].lower()
        return bool(
            self._words.places.never.fullmatch(name)
            or self._words.places.never.fullmatch(first)
            or name in self._words.tongues
            or (self._words.events.nouns.search(name) and not self._is_venue(name))
            or self._words.people.bodies.fullmatch(name)
            or self._words.people.titles.fullmatch(name)
            or self._words.events.minutes.fullmatch(name)
            or len(first) < 2
            or first in {*self._words.months, *self._words.weekdays}
            or f"{first}*" in self._words.weekdays
            or first.endswith(self._words.places.abstract_endings)
        )
