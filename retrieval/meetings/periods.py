"""The year or the period that a title names: days without a year in the text below are of it. Pure.

"Annual report 2023", "No. 12/2014" and "AGM 2024" name what the text is of;
"Council adopts annual report 2023" and "The 2019 fire" only what it is about.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain

from ..articles.paragraphs import is_stamp
from ..formats.lines import ends_sentence
from ..languages.meeting_words import MeetingWords
from ..languages.phrase_patterns import Pattern, alternatives
from ..models import Article, Kind
from .body_lines import body_lines
from .date_patterns import month_pattern, months_named, range_marks
from .date_ranges import Period
from .dates import find_dates, is_full, without_addresses
from .named_months import month_labels
from .published import LONG_TIME, MAX_LINE, Published
from .statements import Statement
from .years import YEAR_BEGIN, YEAR_END, find_year_cues

TOP = 3
"""The number of first lines that may be a title."""

LEAST_ITEMS = 4
"""The least items of a list whose days stand in the order of the calendar by no chance."""

ITEM_BEGIN, ITEM_REACH = 8, 40
"""The most characters before the day of an item, and the first ones in which it stands."""

_YEAR = re.compile(
    r"(?<![\w./-])(?:(?P<issue>\d{1,3})/)?(?P<y>(?:19|20)\d\d)"
    r"(?:\s?[-–—/]\s?(?P<to>(?:19|20)?\d\d))?(?![\w/]|[-.]\d)"
)
_NUMBER_SIGN = re.compile(r"(?:#|\bn[ro]?[.º°]*|\bsố)\s?$", re.IGNORECASE)
_ISSUE = re.compile(r"\D{0,12}\d{1,4}\.?")
_LETTER = re.compile(r"[^\W\d_]")
_BREAK = re.compile(r"[:|,;(]|\s[-–—]\s")


def with_periods(
    article: Article, statements: Sequence[Statement], published: Published, words: MeetingWords
) -> list[Statement]:
    """The statements, each with the period of the title or heading that it stands below.

    One whose paragraph names another year has none, nor has what stands below a heading with one.
    """
    titles = [article.source.title, *(line.strip() for line in body_lines(article)[:TOP])]
    periods = (_periods(line, published, words) for line in titles if not is_stamp(line))
    top = next(chain.from_iterable(periods), None)
    below, result = top, list[Statement]()
    paragraph, text = -1, ""
    for each in statements:
        if each.kind is Kind.HEADING and each.index > 0:
            years = {int(match["y"]) for match in _YEAR.finditer(each.text)}
            below = below or top
            if years and not (below and years == {below.first.year}):
                below = next(_periods(each.text, published, words), None)
        if below:
            text = f"{text} {each.text}" if each.paragraph == paragraph else each.text
            paragraph = each.paragraph
            if find_year_cues(text, words).named <= {below.first.year}:
                each = replace(each, period=below)  # noqa: PLW2901
        result.append(each)
    return result if top else _with_year_of_list(titles, result, words)


def _with_year_of_list(
    titles: Sequence[str], statements: list[Statement], words: MeetingWords
) -> list[Statement]:
    """The statements; where a title names one year, whatever it says of it, the items below it that
    begin with days without one, in the order of the calendar, are of that year; so are months and
    what stands below them, up to another heading, if the title ends in it and is of no plan."""
    found = [
        (int(match["y"]), title, title[match.end() :])
        for title in titles
        if len(title) <= MAX_LINE and not ends_sentence(title)
        for match in _YEAR.finditer(title)
    ]
    if len({year for year, _, _ in found}) != 1:
        return statements
    is_about = any(words.dates.plan.search(title) or _LETTER.search(e) for _, title, e in found)
    labels = {} if is_about else month_labels(statements, words)
    items = {n: (month.number, 0) for n, month in labels.items()}
    for n, each in enumerate(statements):
        date = next(iter(find_dates(each.text[:ITEM_REACH], words)), None)
        if date and date.readings and not date.readings[0][1].year and date.start < ITEM_BEGIN:
            items[n] = date.readings[0][0].month, date.readings[0][0].day
    in_order = [items[n] for n in sorted(items)]
    if len(items) < LEAST_ITEMS or in_order != sorted(in_order):
        return statements
    year, is_below, result = found[0][0], False, list[Statement]()
    for n, each in enumerate(statements):
        if n in labels or each.kind is Kind.HEADING:
            is_below = n in labels and len(labels) >= LEAST_ITEMS
        is_of_year = is_below and find_year_cues(each.text, words).named <= {year}
        if not each.period and (n in items or is_of_year):
            each = replace(each, period=_months(year, 1, 12))  # noqa: PLW2901
        result.append(each)
    return result


def _periods(title: str, published: Published, words: MeetingWords) -> Iterator[Period]:
    """The period that a title names as that of its text, if it names one."""
    title = without_addresses(title).strip("#*_ \t")
    years = list(_YEAR.finditer(title))
    if len(years) > 1 and (months := _from_month_to_month(title, words)):
        yield months
    if len(years) != 1 or len(title) > MAX_LINE or ends_sentence(title):
        return
    if any(is_full(date) for date in find_dates(title, words)):
        return
    (match,) = years
    year, start = int(match["y"]), match.start("y")
    if match["issue"]:
        if _NUMBER_SIGN.search(title[: match.start()]):
            # The first of a year may tell of the year before.
            yield _months(year, 1, 12 if int(match["issue"]) > 1 else YEAR_END - 1)
        return
    month = next((m for m in month_pattern(words).finditer(title) if m.end() == match.end()), None)
    before, after = title[: month.start() if month else start], title[match.end() :]
    if match["to"] or not _names_text(before, after, words):
        return
    if month:
        number = words.months[" ".join(month[1].lower().split())]
        yield _months(year, number, number)
    elif not words.events.nouns.match(title):
        yield _months(year, 1, 12)
    elif not words.dates.plan.search(title):
        # Years are reviewed in meetings early in the next one.
        yield _months(year, YEAR_BEGIN + 1 if words.dates.review.search(title) else 1, 12)


def _from_month_to_month(title: str, words: MeetingWords) -> Period | None:
    """The time of a title such as "Report, July 2024 to June 2025", of twelve months at most."""
    ends = months_named(title, words)
    if len(ends) != 2 or not re.fullmatch(
        rf"\s*{range_marks(words)}\s*", title[ends[0][0][1] : ends[1][0][0]], re.IGNORECASE
    ):
        return None
    first, last = (number for _, number in ends)
    if not LONG_TIME <= last - first < 12:
        return None
    begin = datetime.date(first // 12, first % 12 + 1, 1)
    return Period(begin, _months(last // 12, last % 12 + 1, last % 12 + 1).last)


def _names_text(before: str, after: str, words: MeetingWords) -> bool:
    """Whether a title, cut at its year, says what its text is: "annual report", "AGM", maybe behind
    the name of whose it is, in capitals."""
    parts = [part for part in _BREAK.split(before) if part.strip(" .'’")]
    is_issue = len(parts) > 1 and _ISSUE.fullmatch(parts[-1].strip())
    what = parts[-2 if is_issue else -1].strip() if parts else ""
    rest = after.lstrip()
    joint = words.names.before.match(rest)
    bare = rest[joint.end() :].lstrip() if joint else rest
    behind = _kinds(words).match(rest) or _kinds(words).match(bare)
    tail = behind.string[behind.end() :] if behind else after  # "Our year 2023 in review"
    if not what:  # "2023 annual report"
        return not any(map(str.isalpha, rest)) or bool(behind and _ends(tail, words))
    kinds = list(_kind(words).finditer(what))
    if not kinds or not _ends(tail, words):
        return False
    lead = what[: kinds[0].start()].split()
    is_name = all(word[0].isupper() for word in lead)
    joins = [*words.dates.of, *words.dates.before_year]
    left = what[kinds[-1].end() :]
    if is_issue and _ends(left, words):  # "Newsletter of the club, no. 7 (May 2025)"
        left = ""
    left = words.names.after.sub("", re.sub(alternatives(joins), "", left, flags=re.IGNORECASE))
    return not left.strip() and (len(lead) <= 1 or is_name)


def _ends(after: str, words: MeetingWords) -> bool:
    """Whether a name ends, or goes on with whose it is."""
    rest = after.lstrip()
    return not rest[:1].isalnum() or bool(words.names.after.match(rest))


@cache
def _kind(words: MeetingWords) -> Pattern:
    """What a text is called that is of a year, or of a meeting of a year."""
    kinds = (words.dates.period, words.events.nouns)
    return re.compile("|".join(kind.pattern for kind in kinds), re.IGNORECASE)


@cache
def _kinds(words: MeetingWords) -> Pattern:
    return re.compile(rf"(?:(?:{_kind(words).pattern})\s*)+", re.IGNORECASE)


def _months(year: int, first: int, last: int) -> Period:
    end = calendar.monthrange(year, last)[1]
    return Period(datetime.date(year, first, 1), datetime.date(year, last, end))


def is_reported(before: str, words: MeetingWords) -> bool:
    """Whether what stands before a meeting says that it is of something about it: "to read the
    report of the congress", but not "to the annual congress"."""
    ends = (match.end() for match in words.dates.period.finditer(before))
    return any(set(before[end:].split()[:1]) & set(words.dates.of) for end in ends)
