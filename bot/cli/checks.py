"""The results of `passage doctor`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

LISTED = 3
"""How many files or servers a line lists."""


class CheckState(StrEnum):
    """The result of a check. With a warning the bot runs, but something does not work."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


OK, WARNING, PROBLEM = CheckState


@dataclass(frozen=True, slots=True)
class Check:
    """What was checked, the result, and what the operator can do about it."""

    name: str
    state: CheckState
    says: str
    do: str = ""


def first_of(names: Sequence[str], separator: str = ", ") -> str:
    """Join the first names, and say how many more there are."""
    more = [f"and {len(names) - LISTED} more"] if len(names) > LISTED else []
    return separator.join([*names[:LISTED], *more])


def counted(number: int, noun: str) -> str:
    """Format a number of things, as in "1 article" and "5 articles"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
