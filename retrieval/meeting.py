"""A meeting of articles, as retrieval hands it out, and what may be one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from .days import Day, YearFrom
from .models import Quote


class MeetingStatus(StrEnum):
    """Whether a meeting was held, as the articles say."""

    HELD = "held"
    ANNOUNCED = "announced"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"


@dataclass(frozen=True, slots=True)
class MeetingPlace:
    """A place, with the country and the coordinates of it that a `Meeting` has."""

    place: str
    country: str | None = None
    coordinates: tuple[float, float] | None = None
    place_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting that an article reports or announces as its own news, with the words that say so.

    `name` is as the article words it. `end_date` is None where it met on one day, `date` where
    the article does not say when. `country` is the code (ISO 3166) of that of its place, and
    `coordinates` are the latitude and longitude of its town in degrees, where the gazetteer knows
    it; `place_names` are that town's names in other languages. `others` are quotes of further
    articles that tell of it. `uid` stays the same while its article is edited, renamed and indexed
    anew; `created` and `modified` say since when it is in the index, and as it is (ISO 8601).
    """

    name: str
    date: Day | None
    end_date: Day | None
    year_from: YearFrom | None
    place: str | None
    chair: str | None
    evidence: Quote
    others: tuple[Quote, ...] = ()
    status: MeetingStatus = MeetingStatus.HELD
    country: str | None = None
    coordinates: tuple[float, float] | None = None
    place_names: tuple[str, ...] = ()
    uid: str = ""
    created: str = ""
    modified: str = ""

    def at(self, where: MeetingPlace | None) -> Meeting:
        """Return it at a place, or at none that is known."""
        if where is None:
            return replace(self, place=None, country=None, coordinates=None, place_names=())
        return replace(
            self,
            place=where.place,
            country=where.country,
            coordinates=where.coordinates,
            place_names=where.place_names,
        )


@dataclass(frozen=True, slots=True)
class Mention:
    """A day in an article and what stands around it, to be read for whether people met on it.

    `text` is the statement that has the day, from `start` to `end`; `before` the end of the one
    above it, `after` the beginning of the one below it, if that is no heading, and `heading` that
    of its part. `age` is how many days it is before the article's own, where that is known;
    `dateline` is the place that the article is from.
    """

    title: str
    dateline: str
    heading: str
    before: str
    text: str
    after: str
    start: int
    end: int
    age: int | None

    @property
    def texts(self) -> tuple[str, ...]:
        """What is read of it."""
        return self.title, self.dateline, self.heading, self.before, self.text, self.after


@dataclass(frozen=True, slots=True)
class PossibleMeeting:
    """What a meeting would be if an article tells of one by how it mentions a day, and at which of
    the places that are named there it may have been."""

    meeting: Meeting
    mention: Mention
    places: tuple[MeetingPlace, ...] = ()


@dataclass(frozen=True, slots=True)
class MentionReading:
    """What the model reads of a mention: the log odds that people met on its day, and that they
    will; and for each of some places those that it is there, None where its name is not read."""

    odds: Sequence[float]
    places: Sequence[float | None]
