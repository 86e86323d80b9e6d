"""Towns and countries by name: where a place is, and so where a meeting was, from GeoNames
(bench/place_table.py makes the table). Only the process that reads files loads it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from ..languages.countries import country_codes, country_name, is_official, name_key
from ..meeting import MeetingPlace
from ..models import Article

DOMINANT = 8
"""Of several towns of a name, one of so many times the inhabitants of the next is meant."""

PARTS_OF_DEGREE = 180
"""Parts of a degree in which coordinates are kept: some 600 metres."""


@dataclass(frozen=True, slots=True)
class Town:
    """A town: its country (ISO 3166), its latitude and longitude in degrees, its inhabitants (a
    rounded number), and its names in further languages, if it is large."""

    country: str
    latitude: float
    longitude: float
    population: int
    names: tuple[str, ...]


class Gazetteer:
    """Towns by name."""

    def __init__(self, table: dict[str, Any]) -> None:
        """Take the arrays that `bench.place_table` writes."""
        self._keys: list[str] = str(table["keys"]).split("\n")
        self._names: list[str] = str(table["names"]).split("\n")
        self._towns = table["towns"]
        self._starts = table["starts"]
        self._countries: list[str] = str(table["countries"]).split()
        self._values = table["country"], table["latitude"], table["longitude"], table["population"]

    @staticmethod
    @cache
    def load() -> Gazetteer:
        """The gazetteer of the package, read once."""
        with np.load(str(files(__package__).joinpath("places.npz"))) as table:
            return Gazetteer(dict(table))

    def towns(self, name: str) -> list[Town]:
        """All towns of a name, the largest first; an empty list if there is none."""
        return [self._town(number) for number in self._numbers(name)]

    def population(self, name: str) -> int:
        """The inhabitants, rounded, of the largest town of a name; 0 if there is none."""
        return next((2 ** int(self._values[3][number]) for number in self._numbers(name)), 0)

    def _numbers(self, name: str) -> Sequence[int]:
        key = name_key(name)
        at = bisect_left(self._keys, key)
        if not key or at == len(self._keys) or self._keys[at] != key:
            return ()
        numbers: Sequence[int] = self._towns[self._starts[at] : self._starts[at + 1]]
        return numbers

    def town(self, name: str, text: str, language: str, country: str | None = None) -> Town | None:
        """The town that a name in a text of a language means; None if it may be several. If its
        country (ISO 3166) is known, it is one there.

        It has DOMINANT times the inhabitants of any other of its name: of all, or else of those in
        the countries that the text names, or else of those where the language is official.
        """
        towns = [town for town in self.towns(name) if country in (None, town.country)]
        if _dominant(towns) == towns[:1]:
            return towns[0] if towns else None
        for group in (
            [town for town in towns if country_name(town.country, language) in text],
            [town for town in towns if is_official(language, town.country)],
        ):
            if group:
                return next(iter(_dominant(group)), None)
        return None

    def _town(self, number: int) -> Town:
        country, latitude, longitude, population = (values[number] for values in self._values)
        names = tuple(filter(None, self._names[number].split("|")))
        return Town(
            self._countries[country],
            float(latitude) / PARTS_OF_DEGREE,
            float(longitude) / PARTS_OF_DEGREE,
            2 ** int(population),
            names,
        )


def _dominant(towns: Sequence[Town]) -> Sequence[Town]:
    """The largest town alone, if no other compares with it; else none."""
    comparable = len(towns) > 1 and towns[0].population < DOMINANT * towns[1].population
    return [] if comparable else towns[:1]


def located(place: str, article: Article) -> MeetingPlace:
    """A place that an article names, with its country, coordinates and further names."""
    names = [*dict.fromkeys((place, *reversed(place.split(","))))]
    codes = (country_codes().get(name_key(name)) for name in names)
    country = next(filter(None, codes), None)
    for name in names:
        if name_key(name) in country_codes():
            continue
        if town := Gazetteer.load().town(name, article.text, article.source.language, country):
            coordinates = round(town.latitude, 3), round(town.longitude, 3)
            return MeetingPlace(place, town.country, coordinates, town.names)
    return MeetingPlace(place, country)
