"""When and where an article was published, as far as it says so itself. Pure."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parsedate
from itertools import islice, takewhile

from ..articles.dates import path_date, url_date
from ..articles.paragraphs import is_stamp
from ..days import Day, YearFrom
from ..formats.lines import ends_sentence
from ..languages.meeting_words import MeetingWords
from ..models import Article
from .body_lines import body_lines
from .date_patterns import months_named
from .datelines import find_dateline, is_place_before_day
from .dates import DateMention, find_dates
from .verbs import is_headline

HEAD_LINES, FOOT_LINES = 8, 4
"""The number of lines at the top and at the foot that say what an article is and when it is of."""

MAX_LINE = 120
"""A line of more characters is no date line."""

MAX_UPDATE = 31
"""An article that says only when it was updated is of at most so many days before."""

LONG_TIME = 6
"""The months from the first to the last of what a report is of; a bulletin is of fewer."""

RECENT = 7
"""Days before an article within which what it tells of is news."""

MAX_AHEAD = 200
"""A day without a year that is announced is within so many; a further one may be over."""

MAX_LABEL, MAX_WORDS, MAX_CREDIT = 40, 7, 60
"""Characters before a date behind its label, words around a date that has none, and characters of
the names of who wrote an article."""

_LIST_ITEM = re.compile(r"\s*(?:[-–—•*]\s|\d{1,2}[.)]\s+(?!\d|[^\W\d_]+\s+\d{4}))")
_EVENT = re.compile(r"\s*:\s+[^\W\d_]")  # Behind the day of a calendar: "3 May: bake sale".
_BAR = re.compile(r"\s[·•|]+\s")
# The number of an issue before its day is not the first day of a range: "No. 5 – 7 May 2018".
_ISSUE = re.compile(
    r"(?:#|\b(?:n[ro]?|núm|số|heft|ausgabe|issue|vol)[.º°]*)\s?\d+(?=\s[–—-]\s)", re.IGNORECASE
)
_MAIL = re.compile(r"Date: .*\d:\d\d:\d\d")
_MARKS = " *_()[]>:–—-,"
# Between a day, maybe with its hour, and who wrote the article.
_CREDIT_MARK = re.compile(r"(?:[,\s]*\d\d?[:.]\d\d(?:\s(?:Uhr|h))?)?(?:\s[–—-]|[,.]|\s(?=\())\s?")
_INITIALS = re.compile(r"(?:[^\W\d_]\.[ -]?)+(?:[^\W\d_][^\W\d_'’-]+ ?){1,2}\W*")
# "For the board: Ann Low, "
_SIGNATURE = re.compile(r"\W*[^:.!?\d]{3,40}:\s[^\W\d_a-zà-ÿ][^:\d]{3,60}[.,]\s")
_SENTENCE = re.compile(r"[^\W\d_]{3}[.!?](?:\s|$)")
_STOP = re.compile(r"(?<=[^\W\d_]{3})\.\s")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]{4,}")
_LONG_WORD = re.compile(r"[^\W\d_]{3,}")
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
    lines = body_lines(article)
    head, foot = lines[:HEAD_LINES], lines[HEAD_LINES:]
    dating = _dating_lines(lines, HEAD_LINES, words)
    last = _dating_lines(reversed(foot), FOOT_LINES, words)[::-1]
    place, dateline_days = find_dateline(head, dating, article.text, words)
    source = article.source
    by_url = url_date(source.url) == source.date
    # Less sure than what the text says, if nothing else may have said it.
    by_name = path_date(source.path) == source.date and not (article.body or source.metadata_sha256)
    if source.date and (by_url or not by_name):
        origin = YearFrom.URL if by_url else YearFrom.HEADER
        return Published((Day.parse(source.date),), origin, place)
    full = dateline_days if dateline_days and dateline_days[0].year else ()
    dated = dating  # A headline stays in its place, and dates nothing.
    if dating and dating[0].strip("# ") == source.title and is_headline(source.title, words):
        dated = ["", *dating[1:]]
    days, updates = _date_lines(dated, last, full, words)
    if days := days or (() if updates[0] else dateline_days):
        return Published(days, YearFrom.HEADER if days[0].year else None, place)
    if issue := _issue(dating, last, words):
        return Published((issue,), YearFrom.HEADER, place, True)
    if month := _URL_MONTH.search(source.url or ""):
        return Published((_last_day(int(month[1]), int(month[2])),), YearFrom.URL, place, True)
    if source.date:
        return Published((Day.parse(source.date),), YearFrom.URL, place)
    days, latest = updates
    known = YearFrom.HEADER if days else None
    return Published(days, known, place, is_update=bool(days), latest=latest)


def _dating_lines(lines: Iterable[str], count: int, words: MeetingWords) -> list[str]:
    """The first lines that may say when an article was published; of one between bars that ends in
    a credit of a picture, what stands before that."""
    kept = (
        " · ".join(takewhile(lambda part: not is_stamp(part.strip(" *_")), _BAR.split(line)))
        if is_stamp(line.strip()) and not _credits(line, words)
        else line
        for line in lines
    )
    return list(islice(filter(None, kept), count))


def _last_day(year: int, month: int) -> Day:
    return Day(month, calendar.monthrange(year, month)[1], year)


def _date_lines(
    head: list[str], foot: list[str], dateline: tuple[Day, ...], words: MeetingWords
) -> tuple[tuple[Day, ...], tuple[tuple[Day, ...], datetime.date | None]]:
    """The day that a line at the top or foot is there for, or a full `dateline` above it; and if
    none is, that of an update at the top, or else the latest day on which the page was changed.

    "Updated" is what a newspaper writes when it prints; "last updated" is of a page of any age.
    """
    updates: tuple[Day, ...] = ()
    latest: datetime.date | None = None
    above, is_top = "", True
    for index, line in enumerate(lines_of_page := [*head, *foot]):
        if dateline and any(dateline[0] in _full_days(each) for each in find_dates(line, words)):
            return dateline, ((), None)
        if index < len(head) and (sent := _MAIL.match(line) and parsedate(line[5:])):
            return (Day(sent[1], sent[2], sent[0]),), ((), None)
        cue = words.events.future if index > 1 else words.events.agenda
        lines_above = head[max(0, index - 2) : index] if index < len(head) else []
        invite = words.events.invited.search(" ".join(lines_above))
        names = index <= 1 or words.events.nouns.search(above)
        is_next = len(above) <= MAX_LINE and ((names and cue.search(above)) or invite)
        may_sign = index > max(1, len(lines_of_page) - 3) and ends_sentence(above)
        may_sign &= not is_next or any(map(_full_days, find_dates(above, words)))
        above, is_top = line, is_top and index < len(head) and not _SENTENCE.search(line)
        line = _ISSUE.sub(lambda match: "·" * len(match[0]), line)  # noqa: PLW2901
        for mention in find_dates(line, words) if len(line) <= MAX_LINE else ():
            days = _full_days(mention)
            before, after = line[: mention.start], line[mention.end :]
            is_signed = may_sign and (
                _is_signed(before, after, words)
                or (not after.strip(_MARKS + ".") and _SIGNATURE.fullmatch(before) is not None)
            )
            if not days or not (is_signed or (not is_next and _is_date_line(line, mention, words))):
                continue
            near = lines_of_page[max(0, index - 1) : index + 2]
            if sum(has_days_alone(each, words) for each in near) > 1:
                continue  # It is one of a list.
            if not words.dates.updated.search(before):
                return days, ((), None)
            if is_top and not _LETTER.search(words.dates.updated.sub("", before, count=1)):
                updates = updates or days
            latest = max(filter(None, [latest, *(day.date() for day in days)]), default=None)
    return (), (updates, latest)


def _issue(head: list[str], foot: list[str], words: MeetingWords) -> Day | None:
    """The last day of the month that a newsletter is of ("No. 47 – November 2017"), or in which it
    was signed at its end ("Leeds, in May 2017")."""
    for index, line in enumerate(lines := [*head, *foot[-2:]]):
        months = months_named(line, words) if len(line) <= MAX_LINE else []
        if not months or words.events.nouns.search(line):
            continue
        (start, end), number = months[0]
        if months[-1][1] >= number + LONG_TIME:
            continue  # A report of that time is of after it.
        is_signed = index > max(1, len(lines) - 3) and _is_signed(line[:start], line[end:], words)
        if is_signed or (index < len(head) and not _SENTENCE.search(line)):
            return _last_day(number // 12, number % 12 + 1)
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
    if not after.strip(_MARKS):  # "Parish news, Leeds. Sunday 16 June 2024"
        before = _STOP.split(before)[-1]
    if bars := [*_BAR.finditer(before)]:
        before = before[bars[-1].end() :]
    after = _BAR.split(after)[0]
    mark = _CREDIT_MARK.match(after)
    if mark and (_INITIALS.fullmatch(after, mark.end()) or _credits(after[mark.end() :], words)):
        after = ""
    until_digit = re.split(r"\d", line, maxsplit=1)[0]  # With the "on" before the day.
    is_labelled = any(
        words.dates.published.fullmatch(label) and not words.dates.labels.fullmatch(label)
        for label in (before.strip(_MARKS), until_digit.strip(_MARKS))
    )
    others = (words.events.nouns, words.events.minutes, words.dates.asked, words.dates.week)
    if any(other.search(after if is_labelled else line) for other in others):
        return False
    if _PART.match(line) or _LIST_ITEM.match(line):
        return False
    labels = (words.dates.published, words.dates.updated)
    if is_labelled or (any(each.search(before) for each in labels) and len(before) <= MAX_LABEL):
        return True
    if _EVENT.match(after) or line.startswith("|"):  # A row of a table is an event's as well.
        return False
    counts = [len(_LONG_WORD.findall(part)) for part in (before, after)]
    if sum(counts) <= 3:
        return True
    is_sentence = _SENTENCE.search(f"{before} {after}")
    return min(counts) <= 2 and sum(counts) <= MAX_WORDS and not is_sentence


def _credits(text: str, words: MeetingWords) -> bool:
    """Whether a text is no more than who wrote an article: "written by A. Low", "By Ann Low"."""
    text = text.lstrip(_MARKS)
    by = words.dates.written_by.match(text)
    if by is None or not (text[0].isupper() or by[0][-1] == ":" or " " in by[0]):
        return False
    name = text[by.end() :].strip(_MARKS + ".")
    is_name = name[:1].isupper() or name[:1] == "@"
    return is_name and len(name) <= MAX_CREDIT and not (":" in name or _SENTENCE.search(name))


def _is_signed(before: str, after: str, words: MeetingWords) -> bool:
    """Whether a date is at the end of a line, behind the place or the name of who wrote the text,
    or has only the name and the office of one behind it."""
    after = after.strip(_MARKS + ".")
    if not after and _credits(before, words):
        return True
    is_name = len(after) <= MAX_CREDIT and words.people.titles.search(after)
    return bool(not after or is_name) and is_place_before_day(before, words)


def has_days_alone(line: str, words: MeetingWords) -> bool:
    """Whether a line has days and no more than times beside them."""
    dates = find_dates(line, words)
    for date in dates[::-1]:
        line = f"{line[: date.start]} {line[date.end :]}"
    return bool(dates) and not _WORD.search(line)
