"""When and where an article was published, as far as it says so itself. Pure."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass

from ..articles.metadata import url_date
from ..days import Day, YearFrom
from ..languages.meeting_words import MeetingWords
from ..models import Article
from .dates import DateMention, find_dates, month_pattern, writes_month_first

HEAD, FOOT = 8, 4
"""The number of lines at the top and at the foot that may be a date line."""

MAX_LINE = 120
"""A line of more characters is no date line."""

MAX_DATELINE = 2_000
"""The number of first characters of a line in which a dateline is looked for."""

MIN_REPORT_LINE = 60
"""A line of fewer characters is not the first of a report."""

MAX_LABEL, MAX_WORDS = 40, 7
"""Characters before a date behind its label, and words around a date that has none."""

_PLACE = r"(?P<place>[^\W\d_][\w'’\-]*(?:[ .]{1,2}[^\W\d_][\w'’\-]*){0,3})"
_AGENCY = r"\((?:[^()\d]{2,30})\)"
_DATELINES = (
    # GENEVA, June 4 (AFP) – | Wien, am 29. Mai 2013
    re.compile(
        rf"^\W*{_PLACE}\s*,\s*(?P<rest>[^–—]{{3,40}}?\d[^–—]{{0,30}}?)(?:\s*[–—-]|[.)]?\s|$)"
    ),
    # Hanoi (VNA) -
    re.compile(rf"(?:^\W*+|[)\]]\s*+){_PLACE}\s*+,?\s*+{_AGENCY}\s*[.,:]?\s*(?:[–—-]|(?=\w))"),
    # ROSARIO.- | Quảng Ninh –
    re.compile(rf"^\W*{_PLACE}\s*(?:\.\s?[–—-]+|\s[–—-])\s*[\"“„«]?(?=\w)"),
)
_LIST_ITEM = re.compile(r"\s*(?:[-–—•*]\s|\d{1,2}[.)]\s+(?!\d|[^\W\d_]+\s+\d{4}))")
_SENTENCE = re.compile(r"[^\W\d_]{3}[.!?](?:\s|$)")
_LONG_WORD = re.compile(r"[^\W\d_]{3,}")
_VOWEL = re.compile(r"[aeiouy]", re.IGNORECASE)
_URL_MONTH = re.compile(r"/((?:19|20)\d\d)/(0[1-9]|1[0-2])/")


@dataclass(frozen=True, slots=True)
class Published:
    """The day of an article, in the readings that it allows, and the place of its dateline.

    Where only the month is known, the day is its last and `is_month` is true.
    """

    days: tuple[Day, ...] = ()
    year_from: YearFrom | None = None
    dateline_place: str | None = None
    is_month: bool = False


def find_published(article: Article, words: MeetingWords) -> Published:
    """The day and the place that the article's source, its date lines or its dateline state."""
    place, dateline_days = _dateline(article, words)
    source = article.source
    if source.date:
        by_url = url_date(source.url) == source.date
        origin = YearFrom.URL if by_url else YearFrom.HEADER
        return Published((Day.parse(source.date),), origin, place)
    days = _date_line(article, words) or dateline_days
    if days:
        return Published(days, YearFrom.HEADER if days[0].year else None, place)
    if issue := _issue(article, words):
        return Published((issue,), YearFrom.HEADER, place, True)
    if month := _URL_MONTH.search(source.url or ""):
        return Published((_last_day(int(month[1]), int(month[2])),), YearFrom.URL, place, True)
    return Published(dateline_place=place)


def _lines(article: Article) -> list[str]:
    return [line for line in article.text[article.body :].splitlines() if line.strip()]


def _last_day(year: int, month: int) -> Day:
    return Day(month, calendar.monthrange(year, month)[1], year)


def _date_line(article: Article, words: MeetingWords) -> tuple[Day, ...]:
    lines = _lines(article)
    for line in [*lines[:HEAD], *lines[HEAD:][-FOOT:]]:
        if len(line) > MAX_LINE:
            continue
        for mention in find_dates(line, words):
            days = _full_days(mention, article.text, words)
            if days and _is_date_line(line, mention, words):
                return days
    return ()


def _issue(article: Article, words: MeetingWords) -> Day | None:
    """The last day of the month that a newsletter is of: "No. 47 – November 2017"."""
    for line in _lines(article)[:HEAD]:
        match = month_pattern(words).search(line) if len(line) <= MAX_LINE else None
        if match and not _SENTENCE.search(line) and not words.events.nouns.search(line):
            month = words.months.get(" ".join(match[1].lower().split()))
            if month:
                return _last_day(int(match[2]), month)
    return None


def _full_days(mention: DateMention, text: str, words: MeetingWords) -> tuple[Day, ...]:
    """The days that a date may mean, if it is one day with a year.

    "03/11" is read as the article writes its other dates: "3 November" or "March 11".
    """
    days = tuple(first for first, last in mention.readings if first == last and first.year)
    if len(days) > 1 and (month_first := writes_month_first(text, words)) is not None:
        days = days[1:] if month_first else days[:1]
    if mention.weekday is None:
        return days
    return tuple(day for day in days if (date := day.date()) and date.weekday() == mention.weekday)


def _is_date_line(line: str, mention: DateMention, words: MeetingWords) -> bool:
    """Whether the line is there for the date: behind a label, or at its beginning or end with
    little else than a time or a name."""
    before, after = line[: mention.start], line[mention.end :]
    if words.events.nouns.search(line) or words.events.minutes.search(line):
        return False
    if words.dates.published.search(before) and len(before) <= MAX_LABEL:
        return True
    if _LIST_ITEM.match(line):
        return False
    counts = [len(_LONG_WORD.findall(part)) for part in (before, after)]
    if sum(counts) <= 3:
        return True
    return min(counts) <= 2 and sum(counts) <= MAX_WORDS and not _SENTENCE.search(line)


def _dateline(article: Article, words: MeetingWords) -> tuple[str | None, tuple[Day, ...]]:
    """The place, and the day if it has one, before the dash that opens a report."""
    lines = _lines(article)
    for pattern in _DATELINES:
        has_date = "rest" in pattern.groupindex
        for line in lines[:HEAD]:
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
                return _title_case(match["place"]), tuple(days)
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
    )


def _title_case(name: str) -> str:
    name = " ".join(name.split())
    return name.title() if name.isupper() else name
