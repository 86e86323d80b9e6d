"""Text whose letters stand for others → as it was meant. Pure.

Text that was encoded twice ("BÃ¼rgermeisterin") is UTF-8 that a program took for a single-byte
encoding and saved as UTF-8 once more. Each character of several bytes has become as many
characters, of which no language writes many side by side.

Vietnamese that was typed for a font of TCVN 3 ("Héi ®ång häp ngµy") has its letters in the places
of others, which such fonts, as .VnTime, show. Nobody can read or find them without the font, in
whatever encoding they were saved since.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, partial

CODECS = ("cp1252", "cp1250", "cp1251", "cp1254", "cp1258", "latin-1", "mac-roman")
"""What UTF-8 is taken for."""
CODECS_OF_LINES = ("cp1252", "cp1251")
"""What it is taken for where only some lines of a text were encoded twice."""

LEAST_SEQUENCES = 3
"""So many sequences a line has at least that was encoded twice in a text that was not."""

SHARE = 0.9
"""Of all characters beyond ASCII so many belong to such sequences in a text that was encoded
twice."""

ROUNDS = 3
"""A text may have been encoded so many times too often."""

FOREIGN_SAMPLE = 20_000
"""Whether a text was encoded twice is seen from so many of its characters beyond ASCII."""

_FOREIGN = re.compile("[^\x00-\x7f]+")

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


def repair(text: str) -> str | None:
    """The text as it was before all of it, or some of its lines, were encoded a second time; None
    if none was."""
    if text.isascii():
        return None
    repaired = _undone(text, CODECS, least=1)
    if repaired is not None:
        for _ in range(ROUNDS - 1):
            repaired = _undone(repaired, CODECS, least=1) or repaired
        return repaired
    lines = [
        line if line.isascii() else _undone(line, CODECS_OF_LINES, LEAST_SEQUENCES) or line
        for line in text.split("\n")
    ]
    joined = "\n".join(lines)
    return joined if joined != text else None


def _undone(text: str, codecs: Sequence[str], least: int) -> str | None:
    """The text with one encoding undone, if nearly all of its characters beyond ASCII, and at
    `least` so many sequences of them, say so."""
    foreign = "\n".join(_FOREIGN.findall(text))[:FOREIGN_SAMPLE].lstrip("\ufeff")
    letters = len(foreign) - foreign.count("\n")
    for codec in codecs:
        pattern, to_bytes = _sequences(codec)
        sequences = pattern.findall(foreign)
        # A single short one may be a coincidence: "XÃ”" is Vietnamese in capitals.
        several = len(set(sequences)) > 1 or (len(sequences) > 1 and len(sequences[0]) > 2)
        certain = several and len(sequences) >= least
        if certain and sum(map(len, sequences)) >= SHARE * letters:
            return pattern.sub(partial(_character, to_bytes), text)
    return None


def _character(to_bytes: dict[int, int], sequence: re.Match[str]) -> str:
    data = sequence[0].translate(to_bytes).encode("latin-1")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:  # An overlong form, or half of a pair.
        return sequence[0]


@cache
def _sequences(codec: str) -> tuple[re.Pattern[str], dict[int, int]]:
    """What a character of two to four bytes of UTF-8 looks like in an encoding, and the byte of
    each of its characters."""
    to_bytes = {}
    for byte in range(0x80, 0x100):
        try:
            character = bytes([byte]).decode(codec)
        except UnicodeDecodeError:
            character = chr(byte)  # As browsers read what an encoding leaves open.
        to_bytes[ord(character)] = byte
    of_byte = {byte: re.escape(chr(character)) for character, byte in to_bytes.items()}
    tail = f"[{''.join(of_byte[byte] for byte in range(0x80, 0xC0))}]"
    heads = [range(0xC2, 0xE0), range(0xE0, 0xF0), range(0xF0, 0xF5)]
    kinds = [f"[{''.join(map(of_byte.get, head))}]{tail}{{{n}}}" for n, head in enumerate(heads, 1)]  # type: ignore[arg-type]
    return re.compile("|".join(kinds)), to_bytes


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
