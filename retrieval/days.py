"""Days of the calendar as articles tell them: often without a year."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

LEAP_YEAR = 2000
"""Stands in where a year is unknown, for every day of any year is in it."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar, whose year may be unknown.

    As text it is ISO 8601, `2025-02-07`; without a year `--02-07`, as in RFC 6350. Raises
    ValueError where there is no such day.
    """

    month: int
    day: int
    year: int | None = None

    def __post_init__(self) -> None:
        datetime.date(LEAP_YEAR if self.year is None else self.year, self.month, self.day)

    def __str__(self) -> str:
        year = "-" if self.year is None else f"{self.year:04}"
        return f"{year}-{self.month:02}-{self.day:02}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The day that `str` has written. Raises ValueError for other text."""
        year, month, day = text.rsplit("-", 2)
        return cls(int(month), int(day), None if year == "-" else int(year))

    def date(self) -> datetime.date | None:
        """The date, if the year is known."""
        return datetime.date(self.year, self.month, self.day) if self.year else None


class YearFrom(StrEnum):
    """Where the year of a meeting comes from."""

    STATED = "stated"
    HEADER = "header"
    URL = "url"
    CONTEXT = "context"
    WEEKDAY = "weekday"
    """It is stated; the weekday beside it is not that of the day."""
