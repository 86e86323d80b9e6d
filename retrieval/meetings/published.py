"""When an article was published, as far as it says so itself. Pure."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass

from ..articles.metadata import url_date
from ..days import Day, YearFrom
from ..models import Article
from .dates import Mention, mentions, month_of, months_of, writes_month_first
from .wording import Wording

HEAD, FOOT = 8, 4
"""So many lines at the top and at the foot may be a date line."""

MAX_LINE = 120
"""A line of more characters is no date line."""

MAX_DATELINE = 2_000
"""A dateline is looked for in so many of the first characters of a line."""

SHORT = 60
"""A line of fewer characters is no report's first."""

MAX_LABEL, MAX_WORDS = 40, 7
"""Characters before a date behind its label, and words beside a date that has none."""

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
_VOWEL = re.compile(r"[aeiouy]", re.IGNORECASE)
_LINKS = frozenset(("de", "del", "la", "am", "an", "der", "of", "upon"))
_URL_MONTH = re.compile(r"/((?:19|20)\d\d)/(0[1-9]|1[0-2])/")


@dataclass(frozen=True, slots=True)
class Published:
    """The day of an article, in the readings that it allows, and the place of its dateline.

    Where only the month is known, the day is its last and `whole_month` says so.
    """

    days: tuple[Day, ...] = ()
    year_from: YearFrom | None = None
    place: str | None = None
    whole_month: bool = False


def published(article: Article, words: Wording) -> Published:
    """What the article's source, its date lines or its dateline say."""
    place, dated = _dateline(article, words)
    source = article.source
    if source.date:
        by_url = url_date(source.url) == source.date
        origin = YearFrom.URL if by_url else YearFrom.HEADER
        return Published((Day.parse(source.date),), origin, place)
    days = _date_line(article, words) or dated
    issue = None if days else _issue(article, words)
    if issue:
        return Published((issue,), YearFrom.HEADER, place, True)
    month = _URL_MONTH.search(source.url or "")
    if not days and month:
        last = calendar.monthrange(int(month[1]), int(month[2]))[1]
        return Published((Day(int(month[2]), last, int(month[1])),), YearFrom.URL, place, True)
    return Published(days, YearFrom.HEADER if days and days[0].year else None, place)


def _date_line(article: Article, words: Wording) -> tuple[Day, ...]:
    lines = [line for line in article.text[article.body :].splitlines() if line.strip()]
    for line in [*lines[:HEAD], *lines[HEAD:][-FOOT:]]:
        if len(line) > MAX_LINE:
            continue
        for mention in mentions(line, words):
            days = _full(mention, article.text, words)
            if days and _is_date_line(line, mention, words):
                return days
    return ()


def _issue(article: Article, words: Wording) -> Day | None:
    """The last day of the month that a newsletter is of: "No. 47 – November 2017"."""
    lines = [line for line in article.text[article.body :].splitlines() if line.strip()]
    for line in lines[:HEAD]:
        match = months_of(words).search(line) if len(line) <= MAX_LINE else None
        if match and not _SENTENCE.search(line):
            if words["events", "nouns"].search(line):
                continue
            month, year = month_of(match[1], words), int(match[2])
            if month:
                return Day(month, calendar.monthrange(year, month)[1], year)
    return None


def _full(mention: Mention, text: str, words: Wording) -> tuple[Day, ...]:
    """The days it may mean, if it is one day with a year.

    "03/11" is read as the article writes its other dates: "3 November" or "March 11".
    """
    days = tuple(first for first, last in mention.readings if first == last and first.year)
    if len(days) > 1 and (month_first := writes_month_first(text, words)) is not None:
        days = days[1:] if month_first else days[:1]
    if mention.weekday is None:
        return days
    return tuple(day for day in days if (date := day.date()) and date.weekday() == mention.weekday)


def _is_date_line(line: str, mention: Mention, words: Wording) -> bool:
    """Whether the line is there for the date: behind a label, or at its beginning or end with
    little else than a time or a name."""
    before, after = line[: mention.start], line[mention.end :]
    if any(words["events", key].search(line) for key in ("nouns", "minutes")):
        return False
    if words["dates", "published"].search(before) and len(before) <= MAX_LABEL:
        return True
    if _LIST_ITEM.match(line):
        return False
    rest = [_words(part) for part in (before, after)]
    if sum(rest) <= 3:
        return True
    return min(rest) <= 2 and sum(rest) <= MAX_WORDS and not _SENTENCE.search(line)


def _words(text: str) -> int:
    return len(re.findall(r"[^\W\d_]{3,}", text))


def _dateline(article: Article, words: Wording) -> tuple[str | None, tuple[Day, ...]]:
    """The place, and the day if it has one, before the dash that opens a report."""
    lines = [line for line in article.text[article.body :].splitlines() if line.strip()]
    for pattern in _DATELINES:
        for line in lines[:HEAD]:
            match = pattern.search(line[:MAX_DATELINE])
            if match is None or not _is_name(match["place"], words):
                continue
            alone = match["place"].count(" ") == 0
            dated = "rest" in match.groupdict()
            if len(line) < SHORT and not (
                dated and (alone or article.text.count(match["place"]) > 1)
            ):
                continue  # A newspaper's name, or an office's, may look like a place.
            found = mentions(match.groupdict().get("rest") or "", words)
            days = [first for first, last in found[0].readings if first == last] if found else []
            if days or "rest" not in match.groupdict():
                return _plain(match["place"]), tuple(days)
    return None, ()


def _is_name(place: str, words: Wording) -> bool:
    """Whether each word has a capital, or joins two that have, and none is a day or an event."""
    parts = place.replace(".", " ").split()
    if place in words.countries or not _VOWEL.search(place):
        return False  # A country is no dateline, and a word without a vowel is an agency's.
    return (
        all(part[0].isupper() or part in _LINKS for part in parts)
        and not {part.lower() for part in parts} & {*words.months, *words.weekdays}
        and place.lower() not in words.weekdays
        and not words["events", "nouns"].search(place)
        and not words["events", "minutes"].search(place)
        and not words["people", "bodies"].search(place)
    )


def _plain(place: str) -> str:
    place = " ".join(place.split())
    return place.title() if place.isupper() else place
