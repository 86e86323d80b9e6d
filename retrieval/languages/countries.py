"""The names of countries in every language that has words here, by the Unicode CLDR."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from babel import Locale
from babel.languages import get_official_languages

from . import languages
from .terms import fold

_MARKS = re.compile(r"[\W_]+")


@lru_cache(maxsize=10_000)  # An article's place is looked up under several questions.
def name_key(name: str) -> str:
    """A name without accents, case, spaces and marks: "Hà Nội" and "Hanoi" are the same."""
    return _MARKS.sub("", fold(name))


@cache
def country_codes() -> dict[str, str]:
    """The countries' codes (ISO 3166) by the keys of their names."""
    return {
        name_key(name): code
        for language in languages()
        for code, name in Locale(language).territories.items()
        if len(code) == 2 and code.isalpha()
    }


def country_name(code: str, language: str) -> str:
    """The name of a country (ISO 3166) in a language (ISO 639-1)."""
    return str(Locale(language).territories.get(code, code))


@cache
def is_official(language: str, country: str) -> bool:
    """Whether a language is an official one of a country."""
    return language in get_official_languages(country, de_facto=True)
