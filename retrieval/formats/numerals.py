"""The numerals that word processors give to lists, by the names that Word and OpenDocument have for
them."""

from __future__ import annotations

from collections.abc import Callable

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip

MAX_NUMBER = 9_999
"""No list is as long."""


def numeral(number: int, style: str) -> str | None:
    """Return a number in a style such as "lowerRoman" or "i"; None where the style is unknown, or
    has no sign for it."""
    write = _STYLES.get(style)
    return write(number) if write and 0 <= number <= MAX_NUMBER else None


def _roman(number: int) -> str | None:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text or None


def _letters(times_most: int) -> Callable[[int], str | None]:
    """Letters; behind "z" each twice, then `times_most` times, as Word has it."""

    def write(number: int) -> str | None:
        times, at = divmod(number - 1, len(_LATIN))
        return _LATIN[at] * (times + 1) if 0 < number <= times_most * len(_LATIN) else None

    return write


def _upper(write: Callable[[int], str | None]) -> Callable[[int], str | None]:
    return lambda number: (text := write(number)) and text.upper()


_word_letters = _letters(3)
# OpenDocument has two ways to go on behind "z", and they are told elsewhere.
_open_letters = _letters(1)
_STYLES: dict[str, Callable[[int], str | None]] = {
    "decimal": str,
    "1": str,
    "decimalZero": lambda number: f"{number:02}",
    "lowerLetter": _word_letters,
    "upperLetter": _upper(_word_letters),
    "a": _open_letters,
    "A": _upper(_open_letters),
    "lowerRoman": _roman,
    "upperRoman": _upper(_roman),
    "i": _roman,
    "I": _upper(_roman),
}
