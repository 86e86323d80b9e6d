"""The fields at the head of minutes: "Date: …", "Place: …", "| Chair | … |". Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ..formats.lines import ends_sentence
from ..languages.meeting_words import MeetingWords
from ..languages.phrase_patterns import Pattern
from ..models import Kind
from .chairs import first_persons
from .dates import DateMention, find_dates, is_full
from .headings import noun_spans
from .places import places_in_field
from .reports import Report, ReportReader
from .statements import Statement

HEAD = 25
"""The number of first statements that may be fields, or invite to what they describe."""

TITLE_LINES = 6
"""The number of lines of a title."""

WORDS_OF_NAME = 4
"""A sentence of so few words may be a name: "Our annual meeting."."""

SENTENCES = 3
"""The number of first sentences of minutes that may say on which day it was."""

_ITEM = re.compile(r"[\W_]*\d{1,2}[.)]\s")
_ROW = re.compile(r"^[|\W]*(?P<label>[^|:]{2,40}?)\s*[:|][\s|*_]*(?P<value>[^|]+?)\s*\|?\s*$")
_WIDE = re.compile(r",?\s{2,}")
"""Between the lines of a value."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A label and its value; `line` counts the statements before the label."""

    line: int
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Fields:
    """A meeting as the fields of an article describe it.

    `reports` are that of the line that names it, with the date of a field, and that of the line or
    sentence with its day; none where there is no date. `place` is empty where it was online.
    `is_planned`: the day stands where one says when to come.
    """

    reports: Sequence[Report] = ()
    place: str | None = None
    chair: str | None = None
    is_planned: bool = False


def read_fields(
    statements: Sequence[Statement],
    words: MeetingWords,
    reader: ReportReader,
    is_minutes: bool,
) -> list[Fields]:
    """The fields of each of several meetings, or else those of the one that the head describes."""
    rows = list(_rows(statements, words))
    lines = [row.line for row in rows]
    dated = [
        n
        for n, row in enumerate(rows)
        if words.dates.labels.fullmatch(row.label) and find_dates(row.value, words)
    ]
    records = []
    blocks = pairwise([*dated, len(rows)]) if len(dated) > 1 else ()
    for n, below in blocks:
        block, first = rows[n:below], rows[dated[0] : dated[1]]
        near = statements[max(lines[n] - TITLE_LINES, 0) : lines[n]]
        named = [each for each in near if noun_spans(each.text, words)][-1:]
        if (
            not named and len({row.label for row in first} & {row.label for row in block}) > 1
        ):  # The form once more.
            titles = statements[:TITLE_LINES]
            named = [each for each in titles if words.events.minutes.search(each.text)]
        dates = find_dates(block[0].value, words)
        if named and dates and is_full(dates[0]):
            noun = next(iter(noun_spans(named[0].text, words)), (0, len(named[0].text)))
            report = reader.dated(named[0], noun, dates[0])
            records.append(_fields([report], block, words))
    if records and len(records) == len(dated):
        return records
    values = rows[: bisect_left(lines, HEAD)]
    value = next((rows[n].value for n in dated if n < len(values)), None)
    asked = _value(values, words.dates.asked) if not value else None
    head = statements[:HEAD]
    if asked:  # Concerts have a "when" as well, and tell of their members' meeting.
        head = [each for each in head if _may_name(each, words)]
    reports = _reports(head, value or asked, words, reader, is_minutes=is_minutes)
    return [replace(_fields([*reports], values, words), is_planned=asked is not None)]


def _may_name(statement: Statement, words: MeetingWords) -> bool:
    """Whether a line or sentence may name what is to be on the day beside "when"."""
    text, cues = statement.text, (words.events.future, words.events.invited)
    is_short = not ends_sentence(text) or len(text.split()) <= WORDS_OF_NAME
    return is_short or any(cue.search(text) for cue in cues)


def _fields(reports: Sequence[Report], rows: Sequence[_Row], words: MeetingWords) -> Fields:
    place, chair = (_value(rows, part.labels) for part in (words.places, words.people))
    return Fields(
        reports=reports,
        place=_town(place, words) if place else None,
        chair=first_persons(chair, words) if chair else None,
    )


def _rows(statements: Sequence[Statement], words: MeetingWords) -> Iterator[_Row]:
    """The lines that have a label and a value, and a question such as "When?" and what follows
    it."""
    asked = (words.dates.asked, words.places.labels)
    for n, statement in enumerate(statements):
        question = statement.text.strip(" *_#¿")
        if question.endswith("?") and any(
            each.fullmatch(question, 0, len(question) - 1) for each in asked
        ):
            yield _Row(n, question[:-1], "".join(each.text for each in statements[n + 1 : n + 2]))
            continue
        if row := _ROW.match(statement.text):
            yield _Row(n, row["label"].strip(" *_"), row["value"])


def _value(rows: Sequence[_Row], labels: Pattern) -> str | None:
    return next((row.value for row in rows if labels.fullmatch(row.label)), None)


def _reports(
    head: Sequence[Statement],
    value: str | None,
    words: MeetingWords,
    reader: ReportReader,
    *,
    is_minutes: bool,
) -> Iterator[Report]:
    """The report of the line that names the meeting or says that these are minutes, on the day of
    a field, or of minutes, on that of a line of their head or of one of their first sentences."""
    events = words.events
    block = [each for each in head[:TITLE_LINES] if not ends_sentence(each.text)]
    minutes = [(each, events.minutes.search(each.text)) for each in block or head[:1]]
    if not (value or is_minutes or any(noun for _, noun in minutes)):
        return
    numbers = [_ITEM.match(f"{each.text} ") for each in head]
    alone = [False, *(bool(each and each.end() == len(each.string)) for each in numbers)]
    lines = [  # "1. Minutes of the last meeting" is no title; its number may stand before it.
        each
        for each, number, is_below in zip(head, numbers, alone, strict=False)
        if not (number or is_below or events.approved.search(each.text))
    ]
    named = [(each, events.nouns.search(each.text)) for each in lines]
    at = next((n for n, (each, _) in enumerate(named) if ends_sentence(each.text)), len(named))
    named[at:at] = minutes  # What a sentence names may be another meeting.
    subject = next(((each, noun.span()) for each, noun in named if noun), None)
    if value:
        dates = find_dates(value, words)
        if subject and dates:
            yield reader.dated(*subject, dates[0], is_title=True)
        return
    is_read = any(True for each in head[:TITLE_LINES] for _ in reader.reports(each))
    top = head[0].text  # With its day, a title that names a meeting was judged as one.
    is_judged = noun_spans(top, words) and any(map(is_full, reader.dates(head[0])))
    is_other = events.other_nouns.search(top) and not events.met.search(top)
    if is_read or is_judged or is_other:
        return
    title, noun = subject or (head[0], (0, len(head[0].text)))
    date = next(_dates_of_minutes(head, block, title, words, reader), None)
    if date is not None:
        yield reader.dated(title, noun, date, is_title=True)


def _dates_of_minutes(
    head: Sequence[Statement],
    block: Sequence[Statement],
    title: Statement,
    words: MeetingWords,
    reader: ReportReader,
) -> Iterator[DateMention]:
    """The dates of a known year at the head of minutes, the likeliest first: in the title, the
    lines around it, one of the first sentences."""
    first = [each for each in head if ends_sentence(each.text)][:SENTENCES]
    for each in (title, *block, *first):
        cues = (words.events.approved, words.events.future)
        if not any(cue.search(each.text) for cue in cues):
            for date in reader.dates(each):
                days = reader.resolve(date, each) if date.readings else None
                if days and days.first.year:
                    yield date


def find_attendance(
    statements: Sequence[Statement], words: MeetingWords
) -> tuple[list[Statement], list[Statement]]:
    """The statements that list those who were there, and those that list those who were not, each
    with its label."""
    present, absent = list[Statement](), list[Statement]()
    current, label = None, -1
    for each in statements:
        line = each.text.lstrip(" #*_-|")
        is_line = not ends_sentence(line)
        lists = ((words.people.absent, absent), (words.people.present, present))
        found = ((listed, cue.match(line)) for cue, listed in lists)
        listed = next((listed for listed, cue in found if cue and _is_label(line, cue.end())), None)
        if listed is not None:
            current, label = listed, each.paragraph
        elif each.kind is Kind.HEADING or not (is_line or each.paragraph <= label + 1):
            current = None
        if current is not None:
            current.append(each)
    return present, absent


def _is_label(line: str, end: int) -> bool:
    """Whether a line is no sentence, or has a label that ends there: "Present: Ann Low."."""
    return not ends_sentence(line) or line[end:].lstrip(" *_").startswith(":")


def _town(value: str, words: MeetingWords) -> str:
    """The town at the end of a field's value, else the value; empty if that is online."""
    value = _WIDE.sub(", ", value)
    best = max(places_in_field(value, words), key=lambda place: place.rank, default=None)
    name = best.name if best else value
    return "" if words.places.online.search(name) else name
