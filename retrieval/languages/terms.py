"""Words as they are compared: visible, folded, and without the endings of their language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import cache

import Stemmer

from . import Words, language_of

QUESTION_MARKS = ("?", "？", "؟")
"""What ends a question, in any script."""

UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
)
"""Characters of scripts that put no space between words: Thai, Lao, Burmese, Khmer, Kana, Han."""

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


def folded_phrases(phrases: Iterable[str]) -> frozenset[Words]:
    """Return the folded words of each phrase."""
    return frozenset(tuple(folded_words(phrase)) for phrase in phrases)


def leading_phrases(words: Sequence[str], phrases: Collection[Words]) -> list[Words]:
    """Return the phrases that folded words begin with, one behind the other, each the longest that
    fits; `phrases` are as `folded_phrases` gives them."""
    longest, start, leading = max(map(len, phrases)), 0, list[Words]()
    while start < len(words):
        runs = (tuple(words[start : start + length]) for length in range(longest, 0, -1))
        run = next((run for run in runs if run in phrases), None)
        if run is None:
            break
        leading.append(run)
        start += len(run)
    return leading


@cache
def stemmer_of(language: str) -> Stemmer.Stemmer | None:
    """The Snowball stemmer of a language, by its code; None where there is none."""
    name = language_of(language).stemmer
    return Stemmer.Stemmer(name) if name else None
