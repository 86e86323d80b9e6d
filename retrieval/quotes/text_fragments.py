"""Words of an article → the end of an address that opens a page at them. Pure.

Text fragments (https://wicg.github.io/scroll-to-text-fragment/): a browser looks for the first
words and then for the last ones. It regards no case, accents, or kinds of white space and
quotation marks; what it looks for begins and ends with a word, within one block of the page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from urllib.parse import quote as percent_encode

from ..languages.terms import UNSPACED
from ..models import Span

LEAST = 3
"""So many words are looked for at least, for a page has words that its article's file has not."""

WHOLE = 2 * LEAST
"""A quote of no more words is looked for as it stands."""

BEFORE = 1_000
"""The words before a quote are taken from so many characters."""

_RUN = re.compile(r"[^\s、。，．！？；：…「」『』（）《》〈〉【】]+")
_VARIABLE = re.compile(r"""["'*_`«»‘-‟‹›\u2010-\u2015\u2212\-<>\[\]]""")
"""Marks that a page may set otherwise than the file: quotation marks, hyphens, markup."""
_QUOTATION_MARKS = {"'": "‘’‚‛", '"': "“”„‟"}
_IGNORED = re.compile("[\u0300-\u036f\xad\u200b-\u200f\u2060\ufeff]")
_STACK = re.compile(r"[^\w\s]{30}")
"""Marks in a row, which NFKD would sort in the square of their number: a joiner parts them."""
_CELL_BOUND = re.compile(r"^[-+=:| \t]++$|\||\t|(?<![\s.!?:]) {2,}| {3,}", re.M)
"""What parts the cells of a table, which are blocks of the page each, and the rules in it."""
_WITHIN = ".,:;'’·_"
"""Between two letters or digits these do not end a word (UAX 29)."""


def text_fragment(text: str, start: int, end: int) -> str | None:
    """The fragment directive for the words of `text[start:end]`, such as `:~:text=first,last`.

    It names the fewest words that stand once in the text, and the words before them where they
    stand there more often. None if nothing tells them apart. Where nothing tells the last words
    apart, the page is opened at the first ones.
    """
    text = _CELL_BOUND.sub(lambda bound: "\n" * len(bound[0]), text)
    words = list(_words(text, start, end))
    if not words:
        return None
    beginning = _beginning(text, words)
    if beginning is None:
        return None
    prefix, head = beginning
    tail = _ending(text, words, head)
    parts = [f"{_encoded(prefix)}-"] if prefix else []
    parts += [_encoded(part) for part in (head, tail) if part]
    return f":~:text={','.join(parts)}"


def _beginning(text: str, words: Sequence[Span]) -> tuple[str | None, str] | None:
    """The fewest of the first words that stand once in the text; or else some of them, behind the
    fewest before them with which they do. None if nothing tells them apart."""
    first, last = words[0][0], words[-1][1]
    page = _folded_page(text)

    def once(words: str) -> bool:
        wanted = _folded(words)
        return page.find(wanted) == page.rfind(wanted)

    heads = list(_anchors(text[first:upto] for _, upto in words))
    whole = heads[-1]
    if whole == text[first:last] and _size(whole) <= WHOLE and not _VARIABLE.search(whole):
        heads = [whole]
    if (head := _least(heads, once)) is not None:
        return None, head
    head = _least(heads, lambda _: True) or whole
    before = text[:first].rstrip()
    told = text[len(before) : first] + head
    prefix = _least(_ends_of(before), lambda words: once(words + told))
    return None if prefix is None else (prefix, head)


def _ending(text: str, words: Sequence[Span], head: str) -> str | None:
    """The fewest of the last words that stand nowhere else behind the `head`; None if there are
    none."""
    first, last = words[0][0], words[-1][1]
    rest = _folded(text[first:last])[len(_folded(head)) :]
    left = [start for start, _ in words if start >= first + len(head)]

    tails = _anchors(text[start:last] for start in reversed(left))
    return _least(tails, lambda words: rest.find(_folded(words)) + len(_folded(words)) == len(rest))


def _words(text: str, start: int, end: int) -> Iterator[Span]:
    """The whole words between two offsets, without the punctuation around them.

    Where no space parts words, those between two marks are one: where each ends is not known.
    """
    for run in _RUN.finditer(text, start, end):
        letters = [at for at in range(*run.span()) if _is_letter(text[at])]
        if letters:
            first, last = letters[0], letters[-1] + 1
            if not _is_within_word(text, first) and not _is_within_word(text, last):
                yield first, last


def _is_letter(character: str) -> bool:
    """Whether it is a letter, a digit or a mark on one."""
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _is_within_word(text: str, at: int) -> bool:
    left, right = text[max(0, at - 2) : at], text[at : at + 2]
    if left[-1:] in _WITHIN:
        left = left[:-1]
    elif right[:1] in _WITHIN:
        right = right[1:]
    return bool(left and right) and _is_letter(left[-1]) and _is_letter(right[0])


def _anchors(growing: Iterable[str]) -> Iterator[str]:
    """Those within one line: what stands on two may stand in two blocks of the page."""
    for words in growing:
        if len(words.splitlines()) > 1:
            return
        yield words


def _ends_of(text: str) -> Iterator[str]:
    """More and more of the words at the end of a text, all of one line."""
    line = max(text.rfind("\n") + 1, len(text) - BEFORE)
    return (text[start:] for start, _ in reversed(list(_words(text, line, len(text)))))


def _least(anchors: Iterable[str], fits: Callable[[str], bool]) -> str | None:
    """The first that fits and is long enough; one word fewer where that spares variable marks."""
    found: list[str] = []
    for words in anchors:
        if fits(words):
            found.append(words)
            if _size(words) >= LEAST:
                break
    plain = [words for words in found if _size(words) > 1 and not _VARIABLE.search(words)]
    return (plain or found)[-1] if found else None


def _size(words: str) -> int:
    """How many words these are; two characters are one where no space parts words."""
    return len(words.split()) + len(UNSPACED.findall(words)) // 2


def _folded(text: str) -> str:
    """The text as it is compared."""
    if not text.isascii():
        text = _STACK.sub("\\g<0>\u034f", text)
        text = _IGNORED.sub("", unicodedata.normalize("NFKD", text))
        for folded, marks in _QUOTATION_MARKS.items():
            for mark in marks:
                text = text.replace(mark, folded)
    return " ".join(text.casefold().split())


_folded_page = lru_cache(maxsize=1)(_folded)
"""The same page is looked through for each of its quotes."""


def _encoded(words: str) -> str:
    encoded = percent_encode(" ".join(words.split()), safe="", errors="replace")
    return encoded.replace("-", "%2D")
