"""A statement → the meetings that it reports as held. Pure."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..days import Day, YearFrom
from ..models import Kind, Span
from .dates import Mention, mentions
from .published import Published
from .statements import Statement
from .wording import Wording
from .years import Reviewed, When, resolve

CLOSE = 30
"""A date so close to "a meeting" tells when it was, though nothing says that it was held."""

BEFORE = 40
"""A word such as "will" or "since" speaks of what follows so many characters behind it."""

_YEAR_BESIDE = re.compile(r"(?:19|20)\d\d")
_CLAUSE = re.compile(r"[,;:.(]")
_LIST_ITEM = re.compile(r"\s*(?:[-–—•*]|\d{1,2}[.)]?\s)")
_ENDED = re.compile(r"[.!?…][\"'”’»“)\]]*$")


@dataclass(frozen=True, slots=True)
class Report:
    """A statement that says of a meeting that it was held.

    `noun` is the span, within the statement's text, of the word that names the event, or of the
    verb where `by_verb`. `when` is None where it cannot be known when it was. `minutes` says that
    the statement is the title of minutes, `firm` that it says that the meeting was held; else it
    only tells what was then.
    """

    statement: Statement
    noun: Span
    by_verb: bool
    mention: Mention
    when: When | None
    minutes: bool = False
    firm: bool = True


class Reader:
    """Reads the statements of one article."""

    def __init__(self, words: Wording, day: Published, looks: Reviewed) -> None:
        self._words = words
        self._day = day
        self._looks = looks

    def reports(self, statement: Statement, near: Sequence[Mention] = ()) -> Iterator[Report]:
        """The meeting that a statement reports, if it reports one.

        `near` are the dates of its neighbours, for a statement that has none of its own.
        """
        text = statement.text
        if not any(self._words["events", key].search(text) for key in ("nouns", "met")):
            return
        dates = self.dates(statement)
        others = self._spans("not_nouns", text) + self._spans("not_held", text)
        verbs = self._held(text, "met", [*others, *self._spans("nouns", text)])
        held = self._held(text, "held", others) + verbs
        if self._spans("sport", text) or any(map(self._is_ahead, dates)):
            return
        if not dates:
            yield from self._undated(statement, near)
            return
        if self._spans("cancelled", text) and not held:
            return
        wished = self._wished(text, others)
        if wished is not None and not any(start < wished for start, _ in held):
            return
        nouns = self._nouns(text, dates, others)
        minutes = self._spans("minutes", text)
        if minutes and self._spans("approved", text):
            return
        if minutes and (named := [noun for noun in nouns if noun[0] >= minutes[0][0]]):
            yield self._report(statement, named[0], dates, minutes=True)
        elif nouns and held:
            noun = min(nouns, key=lambda span: min(gap(span, one) for one in held))
            yield self._report(statement, noun, dates)
        elif nouns and self._is_told(statement, nouns[0]):
            passing = [noun for noun in nouns if self._in_passing(text, noun, dates)]
            yield self._report(statement, (passing or nouns)[0], dates, firm=False)
        elif verbs:
            yield self._report(statement, verbs[0], dates, by_verb=True)

    def dates(self, statement: Statement) -> list[Mention]:
        """The dates that a statement tells, but those of births, terms and the like."""
        text = statement.text
        return [one for one in mentions(text, self._words) if not self._of_other(text, one)]

    def until(self, statement: Statement) -> Iterator[Day]:
        """The days until which a statement about an event says that it goes on."""
        text = statement.text
        if not self._spans("nouns", text):
            return
        for mention in mentions(text, self._words):
            before = text[: mention.start].rstrip()
            cues = self._words["dates", "until"].finditer(before)
            when = resolve(mention, self._day, self._looks, ahead=True)
            if when and any(cue.end() == len(before) for cue in cues):
                yield when.last

    def _undated(self, statement: Statement, near: Sequence[Mention]) -> Iterator[Report]:
        """What a statement without a date reports as held, on the day of a neighbour."""
        text = statement.text
        if not near or statement.kind is not Kind.PROSE or self._spans("cancelled", text):
            return
        others = self._spans("not_nouns", text) + self._spans("not_held", text)
        held = self._held(text, "held", others)
        nouns = self._nouns(text, [], others)
        if held and nouns and self._wished(text, others) is None:
            noun = min(nouns, key=lambda span: min(gap(span, one) for one in held))
            when = resolve(near[0], self._day, self._looks)
            yield Report(statement, noun, False, Mention(*noun), when)

    def stated(self, statement: Statement) -> Iterator[datetime.date]:
        """The days that a statement tells with their years."""
        for mention in self.dates(statement):
            when = resolve(mention, self._day, self._looks)
            date = when.first.date() if when else None
            if date and when and when.year_from is YearFrom.STATED:
                yield date

    def dated(self, statement: Statement, noun: Span, mention: Mention) -> Report:
        """The report of a title whose date stands elsewhere."""
        when = resolve(mention, self._day, self._looks)
        return Report(statement, noun, False, mention, when, minutes=True)

    def _report(
        self,
        statement: Statement,
        noun: Span,
        dates: list[Mention],
        *,
        by_verb: bool = False,
        minutes: bool = False,
        firm: bool = True,
    ) -> Report:
        mention = min(dates, key=lambda one: gap(noun, (one.start, one.end)))
        when = resolve(mention, self._day, self._looks)
        return Report(statement, noun, by_verb, mention, when, minutes, firm)

    def _is_told(self, statement: Statement, noun: Span) -> bool:
        """Whether it is a sentence that tells of the past, and the event is not to come."""
        text = statement.text
        if statement.kind is not Kind.PROSE or _LIST_ITEM.match(text) or not _ENDED.search(text):
            return False
        ahead = any(gap(noun, span) <= BEFORE for span in self._spans("future", text))
        return bool(self._spans("tense", text)) and not ahead

    def _in_passing(self, text: str, noun: Span, dates: list[Mention]) -> bool:
        """Whether it is "at a meeting on Tuesday"."""
        before = text[max(0, noun[0] - BEFORE) : noun[0]]
        if not self._words["events", "passing"].search(_CLAUSE.split(before)[-1]):
            return False
        return any(gap(noun, (one.start, one.end)) <= CLOSE for one in dates)

    def _nouns(self, text: str, dates: list[Mention], others: list[Span]) -> list[Span]:
        """The nouns of events, but those that are part of other words or of the past."""
        taken = [*others, *((one.start, one.end) for one in dates)]
        found = []
        for match in self._words["events", "nouns"].finditer(text):
            span = match.span()
            if self._words.nouns_capital and not match[0][0].isupper():
                continue
            if any(gap(span, other) < 0 for other in taken):
                continue
            before = text[max(0, span[0] - BEFORE) : span[0]]
            clause = _CLAUSE.split(before)[-1]
            as_what = self._words["events", "as_what"].search(before)
            if as_what and not before[as_what.end() :].strip():
                continue
            if self._words["events", "past"].search(clause) or _year_beside(text, span):
                continue
            found.append(span)
        return found

    def _held(self, text: str, kind: str, others: list[Span]) -> list[Span]:
        """Where it says that it was held: not that it will be, nor that it was not."""
        return [
            span
            for span in self._spans(kind, text)
            if not any(gap(span, other) < 0 for other in others)
            and not self._behind("future", text, span)
            and not self._behind("negation", text, span)
        ]

    def _wished(self, text: str, others: list[Span]) -> int | None:
        """Where it says first that it will be held."""
        found = (span for key in ("held", "met") for span in self._spans(key, text))
        ahead = [span[0] for span in found if self._behind("future", text, span)]
        return min(ahead, default=None)

    def _behind(self, key: str, text: str, span: Span) -> bool:
        """Whether a word of a kind stands before a span, in the same clause."""
        before = text[max(0, span[0] - BEFORE) : span[0]]
        return bool(self._words["events", key].search(_CLAUSE.split(before)[-1]))

    def _is_ahead(self, mention: Mention) -> bool:
        """Whether it is a full date after the article's."""
        when = resolve(mention, self._day, self._looks)
        date = when.first.date() if when and when.year_from is YearFrom.STATED else None
        days = [day for one in self._day.days if (day := one.date())]
        return bool(date and days and date > max(days))

    def _of_other(self, text: str, mention: Mention) -> bool:
        """Whether the date is of something else: a birth, a term, an entry into force."""
        if mention.ahead:
            return True
        if any(first != last for first, last in mention.readings):
            return False
        before = text[max(0, mention.start - BEFORE) : mention.start]
        cues = self._words["dates", "other"].finditer(before)
        return any(not before[match.end() :].strip(" (") for match in cues)

    def _spans(self, key: str, text: str) -> list[Span]:
        return [match.span() for match in self._words["events", key].finditer(text)]


def gap(one: Span, other: Span) -> int:
    """The characters between two spans; below 0 where they overlap."""
    return max(one[0], other[0]) - min(one[1], other[1])


def _year_beside(text: str, noun: Span) -> bool:
    """Whether it is "the 2019 summit": one that is told from others by its year."""
    around = text[max(0, noun[0] - 6) : noun[0]].strip(), text[noun[1] : noun[1] + 6].strip()
    return any(_YEAR_BESIDE.fullmatch(part.strip(" ,.")) for part in around)
