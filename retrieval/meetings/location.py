"""Where a meeting was: the candidates of its statements, judged by the gazetteer. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from ..days import Day
from ..languages.countries import country_codes, name_key
from ..languages.meeting_words import MeetingWords
from ..models import Article
from .body_lines import body_lines
from .dates import find_dates, is_full
from .headings import gap
from .named_places import PlaceNames
from .places import (
    Place,
    PlaceRank,
    names_before_bodies,
    places_of_bodies,
    title_case,
)
from .published import FOOT_LINES, HEAD_LINES, MAX_LINE, Published
from .reports import Report
from .statements import Statement

STATEMENTS_NEAR = (-1, 1, 2, -2)
"""The statements around a report that may say where it was, and their order."""

TOP_STATEMENTS, HEAD_STATEMENTS = 3, 15
"""The first statements, of which one may name the town of a body, and those of minutes, which may
say where they were held."""

MAX_ADDRESS_PARTS = 6  # The most parts of a line that is an address.
MAX_ABOVE = 500  # Characters in which the line above a paragraph is looked for.
MAX_PARTS = 3  # The most parts of a line at the top that says where an article is from.

_SEPARATOR = re.compile(r"\s+[|·–—-]\s+|,\s+")


class LocationFinder:
    """Finds where the meetings of one article were."""

    def __init__(
        self,
        article: Article,
        words: MeetingWords,
        statements: Sequence[Statement],
        published: Published,
    ) -> None:
        self._article = article
        self._words = words
        self._statements = statements
        self._dateline = published.dateline_place
        self.names = PlaceNames(article, words)
        """Those of the places in its texts."""

    def place(self, group: Sequence[Report], chair: str | None) -> str | None:
        """The place of the meeting of a group of reports, which its chair is not; None if nothing
        says it."""
        ranked = self._ranked(group, chair)
        return next((name for name in ranked if not self._is_chair(name, chair)), None)

    def _ranked(self, group: Sequence[Report], chair: str | None) -> Iterator[str]:
        """The places that it may be, the likeliest first: the town that the reports name, that in
        the name of their building, of the line above, of the dateline, of a statement near by, of
        the head; then the building; then that of the sentence behind, and the town of a body."""
        texts = [report.statement.text for report in group]
        bests = [best for report in group if (best := self._best(report, chair))]
        yield from (best.name for best in bests if best.rank)
        buildings = [best.name for best in bests][:1]
        yield from filter(None, map(self.names.town_within, buildings))
        if any(map(self._words.places.online.search, texts)):
            yield from buildings
            return
        yield from self._section_towns(group[0])
        if self._dateline and (
            self.names.is_town(self._dateline) or self.names.is_named_again(self._dateline)
        ):
            yield self._dateline
        days = group[0].days
        yield from (town for day, town in self._dated_towns if days and day == days.first)
        yield from self._neighbouring_towns(group[0])
        yield from (town for _, town in self._dated_towns)
        yield from self._head_towns
        yield from buildings
        for text in (*texts, self._article.source.title):
            yield from self._towns_of_bodies(text)
        for statement in self._statements[:TOP_STATEMENTS]:
            if not self._is_other(statement, group[0]):
                yield from self._towns_of_bodies(statement.text)

    def _section_towns(self, report: Report) -> Iterator[str]:
        """The town that the paragraph of a report or the line above it begins with, alone."""
        statement = report.statement
        index = statement.index
        while index > 0 and self._statements[index - 1].paragraph == statement.paragraph:
            index -= 1
        same = self._statements[max(0, index) : index + 1]
        body, start = self._article.body, same[0].start if same else 0
        above = self._article.text[max(body, start - MAX_ABOVE) : start].rstrip()
        line = above[above.rfind("\n") + 1 :]
        line = "" if line.endswith(".") else line
        # "LEEDS. The council met …", but not "Apologies / None."
        pairs = enumerate(pairwise(self._statements[: HEAD_LINES + 1]))
        head = (each.text for n, (each, then) in pairs if not n or each.paragraph == then.paragraph)
        dateline = (text for text in head if text.endswith("."))
        for text in (*(each.text for each in same[:1]), line, *dateline):
            name = text.strip(" .:*#_|")
            if name and name[0].isupper() and name != statement.text and self.names.is_town(name):
                yield title_case(name)

    def _towns_of_bodies(self, text: str) -> Iterator[str]:
        """The town in the name of a body or the like: "the fire brigade of Leeds met"."""
        for place in places_of_bodies(text, self._words):
            before = text[: place.start].split()[-2:-1]
            is_name = not before or before[0][0].isupper()
            if (self.names.is_likely if is_name else self.names.is_town)(place.name):
                yield title_case(place.name)
        is_article = self._words.events.determiners.fullmatch
        for name in names_before_bodies(text, self._words):
            if not is_article(name.split()[0].lower()) and self.names.is_town(name):
                yield title_case(name)

    def _best(self, report: Report, chair: str | None) -> Place | None:
        """The likeliest place of a report that is nearest to its date or its noun."""
        places = self.names.candidates(
            report.statement.text, is_sure=not report.by_verb, verb=report.noun
        )
        return max(
            (place for place in places if not self._is_chair(place.name, chair)),
            key=lambda place: (
                place.rank > PlaceRank.BUILDING_NAME,
                self.names.is_town(place.name),
                name_key(place.name) not in country_codes(),
                place.rank,
                -min(gap(place.span, at) for at in (report.date.span, report.noun)),
            ),
            default=None,
        )

    def _is_other(self, statement: Statement, report: Report) -> bool:
        """Whether a statement is about a meeting of another day than that of a report."""
        days = report.days and (report.days.first, report.days.last)
        readings = [
            {(day.month, day.day) for day in reading}
            for date in find_dates(statement.text, self._words)
            for reading in date.readings
        ]
        return bool(days and readings) and not any(
            {(day.month, day.day) for day in days or ()} & reading for reading in readings
        )

    def _is_chair(self, name: str, chair: str | None) -> bool:
        return bool(chair and name_key(name) in name_key(chair) and not self.names.is_town(name))

    @cached_property
    def _dated_towns(self) -> list[tuple[Day, str]]:
        """The towns that stand beside a full day in a line at the top, or begin one at the foot,
        each with that day: "3 May 2024, Village Hall, Thornbury", "Soria, 9 de mayo de 2019"."""
        lines, towns = body_lines(self._article), list[tuple[Day, str]]()
        foot = lines[HEAD_LINES:][-FOOT_LINES:]
        for line in (*lines[:HEAD_LINES], *foot):
            dates = find_dates(line, self._words) if len(line) <= MAX_LINE else ()
            if full := [*filter(is_full, dates)]:
                parts = [part.strip(" *#_.(){}") for part in _SEPARATOR.split(line)]
                parts = parts[:1] if line in foot else parts
                names = [part for part in parts if part[:1].isupper() and self.names.is_town(part)]
                towns += [(full[0].readings[0][0], title_case(name)) for name in names]
        return towns

    @cached_property  # An article may have many meetings.
    def _head_towns(self) -> list[str]:
        """The towns that stand in lines at the top behind a building or a house number, or with a
        date or a name beside them: "Port Louis, 9 February 2017", "R. CORCHADO | OLIVENZA"."""
        towns = []
        for line in body_lines(self._article)[:HEAD_LINES]:
            parts = [part.strip(" *#_.") for part in _SEPARATOR.split(line)]
            numbers = [
                number
                for number, part in enumerate(parts, 1)
                if self._words.places.venues.search(part) or any(map(str.isdigit, part))
            ]
            address = parts[numbers[-1] :] if numbers and len(parts) <= MAX_ADDRESS_PARTS else []
            towns += [part for part in address if part[:1].isupper() and self.names.is_town(part)]
            names = parts if 1 < len(parts) <= MAX_PARTS else []
            towns += [part for part in names if part[:1].isupper() and self.names.is_likely(part)]
        return list(map(title_case, towns))

    def _neighbouring_towns(self, report: Report) -> Iterator[str]:
        """The town that the title or a statement around a report says that something was in."""
        index, events = report.statement.index, self._words.events
        is_minutes = report.is_title or (report.is_heading and index <= 0)
        near = [index + step for step in STATEMENTS_NEAR if index + step >= 0]
        head = range(HEAD_STATEMENTS if is_minutes else 0)
        about = [(self._article.source.title, True)]
        about += [
            (each.text, at in near)
            for at in (*near, *head)
            for each in self._statements[at : at + 1]
            if not (events.future.search(each.text) or events.cancelled.search(each.text))
            and not self._is_other(each, report)
        ]
        for text, is_near in about:
            is_told = events.held.search(text) and not find_dates(text, self._words)
            for place in self.names.candidates(text):
                is_town = self.names.is_town(place.name)
                is_part = is_town and place.rank is PlaceRank.BUILDING_NAME
                is_likely = is_town or (
                    is_near and (is_told or self.names.is_named_again(place.name))
                )
                is_body = is_minutes and is_town and place.rank is PlaceRank.MENTIONED
                is_in = place.rank > PlaceRank.MENTIONED and is_likely
                if is_part or is_body or is_in:
                    yield place.name
