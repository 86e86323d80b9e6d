"""The days in a text that are to come, as of the day of its article. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..days import Day, YearFrom
from ..languages.meeting_words import MeetingWords
from .date_ranges import DateRange
from .dates import DateMention, ends_with, find_dates
from .headings import governs, noun_spans
from .published import Published
from .statements import Statement
from .told import resolve_told
from .verbs import past_verbs
from .years import YearCues, in_year_of_new_day, is_unrelated, recurs, resolve

_QUOTE = re.compile(r"[\"“”„«»]")  # "Tomorrow" is not the article's where somebody is quoted.


@dataclass(frozen=True, slots=True)
class ComingDays:
    """Finds the days that are after that of `published`; `cues` are those for years, and what an
    invitation tells of is to come on its own day as well."""

    words: MeetingWords
    published: Published
    cues: YearCues
    is_invitation: bool

    def planned(self, text: str, *, is_off: bool) -> Iterator[tuple[DateMention, DateRange]]:
        """The dates of a text that are to come; with `is_off`, of these days as well."""
        dates = find_dates(text, self.words)
        counted = any(date.offset is not None and date.offset <= 0 for date in dates)
        for date in dates:
            if (
                (is_unrelated(text, date, self.words) and not (is_off and self.is_set(text, date)))
                or recurs(text, date, self.words)
                or date.is_last
                or (counted and date.is_weekday and not is_off)
                or (date.offset is not None and not (is_off or self._is_told(text, date, dates)))
            ):
                continue
            for ahead in (False, True) if is_off and not date.is_weekday else (True,):
                days = resolve(date, self.published, self.cues, ahead=ahead)
                days = in_year_of_new_day(days, dates) if is_off and days else days
                stated = days is not None and days.year_from is YearFrom.STATED
                is_ahead = days and (
                    date.offset == 0 or (ahead and self._may_come(text, days.first, stated=stated))
                )
                if days and (is_ahead or (not ahead and self.published.is_recent(days.first))):
                    yield date, days
                    break

    def told(self, statement: Statement) -> Iterator[tuple[DateMention, DateRange]]:
        """Those dates that are to come of all that a statement tells of."""
        text, dates = statement.text, statement.told or ()
        for date in dates:
            is_counted = date.offset is not None and date.base is None
            if (
                is_unrelated(text, date, self.words)
                or recurs(text, date, self.words)
                or date.is_last
                or (is_counted and not self._is_told(text, date, dates))
            ):
                continue
            days = resolve_told(date, lambda each: self._ahead(each, statement))
            if days and self._is_ahead(date, days, statement):
                yield date, days

    def _is_ahead(self, date: DateMention, days: DateRange, statement: Statement) -> bool:
        """Whether the days that a date of a statement means are to come, and in its period."""
        if date.offset == 0 and date.base is None:
            return True
        stated, first = days.year_from is YearFrom.STATED, days.first.date()
        if not stated:
            period = statement.period if date.readings else None
            if self.published.newest is None or (period and first and first not in period):
                return False
        return self._may_come(statement.text, days.first, stated=stated)

    def _ahead(self, date: DateMention, statement: Statement) -> DateRange | None:
        return resolve(date, self.published, self.cues, ahead=True, period=statement.period)

    def _may_come(self, text: str, day: Day, *, stated: bool) -> bool:
        """Whether a day is after the article's, or is that day and said to be to come."""
        if stated and day.date() == self.published.newest and noun_spans(text, self.words):
            return self.is_invitation or bool(self.words.events.future.search(text))
        return self.published.may_announce(day, stated=stated)

    def _is_told(self, text: str, date: DateMention, dates: Sequence[DateMention]) -> bool:
        """Whether a text tells itself what is to come "tomorrow", or what will be "today": it
        quotes nobody and has no other date."""
        if any(other.readings for other in dates) or _QUOTE.search(text):
            return False
        cues = [match.span() for match in self.words.events.future.finditer(text)]
        return date.offset != 0 or (
            not past_verbs(text, self.words)
            and any(
                governs(text, cue, date.span) and "," not in text[cue[1] : date.start]
                for cue in cues
            )
        )

    def is_to_come(self, days: DateRange) -> bool | None:
        """Whether days are after that of the article; None if that is not known."""
        today, date = self.published.newest or self.published.latest, days.first.date()
        return date > today or self.is_invitation if today and date else None

    def is_set(self, text: str, date: DateMention) -> bool:
        """Whether a date is one that something is planned for or put off to."""
        return ends_with(self.words.dates.planned, text[: date.start].rstrip())
