"""Mistyped words of a question, corrected by the words of the articles.

A word is within one edit of another (Damerau, "A technique for computer detection and correction of
spelling errors", Communications of the ACM, 1964) if a letter is put in, left out or replaced, or
two neighbours are swapped; these are four of five typos.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ..index.vocabulary import Vocabulary
from ..languages.terms import WORD, accented_words

LEAST_LETTERS = 5
"""Shorter words are not corrected: too many others are within one edit of them."""
MOST_WORDS = 8
"""The most words of a question that are looked at, the first ones: it bounds the time."""

TokenCounts = Callable[[Sequence[str]], Sequence[int]]


def corrected(text: str, vocabulary: Vocabulary, token_counts: TokenCounts) -> str:
    """Return a question's `text` (NFC) with words of the `vocabulary` for those that seem to be
    mistyped: they are in no passage, and a word within one edit of them is.

    A model's tokenizer has fewer tokens for a word of a language than for what is none:
    "paragraph" is one, "pargaraph" three. So a word is corrected only if that spares a token, and
    two if it has a capital: it may be a name. Most names, inflected words and compounds that the
    articles lack stay as they are. `token_counts` counts the tokens of each of some texts.
    """
    parts, end, looked_at = list[str](), 0, 0
    for match in WORD.finditer(text):
        typed, word = match[0], "".join(accented_words(match[0]))
        if len(word) < LEAST_LETTERS or not word.isalpha() or vocabulary.count(word):
            continue
        spared = 2 if typed[0].isupper() else 1
        if correction := _correction(word, vocabulary, token_counts, spared):
            parts += text[end : match.start()], _in_case_of(typed, correction)
            end = match.end()
        if (looked_at := looked_at + 1) == MOST_WORDS:
            break
    return "".join((*parts, text[end:]))


def _correction(
    word: str, vocabulary: Vocabulary, token_counts: TokenCounts, spared: int
) -> str | None:
    """The word within one edit that spares so many tokens: of fewest tokens, then of most passages,
    if there is one."""
    similar = [candidate for candidate in _within_one_edit(word, vocabulary) if candidate.isalpha()]
    if not similar:
        return None
    tokens, *fewer = token_counts([word, *similar])
    ranked = (
        (count, -vocabulary.count(candidate), candidate)
        for candidate, count in zip(similar, fewer, strict=True)
        if count <= tokens - spared
    )
    return min(ranked, default=(None,))[-1]


def _within_one_edit(word: str, vocabulary: Vocabulary) -> Iterator[str]:
    """The words of the vocabulary within one edit. The first letter is seldom mistyped: it is the
    same, or the second one, where the two were swapped or one was put before."""
    half = len(word) // 2
    start, end = word[:half], word[half + 1 :]
    lengths = range(max(LEAST_LETTERS, len(word) - 1), len(word) + 2)
    for letter in dict.fromkeys(word[:2]):
        for candidate in vocabulary.beginning(letter):
            # An edit leaves one half as it is: for most words this is all that is looked at.
            if (
                (candidate.startswith(start) or candidate.endswith(end))
                and len(candidate) in lengths
                and is_one_edit(word, candidate)
            ):
                yield candidate


def is_one_edit(word: str, other: str) -> bool:
    """Return whether one edit makes a word into another that is not the same."""
    common = next((n for n in range(len(word)) if word[n : n + 1] != other[n : n + 1]), len(word))
    a, b = word[common:], other[common:]
    swapped = a[1::-1] + a[2:]
    return a != b and (a[1:] == b[1:] or a[1:] == b or a == b[1:] or swapped == b)


def _in_case_of(typed: str, word: str) -> str:
    if typed.isupper():
        return word.upper()
    return word.capitalize() if typed[0].isupper() else word
