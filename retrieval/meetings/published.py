"""When and where an article was published, as far as it says so itself. Pure."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import islice, takewhile

from ..articles.dates import path_date, url_date
from ..articles.paragraphs import is_stamp
from ..days import Day, YearFrom
from ..languages.meeting_words import MeetingWords
from ..languages.phrase_patterns import Pattern, alternatives
from ..models import Article
from .body_lines import body_lines
from .dates import DateMention, find_dates
from .places import title_case

HEAD_LINES, FOOT_LINES = 8, 4
"""The number of lines at the top and at the foot that say what an article is and when it is of."""

MAX_LINE = 120
"""A line of more characters is no date line."""

MAX_DATELINE = 2_000
"""The number of first characters of a line in which a dateline is looked for."""

MIN_REPORT_LINE = 60
"""A line of fewer characters is not the first of a report."""

MAX_UPDATE = 31
"""An article that says only when it was updated is of at most so many days before."""

RECENT = 7
"""Days before an article within which what it tells of is news."""

MAX_AHEAD = 200
"""A day without a year that is announced is within so many; a further one may be over."""

MAX_LABEL, MAX_WORDS = 40, 7
"""Characters before a date behind its label, and words around a date that has none."""

_PLACE = r"(?P<place>[^\W\d_][\w'’\-]*(?:[ .]{1,2}[^\W\d_][\w'’\-]*){0,3})"
_AGENCY = r"\((?:[^()\d]{2,30})\)"
_DATELINES = (
    # GENEVA, June 4 (AFP) – | Wien, am 29. Mai 2013 | Cuzco (Perú), 9 jun.-
    re.compile(
        rf"^\W*{_PLACE}\s*(?:\([^()\d]{{2,30}}\)\s*)?,\s*(?P<rest>[^–—]{{0,40}}?\d[^–—]{{0,30}}(?!\w))"
    ),
    # Hanoi (VNA) -
    re.compile(rf"(?:^\W*+|[)\]]\s*+){_PLACE}\s*+,?\s*+{_AGENCY}\s*[.,:]?\s*(?:[–—-]|(?=\w))"),
    # ROSARIO.- | Quảng Ninh – | 10.03.2024 / HOFBIEBER - | SALEM, Ore. -
    re.compile(
        rf"^(?:[\d./-]{{8,10}}\s[/|])?\W*{_PLACE}\s*"
        r"(?:\.\s?[–—-]+|(?:,\s[A-Z][a-z]+\.)?\s[–—-])\s*[\"“„«]?(?=\w)"
    ),
)
_LIST_ITEM = re.compile(r"\s*(?:[-–—•*]\s|\d{1,2}[.)]\s+(?!\d|[^\W\d_]+\s+\d{4}))")
_EVENT = re.compile(r"\s*:\s+[^\W\d_]")  # Behind the day of a calendar: "3 May: bake sale".
_BAR = re.compile(r"\s[·•|]+\s")
_SENTENCE = re.compile(r"[^\W\d_]{3}[.!?](?:\s|$)")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]{4,}")
_LONG_WORD = re.compile(r"[^\W\d_]{3,}")
_VOWEL = re.compile(r"[aeiouy]", re.IGNORECASE)
_PART = re.compile(r"#{2,6}\s")  # The heading of a part of a text.
_URL_MONTH = re.compile(r"/((?:19|20)\d\d)/(0[1-9]|1[0-2])/")


@dataclass(frozen=True, slots=True)
class Published:
    """The day of an article, in the readings that it allows, and the place of its dateline.

    Where only the month is known, the day is its last and `is_month` is true. `is_update`: the day
    is that of an update. `latest` is the day on which the page was last changed, where nothing
    says when the article was published: it is older than that, nobody knows by how much.
    """

    days: tuple[Day, ...] = ()
    year_from: YearFrom | None = None
    dateline_place: str | None = None
    is_month: bool = False
    is_update: bool = False
    latest: datetime.date | None = None

    @property
    def newest(self) -> datetime.date | None:
        """The latest day that the article may be of; None if nothing says when it was published."""
        return max((date for day in self.days if (date := day.date())), default=None)

    def is_before(self, day: Day) -> bool:
        """Whether the article is of before a day."""
        date, limit = day.date(), self.newest or self.latest
        return bool(date and limit and date > limit)

    def may_announce(self, day: Day, *, stated: bool) -> bool:
        """Whether a day is after the article's, at most MAX_AHEAD after it if its year is not
        `stated`; or of a known year where the article's day is unknown."""
        date, today = day.date(), self.newest
        if date is None or today is None:
            return date is not None
        return date > today and (stated or (date - today).days <= MAX_AHEAD)

    def age(self, day: Day) -> int | None:
        """How many days a day is before the article; None where one of them is not known."""
        date, today = day.date(), self.newest
        return (today - date).days if date and today else None

    def is_recent(self, day: Day) -> bool:
        """Whether a day is that of the article, or one of the few before it."""
        age = self.age(day)
        return age is not None and 0 <= age <= RECENT

    def gives_year(self, day: Day) -> bool:
        """Whether a day may be of the article's year: not if it is long before an update."""
        date = day.date()
        age = self.newest - date if date and self.newest else datetime.timedelta()
        return not self.is_update or age.days <= MAX_UPDATE


def find_published(article: Article, words: MeetingWords) -> Published:
    """The day and the place that the article's source, its date lines or its dateline state."""
    place, dateline_days = _dateline(article, words)
    source = article.source
    by_url = url_date(source.url) == source.date
    # Less sure than what the text says, if nothing else may have said it.
    by_name = path_date(source.path) == source.date and not (article.body or source.metadata_sha256)
    if source.date and (by_url or not by_name):
        origin = YearFrom.URL if by_url else YearFrom.HEADER
        return Published((Day.parse(source.date),), origin, place)
    days, updates = _date_lines(article, words)
    if updates[0] and dateline_days and not dateline_days[0].year:
        dateline_days = ()
    if days := days or dateline_days:
        return Published(days, YearFrom.HEADER if days[0].year else None, place)
    if issue := _issue(article, words):
        return Published((issue,), YearFrom.HEADER, place, True)
    if month := _URL_MONTH.search(source.url or ""):
        return Published((_last_day(int(month[1]), int(month[2])),), YearFrom.URL, place, True)
    if source.date:
        return Published((Day.parse(source.date),), YearFrom.URL, place)
    days, latest = updates
    known = YearFrom.HEADER if days else None
    return Published(days, known, place, is_update=bool(days), latest=latest)


def _dating_lines(lines: Iterable[str], count: int) -> list[str]:
    """The first lines that may say when an article was published; of one between bars that ends in
    a credit, what stands before that."""
    kept = (
        " · ".join(takewhile(lambda part: not is_stamp(part.strip(" *_")), _BAR.split(line)))
        if is_stamp(line.strip())
        else line
        for line in lines
    )
    return list(islice(filter(None, kept), count))


def _last_day(year: int, month: int) -> Day:
    return Day(month, calendar.monthrange(year, month)[1], year)


def _date_lines(
    article: Article, words: MeetingWords
) -> tuple[tuple[Day, ...], tuple[tuple[Day, ...], datetime.date | None]]:
    """The day that a line at the top or the foot is there for; and if none is, that of an update at
    the top, or else the latest day on which the page was changed.

    "Updated" is what a newspaper writes when it prints; "last updated" is of a page of any age.
    """
    lines = body_lines(article)
    head = _dating_lines(lines, HEAD_LINES)
    updates: tuple[Day, ...] = ()
    latest: datetime.date | None = None
    above, is_top = "", True
    foot = _dating_lines(reversed(lines[HEAD_LINES:]), FOOT_LINES)[::-1]
    for index, line in enumerate(lines_of_page := [*head, *foot]):
        cue = words.events.future if index > 1 else words.events.agenda
        lines_above = head[max(0, index - 2) : index] if index < len(head) else []
        invite = words.events.invited.search(" ".join(lines_above))
        names = index <= 1 or words.events.nouns.search(above)
        is_next = len(above) <= MAX_LINE and ((names and cue.search(above)) or invite)
        above, is_top = line, is_top and index < len(head) and not _SENTENCE.search(line)
        for mention in find_dates(line, words) if len(line) <= MAX_LINE and not is_next else ():
            days = _full_days(mention)
            if not days or not _is_date_line(line, mention, words):
                continue
            near = lines_of_page[max(0, index - 1) : index + 2]
            if sum(has_days_alone(each, words) for each in near) > 1:
                continue  # It is one of a list.
            label = line[: mention.start]
            if not words.dates.updated.search(label):
                return days, ((), None)
            if is_top and not _LETTER.search(words.dates.updated.sub("", label, count=1)):
                updates = updates or days
            latest = max(filter(None, [latest, *(day.date() for day in days)]), default=None)
    return (), (updates, latest)


def _issue(article: Article, words: MeetingWords) -> Day | None:
    """The last day of the month that a newsletter is of: "No. 47 – November 2017"."""
    for line in _dating_lines(body_lines(article), HEAD_LINES):
        match = month_pattern(words).search(line) if len(line) <= MAX_LINE else None
        if match and not _SENTENCE.search(line) and not words.events.nouns.search(line):
            month = words.months.get(" ".join(match[1].lower().split()))
            if month:
                return _last_day(int(match[2]), month)
    return None


def _full_days(mention: DateMention) -> tuple[Day, ...]:
    """The days that a date may mean, if it is one day with a year."""
    days = tuple(first for first, last in mention.readings if first == last and first.year)
    if mention.weekday is None:
        return days
    return tuple(day for day in days if (date := day.date()) and date.weekday() == mention.weekday)


def _is_date_line(line: str, mention: DateMention, words: MeetingWords) -> bool:
    """Whether the line is there for the date: behind a label, or at its beginning or end with
    little else than a time or a name. It is no heading of a part and no item of a list."""
    before, after = line[: mention.start], line[mention.end :]
    if bars := [*_BAR.finditer(before)]:
        before = before[bars[-1].end() :]
    after = _BAR.split(after)[0]
    others = (words.events.nouns, words.events.minutes, words.dates.asked)
    if any(other.search(line) for other in others):
        return False
    if _PART.match(line) or _LIST_ITEM.match(line):
        return False
    labels = (words.dates.published, words.dates.updated)
    if any(label.search(before) for label in labels) and len(before) <= MAX_LABEL:
        return True
    if _EVENT.match(after) or line.startswith("|"):  # A row of a table is an event's as well.
        return False
    counts = [len(_LONG_WORD.findall(part)) for part in (before, after)]
    if sum(counts) <= 3:
        return True
    return min(counts) <= 2 and sum(counts) <= MAX_WORDS and not _SENTENCE.search(line)


def has_days_alone(line: str, words: MeetingWords) -> bool:
    """Whether a line has days and no more than times beside them."""
    dates = find_dates(line, words)
    for date in dates[::-1]:
        line = f"{line[: date.start]} {line[date.end :]}"
    return bool(dates) and not _WORD.search(line)


def _dateline(article: Article, words: MeetingWords) -> tuple[str | None, tuple[Day, ...]]:
    """The place, and the day if it has one, before the dash that opens a report."""
    lines = body_lines(article)
    for pattern in _DATELINES:
        has_date = "rest" in pattern.groupindex
        for line in _dating_lines(lines, HEAD_LINES) if has_date else lines[:HEAD_LINES]:
            match = pattern.search(line[:MAX_DATELINE])
            if match is None or not _is_place_name(match["place"], words):
                continue
            is_word = match["place"].count(" ") == 0
            if len(line) < MIN_REPORT_LINE and not (
                has_date and (is_word or article.text.count(match["place"]) > 1)
            ):
                continue  # The name of a newspaper or of an office may look like a place.
            dates = find_dates(match["rest"] if has_date else "", words)
            days = [first for first, last in dates[0].readings if first == last] if dates else []
            if days or not has_date:
                return title_case(match["place"]), tuple(days)
    return None, ()


def _is_place_name(name: str, words: MeetingWords) -> bool:
    """Whether each word has a capital or is a particle, and none is a day or a meeting."""
    parts = name.replace(".", " ").split()
    if name in words.countries or not _VOWEL.search(name):
        return False  # A country is no dateline, and a word without a vowel is an agency's.
    particles = {word for particle in words.place_particles for word in particle.split()}
    return (
        all(part[0].isupper() or part in particles for part in parts)
        and not {name.lower(), *map(str.lower, parts)} & {*words.months, *words.weekdays}
        and not words.events.nouns.search(name)
        and not words.events.minutes.search(name)
        and not words.people.bodies.search(name)
        and not words.people.titles.fullmatch(parts[-1])
    )


@cache
def month_pattern(words: MeetingWords) -> Pattern:
    """A month (group 1) with its year (group 2), and without a day."""
    joins = alternatives([*words.dates.of, *words.dates.before_year])
    no_day = "".join(rf"(?<!\d\s{re.escape(of)}\s)" for of in words.dates.of)
    return re.compile(
        rf"(?<!\d\s)(?<!\d\.\s){no_day}({alternatives(words.months)})"
        rf"(?:\s*,?\s*(?:{joins}\s+)?|/)((?:19|20)\d\d)(?!\d)",
        re.IGNORECASE,
    )
