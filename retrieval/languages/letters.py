"""How likely a text is in the language that it is likeliest in, by its letters side by side.

A model of pairs of letters, by which the right one of several readings of the same bytes is told:
Li and Momoi, "A Composite Approach to Language/Encoding Detection", IUC 19, 2001. `python -m
bench.letter_table` makes the table.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

STEPS = 15
"""A natural logarithm's 1 is so many steps of the table."""

NO_LETTER, NO_LANGUAGES, FIRST_LETTER = 0, 1, 2
"""The table's numbers of what is no letter, of a letter of no language, and of the first letter."""

# What each of these costs, in natural logarithms.
COMMON_SIGN, RARE_SIGN, SIGN_IN_WORD, CAPITAL_IN_WORD, BY_FIGURE = 6.0, 14.0, 8.0, 8.0, 8.0
LONE_LETTER = 8.0
_COMMON_SIGNS = "\xa0\xad\u200c“”„‘’‚«»–—…•·§°€©®¿¡"
_IN_WORD = "’´\xad\u200c"
# A sign where no text has it: "§" without a figure, a low quotation mark, "•", "€" or "§" right
# behind a word, the first also behind an apostrophe, several signs within one.
_MISPLACED = re.compile(
    r"§(?!§|\s{0,2}\d)|(?<=')[„‚]|(?<=[^\W\d_])(?:[„‚•€§]|[^\w\s\x00-\x7f’]{2,4}(?=[^\W\d_]))"
)
# Quotation marks, each with others of which a text has one that has it.
_PAIRS = (("«", "»"), ("»", "«"), ("„", '“”»"'), ("‚", "‘’‹'"))
# Of an ordinal or a number ("3º", "5.ª", "Nº 4", "12 ºC"), as common as a sign of degrees.
_ORDINAL = re.compile(r"(?<=\d)[ºª]|(?<=\d[.\s])[ºª]|(?<=\b[nN])º|(?<=\b[nN]\.)º")
# A letter of another alphabet by itself between words in Latin letters.
_LONE = re.compile(r"(?<=[a-zA-Z])[\W\d_]{1,20}(?=\w)[\u0370-\u1fff][\W\d_]{1,20}(?=[a-zA-Z])")


@dataclass(frozen=True, slots=True)
class LetterTable:
    """What letters cost, in natural logarithms times `STEPS`.

    `costs`, uint8 of shape (languages, symbols, symbols), has the cost of the last symbol behind
    the middle one; the symbols from `FIRST_LETTER` on are `numbers`' letters.
    """

    costs: NDArray[np.uint8]
    numbers: dict[str, int]

    @classmethod
    @cache
    def load(cls) -> LetterTable:
        """Read the table beside this file, once."""
        path = files(__package__).joinpath("letters.npz")
        with path.open("rb") as file, np.load(file) as arrays:
            letters = str(arrays["letters"])
            costs = arrays["costs"]
        return cls(costs, {letter: number for number, letter in enumerate(letters, FIRST_LETTER)})

    def cost(self, text: str) -> tuple[float, float]:
        """Return how unlikely a text is, as a natural logarithm, in the likeliest of all languages,
        and how unlikely its characters beyond ASCII are there on average."""
        text = _ORDINAL.sub("°", text)
        number = {
            char: self.numbers.get(char.lower()[0], NO_LANGUAGES if _is_letter(char) else NO_LETTER)
            for char in set(text)
        }
        symbols = np.array([NO_LETTER, *map(number.__getitem__, text), NO_LETTER])
        beyond = np.array([False, *(char > "\x7f" for char in text), False])
        pairs = symbols[:-1] * len(self.costs[0]) + symbols[1:]
        costs = np.empty((2, len(self.costs)))
        for row, of in enumerate((pairs, pairs[beyond[:-1] | beyond[1:]])):
            distinct, counts = np.unique(of, return_counts=True)
            costs[row] = self.costs.reshape(len(self.costs), -1)[:, distinct] @ (counts / STEPS)
        language = costs[0].argmin()
        signs = _cost_of_signs(text)
        return float(costs[0, language] + signs), float(costs[1, language] + signs) / max(
            int(np.count_nonzero(beyond[:-1] | beyond[1:])), 1
        )


def _is_letter(char: str) -> bool:
    return char.isalpha() or unicodedata.category(char) == "Mn"


def _cost_of_signs(text: str) -> float:
    """What is unlikely of a text's characters beyond ASCII that are no letters, of letters of
    another alphabet by themselves, and of capitals behind small letters."""
    misplaced = len(_MISPLACED.findall(text))
    misplaced += sum(
        text.count(mark) for mark, others in _PAIRS if not any(map(text.count, others))
    )
    cost: float = misplaced * (RARE_SIGN - COMMON_SIGN)
    cost += len(_LONE.findall(text)) * LONE_LETTER
    for before, char, after in zip(" " + text, text, text[1:] + " ", strict=False):
        if char > "\x7f" and not _is_letter(char):
            cost += (
                COMMON_SIGN
                if char in _COMMON_SIGNS
                or (char == "£" and after.isdigit())
                or (char == "´" and before.isalpha() and after.isalpha())
                else RARE_SIGN
            )
            if char not in _IN_WORD and before.isalpha() and after.isalpha():
                cost += SIGN_IN_WORD
        elif char > "\x7f" and (before.isdigit() or after.isdigit()):
            cost += BY_FIGURE
        if char.isupper() and before.islower():
            cost += CAPITAL_IN_WORD
    return cost
