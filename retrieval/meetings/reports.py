"""A statement → the meeting that it reports as held. Pure."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from ..days import Day, YearFrom
from ..formats.lines import ends_sentence
from ..languages.meeting_words import MeetingWords
from ..languages.phrase_patterns import Pattern
from ..models import Kind, Span
from .date_ranges import DateRange
from .dates import DateMention, find_dates
from .headings import CUE_REACH, find_heading, gap, names_next, noun_spans
from .published import HEAD_LINES, Published
from .statements import Statement
from .told import resolve_told
from .verbs import past_verbs
from .years import YearCues, is_unrelated, recurs, resolve

_CLAUSE_END = re.compile(r"[,;:(]|(?<!\d)\.")  # "vom 4. bis 7. Mai" is one clause.
VERB_REACH = 90
"""The most characters between "will" and its verb: German has it at the end of its clause."""

OLD = 100
"""Days before the article from which on a meeting is looked back upon."""

VERY_OLD = 400
"""Days before the article, or, where its day is not known, before the newest meeting in it, from
which on a meeting is looked back upon."""

_LETTER = re.compile(r"[^\W\d_]")
_LIST_ITEM = re.compile(r"\s*(?:[-–—•*]|\d{1,2}[.)]?\s)")


@dataclass(frozen=True, slots=True)
class Report:
    """A statement that reports a meeting.

    `noun` is the span, within the statement's text, of the word that names the meeting, or of the
    verb where `by_verb`. `date` is where its date stands; `days` is None where they cannot be
    known. `is_title`: the statement is the title of minutes. `is_heading`: it is a title or heading
    that names a meeting and its day, and says no more. `says_held`: it says that the meeting was
    held, or is such a title or heading; else it tells of the meeting in passing.
    """

    statement: Statement
    noun: Span
    date: DateMention
    days: DateRange | None
    by_verb: bool = False
    is_title: bool = False
    is_heading: bool = False
    says_held: bool = True


class ReportReader:
    """Reads the statements of one article, given when it was published and its cues for years."""

    def __init__(self, words: MeetingWords, published: Published, cues: YearCues) -> None:
        self._words = words
        self._events = words.events
        self._published = published
        self.is_dated = bool(published.days)
        self._others = cache(self._other_phrases)
        self.subjects = cache(self._subjects)
        self._cues = cues

    def reports(
        self, statement: Statement, near_dates: Sequence[DateMention] = ()
    ) -> Iterator[Report]:
        """The meeting that a statement reports, if it reports one.

        `near_dates` are those of its neighbours, for a statement that has none of its own.
        """
        text, events = statement.text, self._events
        if not self._may_report(statement):
            return
        dates = self.dates(statement)
        others = self._others(text)
        verbs = self._held(events.met, text, [*others, *noun_spans(text, self._words)])
        held = self._held(events.held, text, others) + verbs
        if not dates:
            yield from self._undated(statement, near_dates)
            return
        wished = self._first_wish(text)
        is_to_come = wished is not None and not any(start < wished for start, _ in held)
        title = events.minutes.search(text)
        is_off = events.cancelled.search(text) and not held
        if is_to_come or is_off or (title and events.approved.search(text)):
            return
        nouns = self._nouns(text, dates, others)
        titled = [noun for noun in nouns if title and noun[0] >= title.start()]
        if titled and statement.index < HEAD_LINES:
            yield self._report(statement, titled[0], dates, is_title=True)
        elif nouns and held:
            yield self._report(statement, _nearest(nouns, held), dates)
        elif heading := find_heading(statement, nouns, dates, self._words):
            yield self._report(statement, *heading, is_title=statement.index <= 0, is_heading=True)
        elif nouns and self._is_entry(statement, dates[0]):
            yield self._report(statement, nouns[0], dates)
        elif nouns and self._tells_of_past(statement, nouns[0], dates):
            yield self._report(statement, nouns[0], dates, says_held=False)
        elif verbs:
            yield self._report(statement, verbs[0], dates, by_verb=True)

    def _is_entry(self, statement: Statement, date: DateMention) -> bool:
        """Whether it is a line of a review that begins with its day: "9.11. | Board | 8 there"."""
        text, days = statement.text, self.resolve(date, statement)
        is_first = not (_LETTER.search(text, 0, date.start) or self._events.future.search(text))
        day = days.first.date() if days and self.is_dated and is_first else None
        return bool(day and statement.period and day in statement.period)

    def _may_report(self, statement: Statement) -> bool:
        """Whether a statement names a meeting or says that people met, as news of one."""
        text, events = statement.text, self._events
        cues = (events.nouns, events.met, events.minutes)
        return any(cue.search(text) for cue in cues) and not (
            events.sport.search(text)
            or names_next(text, self._words)
            or self.defines(text)
            or any(recurs(text, date, self._words) for date in find_dates(text, self._words))
        )

    def told_days(self, statement: Statement) -> Iterator[tuple[DateMention, DateRange]]:
        """The dates of a statement whose days are known and not after the article's."""
        for date in self._related(statement.text, statement.told or ()):
            days = resolve_told(date, lambda each: self.resolve(each, statement))
            if days and not self._published.is_before(days.first):
                yield date, days

    def named(self, text: str) -> list[Span]:
        """Where a text names a meeting, but for phrases that mean something else."""
        spans = noun_spans(text, self._words)
        others = self._others(text) if spans else []
        return [noun for noun in spans if not any(gap(noun, other) < 0 for other in others)]

    def _subjects(self, text: str) -> list[Span]:
        """Where a text names a meeting or says that people meet or will."""
        others = self._others(text)
        nouns = self._nouns(text, find_dates(text, self._words), others)
        return nouns or self._held(self._events.meets, text, others, ahead=True)

    def dates(self, statement: Statement) -> list[DateMention]:
        """The dates in a statement, but those of births, terms and the like."""
        return self._related(statement.text, find_dates(statement.text, self._words))

    def _related(self, text: str, dates: Iterable[DateMention]) -> list[DateMention]:
        return [
            date
            for date in dates
            if date.base or not date.is_next
            if not (is_unrelated(text, date, self._words) or recurs(text, date, self._words))
        ]

    def stated_dates(self, statement: Statement) -> Iterator[datetime.date]:
        """The first days of the dates that a statement gives with their years."""
        days = filter(None, map(self._stated, self.dates(statement)))
        yield from filter(None, (day.date() for day in days))

    def dated(self, statement: Statement, noun: Span, date: DateMention, **facts: bool) -> Report:
        """The report of a statement with a date, which may stand elsewhere, and its facts."""
        return Report(statement, noun, date, self.resolve(date, statement), **facts)

    def resolve(self, mention: DateMention, statement: Statement) -> DateRange | None:
        """The days of a date of a statement."""
        return resolve(mention, self._published, self._cues, period=statement.period)

    def _stated(self, mention: DateMention) -> Day | None:
        """The first day of a date that is given with its year."""
        days = resolve(mention, self._published, self._cues)
        return days.first if days and days.year_from is YearFrom.STATED else None

    def _undated(self, statement: Statement, near_dates: Sequence[DateMention]) -> Iterator[Report]:
        """The meeting that a statement without a date reports: on the day that it tells of in
        another way ("the next day", "on the 5th" below a month), else on that of its neighbours."""
        text = statement.text
        if (
            statement.kind is not Kind.PROSE
            or self._events.cancelled.search(text)
            or self._first_wish(text) is not None
        ):
            return
        told = [
            date
            for date in self._related(text, statement.told or ())
            if date.start < date.end and (date.base or date.readings)
        ]
        is_counted = any(date.base for date in told)
        others = self._others(text)
        nouns, held = self._nouns(text, [], others), self._held(self._events.held, text, others)
        verbs = self._held(self._events.met, text, others) if is_counted else []
        if nouns and (held or is_counted):
            noun = _nearest(nouns, held or nouns)
        elif verbs:
            noun = verbs[0]
        else:
            return
        near = sorted(told, key=lambda date: gap(noun, date.span)) or near_dates
        if near:
            days = resolve_told(near[0], lambda each: self.resolve(each, statement))
            yield Report(statement, noun, DateMention(*noun), days, by_verb=not nouns)

    def _report(
        self, statement: Statement, noun: Span, dates: Sequence[DateMention], **facts: bool
    ) -> Report:
        date = min(dates, key=lambda mention: gap(noun, mention.span))
        return self.dated(statement, noun, date, **facts)

    def _tells_of_past(
        self, statement: Statement, noun: Span, dates: Sequence[DateMention]
    ) -> bool:
        """Whether it is a sentence in a past tense, and the meeting is not to come."""
        text = statement.text
        if statement.kind is not Kind.PROSE or _LIST_ITEM.match(text) or not ends_sentence(text):
            return False
        ahead = any(
            any(noun[1] <= cue[0] < date.start for date in dates)
            or (gap(noun, cue) <= CUE_REACH and "," not in text[noun[1] : cue[0]])
            for cue in _spans(self._events.future, text)
        )
        return not ahead and bool(past_verbs(text, self._words))

    def _nouns(self, text: str, dates: Sequence[DateMention], others: list[Span]) -> list[Span]:
        """The nouns of meetings, but those that are part of other phrases or of the past."""
        taken = [*others, *(date.span for date in dates)]
        nouns = []
        for span in noun_spans(text, self._words):
            if any(gap(span, other) < 0 for other in taken) or (
                self._events.past.search(_clause_before(text, span[0]))
            ):
                continue
            nouns.append(span)
        return nouns

    def defines(self, text: str) -> bool:
        """Whether it says what a meeting was, as an encyclopaedia does: "the congress was a meeting
        of"; an article that has a day is news."""
        nouns = noun_spans(text, self._words)
        return not self.is_dated and any(
            first[1] <= match.start() and match.end() <= last[0]
            for match in self._events.defines.finditer(text)
            for first, last in pairwise(nouns)
        )

    def _other_phrases(self, text: str) -> list[Span]:
        """Spans of phrases that hold a noun or a verb of a meeting and mean something else."""
        return _spans(self._events.other_nouns, text) + _spans(self._events.not_held, text)

    def _held(
        self, pattern: Pattern, text: str, others: list[Span], *, ahead: bool = False
    ) -> list[Span]:
        """Where the text says that a meeting was held: not that it will be, but with `ahead`, nor
        that it was not."""
        events = self._events
        cues = [events.negation] if ahead else [events.future, events.negation]
        cues += [events.past] if pattern is events.met else []
        return [
            span
            for span in _spans(pattern, text)
            if not any(gap(span, o) < 0 for o in others)
            for before in [_clause_before(text, span[0], VERB_REACH)]
            if not any(cue.search(before) for cue in cues)
            if not self._is_weekday(text, span)
        ]

    def _is_weekday(self, text: str, span: Span) -> bool:
        """Whether a verb is a day: "Sat 12th"."""
        is_name = text[span[0]].isupper() and text[slice(*span)].lower() in self._words.weekdays
        return is_name and text[span[1] :].lstrip(" .")[:1].isdigit()

    def _first_wish(self, text: str) -> int | None:
        """Where the text says first that a meeting will be held."""
        spans = _spans(self._events.held, text) + _spans(self._events.met, text)
        starts = (
            start
            for start, _ in spans
            if self._events.future.search(_clause_before(text, start, VERB_REACH))
        )
        return min(starts, default=None)


def _nearest(nouns: Sequence[Span], verbs: Sequence[Span]) -> Span:
    return min(nouns, key=lambda noun: min(gap(noun, verb) for verb in verbs))


def _spans(pattern: Pattern, text: str) -> list[Span]:
    return [match.span() for match in pattern.finditer(text)]


def _clause_before(text: str, start: int, reach: int = CUE_REACH) -> str:
    """What stands before an offset in the same clause, within so many characters."""
    return _CLAUSE_END.split(text[max(0, start - reach) : start])[-1]
