"""The results of `passage doctor`, and their lines in a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..ui.text import clean

LISTED = 3
"""How many files or servers a line lists."""


class CheckState(StrEnum):
    """The result of a check. With a warning the bot runs, but something does not work."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


OK, WARNING, PROBLEM = CheckState

MARKS = {OK: "ok", WARNING: "!", PROBLEM: "x"}


@dataclass(frozen=True, slots=True)
class Check:
    """What was checked, the result, and what the operator can do about it."""

    name: str
    state: CheckState
    says: str
    do: str = ""


def lines(checks: Sequence[Check], width: int = 80) -> list[str]:
    """Format checks for a terminal: a mark, a name, the result, and below it what to do.

    Args:
        checks: the checks, in the order in which they are shown.
        width: the terminal's, in columns.
    """
    margin = max((len(check.name) for check in checks), default=0) + 6
    text = textwrap.TextWrapper(width, break_long_words=False, break_on_hyphens=False)
    text.subsequent_indent = " " * margin
    wrapped = []
    for check in checks:
        text.initial_indent = f"{MARKS[check.state]:<3} {check.name}".ljust(margin)
        wrapped += text.wrap(clean(check.says))
        text.initial_indent = text.subsequent_indent
        wrapped += text.wrap(clean(check.do))
    return wrapped


def first_of(names: Sequence[str], separator: str = ", ") -> str:
    """Join the first names, and say how many more there are."""
    more = [f"and {len(names) - LISTED} more"] if len(names) > LISTED else []
    return separator.join([*names[:LISTED], *more])


def counted(number: int, noun: str) -> str:
    """Format a number of things, as in "1 article" and "5 articles"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
