"""What minutes say in fields: "Date: …", "Place: …", "| Chair | … |". Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .dates import mentions
from .people import person
from .places import named
from .reports import Reader, Report
from .statements import Statement
from .wording import Pattern, Wording

HEAD = 25
"""So many first statements may be fields."""

_ROW = re.compile(r"^[|\W]*(?P<label>[^|:]{2,40}?)\s*[:|]\s*(?P<value>[^|]+?)\s*\|?\s*$")


@dataclass(frozen=True, slots=True)
class Fields:
    """What the fields at the head of an article say of its meeting.

    `report` is that of the title, with the date of the field; None where there is no date.
    """

    report: Report | None = None
    place: str | None = None
    chair: str | None = None


def fields(said: Sequence[Statement], words: Wording, reader: Reader) -> Fields:
    """The fields of an article; all None if it has none."""
    head = said[:HEAD]
    values = [(match["label"], match["value"]) for one in head if (match := _ROW.match(one.text))]
    date = _value(values, words["dates", "labels"])
    place = _value(values, words["places", "labels"])
    led = _value(values, words["people", "labels"])
    return Fields(
        report=_report(head, date, words, reader) if date else None,
        place=_town(place, words) if place else None,
        chair=person(led, words) if led else None,
    )


def _value(values: Sequence[tuple[str, str]], labels: Pattern) -> str | None:
    return next((value for label, value in values if labels.fullmatch(label.strip())), None)


def _report(head: Sequence[Statement], value: str, words: Wording, reader: Reader) -> Report | None:
    """The report of the title that names the meeting, dated by a field."""
    dates = mentions(value, words)
    for one in head:
        match = words["events", "nouns"].search(one.text)
        if match and dates:
            return reader.dated(one, match.span(), dates[0])
    return None


def _town(value: str, words: Wording) -> str | None:
    """The town at the end of a field's value, else the value."""
    found = named(value, words)
    best = max(found, key=lambda place: place.rank, default=None)
    return best.name if best else value
