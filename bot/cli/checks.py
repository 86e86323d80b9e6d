"""The values of `passage doctor`, and how a terminal shows them."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..ui.text import clean

NAMED = 3
"""How many files or servers a line names."""


class State(StrEnum):
    """How a check ended. With a warning the bot runs, but not with all it could."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


MARKS = {State.OK: "ok", State.WARNING: "!", State.PROBLEM: "x"}


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, how it is, and what the operator can do about it."""

    name: str
    state: State
    says: str
    do: str = ""


def lines(checks: Sequence[Check], width: int = 80) -> list[str]:
    """The checks for a terminal: a mark, a name, what is so, and below it what to do."""
    margin = max((len(check.name) for check in checks), default=0) + 6
    text = textwrap.TextWrapper(width, break_long_words=False, break_on_hyphens=False)
    text.subsequent_indent = " " * margin
    said = []
    for check in checks:
        text.initial_indent = f"{MARKS[check.state]:<3} {check.name}".ljust(margin)
        said += text.wrap(clean(check.says))
        text.initial_indent = text.subsequent_indent
        said += text.wrap(clean(check.do))
    return said


def named(names: Sequence[str], between: str = ", ") -> str:
    """The first names, and how many more there are."""
    more = [f"and {len(names) - NAMED} more"] if len(names) > NAMED else []
    return between.join([*names[:NAMED], *more])


def count(things: Sequence[object] | Mapping[str, object], noun: str) -> str:
    """How many there are, in words: "1 article", "5 articles"."""
    return f"{len(things)} {noun}" if len(things) == 1 else f"{len(things)} {noun}s"
