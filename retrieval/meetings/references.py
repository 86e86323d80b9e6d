"""Meetings of which one sentence tells and another one says that they were such: "The council voted
on Monday. … The meeting lasted two hours". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..formats.lines import ends_sentence
from ..languages.meeting_words import MeetingWords
from ..models import Kind, Span
from .dates import DateMention
from .reports import Report, ReportReader
from .statements import Statement
from .verbs import past_verbs

TOLD_REACH = 4
"""The statements above one that names a meeting among which one tells what a body did at it."""

LEAD_STATEMENTS = 6
"""The first statements, of which the one just above tells of it whoever did it."""

_LAST_WORD = re.compile(r"[^\W\d_]+(?=\s*$)")


def find_references(
    statements: Sequence[Statement],
    reports: Sequence[Report],
    words: MeetingWords,
    reader: ReportReader,
) -> Iterator[Report]:
    """The meetings that a sentence names as one that is told of, of the day of a sentence near it;
    `reports` are those of the statements that name one and its day."""
    reported = {report.statement.index for report in reports}
    for n, statement in enumerate(statements):
        noun, is_definite = None, False
        if statement.index not in reported:
            noun, is_definite = _undated_noun(statement, words, reader)
        for earlier in statements[max(0, n - TOLD_REACH) : n][::-1] if noun else ():
            if earlier.index in reported:
                break
            told = _told(earlier, words, reader)
            report = next((each for each in told if each.days and each.days.first.date()), None)
            if report is None or noun is None:
                continue
            is_lead = earlier.index < LEAD_STATEMENTS and earlier is statements[n - 1]
            if not is_definite and (
                not is_lead
                or earlier.paragraph != statement.paragraph
                or words.events.past.search(earlier.text)
            ):
                break
            if is_lead or words.people.bodies.search(earlier.text):
                yield report
                yield Report(statement, noun, DateMention(*noun), report.days, by_verb=True)
            break


def _undated_noun(
    statement: Statement, words: MeetingWords, reader: ReportReader
) -> tuple[Span | None, bool]:
    """The noun of a sentence about a meeting that it does not date, and whether it is definite:
    "the meeting"; else "at the end of a meeting" may be of what the lead tells."""
    text, events = statement.text, words.events
    nouns = reader.named(text) if statement.kind is Kind.PROSE else []
    cues = (events.cancelled, events.future, events.sport)
    if not nouns or reader.dates(statement) or any(cue.search(text) for cue in cues):
        return None, False
    for noun in nouns:
        before = _LAST_WORD.search(text[: noun[0]])
        if before is None or events.determiners.fullmatch(before[0]):
            return noun, True
    is_told = events.held.search(text) or past_verbs(text, words)
    return (nouns[0] if is_told and not events.past.search(text) else None), False


def _told(statement: Statement, words: MeetingWords, reader: ReportReader) -> Iterator[Report]:
    """The reports of a sentence that tells what was on a day, one for each of its dates."""
    text, events = statement.text, words.events
    cues = (events.cancelled, events.future, events.sport)
    if statement.kind is not Kind.PROSE or not ends_sentence(text):
        return
    if not any(cue.search(text) for cue in cues) and past_verbs(text, words):
        for date, days in reader.told_days(statement):
            yield Report(statement, date.span, date, days, by_verb=True)
