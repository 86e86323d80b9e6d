"""Minutes that only their file is said to be: `minutes/2015-06-22.md`. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from ..articles.dates import path_date
from ..days import Day, YearFrom
from ..languages import language_of, languages
from ..languages.meeting_words import MeetingWords, meeting_words
from .date_ranges import DateRange
from .dates import DateMention
from .reports import Report
from .statements import Statement

_DAY = re.compile(r"\d{4}([-_.]?)\d\d\1\d\d|\d\d\.\d\d\.\d{4}")
_COUNTED = re.compile(r"(?<!\d)(?<!\d[-_.])[1-9]\d?[\W_]?[^\W\d_]+")
"""A number with what it counts: 30-minutes."""
_OTHERS = re.compile(
    r"\b(?:readme|templates?|vorlagen?|plantillas?|bi[eể]u m[aẫ]u)\b"
    r"|(?<!\bwith )(?<!\bmit )(?<!\bcon )"
    r"\b(?:attachments?|anlagen?|anhang|anexos?|ph[uụ] l[uụ]c)\b",
    re.IGNORECASE,
)
"""What lies among minutes and is none."""
_JOURNAL = re.compile(r"\bacta \w+(?:ica|ae)\b", re.IGNORECASE)
"""The Latin title of one, in the name of a folder: "Acta Medica"."""
_NO_LETTERS = re.compile(r"[\W\d_]+")
_POSTS = re.compile(r"(?:^|/)_?(?:posts?|blogs?|news)/", re.IGNORECASE)
"""Folders in which the day in a file's name is that of its publication."""


def filed_minutes(path: str, statements: Sequence[Statement], words: MeetingWords) -> list[Report]:
    """The meeting of an article whose folder, or whose file's whole name, says that it holds
    minutes, with the day in that name; none where one of them does not.

    Args:
        path: where the article's file is, below the folder of the corpus.
        statements: those of the article, from its title on.
        words: those of its language. Folders may be named in another.
    """
    day = path_date(path)
    if day is None or not statements or _POSTS.search(path):
        return []
    parts = PurePosixPath(path).with_suffix("").parts
    *folders, name = map(_letters, parts)
    if any(map(_OTHERS.search, (*folders, name))) or any(map(_JOURNAL.search, folders)):
        return []
    known = [each.events for code in languages() if (each := meeting_words(language_of(code)))]
    if any(each.agenda.search(name) or each.cancelled.search(name) for each in known):
        return []
    if not any(each.minutes.search(folder) for each in known for folder in folders):
        rest = words.events.minutes.sub("", name)
        if rest == name or words.events.nouns.sub("", rest).strip():
            return []
    title = statements[0]
    if not any(map(str.isalpha, title.text)):  # It is a day alone.
        title = replace(title, text=next(filter(None, [name, *reversed(folders)])))
    date = Day.parse(day)
    days = DateRange(date, date, YearFrom.URL)
    noun = (0, len(title.text))
    return [Report(title, noun, DateMention(0, 0), days, is_title=True, is_heading=True)]


def _letters(part: str) -> str:
    """The words of a part of a path, but those that are counted."""
    return _NO_LETTERS.sub(" ", _COUNTED.sub(" ", _DAY.sub(" ", part))).strip()
