"""The places that texts of an article name, judged by the gazetteer. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain

from ..languages.meeting_words import MeetingWords
from ..models import Article, Span
from .dates import find_dates
from .gazetteer import Gazetteer
from .headings import gap
from .places import MAX_ABBREVIATION, Place, PlaceRank, find_places, title_case

LARGE = 65_536
"""A town of so many inhabitants in the name of a building is where the building is."""

MAX_NAME = 6
"""The most words of a town's name that is looked for in a longer one."""

_WORD = re.compile(r"\w+")
_NAME_PART = re.compile(r"(?:St\. (?=[^\W\d_]))?[^\W\d_][\w'’\-]*")
_SURE = {PlaceRank.BUILDING, PlaceRank.BUILDING_NAME, PlaceRank.CITY}
_POSSESSIVE = re.compile(r"['’]s\b")


class PlaceNames:
    """Tells which names in the texts of one article are those of places."""

    def __init__(self, article: Article, words: MeetingWords) -> None:
        self._words = words
        self._named = cache(self._names)
        self._text = article.text.casefold()
        self._count = cache(self._times)
        self._in_text = frozenset(_WORD.findall(article.text))
        self._particles, self._of_days = words.words_of_place_particles, words.words_of_days
        self._kinds = (words.places.venues, words.people.bodies)

    def _times(self, name: str) -> int:
        """How often a name, in lower case, stands in the text, and not as a part of a word."""
        if self._text.count(name) < 2:  # Which is told much sooner.
            return self._text.count(name)
        return len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", self._text))

    def offered(self, texts: Sequence[str], found: str | None) -> list[str]:
        """The places that may be meant where texts stand around a day: what was `found` there; and
        unless it was online, what they say that something was in, and all towns that they name."""
        names = [found] if found else []
        if not any(map(self._words.places.online.search, texts)):
            names += chain.from_iterable(map(self._named, texts))
        return [*dict.fromkeys(names)]

    def _names(self, text: str) -> list[str]:
        """What a text says that something was in, and all towns that it names."""
        places = self.candidates(text, is_sure=True)
        return [*(place.name for place in places), *self._towns(text)]

    def _towns(self, text: str) -> Iterator[str]:
        """The towns that a text names, by their longest names."""
        for parts in self._capitalised(text):
            at = 0
            while at < len(parts):
                lengths = range(min(MAX_NAME, len(parts) - at), 0, -1)
                length = next((n for n in lengths if self._is_named(parts, at, n)), 0)
                if length:
                    yield title_case(" ".join(parts[at : at + length]))
                at += length or 1

    def _capitalised(self, text: str) -> Iterator[list[str]]:
        """The words of each run of words with capitals and of particles between them."""
        parts, particles, end = list[str](), list[str](), 0
        for token in _NAME_PART.finditer(text):
            word = token[0]
            is_name = word[0].isupper()
            if text[end : token.start()] != " " or not (is_name or word in self._particles):
                yield parts
                parts, particles = [], []
            if is_name:
                parts += [*particles, word]
                particles = []
            elif parts:
                particles.append(word)
            end = token.end()
        yield parts

    def _is_named(self, parts: Sequence[str], start: int, length: int) -> bool:
        """Whether some words of a run are the name of a town, and not a part of another name: it is
        named alone as well, or stands in the name of a building, or is large and has several words
        ("Hà Nội Thủ tướng")."""
        name = " ".join(parts[start : start + length])
        ends = (parts[start], parts[start + length - 1])
        if not all(end[0].isupper() for end in ends) or not self.is_town(name):
            return False
        run = parts[1:] if start and self._is_begun_with(parts[0]) else parts
        whole = " ".join(run)
        if length == len(run) or self._count(name.casefold()) > self._count(whole.casefold()):
            return True
        is_large = Gazetteer.load().population(name) >= LARGE
        if any(kind.search(whole) for kind in self._kinds):
            is_of = start > 0 and parts[start - 1] in self._particles
            rest = whole.replace(name, "", 1).strip()  # "Stadthalle", of any town.
            return is_of or is_large or any(kind.fullmatch(rest) for kind in self._kinds)
        is_longer = length > 1 or self._words.nouns_capitalised
        goes_on = bool(self._particles.intersection(parts[start + length : start + length + 1]))
        return is_large and is_longer and not goes_on

    def _is_begun_with(self, word: str) -> bool:
        """Whether a word has its capital because a sentence begins with it, or is of a day: "From
        Leeds", "On Monday Leeds"."""
        is_lower = word.lower() in self._in_text or word.lower() in self._of_days
        return is_lower or bool(self._words.places.prepositions.fullmatch(word))

    def candidates(
        self, text: str, *, is_sure: bool = False, verb: Span | None = None
    ) -> Iterator[Place]:
        """The places of a text, without what is none; a building's town for its longer name.
        `is_sure`: what it has behind a preposition is a place where all nouns are capitalised; so
        is what stands beside the `verb` that says that people met."""
        dates = [date.span for date in find_dates(text, self._words)]
        for place in find_places(text, self._words, dates):
            is_part = place.rank is PlaceRank.BUILDING_NAME  # Which may be called after anything.
            if place.has_article or (is_part and not self.is_named_again(place.name)):
                continue
            if self.is_town(place.name) or place.rank in _SURE:
                yield place
            elif town := self.town_within(place.name):
                yield replace(place, name=town)
            elif place.rank is PlaceRank.ADDRESS or self._is_person(place):
                continue
            elif place.name.isupper() and " " in place.name:
                continue  # Of a heading in capitals, where they tell nothing.
            elif (
                is_sure
                or (verb and gap(place.span, verb) <= 1)
                or self.is_named_again(place.name)
                or not self._words.nouns_capitalised
            ):
                yield place

    def _is_person(self, place: Place) -> bool:
        """Whether a name behind "mayor of" that no town has is a person's: it has three words in a
        language where towns' have two."""
        is_long = self._words.names.first_syllable_capitalised and place.name.count(" ") > 1
        return is_long and place.rank is PlaceRank.MENTIONED

    def is_town(self, name: str) -> bool:
        return Gazetteer.load().population(name) > 0 and not self._is_common(name)

    def _is_common(self, name: str) -> bool:
        """Whether a word is an article, a title of persons, a part of the name of a day or a month,
        or a common noun, as it is in lower case."""
        cues = (self._words.people.titles, self._words.events.determiners)
        if " " in name:
            return False
        if name.lower() in self._of_days or any(cue.fullmatch(name) for cue in cues):
            return True
        return not self._words.nouns_capitalised and self._in_text.issuperset(
            _WORD.findall(name.lower())
        )

    def is_likely(self, name: str, than: str = "") -> bool:
        """Whether a name that may be anything is a town's: of a large one, or one named again, more
        often `than` the longer name that holds it."""
        is_again = self._count(name.casefold()) > (self._count(than.casefold()) if than else 1)
        is_large = Gazetteer.load().population(name) >= LARGE
        return (is_large or is_again) and self.is_town(name)

    def is_named_again(self, name: str) -> bool:
        return self._count(name.casefold()) > 1

    def town_within(self, name: str) -> str | None:
        """The town that the name of a building begins or ends with: "Leeds Civic Hall"."""
        has_building = any(kind.search(name) for kind in self._kinds) or _POSSESSIVE.search(name)
        if not has_building and not self._words.nouns_capitalised:
            return None
        parts = [_POSSESSIVE.sub("", part) for part in name.split()]
        for length in range(min(MAX_NAME, len(parts) - 1), 0, -1):
            for run in (parts[:length], parts[-length:]):
                town = " ".join(run)
                is_part = len(town) <= MAX_ABBREVIATION and not any(
                    kind.search(name.replace(town, "", 1)) for kind in self._kinds
                )
                is_kind = any(kind.search(town) for kind in self._kinds)
                if is_part or is_kind or not town[0].isupper():
                    continue
                if self.is_likely(town, than=name):
                    return town
        return None
