"""Article → the meetings that it reports or announces as its own news. Pure.

A meeting is reported by a statement that names one, says that it was held, and says when. One
that is only looked back upon is not reported; one that is to come is announced (`announcements`).
What else may be a meeting is `possible`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain, islice

from ..articles.paragraphs import Paragraph, paragraphs
from ..articles.plain_view import plain, plain_view
from ..days import YearFrom
from ..languages import language_of
from ..languages.meeting_words import MeetingWords, meeting_words
from ..meeting import Meeting, MeetingStatus, PossibleMeeting
from ..models import Article, Kind
from ..quotes.quoting import quoted
from .announcements import AnnouncementFinder
from .chairs import find_chair, find_listed_chair
from .coming_days import ComingDays
from .dates import find_dates
from .declared import declared
from .fields import HEAD, Fields, find_attendance, read_fields
from .gazetteer import located
from .headings import calls_off, find_invited, invites
from .location import LocationFinder
from .minutes import filed_minutes
from .names import heading_name, is_bare, noun_phrase, subject_before
from .news import find_reports, group_by_meeting, select_news
from .number_order import with_number_order
from .periods import with_periods
from .places import PlaceRank, find_places
from .possible import MAX_MENTIONS, find_mentions
from .published import HEAD_LINES, Published, find_published
from .reports import VERY_OLD, Report, ReportReader
from .schedules import find_schedules
from .statements import Statement, split_statements
from .told import with_told
from .years import find_year_cues

MAX_READ = 300_000
"""The first characters of an article in which meetings are looked for: some 100 pages."""

MAX_BEHIND = 200
"""The statements behind a report that may say more of its meeting."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """The meetings that the rules find in an article, in the order of its text; what may be one."""

    meetings: Sequence[Meeting] = ()
    possible: Sequence[PossibleMeeting] = ()

    def each(self, change: Callable[[Meeting], Meeting]) -> Extracted:
        """Return it with each meeting changed."""
        possible = [replace(one, meeting=change(one.meeting)) for one in self.possible]
        return Extracted([*map(change, self.meetings)], possible)


def extract_meetings(article: Article) -> Extracted:
    """The meetings that an article reports: those that it declares, or else those in its words;
    none if its language has no words for meetings. They are read in the plain view of its text;
    their evidence has the file's own characters.
    """
    text = article.text[: article.body + MAX_READ]
    view = plain_view(text, article.source.path)
    parts = paragraphs(text, article.body)
    if view.is_same:
        return _extracted(replace(article, text=text), parts)
    given = article.given and tuple(
        replace(meeting, words=meeting.words and plain(meeting.words, article.source.path))
        for meeting in article.given
    )
    extracted = _extracted(
        replace(article, text=view.text, body=view.offset(article.body), given=given),
        [Paragraph(view.offset(part.start), view.offset(part.end), part.kind) for part in parts],
    )

    def in_file(meeting: Meeting) -> Meeting:
        span = view.stripped_span(meeting.evidence.start, meeting.evidence.end)
        return replace(meeting, evidence=quoted(article, *span))

    return extracted.each(in_file)


def _extracted(article: Article, parts: Sequence[Paragraph]) -> Extracted:
    statements = split_statements(article, parts)
    if article.given is not None:
        extracted = Extracted(declared(article, article.given, statements))
    else:
        words = meeting_words(language_of(article.source.language))
        words = words and with_number_order(words, article.text)
        extracted = _Extraction(article, statements, words).extracted() if words else Extracted()
    return extracted.each(
        lambda meeting: meeting.at(located(meeting.place, article) if meeting.place else None)
    )


def _indices(groups: Iterable[Sequence[Report]]) -> Set[int]:
    """Which statements tell of a meeting."""
    return {report.statement.index for group in groups for report in group}


class _Extraction:
    """Extracts the meetings of one article."""

    def __init__(
        self, article: Article, statements: Sequence[Statement], words: MeetingWords
    ) -> None:
        self._article = article
        self._words, self._published = words, find_published(article, words)
        dated = with_periods(article, statements, self._published, words)
        self._statements = with_told(dated, words)
        self._titled = [*self._given_title(), *self._statements]
        self._cues = find_year_cues("\n".join(each.text for each in statements), words)
        self._reader = ReportReader(words, self._published, self._cues)
        # A statement may be near several meetings.
        self._chair = cache(partial(find_chair, words=words))
        self._noun = cache(words.events.nouns.search)
        self._locations = LocationFinder(article, words, statements, self._published)
        head = self._titled[:HEAD_LINES]
        lists = find_attendance(self._titled[:HEAD], words)
        self._is_minutes = any(words.events.minutes.search(each.text) for each in head[:3]) or (
            any(lists) and not any(invites(each, words) for each in head[:1])
        )
        self._present, absent = lists if self._is_minutes else ([], [])
        self._absent = {each.index for each in absent}
        self._records = read_fields(self._titled, words, self._reader, self._is_minutes)
        form = self._records[0]
        with_fields = self._titled[:HEAD] if form.reports or form.place else []
        self._invited = find_invited(head, words)
        days = (each.days.first for each in form.reports if each.days)
        self._is_invitation = not self._is_minutes and (
            bool(self._invited)
            or any(invites(each, words) for each in head)
            or any(words.events.invited.search(each.text) for each in with_fields)
            or any(map(self._published.is_before, days))
            or (form.is_planned and not self._published.days)
        )

    def extracted(self) -> Extracted:
        """Return the meetings, and what else may be one."""
        meetings = self._meetings()
        return Extracted(meetings, [*self._possible(meetings)])

    def _possible(self, found: Sequence[Meeting]) -> Iterator[PossibleMeeting]:
        as_of = self._as_of(found) if self._is_minutes else self._published
        reader = ReportReader(self._words, as_of, self._cues)
        coming = ComingDays(self._words, as_of, self._cues, is_invitation=False)
        where = cache(partial(located, article=self._article))
        mentions = find_mentions(self._article.source.title, self._statements, reader, coming)
        for report, status, mention in islice(mentions, MAX_MENTIONS):
            meeting = replace(self._meeting([report], None), status=status)
            names = self._locations.names.offered(mention.texts, meeting.place)
            yield PossibleMeeting(meeting, mention, tuple(map(where, names)))

    def _meetings(self) -> list[Meeting]:
        held = self._held()
        days = {meeting.date for meeting in held}
        stated = chain.from_iterable(map(self._reader.stated_dates, self._statements))
        as_of = self._as_of(held)
        finder = AnnouncementFinder(self._words, self._reader, as_of, self._cues)
        fields = self._records[0] if self._is_invitation else None
        plans = [*finder.announcements(self._titled, is_invitation=self._is_invitation)]
        if fields and fields.reports and not plans:
            plans = [([*fields.reports], MeetingStatus.ANNOUNCED)]
        newest = self._published.newest or (max(stated, default=None) if plans else None)
        told = _indices(reports for reports, _ in plans)
        held += [
            replace(self._meeting(reports, fields, told), status=status)
            for reports, status in plans
            if reports[0].days and (first := reports[0].days.first) not in days
            if not ((date := first.date()) and newest and (newest - date).days > VERY_OLD)
        ]
        days |= {meeting.date for meeting in held}
        listed = find_schedules(self._titled, self._words, as_of, self._cues)
        return held + [
            replace(
                self._meeting([report], None),
                status=MeetingStatus.ANNOUNCED,
                evidence=quoted(self._article, line.start, line.end),
            )
            for report, line in listed
            if report.days and report.days.first not in days
        ]

    def _as_of(self, found: Sequence[Meeting]) -> Published:
        """The day from which on something is to come: in minutes, that of the meeting held."""
        ends = [each.end_date or each.date for each in found if each.status is MeetingStatus.HELD]
        known = {date: day for day in ends if day and (date := day.date())}
        is_unknown = not known or any(each.period for each in self._statements)
        if is_unknown or (self._published.days and not self._is_minutes):
            return self._published
        return Published((known[max(known)],), YearFrom.CONTEXT)

    def _held(self) -> list[Meeting]:
        title = self._titled[0].text if self._titled else ""
        if calls_off(title, self._words):
            return []
        if self._records[0].reports and not self._is_invitation:
            return [self._meeting(each.reports, each) for each in self._records]
        reports = find_reports(self._titled, self._words, self._reader)
        if self._is_invitation:  # What it lists are papers of other meetings.
            reports = [
                each
                for each in reports
                if each.says_held
                and not (each.is_title or each.is_heading or each.statement.index in self._invited)
                and not any(each.days == field.days for field in self._records[0].reports)
            ]
        stated = chain.from_iterable(map(self._reader.stated_dates, self._statements))
        reports = select_news(reports, self._published, stated)
        if not self._is_invitation:
            reports = reports or filed_minutes(self._article.source.path, self._titled, self._words)
        groups = group_by_meeting(reports)
        only = self._records[0] if len(groups) == 1 else None
        return [self._meeting(group, only, _indices(groups)) for group in groups]

    def _given_title(self) -> Iterator[Statement]:
        """The title that is none of the text's words. Its evidence is the first statement."""
        title, text = self._article.source.title, self._article.text[self._article.body :]
        if self._statements and " ".join(title.rstrip(" …").split()) not in " ".join(text.split()):
            first = self._statements[0]
            yield Statement(first.start, first.end, title, -1, -1, Kind.HEADING)

    def _meeting(
        self, group: Sequence[Report], fields: Fields | None, told: Set[int] = frozenset()
    ) -> Meeting:
        """The meeting of a group of reports. `fields` are those of the article if it is the only
        one: then all statements may be about it, but for those of other meetings, `told`."""
        best = group[0]
        near = self._near(group, told, only=fields is not None and len(self._records) == 1)
        days = best.days
        first, last = (days.first, days.last) if days else (None, None)
        chair = self._leader(best, near, fields)
        place = fields.place if fields else None
        # The words of a title in front matter cannot be quoted.
        in_text = (one.statement for one in group if one.statement.index >= 0)
        shown = next(in_text, best.statement)
        return Meeting(
            name=self._name(best, near),
            date=first,
            end_date=last if last != first else None,
            year_from=days.year_from if days else None,
            place=(self._locations.place(group, chair) if place is None else place) or None,
            chair=chair,
            evidence=quoted(self._article, shown.start, shown.end),
        )

    def _leader(self, best: Report, near: Sequence[Statement], fields: Fields | None) -> str | None:
        """Who chaired it: whom its fields name; else the first sentence that says so; else who is
        marked in the list of those present, or whom another field names."""
        named = fields.chair if fields else None
        if named and (self._is_minutes or (fields and fields.reports)):
            return named
        said = (name for each in near if (name := self._chair(each.text)) is not None)
        listed = find_listed_chair(self._present, self._words) if best.says_held else None
        return next(said, listed or named) or None

    def _near(self, group: Sequence[Report], told: Set[int], *, only: bool) -> list[Statement]:
        """The statements that may say more: the reports' own, then those that follow the best."""
        best = group[0].statement
        reporting = [report.statement for report in group]
        indices = told | self._absent | {statement.index for statement in reporting}
        behind = slice(best.index + 1, best.index + 1 + MAX_BEHIND)
        return reporting + [
            statement
            for statement in (self._statements if only else self._statements[behind])
            if statement.index not in indices and (only or statement.paragraph == best.paragraph)
        ]

    def _name(self, best: Report, near: Sequence[Statement]) -> str:
        """The name in its words; the article's title where those are "meeting" or "it" alone."""
        name, title = self._worded_name(best, near), self._article.source.title
        is_stamp = self._words.dates.published.match(title)
        name = title if not name or (is_bare(name, self._words) and not is_stamp) else name
        return name if any(map(str.isalpha, name)) else best.statement.text.strip(" #*-")

    def _worded_name(self, best: Report, near: Sequence[Statement]) -> str:
        """The noun phrase of the meeting; where people only "met", one near by, or who did."""
        text = best.statement.text
        dates = [date.span for date in find_dates(text, self._words)]
        places = find_places(text, self._words, dates)
        breaks = [*dates, *(place.span for place in places)]
        if best.is_heading:
            return heading_name(text, best.date.span, self._words)
        if not best.by_verb:
            return noun_phrase(text, best.noun, breaks, self._words)
        for statement in near:
            noun = self._noun(statement.text)
            if noun and statement.paragraph == best.statement.paragraph:
                return noun_phrase(statement.text, noun.span(), [], self._words)
        spans = (place.span for place in places if place.rank is not PlaceRank.MENTIONED)
        return subject_before(text, best.noun, [*dates, *spans], self._words)
