"""What the finder of meetings knows of a language: a table in `words/`, made into patterns.

A further language is a further file. In a phrase `*` stands for any letters, a space for any
white space, `…` for what else a clause may hold; a phrase begins and ends where a word does. The
names of months and weekdays come from the Unicode CLDR, by way of Babel; a table only adds to
them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale

Pattern = re.Pattern[str]

GAP = 100
"""The most characters that `…` stands for."""

_TABLES = files(__package__) / "words"
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Wording:
    """One language's patterns: `events["held"]`, `places["in"]`, and so on as in its table."""

    language: str
    patterns: Mapping[str, Mapping[str, Pattern]]
    months: Mapping[str, int]
    """By name, in lower case."""
    weekdays: Mapping[str, int]
    """By name, in lower case; Monday is 0. A name may end in `*`."""
    dates: Mapping[str, Any]
    """The rest of what the table says of dates, as it is there."""
    countries: frozenset[str]
    """Their names."""
    adjective_after: bool = False
    """Whether an adjective follows its noun."""
    names_begin: bool = False
    """Whether only the first syllable of an office or a body has a capital, as in Vietnamese."""
    nouns_capital: bool = False
    """Whether all nouns begin with a capital."""

    def __getitem__(self, key: tuple[str, str]) -> Pattern:
        return self.patterns[key[0]].get(key[1], _NEVER)


@cache
def wording(language: str) -> Wording | None:
    """The wording of a language by its ISO 639-1 code; None if there is no table of it."""
    file = _TABLES / f"{language}.toml"
    if not language.isalpha() or not file.is_file():
        return None
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    locale = Locale(language)
    return Wording(
        language,
        {part: _patterns(words) for part, words in table.items()},
        _names(locale.months, table["dates"].get("months", {}), first=1),
        _names(locale.days, table["dates"].get("weekdays", {}), first=0),
        table["dates"],
        frozenset(locale.territories.values()),
        bool(table["names"].get("adjective_after")),
        bool(table["names"].get("begin")),
        bool(table["events"].get("capital")),
    )


def languages() -> tuple[str, ...]:
    """The codes of the languages that there is a table of."""
    return tuple(sorted(file.name.removesuffix(".toml") for file in _TABLES.iterdir()))


def phrases(words: Iterable[str]) -> Pattern:
    """A pattern of any of the phrases, the longest first, whatever their case."""
    return re.compile(alternatives(words), re.IGNORECASE)


def alternatives(words: Iterable[str]) -> str:
    """The same, as a part of a larger pattern."""
    each = sorted(words, key=len, reverse=True)
    words_first = [_phrase(phrase) for phrase in each if _begins_word(phrase)]
    marks_first = [_phrase(phrase) for phrase in each if not _begins_word(phrase)]
    # Looked for once, not by each phrase: most of a text is not where a word begins.
    parts = [rf"(?<!\w)(?:{'|'.join(words_first)})"] if words_first else []
    return f"(?:{'|'.join([*parts, *marks_first])})" if each else "(?!)"


def _begins_word(phrase: str) -> bool:
    return phrase[0].isalnum() or phrase[0] == "*"


def _phrase(words: str) -> str:
    text = r"\s+".join(re.escape(word).replace(r"\*", r"\w*") for word in words.split())
    text = text.replace(r"\s+…\s+", rf"\b(?:[^.!?;]|(?<=\d)\.){{1,{GAP}}}\b")
    return text + (r"(?!\w)" if words[-1].isalnum() or words[-1] == "*" else "")


def _patterns(words: Mapping[str, Any]) -> dict[str, Pattern]:
    return {
        key: phrases(value)
        for key, value in words.items()
        if isinstance(value, list) and all(isinstance(word, str) for word in value)
    }


def _names(cldr: Any, more: Mapping[str, Iterable[str]], first: int) -> dict[str, int]:
    """Names of months or weekdays, by name; an abbreviation is known with its dot and without."""
    found: dict[str, int] = {}
    for use in ("format", "stand-alone"):
        for width in ("abbreviated", "wide"):
            names = cldr.get(use, {}).get(width, {})
            for number, name in names.items():
                for form in (name, name.removesuffix(".")):
                    if len(form) > 2:
                        found[form.lower()] = number
    for number, names in more.items():
        found |= {name.lower(): int(number) for name in names}
    return {name: number for name, number in found.items() if first <= number < first + 12}
