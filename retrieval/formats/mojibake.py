"""Text that was encoded twice ("BÃ¼rgermeisterin") → as it was meant. Pure.

It is UTF-8 that a program took for a single-byte encoding and saved as UTF-8 once more. Each
character of several bytes has become as many characters, of which no language writes many side by
side.
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
