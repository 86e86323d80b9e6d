"""A date as admins and their programs write it → ISO. Pure."""

from __future__ import annotations

import datetime
import re
from functools import cache
from pathlib import Path

_YEAR_FIRST = re.compile(r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?[-/.]\s?(\d{4})(?!\d)")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?\d{4,6}Z?)?")
_NUMBER = re.compile(r"(?<!\d)(\d{1,2}|\d{4})(?!\d)")
_URL_DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})([-/]?)(\d{2})\2(\d{2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)\d{2}\.\d{2}\.(?:19|20)\d{2}(?!\d)")
_TIME = re.compile(r"\d{1,2}:\d{2}.*")

LONGEST = 60
"""No date has more characters."""


def read_date(value: object, language: str = "") -> str | None:
    """The day that a value of front matter or TOML says, as ISO; None if it says none for certain.

    `language` tells what 05/04/2024 means: in all but English the day comes first, in English
    nobody knows.
    """
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    text = str(value or "").strip()
    if len(text) > LONGEST:
        return None
    if match := _YEAR_FIRST.match(text) or _DIGITS.fullmatch(text):
        return _iso(match[1], match[2], match[3])
    if match := _YEAR_LAST.match(text):
        first, mark, second, year = match.groups()
        if mark == "." or int(first) > 12 or first == second or language not in ("", "en"):
            return _iso(year, second, first) or _iso(year, first, second)
        return _iso(year, first, second) if int(second) > 12 else None
    return _in_words(text)


def url_date(url: str | None) -> str | None:
    """The date in an address such as /2024/12/19/ or -20241219-."""
    for year, _, month, day in _URL_DATE.findall(url or ""):
        if date := read_date(f"{year}-{month}-{day}"):
            return date
    return None


def path_date(path: str) -> str | None:
    """The date in the name of a file, or of the folder of an index.md, as Jekyll, Zola and Hugo
    have it: 2024-12-19-slug.md, minutes-20241219.txt, 2024_12_19.md, rat-19.12.2024.pdf. The name
    of another folder may have the day on which its files were saved."""
    folder, name = Path(path).parent.name, Path(path).stem
    name = folder if name.lower().split(".")[0] in ("index", "_index") else name
    if date := url_date(re.sub(r"(?<=\d)[_.](?=\d)", "-", name)):
        return date
    dates = _DAY_FIRST.findall(name)
    return read_date(dates[0]) if dates else None


def _in_words(text: str) -> str | None:
    """The day of a date such as "April 5, 2024", "5. April 2024" or "ngày 5 tháng 4 năm 2024"."""
    text = _TIME.sub("", text.lower())
    if not _NUMBER.search(text):
        return None  # Most values are empty; the months' names take a while.
    names, numbers_of = _months()
    months = {numbers_of[match[0]] for match in names.finditer(text)}
    numbers = _NUMBER.findall(names.sub(" ", text))
    years = [number for number in numbers if len(number) == 4]
    days = [number for number in numbers if len(number) < 3]
    if len(months) != 1 or len(years) != 1 or len(days) != 1:
        return None
    return _iso(years[0], months.pop(), days[0])


def _iso(year: str, month: str | int, day: str) -> str | None:
    try:
        return datetime.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


@cache
def _months() -> tuple[re.Pattern[str], dict[str, int]]:
    """A pattern of the names of months in all languages, and the number of each."""
    from ..languages.meeting_words import month_numbers  # noqa: PLC0415 - Babel takes a while

    numbers = month_numbers()
    names = sorted(numbers, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)"), numbers
