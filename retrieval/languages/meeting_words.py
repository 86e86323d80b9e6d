"""The tables `[meetings.…]` of a language, as patterns: what extracts meetings knows of it.

The names of months, weekdays and countries, and whether the month comes before the day, are those
of the Unicode CLDR, by way of Babel; a file only adds further names. Reading a language takes some
30 ms, and Babel has to be imported, so only what extracts meetings imports this module.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from babel import Locale
from pydantic import WrapValidator
from pydantic.dataclasses import dataclass

from . import CHECKED, Language, Words, language_words, languages, read_tables
from .phrase_patterns import NEVER, Pattern, phrase_pattern


def _matcher(value: Any, words: Callable[[Any], Words]) -> Pattern:
    return value if isinstance(value, re.Pattern) else phrase_pattern(words(value))


if TYPE_CHECKING:
    Matcher = Pattern
else:
    Matcher = Annotated[Words, WrapValidator(_matcher)]
    """A list of phrases, made into a pattern. See `phrase_patterns`."""


@dataclass(frozen=True, config=CHECKED)
class EventWords:
    """Words for meetings, and for whether and when they were held."""

    nouns: Matcher
    """What a meeting is called."""
    other_nouns: Matcher
    """Phrases with such a noun that are something else: "press conference"."""
    held: Matcher
    """That a meeting was held, beside a noun: "took place"."""
    met: Matcher
    meets: Matcher
    """That people met, and that they meet or will meet, without a noun."""
    future: Matcher
    """That it is still to come, or only wished for."""
    cancelled: Matcher
    """That it was not held, or not then."""
    past: Matcher
    """That it is looked back upon: "since the"."""
    past_tense: Matcher
    """Words by which a sentence tells what was: "said"."""
    negation: Matcher
    determiners: Matcher
    minutes: Matcher
    approved: Matcher
    """What a document about a meeting is called, and what becomes of that of an earlier one."""
    sport: Matcher
    """What tells that a "meeting" was a match."""
    postponed: Matcher = NEVER
    defines: Matcher = NEVER
    """Between two nouns of a sentence that tells what a meeting was: "was a"."""
    schedule: Matcher = NEVER
    agenda: Matcher = NEVER
    """In the line above a list of days; where the title of a paper for a coming meeting begins."""
    deliberates: Matcher = NEVER  # What a body does when it meets: "decides".
    again: Matcher = NEVER
    invited: Matcher = NEVER
    """That a day is of a meeting like the one told of ("same place"); that people are invited."""
    not_held: Matcher = NEVER
    """Phrases with a word of `held` that are something else."""


@dataclass(frozen=True, config=CHECKED)
class DateWords:
    """How dates are worded. What is a list here is a part of the patterns of `meetings.dates`."""

    labels: Matcher  # Of the field of a form that holds the date.
    unrelated: Matcher
    """Before a date that is none of a meeting's: "born on"."""
    published: Matcher  # Before the day on which an article was published.
    review: Matcher
    plan: Matcher
    """Beside a year that is looked back upon, and beside one that is planned."""
    range: Words
    """Between the first and the last day; `between` stands before them."""
    asked: Matcher
    """What asks for the day of a meeting that is to come: "when"."""
    relative: dict[str, int]
    """Phrases for days counted from today: "yesterday" = -1, "tomorrow night" = 1."""
    numeric_orders: tuple[Literal["dmy", "mdy"], ...]
    """What 03/11/2021 may mean."""
    following: dict[str, int] = dataclasses.field(default_factory=dict)
    """Phrases for days counted from another date: "the next day" = 1, "N days later" = 1."""
    period: Matcher = NEVER
    """What a title calls a text that is of a year: "annual report"."""
    planned: Matcher = NEVER
    """Before the day that something is planned for or put off to."""
    written_by: Matcher = NEVER
    updated: Matcher = NEVER
    """Before the name of who wrote an article, and before the day on which a page was changed."""
    of: Words = ()
    in_month: Words = ()
    """Between a day and its month, and before a month without a day."""
    thereafter: Words = ()
    """Beside a weekday that counts from another date: "following"."""
    weekend: Words = ()
    week: Matcher = NEVER
    """Phrases for the weekend before, and what stands before the day with which a week begins."""
    bare_day: Words = ()
    bare_endings: Words = ()
    counted: Words = ()
    """Before and behind a day that stands without its month, and behind a number that is none."""
    recurring: Matcher = NEVER
    """Behind a date that comes again and again: "of every month"."""
    ordinal_endings: Words = ()
    day_words: Words = ()
    """The days of a month in words, in their order; one may end in `*`."""
    numbers: Words = ()
    thousands: Words = ()
    """The numbers from one on, in words, where those of days are others ("first"), and what stands
    before such a number in the words of a year: "dos mil"."""
    before_day: Words = ()
    before_year: Words = ()
    last: Words = ()
    next: Words = ()
    """Beside a weekday that is over, and beside one that is to come."""
    last_week: Words = ()
    next_week: Words = ()
    """Beside a weekday of the week before this one, and of the one behind it."""
    this_month: Words = ()
    """Behind a day of the month."""
    between: Matcher = NEVER
    before_morning: Matcher = NEVER
    """What makes a morning of a word for tomorrow."""
    yearless_marks: str = ""
    """Marks in a date of two numbers: "." where "8.4." is one."""
    before_yearless: Words = ()
    """What must stand before such a date; where the mark is a stop, if it does not end in it."""
    weekdays_capitalised: bool = False
    before_weekday: Matcher = NEVER
    """What makes a weekday of a word in lower case all the same."""
    months: dict[int, Words] = dataclasses.field(default_factory=dict)
    weekdays: dict[int, Words] = dataclasses.field(default_factory=dict)
    """Names by number (January 1, Monday 0) beyond those of CLDR; a weekday's may end in `*`."""


@dataclass(frozen=True, config=CHECKED)
class PlaceWords:
    """Words around the names of places."""

    prepositions: Matcher
    """Before a place where something was."""
    kinds_before: Matcher
    cities_before: Matcher
    """Before a name: "village of"; and those of them that are said of cities."""
    bodies: Matcher
    """Bodies named after their place: "city council of"."""
    venues: Matcher
    """Kinds of buildings and rooms."""
    online: Matcher
    labels: Matcher
    """That a meeting was held nowhere, and of the field of a form that holds the place."""
    bodies_behind: Matcher = NEVER
    """What stands behind the name of its town: "parish council"."""
    not_before: Matcher = NEVER
    """What no place stands before: "the Kenyan capital"."""
    never: Matcher = NEVER
    """What follows a preposition and is no place, where all nouns are capitalised: "Rahmen"."""
    abstract_endings: Words = ()
    """Endings of capitalised words that are never places."""


@dataclass(frozen=True, config=CHECKED)
class PeopleWords:
    """Words around the name of who led a meeting."""

    labels: Matcher
    """Of the field of a form that holds the name."""
    chaired: Matcher
    chaired_by: Matcher
    chair_marks: Matcher
    """Between the name and the meeting, before the name, and behind it."""
    titles: Matcher
    bodies: Matcher
    """What names bodies, not persons."""
    together: Matcher = NEVER
    """That several led it: "co-chaired"."""
    present: Matcher = NEVER
    absent: Matcher = NEVER
    """Above or before the list of those who were there, and of those who were not."""
    after_name: Matcher = NEVER
    """Words in lower case that may follow a name where they do not go on with it."""


@dataclass(frozen=True, config=CHECKED)
class NameWords:
    """Where the name of a meeting begins and ends."""

    before: Matcher
    """What a name does not begin with: "the"."""
    after: Matcher
    """What goes on with a name behind its noun: "on"."""
    stop: Matcher
    """What ends a name."""
    joins: Matcher
    """Between two parts of a name: "and"."""
    purpose: Matcher
    """Between a noun and what a meeting was for."""
    adjective_after: bool = False
    """Whether an adjective follows its noun."""
    first_syllable_capitalised: bool = False
    """Whether an office or a body begins with a capital and goes on in lower case."""


@dataclass(frozen=True, eq=False, config=CHECKED)
class _Tables:
    events: EventWords
    dates: DateWords
    places: PlaceWords
    people: PeopleWords
    names: NameWords


@dataclass(frozen=True, config=CHECKED)
class _File:
    meetings: _Tables


@dataclasses.dataclass(frozen=True, eq=False)
class MeetingWords(_Tables):
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
