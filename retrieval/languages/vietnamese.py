"""Vietnamese typed without its diacritics: recognised, and read with them again.

"ai la chu tich" → "ai là chủ tịch". A bigram model of syllables (Kneser and Ney, "Improved backing-
off for m-gram language modeling", ICASSP 1995) holds how often syllables follow each other; the
likeliest readings of a question are found as in Viterbi, "Error bounds for convolutional codes",
IEEE Transactions on Information Theory, 1967. `python -m bench.vietnamese_table` makes its table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats
from .terms import fold

MOST_MARKED = 0.25
"""A text is read as one without diacritics if at most so many of its syllables have any: of written
Vietnamese three in four do."""
WORD_EVIDENCE = 4.0
"""The most that one word counts for or against Vietnamese, in log odds: a name says little."""
OTHER_WORD = -0.16
"""The log probability that a word of another language is like no Vietnamese syllable."""
MOST_READINGS = 2
READING_MARGIN = 2.0
"""A second reading is kept if its log probability is at most so much below the best one's."""
SCALE = 16
"""Log probabilities are kept as bytes: minus them, times this."""

BREAK, FOREIGN, NUMBER = range(3)
"""The numbers of what is no syllable: punctuation, and words of other languages and figures. Those
of the syllables follow."""

TOKEN = re.compile(r"[^\W_]+|[.!?;:()\[\]\"“”…,\n]")
"""A word, a figure or a mark of punctuation of a text, which is composed (NFC)."""
_OPEN = re.compile("(o|u(?=y))(?<!qu)([aey])([\u0300\u0301\u0303\u0309\u0323])$")


def syllable_of(word: str) -> str:
    """Return a word in lower case, with its tone's mark on the first of two vowels at its end.

    "Hoà" and "hòa" are both in use, and one syllable here.
    """
    parts = unicodedata.normalize("NFD", word.lower())
    return unicodedata.normalize("NFC", _OPEN.sub(r"\1\3\2", parts))


@dataclass(frozen=True, slots=True, eq=False)
class SyllableTable:
    """How often Vietnamese syllables follow each other, and how often words like them are foreign.

    `syllables` are numbered from NUMBER + 1 on, those that are the same without diacritics in a
    row. `ranges` gives the first and the last but one number of such a row, by what they are
    without; `foreign`, float32 of shape (rows,), the log probability of that word in the language
    that has it most. `single` and `backoff`, float32 of shape (numbers,), are log probabilities of
    a syllable, and of one that was not seen behind it. `pairs`, int32 in ascending order, are those
    that were: the number of the first × that of all numbers + the number of the second; `chances`,
    uint8 of the same shape, their log probabilities (see SCALE).
    """

    syllables: tuple[str, ...]
    ranges: dict[str, tuple[int, int, float]]
    single: Floats
    backoff: Floats
    pairs: NDArray[np.int32]
    chances: NDArray[np.uint8]

    @classmethod
    @cache
    def load(cls) -> SyllableTable:
        """Read the table beside this file, once."""
        path = files(__package__).joinpath("vietnamese.npz")
        with path.open("rb") as file, np.load(file) as arrays:
            syllables = tuple(str(arrays["syllables"]).split())
            rows = zip(
                str(arrays["plain"]).split(), arrays["starts"], arrays["starts"][1:], strict=False
            )
            foreign = -arrays["foreign"].astype(np.float32) / SCALE
            return cls(
                syllables=syllables,
                ranges={
                    plain: (int(start), int(end), float(chance))
                    for (plain, start, end), chance in zip(rows, foreign, strict=True)
                },
                single=arrays["single"].astype(np.float32),
                backoff=arrays["backoff"].astype(np.float32),
                # The steps between them, the lowest bytes of all first, are a third as long a file.
                pairs=np.cumsum(
                    np.ascontiguousarray(arrays["steps"].T).view("<u4")[:, 0], dtype=np.int32
                ),
                chances=arrays["chances"],
            )

    def readings(self, text: str, most: int = MOST_READINGS) -> tuple[str, ...]:
        """Return the likeliest readings of a text without diacritics, the best first.

        Words of other languages, figures, and syllables that have their marks stay as they are.
        """
        words = list(TOKEN.finditer(text))
        paths, scores = self._paths(text, most)
        likely_paths = [
            path
            for path, score in zip(paths, scores, strict=True)
            if score >= scores[0] - READING_MARGIN
        ]
        return tuple(dict.fromkeys(self._written(text, words, path) for path in likely_paths))

    def evidence(self, text: str) -> float:
        """Return the log odds that a text without diacritics is Vietnamese, at even ones before.

        Names are in any language: in a text that has words in lower case, one with a capital counts
        against it alone.
        """
        words = list(TOKEN.finditer(text))
        (path, *_), _ = self._paths(text, MOST_READINGS)
        chances = self._chances(np.array([BREAK, *path[:-1]]), np.array(path))
        mixed, odds = any(word[0].islower() for word in words), 0.0
        for number, (word, syllable, chance) in enumerate(zip(words, path, chances, strict=True)):
            if syllable in (BREAK, NUMBER):
                continue
            row = self.ranges.get(fold(word[0])) if syllable != FOREIGN else None
            gain = float(chance) - (row[2] if row else OTHER_WORD)
            limit = 0.0 if mixed and number and word[0][0].isupper() else WORD_EVIDENCE
            odds += min(max(gain, -WORD_EVIDENCE), limit)
        return odds

    def _columns(self, words: Sequence[re.Match[str]]) -> list[NDArray[np.int32]]:
        """The numbers that each token may stand for."""
        columns = []
        for word in (match[0] for match in words):
            if not word[0].isalnum():
                numbers: Sequence[int] = (BREAK,)
            elif any(character.isdigit() for character in word):
                numbers = (NUMBER,)
            else:
                syllable = syllable_of(word)
                plain = fold(syllable)
                start, end, _ = self.ranges.get(plain, (FOREIGN, FOREIGN + 1, 0))
                numbers = range(start, end)
                if plain != syllable:
                    same = [n for n in numbers if n > NUMBER and self._syllable(n) == syllable]
                    numbers = same or (FOREIGN,)
            columns.append(np.array(numbers, np.int32))
        return columns

    @lru_cache(maxsize=4)  # noqa: B019 (there is one table; a question is recognised, then read.)
    def _paths(self, text: str, most: int) -> tuple[list[list[int]], list[float]]:
        """The numbers that the tokens of a text are likeliest to stand for, in at most so many
        ways, and the log probabilities of these."""
        columns = self._columns(list(TOKEN.finditer(text)))
        ends = np.array([BREAK], np.int32)
        scores, steps = np.zeros((1, 1), np.float32), list[NDArray[np.intp]]()
        steps_between = list(pairwise((ends, *columns, ends)))
        chances = self._chances(
            np.concatenate([np.repeat(last, len(column)) for last, column in steps_between]),
            np.concatenate([np.tile(column, len(last)) for last, column in steps_between]),
        )
        for last, column in steps_between:
            count = len(last) * len(column)
            moves, chances = chances[:count], chances[count:]
            # Each state keeps its `most` best ways: of shape (ways before, numbers).
            total = (scores[:, :, None] + moves.reshape(len(last), 1, len(column))).reshape(
                -1, len(column)
            )
            best = np.argsort(-total, axis=0, kind="stable")[:most]
            steps.append(np.stack(np.divmod(best, scores.shape[1]), axis=-1))
            scores = np.take_along_axis(total, best, axis=0).T
        paths = []
        for final in range(scores.shape[1]):
            at, rank, path = 0, final, list[int]()
            for number in range(len(columns), 0, -1):
                at, rank = steps[number][rank, at]
                path.append(int(columns[number - 1][at]))
            paths.append(path[::-1])
        return paths, scores[0].tolist()

    def _chances(self, first: NDArray[np.int32], second: NDArray[np.int32]) -> Floats:
        """The log probabilities of numbers, each behind that of `first`."""
        keys = first * len(self.single) + second
        positions = np.minimum(np.searchsorted(self.pairs, keys), len(self.pairs) - 1)
        pair_chances = -self.chances[positions].astype(np.float32) / SCALE
        return np.where(
            self.pairs[positions] == keys, pair_chances, self.backoff[first] + self.single[second]
        ).astype(np.float32)

    def _syllable(self, number: int) -> str:
        return self.syllables[number - NUMBER - 1]

    def _written(self, text: str, words: Sequence[re.Match[str]], path: Sequence[int]) -> str:
        """The text with the syllables of a path."""
        parts, end = list[str](), 0
        for match, number in zip(words, path, strict=True):
            parts.append(text[end : match.start()])
            word, end = match[0], match.end()
            if number > NUMBER and word.isascii():
                syllable = self._syllable(number)
                word = syllable.capitalize() if word[0].isupper() else syllable
            parts.append(word)
        return "".join((*parts, text[end:]))


@lru_cache(maxsize=4)
def is_unmarked_vietnamese(text: str) -> bool:
    """Whether a text, which is composed (NFC), is Vietnamese without its diacritics."""
    words = [match[0] for match in TOKEN.finditer(text) if match[0].isalpha()]
    marked = sum(not word.isascii() for word in words)
    if not words or marked > MOST_MARKED * len(words):
        return False
    # Most questions need no more: at these shares nothing outweighs the words that are none.
    syllables = sum(fold(word) in SyllableTable.load().ranges for word in words)
    if 3 * syllables < len(words):
        return False
    return SyllableTable.load().evidence(text) > 0


def vietnamese_readings(text: str) -> tuple[str, ...]:
    """Return the likeliest readings of Vietnamese without its diacritics, the best first."""
    return SyllableTable.load().readings(text)
