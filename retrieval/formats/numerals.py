"""The numerals that word processors give to lists, by the names that Word and OpenDocument have for
them."""

from __future__ import annotations

from collections.abc import Callable

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщыэюя"
_CHINESE = "零一二三四五六七八九"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
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


def _letters(alphabet: str, most: int = 3) -> Callable[[int], str | None]:
    """Letters; behind the last each twice, then `most` times, as Word has it."""

    def write(number: int) -> str | None:
        times, at = divmod(number - 1, len(alphabet))
        return alphabet[at] * (times + 1) if 0 < number <= most * len(alphabet) else None

    return write


def _chinese(number: int) -> str | None:
    if not 0 < number < 1000:
        return None
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_CHINESE[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _CHINESE[tens]) + "十"
    elif hundreds and ones:
        text += _CHINESE[0]
    return text + (_CHINESE[ones] if ones else "")


def _upper(write: Callable[[int], str | None]) -> Callable[[int], str | None]:
    return lambda number: (text := write(number)) and text.upper()


_latin, _russian = map(_letters, (_LATIN, _RUSSIAN))
# OpenDocument has two ways to go on behind "z", and they are told elsewhere.
_latin_once = _letters(_LATIN, 1)
_STYLES: dict[str, Callable[[int], str | None]] = {
    **dict.fromkeys(("decimal", "1", "decimalHalfWidth"), str),
    "decimalZero": lambda number: f"{number:02}",
    "lowerLetter": _latin,
    "a": _latin_once,
    "upperLetter": _upper(_latin),
    "A": _upper(_latin_once),
    **dict.fromkeys(("lowerRoman", "i"), lambda number: (text := _roman(number)) and text.lower()),
    **dict.fromkeys(("upperRoman", "I"), _roman),
    **dict.fromkeys(("russianLower", "а, б, .., аа, бб, ... (ru)"), _russian),
    **dict.fromkeys(("russianUpper", "А, Б, .., Аа, Бб, ... (ru)"), _upper(_russian)),
    **dict.fromkeys(
        (
            "chineseCounting", "chineseCountingThousand", "japaneseCounting",
            "taiwaneseCounting", "taiwaneseCountingThousand", "一, 二, 三, ...",
        ),
        _chinese,
    ),
    **dict.fromkeys(
        ("decimalEnclosedCircle", "decimalEnclosedCircleChinese", "①, ②, ③, ..."),
        lambda number: chr(ord("①") + number - 1) if 0 < number <= 20 else None,
    ),
}  # fmt: skip
