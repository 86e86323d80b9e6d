"""The tables `[meetings.…]` of a language's file: lists of phrases, as patterns.

What is a list in a class is made a pattern where it is used, or is a part of a larger one.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import WrapValidator
from pydantic.dataclasses import dataclass

from . import CHECKED, Words
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
    """That people met, without a noun."""
    meets: Matcher
    """That people meet or will meet, without a noun."""
    future: Matcher
    """That it is still to come, or only wished for."""
    cancelled: Matcher
    """That it was not held, or not then."""
    past: Matcher
    """That it is looked back upon: "since the"."""
    past_tense: Matcher
    """Words by which a sentence tells what was: "said"."""
    negation: Matcher
    """That something was not so: "not", "without"."""
    determiners: Matcher
    """What stands before a noun and is no part of a name: "the", "this"."""
    minutes: Matcher
    """What a document about a meeting is called."""
    approved: Matcher
    """What becomes of the document about an earlier one: "approved"."""
    sport: Matcher
    """What tells that a "meeting" was a match."""
    postponed: Matcher = NEVER
    """That it is put off to another day."""
    defines: Matcher = NEVER
    """Between two nouns of a sentence that tells what a meeting was: "was a"."""
    schedule: Matcher = NEVER
    """In the line above a list of days of meetings."""
    agenda: Matcher = NEVER
    """Where the title of a paper for a coming meeting begins."""
    deliberates: Matcher = NEVER
    """What a body does when it meets: "decides"."""
    again: Matcher = NEVER
    """That a day is of a meeting like the one told of: "same place"."""
    invited: Matcher = NEVER
    """That people are invited."""
    not_held: Matcher = NEVER
    """Phrases with a word of `held` that are something else."""


@dataclass(frozen=True, config=CHECKED)
class DateWords:
    """How dates are worded. What is a list here is a part of the patterns of `meetings.dates`."""

    labels: Matcher
    """Of the field of a form that holds the date."""
    unrelated: Matcher
    """Before a date that is none of a meeting's: "born on"."""
    published: Matcher
    """Before the day on which an article was published."""
    review: Matcher
    """Beside a year that is looked back upon."""
    plan: Matcher
    """Beside a year that is planned."""
    range: Words
    """Between the first and the last day."""
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
    """Before the name of who wrote an article."""
    updated: Matcher = NEVER
    """Before the day on which a page was changed."""
    of: Words = ()
    """Between a day and its month."""
    in_month: Words = ()
    """Before a month without a day."""
    thereafter: Words = ()
    """Beside a weekday that counts from another date: "following"."""
    weekend: Words = ()
    """Phrases for the weekend before."""
    week: Matcher = NEVER
    """Before the day with which a week begins."""
    bare_day: Words = ()
    """Before a day that stands without its month."""
    bare_endings: Words = ()
    """Behind such a day: "th"."""
    counted: Words = ()
    """Behind a number that is no such day: "floor"."""
    recurring: Matcher = NEVER
    """Behind a date that comes again and again: "of every month"."""
    ordinal_endings: Words = ()
    day_words: Words = ()
    """The days of a month in words, in their order; one may end in `*`."""
    numbers: Words = ()
    """The numbers from one on, in words, where those of days are others: "first"."""
    thousands: Words = ()
    """Before such a number in the words of a year: "dos mil"."""
    before_day: Words = ()
    """Before a day of a date."""
    before_year: Words = ()
    """Between a month and its year."""
    last: Words = ()
    """Beside a weekday that is over."""
    next: Words = ()
    """Beside a weekday that is to come."""
    last_week: Words = ()
    """Beside a weekday of the week before this one."""
    next_week: Words = ()
    """Beside a weekday of the week behind this one."""
    this_month: Words = ()
    """Behind a day of the month."""
    between: Matcher = NEVER
    """Before the first of two days of which one meeting took all."""
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
    """Names beyond those of CLDR, by number; January is 1."""
    weekdays: dict[int, Words] = dataclasses.field(default_factory=dict)
    """Names beyond those of CLDR, by number; Monday is 0. One may end in `*`."""


@dataclass(frozen=True, config=CHECKED)
class PlaceWords:
    """Words around the names of places."""

    prepositions: Matcher
    """Before a place where something was."""
    kinds_before: Matcher
    """Before a name: "village of"."""
    cities_before: Matcher
    """Those of them that are said of cities."""
    bodies: Matcher
    """Bodies named after their place: "city council of"."""
    venues: Matcher
    """Kinds of buildings and rooms."""
    online: Matcher
    """That a meeting was held nowhere."""
    labels: Matcher
    """Of the field of a form that holds the place."""
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
    """Between the name and the meeting: "chaired"."""
    chaired_by: Matcher
    """Before the name: "chaired by"."""
    chair_marks: Matcher
    """Behind the name: "(chair)"."""
    titles: Matcher
    """What stands before a name: "Mayor"."""
    bodies: Matcher
    """What names bodies, not persons."""
    together: Matcher = NEVER
    """That several led it: "co-chaired"."""
    present: Matcher = NEVER
    """Above or before the list of those who were there."""
    absent: Matcher = NEVER
    """Above or before the list of those who were not."""
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
class MeetingTables:
    """All of them."""

    events: EventWords
    dates: DateWords
    places: PlaceWords
    people: PeopleWords
    names: NameWords
