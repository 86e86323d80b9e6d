"""Words as they are compared: folded, without stop words, stemmed."""

from __future__ import annotations

import unicodedata
from functools import cache

import Stemmer

from . import LANGUAGES


def fold(text: str) -> str:
    """Lower case without accents: "Tô Huy Rứa" → "to huy rua", "Straße" → "strasse"."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return "".join(c for c in plain if not unicodedata.combining(c))


@cache
def stemmer_of(language: str) -> Stemmer.Stemmer | None:
    name = LANGUAGES[language].stemmer if language in LANGUAGES else None
    return Stemmer.Stemmer(name) if name else None
