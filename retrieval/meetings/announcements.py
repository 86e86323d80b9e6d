"""Meetings that an article says are to come, or will not be held as planned. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..days import Day
from ..formats.lines import ends_sentence
from ..languages.meeting_words import MeetingWords
from ..languages.phrase_patterns import Pattern
from ..meeting import MeetingStatus
from ..models import Kind, Span
from .coming_days import ComingDays
from .date_ranges import DateRange
from .dates import DateMention
from .headings import (
    find_invited,
    find_next,
    gap,
    governs,
    invites,
    names_next,
    noun_spans,
)
from .periods import is_reported
from .published import HEAD_LINES, Published
from .reports import Report, ReportReader
from .statements import Statement
from .verbs import past_verbs
from .years import YearCues

MAX_STATEMENTS = 200
"""The number of an article's first statements in which announcements are looked for."""
MAX_GAP = 90
"""The most characters between a meeting that is to come and its day; a further one is another's."""
MAX_ACT_GAP = 20
"""The most characters between what a body does and its day: "votes on the fees on 3 May"."""
MAX_BELOW = 8
"""The statements below one that names a meeting that is to come that may say when it is."""
MAX_NAME_LINE = 60
"""The most characters of a line of an invitation that names the meeting and no more."""
_HOUR = re.compile(r"\b\d{1,2}[:.h]\d\d\b|\b\d{1,2} ?(?:h|Uhr|[ap]\.?m|giờ)\b|\ba las \d")
_JOINT = re.compile(r"[\w,:]")
_WORD = re.compile(r"[^\W\d_]{4,}")
ANNOUNCED, POSTPONED = MeetingStatus.ANNOUNCED, MeetingStatus.POSTPONED


@dataclass(frozen=True, slots=True)
class _Subject:
    """A meeting that is to come, or is off, whose day may stand below: the statement that names it,
    and where it does."""

    statement: Statement
    noun: Span
    status: MeetingStatus

    @property
    def is_off(self) -> bool:
        return self.status is not ANNOUNCED

    def is_of(self, report: Report, determiners: Pattern) -> bool:
        """Whether it may be the meeting of a report: "the meeting", or the same word."""
        text, start = self.statement.text, self.noun[0]
        words = [one.statement.text[slice(*one.noun)].lower() for one in (self, report)]
        is_definite = any(map(determiners.fullmatch, text[:start].split()[-1:]))
        return is_definite or words[0] == words[1]


class AnnouncementFinder:
    """Finds what an article announces, calls off or puts off.

    `published` is the day from which on it is to come, `cues` are those for years.
    """

    def __init__(
        self, words: MeetingWords, reader: ReportReader, published: Published, cues: YearCues
    ) -> None:
        self._words, self._events, self._reader = words, words.events, reader
        self._days = ComingDays(words, published, cues, is_invitation=False)
        self._is_invited = self._tells = False

    def announcements(
        self, statements: Sequence[Statement], *, is_invitation: bool
    ) -> Iterator[tuple[list[Report], MeetingStatus]]:
        """The reports of the meetings that statements say are to come or are off, each day once: in
        the statement that names the meeting, which is that of the first, or in one of the next."""
        self._days = replace(self._days, is_invitation=is_invitation)
        self._tells = False
        plans_by_day: dict[Day, tuple[list[Report], MeetingStatus]] = {}
        subject: _Subject | None = None
        below = 0
        invited = find_invited(statements[:MAX_STATEMENTS], self._words)
        for number, statement in enumerate(statements[:MAX_STATEMENTS]):
            below += 1
            self._tells |= number < HEAD_LINES and self._names_meeting(statement.text)
            self._is_invited = statement.index in invited
            if statement.kind is Kind.TABLE or self._events.sport.search(statement.text):
                continue
            here = self._subject(statement)
            plans = list(self._plans(statement, here))
            is_below = subject and not plans and not (here and here.is_off)
            if subject and is_below and self._may_stand_in(statement, subject, below, plans_by_day):
                dated = [reports[0].statement for reports, _ in plans_by_day.values()]
                is_dated = subject.statement in dated
                plans = list(self._plans_below(statement, subject, is_dated=is_dated))
                if subject.is_off and any(status is ANNOUNCED for _, status in plans):
                    plans_by_day |= {
                        days: (reports, POSTPONED)
                        for days, (reports, _) in plans_by_day.items()
                        if reports[0].statement is subject.statement
                    }
            if here and here.is_off and not plans and len(plans_by_day) == 1:
                # "The talk was to be on 3 May. … The board has put off the talk."
                ((planned, (reports, status)),) = plans_by_day.items()
                if status is ANNOUNCED and here.is_of(reports[0], self._events.determiners):
                    plans_by_day[planned], here = (reports, here.status), None
            for reports, status in plans:
                if days := reports[0].days:
                    plans_by_day.setdefault(days.first, (reports, status))
            if any(status is ANNOUNCED for _, status in plans):
                subject = None
            elif here and (here.is_off or not (subject and subject.is_off)):
                subject, below = here, 0
        yield from plans_by_day.values()

    def _subject(self, statement: Statement) -> _Subject | None:
        """The meeting that a statement says is to come or is off; None if it says it of none."""
        text, events = statement.text, self._events
        is_named = bool(noun_spans(text, self._words))
        if not (is_named or events.meets.search(text)):
            return None
        off = events.cancelled.search(text)
        cues = [*events.future.finditer(text), *events.invited.finditer(text)]
        is_invitation = self._is_invited or invites(statement, self._words)
        is_head = is_named and len(text) <= MAX_NAME_LINE and not ends_sentence(text)
        is_invitation |= self._days.is_invitation and is_head
        nouns = self._reader.subjects(text) if off or cues or is_invitation else []
        if nouns and off:
            status = POSTPONED if events.postponed.search(text) else MeetingStatus.CANCELLED
            return _Subject(statement, nouns[0], status)
        for noun in nouns:
            if is_invitation or any(
                governs(text, cue.span(), noun)
                and not is_reported(text[cue.end() : noun[0]], self._words)
                for cue in cues
            ):
                return _Subject(statement, noun, ANNOUNCED)
        return None

    def _may_stand_in(
        self,
        statement: Statement,
        subject: _Subject,
        below: int,
        plans_by_day: Mapping[Day, object],
    ) -> bool:
        """Whether a statement so many below that of a meeting may say when it is: what has said
        so itself, if vaguely, is told of no more."""
        above = subject.statement.text
        if below > MAX_BELOW:
            return False
        if subject.is_off:
            return not self._events.past.search(above)
        if not ends_sentence(above) or self._days.is_invitation:
            return True
        text, dates = statement.text, self._reader.dates(statement)
        is_line = not ends_sentence(text) or any(date.start <= 1 for date in dates)
        is_next = is_line or bool(self._events.future.search(text))
        return below == 1 and is_next and not re.search(r"\b(?:19|20)\d\d\b", above)

    def _plans(
        self, statement: Statement, subject: _Subject | None
    ) -> Iterator[tuple[list[Report], MeetingStatus]]:
        """The meetings that a statement names with their days."""
        text, events = statement.text, self._events
        is_off = subject is not None and subject.is_off
        plans = list(self._days.planned(text, is_off=is_off))
        nouns = self._reader.subjects(text) if plans else []
        if plans and not nouns:
            label, date = names_next(text, self._words), plans[0][0]
            if label and re.search(r"\w{3}", text[label[1] : date.start]):
                label = None  # "Coming up: the fair, 3 May".
            nouns = [label] if label else self._body(text, date) or self._again(text, date)
        off = events.cancelled.search(text) if subject and is_off else None
        cue = off.span() if off else None
        pairs = [
            (self._distance(text, noun, date), noun, date, days)
            for date, days in plans
            for noun in nouns
            if min(gap(noun, date.span), gap(cue or noun, date.span)) <= MAX_GAP
        ]
        if not pairs:
            return
        if not (subject and cue):
            taken = set[Span]()
            for _, noun, date, days in sorted(pairs, key=lambda pair: pair[0]):
                if taken.isdisjoint({noun, date.span}):
                    taken |= {noun, date.span}
                    if self._is_ahead(statement, noun, date, days):
                        yield [self._report(statement, noun, date, days)], ANNOUNCED
            return
        first = min(date.start for date, _ in plans)  # "The one of 3 May is put off to 5 May."
        may_move = len(plans) > 1 or subject.status is POSTPONED
        moved = [
            pair
            for pair in pairs
            if pair[2].start > min(first, cue[0]) and may_move and self._days.is_set(text, pair[2])
        ]
        rest = [pair for pair in pairs if pair not in moved]
        is_past = events.past.search(text, 0, cue[0]) and not moved
        for _, noun, date, days in sorted(rest, key=lambda pair: pair[0])[:1]:
            if not is_past or self._days.is_to_come(days):
                yield [self._report(statement, noun, date, days)], subject.status
        for _, noun, date, days in moved[:1]:
            yield [self._report(statement, noun, date, days)], ANNOUNCED

    def _report(
        self, statement: Statement, noun: Span, date: DateMention, days: DateRange
    ) -> Report:
        by_verb = bool(self._events.meets.fullmatch(statement.text, *noun))
        return Report(statement, noun, date, days, by_verb=by_verb, says_held=False)

    def _plans_below(
        self, statement: Statement, subject: _Subject, *, is_dated: bool
    ) -> Iterator[tuple[list[Report], MeetingStatus]]:
        """The days that a statement below one that names a meeting says that it is on; `is_dated`:
        that statement gives its day, and this one may give a new one."""
        text, above = statement.text, subject.statement
        plans = self._days.planned(text, is_off=subject.is_off)
        for date, days in [plan for plan in plans if not plan[0].is_weekday][:1]:
            is_past = past_verbs(text, self._words) and not self._days.is_set(text, date)
            status = ANNOUNCED
            if subject.is_off and (is_past or self._days.is_to_come(days) is False):
                if is_dated:
                    continue
                status = subject.status
            where = Report(statement, date.span, date, days, says_held=False)
            yield [self._report(above, subject.noun, date, days), where], status

    def _names_meeting(self, text: str) -> bool:
        return bool(noun_spans(text, self._words) or self._events.minutes.search(text))

    def _body(self, text: str, date: DateMention) -> list[Span]:
        """The bodies of which a text says what they will do, or on a date beside it deliberate."""
        acts = (match.span() for match in self._events.deliberates.finditer(text))
        is_ahead = self._events.future.search(text) or any(
            gap(act, date.span) <= MAX_ACT_GAP for act in acts
        )
        bodies = self._words.people.bodies.finditer(text)
        return [match.span() for match in bodies] if is_ahead else []

    def _again(self, text: str, date: DateMention) -> list[Span]:
        """Where an article that told of a meeting says that there is one more, and names none:
        "same place", "the next is on 3 May"."""
        if not self._tells:
            return []
        if again := self._events.again.search(text):
            return [again.span()]
        nexts = find_next(text, self._words)
        between = self._events.future.sub("", text[nexts[1] : date.start]) if nexts else ""
        return [nexts] if nexts and _JOINT.search(between) and not _WORD.search(between) else []

    def _distance(self, text: str, noun: Span, date: DateMention) -> int:
        """How far a date is from a meeting; one before a comma may be another's."""
        return gap(noun, date.span) + MAX_GAP * ("," in text[date.end : noun[0]])

    def _is_ahead(
        self, statement: Statement, noun: Span, date: DateMention, days: DateRange
    ) -> bool:
        """Whether a statement with a meeting and its day says that it is to come."""
        text, events = statement.text, self._events
        cues = [match.span() for match in events.future.finditer(text)]
        if date.is_weekday:  # "The board will meet on Thursday."
            cues = [cue for cue in cues if cue[1] <= date.start]
            return bool(self._reader.subjects(text)) and any(
                governs(text, cue, date.span) for cue in cues
            )
        if any(governs(text, cue, span) for cue in cues for span in (noun, date.span)):
            return True
        is_label = invites(statement, self._words) or names_next(text, self._words)
        if self._days.is_set(text, date) or is_label:
            return True
        held = [match.span() for match in events.held.finditer(text)]
        is_held = any(gap(span, noun) >= 0 for span in held)
        is_past = is_held or any(gap(span, noun) >= 0 for span in past_verbs(text, self._words))
        to_come, has_hour = self._days.is_to_come(days), bool(_HOUR.search(text, date.end))
        if to_come is None:  # "The trustees meet on 3 May."
            nouns = noun_spans(text, self._words)
            to_come = (
                self._is_invited
                or (has_hour and not is_past)
                or any(
                    all(gap(verb.span(), each) >= 0 for each in nouns)
                    for verb in events.meets.finditer(text)
                )
            )
        # What has an hour is no deadline that was set.
        return to_come and not is_held and (has_hour or not is_past)
