"""Bytes → text: UTF-8 first, then a byte order mark, then what the text itself lets one see.

An encoding is taken only where the text then reads like one of the languages that are written in
it. Everything else is refused: a wrong guess would be quoted word for word.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from ..languages import language_of
from ..languages.detection import detect

UNKNOWN = "it is not text in any encoding that I know; save it as UTF-8"

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),  # Before UTF-16, whose mark it begins with.
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
# Bytes that are a sign in Windows-1252 and a letter (or the euro) in ISO-8859-15.
_LATIN_9 = re.compile(
    rb"\xa4|(?<=[A-Za-z\xc0-\xff])[\xa6\xa8\xb4\xb8\xbc-\xbe]|[\xbc-\xbe](?=[a-z])"
)
_DECLARED = {
    "iso8859-1": "cp1252",  # As browsers do (WHATWG Encoding Standard, 4.2).
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
_DECLARABLE = re.compile(
    r"cp125[0-8]|iso8859-\d+|koi8-[ru]|gb18030|big5|shift_jis|cp932|euc_jp|euc_kr|cp949|utf-16.*"
)
# Tones in a row, as no language writes them; to compose them would take the square of their number.
_STACKED = re.compile("[\u0300-\u036f]{30}")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_LETTERS = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0100-\u024f\u1ea0-\u1ef9"
# A sign between two letters, or a foreign capital after a small one, as in "fŸr": no language.
_GARBLED = re.compile(
    rf"[a-z][^\x00-\x7f{_LETTERS}’‘´·\xad\u0300-\u036f][a-z]|[a-z][À-ÖØ-ÞŸŠŽŒ][a-z]"
)


def decode(data: bytes, declared: str | None = None) -> tuple[str, str | None]:
    """The text, and the encoding's name if it is not UTF-8.

    UTF-8 keeps its byte order mark as a character, so that offsets count the file's characters;
    other encodings lose theirs. `declared` is what a page or a server calls its encoding; it is
    believed where the bytes are not UTF-8 and can be read so.

    Raises:
        ValueError: it is binary, or in no encoding that is known.
    """
    if not data.startswith(codecs.BOM_UTF32_LE):
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            if "\0" not in text:
                return text, None
    for mark, marked, name in _MARKS:
        if data.startswith(mark):
            return _strict(data, marked), name
    if b"\0" in data:
        return _unmarked_utf16(data)
    if codec := _codec(declared):
        try:
            return data.decode(codec), str(declared)
        except UnicodeDecodeError:
            pass
    return _single_byte(data)


def _codec(declared: str | None) -> str | None:
    try:
        name = codecs.lookup((declared or "").strip()).name
    except (LookupError, ValueError):
        return None
    return _DECLARED.get(name, name if _DECLARABLE.fullmatch(name) else None)


def _strict(data: bytes, codec: str) -> str:
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        raise ValueError(UNKNOWN) from error
    if _CONTROL.search(text):
        raise ValueError("it is not text")
    return text


def _unmarked_utf16(data: bytes) -> tuple[str, str]:
    """UTF-16 without a mark: every other byte of Latin letters is zero."""
    half = max(len(data) // 2, 1)
    for codec, zeros in (("utf-16-le", data[1::2]), ("utf-16-be", data[::2])):
        if zeros.count(0) / half >= 0.5:
            return _strict(data, codec), "UTF-16"
    raise ValueError("it is not text")


def _single_byte(data: bytes) -> tuple[str, str]:
    try:
        separate = data.decode("cp1258")
    except UnicodeDecodeError:
        separate = None
    if separate is not None and not _STACKED.search(separate):
        # Its tones are characters of their own; people type and search them composed.
        composed = unicodedata.normalize("NFC", separate)
        if _is_written_in("windows-1258", composed) and _plausible(composed, 0.5):
            return composed, "Windows-1258"
    latin_9 = _LATIN_9.search(data) and not re.search(rb"[\x80-\x9f]", data)
    codec, name = ("iso8859-15", "ISO-8859-15") if latin_9 else ("cp1252", "Windows-1252")
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        raise ValueError(UNKNOWN) from error
    if not _is_written_in("windows-1252", text) or not _plausible(text, 0.3):
        raise ValueError(UNKNOWN)
    return text, name


def _is_written_in(encoding: str, text: str) -> bool:
    """Whether the text is in a language whose texts may be in an encoding."""
    return language_of(detect(text)).encoding == encoding


def _plausible(text: str, most: float) -> bool:
    """Whether it may be a language's: few controls, and at most that share of foreign letters."""
    letters = [char for char in text if char.isalpha()]
    foreign = sum(char > "\x7f" for char in letters)
    clean = not _CONTROL.search(text) and not _GARBLED.search(text)
    return clean and bool(letters) and foreign <= most * len(letters)
