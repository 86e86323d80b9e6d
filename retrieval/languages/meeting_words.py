"""What extracts meetings knows of a language: the tables of its file, and names of the CLDR.

The names of months, weekdays and countries, and whether the month comes before the day, are those
of the Unicode CLDR, by way of Babel; a file only adds further names. Reading a language takes some
30 ms, and Babel has to be imported, so only what extracts meetings imports this module.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from typing import Any

from babel import Locale
from pydantic.dataclasses import dataclass

from . import CHECKED, Language, language_words, languages, read_tables
from .meeting_tables import MeetingTables


@dataclass(frozen=True, config=CHECKED)
class _File:
    meetings: MeetingTables


@dataclasses.dataclass(frozen=True, eq=False)
class MeetingWords(MeetingTables):
    """What is known of a language to extract meetings from its articles."""

    months: Mapping[str, int]
    """By name, in lower case; January is 1."""
    weekdays: Mapping[str, int]
    """By name, in lower case; Monday is 0. A name may end in `*`."""
    month_first: bool
    """Whether "May 3" is a date."""
    countries: frozenset[str]
    tongues: frozenset[str]
    """The names of languages, which are often those of peoples as well."""
    person_particles: frozenset[str]
    """Those of all languages, for an article names people of any."""
    place_particles: frozenset[str]
    nouns_capitalised: bool
    """Whether all nouns begin with a capital."""

    @cached_property
    def words_of_place_particles(self) -> frozenset[str]:
        """Those of "de la" are two."""
        return frozenset(" ".join(self.place_particles).split())

    @cached_property
    def words_of_days(self) -> frozenset[str]:
        """The words that the names of months and weekdays have, in lower case."""
        return frozenset(" ".join([*self.months, *self.weekdays]).split())


def meeting_words(language: Language) -> MeetingWords | None:
    """The words of a language; None if its file has no tables for meetings.

    Raises:
        OperatorError: a table is broken, or one that is not for meetings stands behind them.
    """
    return _read(language) if language.meetings_toml else None


@cache
def _read(language: Language) -> MeetingWords:
    tables = read_tables(_File, language.meetings_toml, language.code).meetings
    locale = Locale(language.code)
    pattern = locale.date_formats["long"].pattern
    return MeetingWords(
        **vars(tables),
        months=_numbers_by_name(locale.months, tables.dates.months),
        weekdays=_numbers_by_name(locale.days, tables.dates.weekdays),
        month_first=pattern.index("M") < pattern.index("d"),
        countries=frozenset(locale.territories.values()),
        tongues=frozenset(locale.languages.values()),
        person_particles=frozenset(language_words("particles.persons")),
        place_particles=frozenset(language_words("particles.places")),
        nouns_capitalised=language.nouns_capitalised,
    )


def _numbers_by_name(cldr: Any, more: Mapping[int, Iterable[str]]) -> dict[str, int]:
    """The numbers of the months or days of a Babel locale, `cldr`, and of `more` names, by name in
    lower case. An abbreviation has its dot, and has it not, and so has "tháng 1" its zero."""
    numbers: dict[str, int] = {}
    for use in ("format", "stand-alone"):
        for width in ("abbreviated", "wide"):
            for number, name in cldr.get(use, {}).get(width, {}).items():
                forms = {name, name.removesuffix("."), re.sub(r" (?=\d$)", " 0", name)}
                numbers |= {form.lower(): number for form in forms if len(form) > 2}
    return numbers | {name.lower(): number for number, names in more.items() for name in names}


@cache
def month_numbers() -> dict[str, int]:
    """Return the months of all languages, by name in lower case; January is 1. A name that is
    another month's in another language is left out."""
    numbers: dict[str, set[int]] = {}
    for code in languages():
        for name, number in _numbers_by_name(Locale(code).months, {}).items():
            numbers.setdefault(name, set()).add(number)
    return {name: next(iter(months)) for name, months in numbers.items() if len(months) == 1}
