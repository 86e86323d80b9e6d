"""The numerals that word processors give to lists, by the names that Word and OpenDocument have for
them."""

from __future__ import annotations

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
    if not 0 <= number <= MAX_NUMBER:
        return None
    match style:
        case "decimal" | "1":
            return str(number)
        case "decimalZero":
            return f"{number:02}"
        case "lowerLetter" | "upperLetter":  # Behind "z" Word has each letter twice, then thrice.
            text = _letters(number, most=3)
        case "a" | "A":  # OpenDocument has two ways to go on, and they are told elsewhere.
            text = _letters(number, most=1)
        case "lowerRoman" | "upperRoman" | "i" | "I":
            text = _roman(number)
        case _:
            return None
    return (text.upper() if style[0] in "uAI" else text) or None


def _letters(number: int, most: int) -> str:
    """A letter, up to `most` times; "" where the letters do not go as far."""
    times, at = divmod(number - 1, len(_LATIN))
    return _LATIN[at] * (times + 1) if 0 <= times < most else ""


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text
