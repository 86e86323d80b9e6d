"""The fields at the head of minutes: "Date: …", "Place: …", "| Chair | … |". Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from ..articles.paragraphs import ends_sentence
from ..languages.meeting_words import MeetingWords
from ..languages.phrase_patterns import Pattern
from .chairs import first_persons
from .dates import find_dates, is_full
from .headings import noun_spans
from .places import places_in_field
from .reports import Report, ReportReader
from .statements import Statement

HEAD = 25
"""The number of first statements that may be fields."""

TITLE_LINES = 6
"""The number of lines of a title."""

_ROW = re.compile(r"^[|\W]*(?P<label>[^|:]{2,40}?)\s*[:|][\s|]*(?P<value>[^|]+?)\s*\|?\s*$")


@dataclass(frozen=True, slots=True)
class Fields:
    """A meeting as the fields of an article describe it.

    `report` is that of the title, with the date of the field; None where there is no date.
    """

    report: Report | None = None
    place: str | None = None
    chair: str | None = None


def read_fields(
    statements: Sequence[Statement], words: MeetingWords, reader: ReportReader
) -> Fields:
    """The fields of an article; all None if it has none."""
    head = statements[:HEAD]
    rows = [match for statement in head if (match := _ROW.match(statement.text))]
    date, place, chair = (
        _value(rows, part.labels) for part in (words.dates, words.places, words.people)
    )
    return Fields(
        report=_report(head, date, words, reader)
        if date
        else _report_of_minutes(head, words, reader),
        place=_town(place, words) if place else None,
        chair=first_persons(chair, words) if chair else None,
    )


def _value(rows: Sequence[re.Match[str]], labels: Pattern) -> str | None:
    return next((row["value"] for row in rows if labels.fullmatch(row["label"].strip())), None)


def _report(
    head: Sequence[Statement], value: str, words: MeetingWords, reader: ReportReader
) -> Report | None:
    """The report of the title that names the meeting or the minutes, with the date of a field."""
    dates = find_dates(value, words)
    named = [(each, words.events.nouns.search(each.text)) for each in head]
    named += [(each, words.events.minutes.search(each.text)) for each in head[:2]]
    for statement, noun in named if dates else ():
        if noun:
            return reader.dated(statement, noun.span(), dates[0], is_title=True)
    return None


def _report_of_minutes(
    head: Sequence[Statement], words: MeetingWords, reader: ReportReader
) -> Report | None:
    """The report of a line such as "Held on 14 May in the village hall", or of a date alone, in or
    below a title that says that these are minutes."""
    block = list(takewhile(lambda statement: not ends_sentence(statement.text), head[:TITLE_LINES]))
    named = next((each for each in block if noun_spans(each.text, words)), None)
    if named and any(words.events.minutes.search(each.text) for each in block):
        rest = [each for each in block if each is not named]
        if reader.dates(named):  # Where it says "minutes" itself, it is a report of its own.
            rest = [] if words.events.minutes.search(named.text) else [named]
        for date in (date for statement in rest for date in reader.dates(statement)):
            if is_full(date):
                return reader.dated(named, noun_spans(named.text, words)[0], date, is_title=True)
    bare = [each for each in block if words.events.minutes.fullmatch(each.text.strip(" #*_:"))]
    if bare and not any(map(any, map(reader.reports, head))):
        for date in (date for each in head[: len(block) + 1] for date in reader.dates(each)):
            if is_full(date):
                return reader.dated(bare[0], (0, len(bare[0].text)), date, is_title=True)
    if not any(words.events.minutes.search(statement.text) for statement in head[:2]):
        return None
    for statement in head:
        label = words.dates.labels.match(statement.text)
        # One word, as "date", begins other lines as well.
        if label and " " in label[0] and (dates := reader.dates(statement)):
            return reader.dated(statement, label.span(), dates[0], by_verb=True)
    return None


def _town(value: str, words: MeetingWords) -> str:
    """The town at the end of a field's value, else the value."""
    best = max(places_in_field(value, words), key=lambda place: place.rank, default=None)
    return best.name if best else value
