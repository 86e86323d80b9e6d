"""Words as they are compared: visible, folded, and without the endings of their language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

import Stemmer

from . import language_of

QUESTION_MARKS = ("?", "？", "؟")
"""What ends a question, in any script."""

WORD = re.compile(r"[^\W_]+")
"""A run of letters and digits."""

_MARK = re.compile(r"[<\[](?=[/|\w]+[>\]])")


def fold(text: str) -> str:
    """Lower case without accents: "Tô Huy Rứa" → "to huy rua", "Straße" → "strasse"."""
    if text.isascii():
        return text.lower()
    return without_diacritics(unicodedata.normalize("NFKC", text.casefold()))


def without_diacritics(text: str) -> str:
    """Return a text with its letters as on a keyboard without diacritics: "Đức" → "Duc"."""
    parts = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in parts if not unicodedata.combining(c))


def visible(text: str) -> str:
    """Return a text without characters that cannot be seen, such as soft hyphens (category Cf)."""
    for character in set(text):
        if unicodedata.category(character) == "Cf":
            text = text.replace(character, "")
    return text


def composed(text: str) -> str:
    """Return a text as tokenizers are given it: compatible characters one (NFKC), invisible ones
    and white space as a single blank or nothing. What reads like a tokenizer's own mark, as `<s>`
    or `[SEP]`, has a blank in it, so that it is words to all of them."""
    whole = unicodedata.normalize("NFKC", visible(text))
    plain = " ".join("".join(c if c.isprintable() else " " for c in whole).split())
    return _MARK.sub(r"\g<0> ", plain)


def folded_words(text: str) -> list[str]:
    """Return the words of a text, folded, in order."""
    return WORD.findall(fold(text))


def accented_words(text: str) -> list[str]:
    """Return the words of a text in lower case, with their diacritics (NFC), in order."""
    if text.isascii():
        return WORD.findall(text.lower())
    lower = unicodedata.normalize("NFC", visible(text)).casefold()
    return WORD.findall(unicodedata.normalize("NFC", lower))


def folded_phrases(phrases: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """Return the folded words of each phrase."""
    return frozenset(tuple(folded_words(phrase)) for phrase in phrases)


@cache
def stemmer_of(language: str) -> Stemmer.Stemmer | None:
    """The Snowball stemmer of a language, by its code; None where there is none."""
    name = language_of(language).stemmer
    return Stemmer.Stemmer(name) if name else None
