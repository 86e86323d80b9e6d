"""Words as they are compared: folded, and without the endings of their language."""

from __future__ import annotations

import unicodedata
from functools import cache

import Stemmer

from . import language_of


def fold(text: str) -> str:
    """Lower case without accents: "Tô Huy Rứa" → "to huy rua", "Straße" → "strasse"."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return "".join(c for c in plain if not unicodedata.combining(c))


@cache
def stemmer_of(language: str) -> Stemmer.Stemmer | None:
    """The Snowball stemmer of a language, by its code; None where there is none."""
    name = language_of(language).stemmer
    return Stemmer.Stemmer(name) if name else None
