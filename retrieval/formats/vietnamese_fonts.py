"""Vietnamese that was typed for a font of TCVN 3 ("Héi ®ång häp ngµy") → its letters. Pure.

Such fonts, as .VnTime, show the letters of Vietnamese in the places of others. A page or a document
of that time has the others, in whatever encoding it was saved since; nobody can read or find them
without the font.
"""

from __future__ import annotations

import re

JUDGED_CHARACTERS = 20_000
"""Whether a text is for such a font is judged by so many of its characters."""

LEAST_SIGNS, SIGNS_A_WORD = 4, 0.15
"""So many different signs stand within words, and so many signs for each word, before the letters
are compared. Other texts have one or two, for measures, notes or ordinals; half of the stretches of
100 characters of Vietnamese have more than 0.22 a word."""

_PLACES = (
    (0xA1, "ĂÂÊÔƠƯĐăâêôơưđ"), (0xB5, "àảãáạ"), (0xBB, "ằẳẵắ"), (0xC6, "ặầẩẫấậè"),
    (0xCE, "ẻẽéẹềểễếệìỉ"), (0xDC, "ĩíịò"), (0xE1, "ỏõóọồổỗốộờởỡớợù"), (0xF1, "ủũúụừửữứựỳỷỹýỵ"),
)  # fmt: skip
_LETTERS = {first + at: letter for first, run in _PLACES for at, letter in enumerate(run)}
_SIGN_IN_WORD = re.compile("(?<=[a-zA-Z])[®µ¸¹¶·¨©ª¬¼½¾]|[®µ¸¹¶·¨©ª¬¼½¾](?=[a-zA-Z])")
_D_BEGINS = re.compile(r"(?<![^\W\d_])®(?=[^\W\d_])")
"""A "đ", with which words of every Vietnamese text begin, and none ends."""
_OTHER_LETTER = re.compile(r"[^\W\d_\x00-\xff]")
_WORD = re.compile(r"[^\W\d_]+")


def vietnamese_of_font(text: str) -> str | None:
    """Return a text with the letters that a font of TCVN 3 shows; None if it is for none."""
    sample = text[:JUDGED_CHARACTERS]
    signs = _SIGN_IN_WORD.findall(sample)
    if len(set(signs)) < LEAST_SIGNS or len(signs) < SIGNS_A_WORD * len(_WORD.findall(sample)):
        return None
    if not _D_BEGINS.search(sample) or _OTHER_LETTER.search(text):
        return None
    # Imported here: few texts are read so, and what needs no numpy is not to wait for it.
    from ..languages.letters import LetterTable  # noqa: PLC0415
    from .single_byte import LEAST_MARGIN, MOST_ON_AVERAGE  # noqa: PLC0415

    table, shown = LetterTable.load(), sample.translate(_LETTERS)
    (cost, average), (as_it_stands, _) = table.cost(shown), table.cost(sample)
    is_likelier = cost + LEAST_MARGIN < as_it_stands and average <= MOST_ON_AVERAGE
    return text.translate(_LETTERS) if is_likelier else None
