"""Bytes of which each is a character → the likeliest of the texts that they may be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

JUDGED_BYTES, BYTES_AROUND = 20_000, 60
"""A text is judged by so many of its bytes: those beyond ASCII, and so many around each."""

LEAST_MARGIN = 6.0
"""The likeliest text is so much likelier than any other, as a natural logarithm, or none is taken:
chosen with MOST_ON_AVERAGE on half of NTREX-128, in 52 languages and the encodings of each."""
MOST_ON_AVERAGE = 6.0
"""A character beyond ASCII of a text is on average no less likely than this."""

MAC, DOS = 5.0, 7.0
"""Texts in the encodings of these are so much rarer, as a natural logarithm."""

_MAC = ("roman", "latin2", "cyrillic", "greek", "turkish", "croatian", "romanian", "iceland")
_DOS = (437, 737, 850, 852, 857, 858, 861, 862, 866)
SINGLE_BYTE_CODECS = {
    "cp1252": ("Windows-1252", 0.0),
    **{f"cp{n}": (f"Windows-{n}", 1.0) for n in (1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258)},
    "iso8859-15": ("ISO-8859-15", 1.0),
    **{f"iso8859-{n}": (f"ISO-8859-{n}", 2.0) for n in (2, 5, 6, 7, 8, 9, 13)},
    **{f"iso8859-{n}": (f"ISO-8859-{n}", 6.0) for n in (3, 4, 10, 14, 16)},
    "koi8-r": ("KOI8-R", 1.0),
    "koi8-u": ("KOI8-U", 1.0),
    **{f"mac-{name}": (f"Mac {name.title()}", MAC) for name in _MAC},
    **{f"cp{n}": (f"DOS {n}", DOS) for n in _DOS},
    "cp775": ("DOS 775", 2 * DOS),
}
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
_MARKUP = re.compile(rb"<[^<>]*>|&[#\w]{1,30};")
NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffe\uffff]")
"""Controls, characters of private use, and what is no character: a text has none of them."""
# Tones in a row, as no language writes them; to compose them would take the square of their number.
_STACKED = re.compile("[\u0300-\u036f]{30}")


class Reading(NamedTuple):
    """A text that bytes may be, by its codec: how unlikely it is, as a natural logarithm, and how
    unlikely a character beyond ASCII is there on average."""

    cost: float
    average: float
    codec: str


def likeliest_text(data: bytes, *, markup: bool = False) -> tuple[str, str] | None:
    """Return the likeliest text of bytes that are none of UTF-8, and its encoding's name; None if
    another text is nearly as likely, or none is likely. With `markup` it is that of a page, which
    is judged without its tags."""
    readings = likely_readings(data, markup=markup)
    if not readings:
        return None
    best, *others = readings
    if best.average > MOST_ON_AVERAGE or (others and others[0].cost - best.cost < LEAST_MARGIN):
        return None
    whole = _decoded(data, best.codec)
    return None if whole is None else (whole, SINGLE_BYTE_CODECS[best.codec][0])


def likely_readings(data: bytes, *, markup: bool = False) -> list[Reading]:
    """Return what bytes may be, as `likeliest_text` judges it, the likeliest first."""
    # Imported here: few texts are read so, and what needs no numpy is not to wait for it.
    from ..languages.letters import LetterTable  # noqa: PLC0415

    sample = b"\n".join(_beyond_ascii(_MARKUP.sub(b" ", data) if markup else data))
    used = bytes(set(data))
    readings: dict[str, Reading] = {}
    for codec, (_, rarity) in SINGLE_BYTE_CODECS.items():
        text = None if _decoded(used, codec) is None else _decoded(sample, codec)
        if text is not None and text not in readings:
            cost, average = LetterTable.load().cost(text)
            readings[text] = Reading(cost + rarity, average, codec)
    return sorted(readings.values())


def _decoded(data: bytes, codec: str) -> str | None:
    """The text, if these bytes are text in an encoding."""
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return None
    if codec == "cp1258":
        # Its tones are characters of their own; people type and search them composed.
        text = "" if _STACKED.search(text) else unicodedata.normalize("NFC", text)
    return text if text and not NO_TEXT.search(text) else None


def _beyond_ascii(data: bytes) -> Iterator[bytes]:
    end = 0
    left = JUDGED_BYTES
    for match in _BEYOND_ASCII.finditer(data):
        if match.end() <= end:
            continue
        start, end = max(match.start() - BYTES_AROUND, end), match.end() + BYTES_AROUND
        yield data[start : min(end, start + left)]
        left -= end - start
        if left <= 0:
            return
