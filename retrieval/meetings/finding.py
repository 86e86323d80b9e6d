"""Article → the meetings that it reports as its own news. Pure.

A meeting is reported by a statement that names one, says that it was held, and says when. One
that is announced, called off, or only looked back upon is not reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import chain

from ..days import Day
from ..models import Article, Meeting
from ..quotes.quoting import quoted
from .dates import mentions
from .fields import Fields, fields
from .given import given
from .names import name, subject
from .news import grouped, own, told
from .people import chair
from .places import Place, places
from .published import published
from .reports import Reader, Report, gap
from .statements import Statement, statements
from .wording import Wording, wording
from .years import reviewed

VERSION = "1"
"""Changes when other meetings would be found in the same article: an index remembers it."""

MAX_READ = 300_000
"""Meetings are looked for in so many of an article's first characters, some 100 pages: a longer
text is a book."""

MAX_BEHIND = 200
"""So many of the statements behind a report may say more of its meeting."""

LONGEST = 15
"""Days that a meeting may last."""


def find(article: Article) -> list[Meeting]:
    """The meetings that an article reports, in the order of its text: those that it is given, or
    else those that are found; none if its language is not known here."""
    article = replace(article, text=article.text[: article.body + MAX_READ])
    said = statements(article)
    if article.given is not None:
        return given(article, article.given, said)
    words = wording(article.source.language)
    return _Finder(article, said, words).meetings() if words else []


class _Finder:
    """Finds the meetings of one article."""

    def __init__(self, article: Article, said: Sequence[Statement], words: Wording) -> None:
        self._article = article
        self._said = said
        self._words = words
        self._day = published(article, words)
        looks = reviewed(article.text[article.body :], words)
        self._reader = Reader(words, self._day, looks)
        # A statement may be near several meetings.
        self._chair = cache(lambda text: chair(text, words))
        self._days_until = cache(lambda statement: tuple(self._reader.until(statement)))
        self._count = cache(article.text.casefold().count)

    def meetings(self) -> list[Meeting]:
        noted = fields(self._said, self._words, self._reader)
        if noted.report:
            return [self._meeting([noted.report], noted)]
        reports = told(self._said, self._reader)
        stated = chain.from_iterable(map(self._reader.stated, self._said if reports else ()))
        groups = grouped(own(reports, self._day, list(stated)))
        alone = noted if len(groups) == 1 else None
        return [self._meeting(group, alone) for group in groups]

    def _meeting(self, group: Sequence[Report], noted: Fields | None) -> Meeting:
        """The meeting of a group of reports. `noted` is what fields say, if it is the only one:
        then all statements may speak of it."""
        best = group[0]
        near = self._near(group, only=noted is not None)
        first, last = (best.when.first, best.when.last) if best.when else (None, None)
        if first == last and noted is not None:
            last = self._until(first, near) or last
        led = (noted and noted.chair) or next(
            (found for one in near if (found := self._chair(one.text))), None
        )
        return Meeting(
            name=self._name(best, near),
            date=first,
            end_date=last if last != first else None,
            year_from=best.when.year_from if best.when else None,
            place=(noted and noted.place) or self._place(group),
            chair=led,
            evidence=quoted(
                self._article.source, self._article.text, best.statement.start, best.statement.end
            ),
        )

    def _near(self, group: Sequence[Report], *, only: bool) -> list[Statement]:
        """The statements that may say more: the meeting's own, then those that follow the best."""
        best = group[0].statement
        mine = [report.statement for report in group]
        places = {one.place for one in mine}
        rest = self._said if only else self._said[best.place + 1 : best.place + 1 + MAX_BEHIND]
        return [
            *mine,
            *(
                one
                for one in rest
                if one.place not in places and (only or one.paragraph == best.paragraph)
            ),
        ]

    def _until(self, first: Day | None, near: Sequence[Statement]) -> Day | None:
        """The last day, where a statement says until when the meeting goes on."""
        start = first.date() if first else None
        for day in chain.from_iterable(map(self._days_until, near)):
            date = day.date()
            if start and date and 0 < (date - start).days <= LONGEST:
                return day
            same_month = first and not (first.year or day.year) and day.month == first.month
            if same_month and first and 0 < day.day - first.day <= LONGEST:
                return day
        return None

    def _name(self, best: Report, near: Sequence[Statement]) -> str:
        """The noun phrase of the event; where people only "met", one near by, or who did."""
        text = best.statement.text
        breaks = [(one.start, one.end) for one in mentions(text, self._words)]
        breaks += [(place.start, place.end) for place in places(text, self._words, breaks)]
        if not best.by_verb:
            return name(text, best.noun, breaks, self._words)
        for one in near:
            match = self._words["events", "nouns"].search(one.text)
            if match and one.paragraph == best.statement.paragraph:
                return name(one.text, match.span(), [], self._words)
        return subject(text, best.noun, breaks, self._words) or self._article.source.title

    def _place(self, group: Sequence[Report]) -> str | None:
        """The town that its reports name, else that of the dateline, else the building."""
        building = None
        for report in group:
            text = report.statement.text
            dates = [(one.start, one.end) for one in mentions(text, self._words)]
            found = [
                place
                for place in places(text, self._words, dates)
                if place.rank != 1 or self._names_again(place)
            ]
            if not found:
                continue
            best = _best(found, [(report.mention.start, report.mention.end), report.noun])
            if best.rank:
                return best.name
            building = building or best.name
        if any(self._words["places", "online"].search(one.statement.text) for one in group):
            return building
        return self._day.place or building

    def _names_again(self, place: Place) -> bool:
        """A building may be called after anything: after its town if the article names that."""
        return self._count(place.name.casefold()) > 1


def _best(found: Sequence[Place], anchors: Sequence[tuple[int, int]]) -> Place:
    def key(place: Place) -> tuple[int, int]:
        return -place.rank, min(gap((place.start, place.end), one) for one in anchors)

    return min(found, key=key)
