"""Phrases of a language's file → regular expressions.

In a phrase `*` stands for any letters, a space for any white space, `…` for what else a clause may
hold. A phrase begins and ends where a word does, and is found in either case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

Pattern = re.Pattern[str]

MAX_ELLIPSIS = 100
"""The most characters that `…` stands for."""

NEVER = re.compile(r"(?!)")
"""What matches nothing."""


def phrase_pattern(phrases: Iterable[str]) -> Pattern:
    """A pattern of any of the phrases, the longest first."""
    return re.compile(alternatives(phrases), re.IGNORECASE)


def alternatives(phrases: Iterable[str]) -> str:
    """The text of such a pattern, as a part of a larger one."""
    # Each once: twice in a part that is repeated, it takes time without end.
    longest_first = sorted(dict.fromkeys(phrases), key=len, reverse=True)
    if not longest_first:
        return NEVER.pattern
    begin_mark = [_text(phrase) for phrase in longest_first if not _begins_word(phrase)]
    begin_word = [phrase for phrase in longest_first if _begins_word(phrase)]
    # Looked for once, not by each phrase: most of a text is not where a word begins.
    parts = [rf"(?<!\w)(?:{_by_letter(begin_word)})"] if begin_word else []
    return f"(?:{'|'.join([*parts, *begin_mark])})"


def _by_letter(phrases: Sequence[str]) -> str:
    """The phrases by their first letters, for few of them begin as a word of a text does; as they
    are if one begins with any."""
    if any(phrase[0] == "*" for phrase in phrases):
        return "|".join(map(_text, phrases))
    groups = dict[str, list[str]]()
    for phrase in phrases:
        groups.setdefault(phrase[0].casefold(), []).append(phrase)
    return "|".join(
        f"{same[0][0]}(?:{'|'.join(_text(phrase)[1:] for phrase in same)})"
        for same in groups.values()
    )


def _begins_word(phrase: str) -> bool:
    return phrase[0].isalnum() or phrase[0] == "*"


def _text(phrase: str) -> str:
    text = r"\s+".join(re.escape(word).replace(r"\*", r"\w*") for word in phrase.split())
    text = text.replace(r"\s+…\s+", rf"\b(?:[^.!?;]|(?<=\d)\.){{1,{MAX_ELLIPSIS}}}\b")
    return text + (r"(?!\w)" if phrase[-1].isalnum() or phrase[-1] == "*" else "")
