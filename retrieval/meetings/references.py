"""Meetings of which one sentence tells and another one says that they were such: "The council voted
on Monday. … The meeting lasted two hours"; and those whose days stand alone in headings or in a
list. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from ..articles.paragraphs import ends_sentence
from ..languages.meeting_words import EventWords, MeetingWords
from ..models import Kind, Span
from .dates import DateMention, is_full
from .reports import Report, ReportReader
from .statements import Statement

TOLD_REACH = 4
"""The statements above one that names a meeting among which one tells what a body did at it."""

TOLD_BELOW = 2
"""The statements below a day of which one tells that the text below is of a meeting."""

LEAD_STATEMENTS = 6
"""The first statements, of which the one just above tells of it whoever did it."""

_BRACKETS = re.compile(r"\([^()]*\)")
_DAY_LINE = re.compile(r"\W*(?:[^\W\d_]+\W+){0,3}\d.{2,80}$")
"""A line that may be a day, and what stands in brackets behind it."""

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
            noun, is_definite = _undated_noun(statement, words.events, reader)
        is_last = noun and not any(map(str.isalnum, statement.text[noun[1] :]))
        for below in statements[n + 1 : n + 2] if is_last else ():
            is_next = below.paragraph == statement.paragraph
            if is_next and words.events.this_was_held.match(below.text):
                yield from islice(_told(below, words.events, reader), 1)
        for earlier in statements[max(0, n - TOLD_REACH) : n][::-1] if noun else ():
            if earlier.index in reported:
                break
            told = _told(earlier, words.events, reader)
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
    statement: Statement, events: EventWords, reader: ReportReader
) -> tuple[Span | None, bool]:
    """The noun of a sentence about a meeting that it does not date, and whether it is definite:
    "the meeting"; else "at the end of a meeting" may be of what the lead tells."""
    text = statement.text
    nouns = reader.named(text) if statement.kind is Kind.PROSE else []
    cues = (events.cancelled, events.future, events.sport)
    if not nouns or reader.dates(statement) or any(cue.search(text) for cue in cues):
        return None, False
    for noun in nouns:
        before = _LAST_WORD.search(text[: noun[0]])
        if before is None or events.determiners.fullmatch(before[0]):
            return noun, True
    is_told = events.held.search(text) or events.past_tense.search(text)
    return (nouns[0] if is_told and not events.past.search(text) else None), False


def _told(statement: Statement, events: EventWords, reader: ReportReader) -> Iterator[Report]:
    """The reports of a sentence that tells what was on a day, one for each of its dates."""
    text = statement.text
    cues = (events.cancelled, events.future, events.sport)
    if statement.kind is not Kind.PROSE or not ends_sentence(text):
        return
    if not any(cue.search(text) for cue in cues) and events.past_tense.search(text):
        for date, days in reader.told_days(statement):
            yield Report(statement, date.span, date, days, by_verb=True)


def find_listed_days(
    statements: Sequence[Statement], words: MeetingWords, reader: ReportReader
) -> Iterator[Report]:
    """The meetings whose days stand alone: in headings of minutes, or in the lines below one that
    names the meetings ("The board held its sessions on:")."""
    runs: list[list[tuple[int, Report]]] = [[]]
    headings: list[tuple[int, Report]] = []
    for n, statement in enumerate(statements):
        report = _day_alone(statement, reader)
        if report and statement.kind is Kind.HEADING:
            headings.append((n, report))
        elif report:
            runs[-1].append((n, report))
        elif runs[-1]:
            runs.append([])
    for run in runs:
        line = statements[max(0, run[0][0] - 1)].text if len(run) > 1 else ""
        if reader.named(line) and not (ends_sentence(line) or words.events.future.search(line)):
            yield from (report for _, report in run)
    if len(headings) > 1:
        below = [statements[n + 1 : n + 1 + TOLD_BELOW] for n, _ in headings]
        told = chain(statements[:1], *below)
        if any(_tells_of_minutes(each.text, words) for each in told):
            for (_, report), following in zip(headings, below, strict=True):
                if not any(_denies(each.text, words) for each in following[:1]):
                    yield report


def _day_alone(statement: Statement, reader: ReportReader) -> Report | None:
    """The report of a line that is nothing but a day with its year, which is not to come."""
    text = statement.text
    dated = next(reader.told_days(statement), None) if _DAY_LINE.match(text) else None
    if dated is None or not is_full(dated[0]):
        return None
    rest = _BRACKETS.sub("", text[: dated[0].start] + text[dated[0].end :])
    if any(map(str.isalnum, rest)):
        return None
    return Report(statement, dated[0].span, *dated, is_heading=True)


def _tells_of_minutes(text: str, words: MeetingWords) -> bool:
    events = words.events
    cues = (events.minutes, events.met, words.people.present)
    return _denies(text, words) or any(cue.search(text) for cue in cues)


def _denies(text: str, words: MeetingWords) -> bool:
    """Whether a text says that there was no meeting."""
    noun = words.events.nouns.search(text)
    return bool(noun and words.events.negation.search(text, 0, noun.start()))
