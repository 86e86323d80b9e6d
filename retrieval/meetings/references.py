"""Meetings that a sentence tells of and another one names: "The council voted on Monday. … The meeting
lasted two hours." Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..languages.meeting_words import MeetingWords
from ..models import Span
from .reports import Report, ReportReader
from .statements import Statement

REACH = 4
"""The statements above one that names a meeting among which one tells what a body did at it."""

LEAD = 6
"""The first statements, of which the one just above tells of it whoever did it."""


def find_references(
    statements: Sequence[Statement],
    reports: Sequence[Report],
    words: MeetingWords,
    reader: ReportReader,
) -> Iterator[Report]:
    """The meetings that a sentence names as one that has been told of, of the day of a sentence above
    it; `reports` are those of the statements that name one and its day."""
    reported = {report.statement.index for report in reports}
    for n, statement in enumerate(statements):
        noun = None if statement.index in reported else reader.definite_noun(statement)
        for earlier in statements[max(0, n - REACH) : n][::-1] if noun else ():
            if earlier.index in reported:
                break
            told = reader.told(earlier)
            if told is None:
                continue
            is_lead = earlier.index < LEAD and earlier is statements[n - 1]
            if is_lead or words.people.bodies.search(earlier.text):
                yield told
                yield reader.of_days(statement, noun, told.days)
            break
