"""Bytes → text: UTF-8 first, then a byte order mark, then what the text itself lets one see.

A file that is UTF-8 but for a few bytes is read as such, with a mark for each of them. Another
encoding is taken only where the text then reads like a language, and clearly more so than in any.
Everything else is refused: a wrong guess would be quoted word for word.
"""

from __future__ import annotations

import codecs
import re

from ..errors import FileError, Trouble
from .mojibake import repair, vietnamese_of_font
from .single_byte import NO_TEXT, likeliest_text

UNKNOWN = "it is not text in any encoding that I know; save it as UTF-8"
MIXED = "it is in several encodings at once; save it as UTF-8"

MOSTLY = 3
"""A text is damaged UTF-8 if it has more than so many characters of several bytes for each byte
that is none of UTF-8; it is a mixture if it has more than one for so many such bytes."""

FEW_DAMAGED = 3
"""No more such bytes are marked and named, however few characters of several bytes there are: no
second encoding is seen in them."""
SOUND = 100
"""In a text of ASCII such bytes are marked where it has so many characters for each."""

TWO_BYTE_LETTERS, COMMON = 30, 0.1
"""A text in letters of two bytes is read as such if it has so many of them, and this share of them
are the commonest ones of its language."""

SHOWN_LINES = 3
"""Of a damaged text so many lines are named."""

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),  # Before UTF-16, whose mark it begins with.
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_DECLARED = {
    "iso8859-1": "cp1252",  # As browsers do (WHATWG Encoding Standard, 4.2).
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
_SEVERAL_BYTES = ("gb18030", "big5", "shift_jis", "cp932", "euc_jp", "euc_kr", "cp949")
_DECLARABLE = re.compile(rf"cp125[0-8]|iso8859-\d+|koi8-[ru]|{'|'.join(_SEVERAL_BYTES)}")
_HANZI, _KANA = "\u4e00-\u9fff", "\u3041-\u3096\u30a1-\u30fe"
_HIRAGANA = "のにはをたがでてとしれさいるなもからこりすま"
# The letters of a language, and its commonest ones: another encoding's bytes seldom give them.
_COMMON = {
    "gb18030": (
        "GB18030",
        _HANZI,
        "的一是不了在人有他这个们中来上大为和国地到以时要就会可也对年市日月",
    ),
    "big5": ("Big5", _HANZI, "的一是不了在人有他這個們中來上大為和國地到以時要就會可也對年市日月"),
    "cp932": ("Shift-JIS", _HANZI + _KANA, _HIRAGANA),
    "euc_jp": ("EUC-JP", _HANZI + _KANA, _HIRAGANA),
    "cp949": ("EUC-KR", "\uac00-\ud7a3", "이다는의에을가하고로지사기를한은인시대정도서자어해"),
}
_BAD = re.compile("[\udc80-\udcff]")
# What UTF-8 has of words; bytes of another encoding seldom look like the rest by chance.
_WRITTEN = re.compile("[\xa0-\u024f\u0370-\uabff\uac00-\ud7ff\uf900-\U0003ffff]")
_MARKUP = re.compile("<[^<>]*>|&[#\\w]{1,30};")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def decode(
    data: bytes, declared: str | None = None, *, markup: bool = False
) -> tuple[str, str | None]:
    """The text, and the encoding's name if it is not UTF-8.

    UTF-8 keeps its byte order mark as a character, so that offsets count the file's characters;
    other encodings lose theirs. `declared` is what a page or a server calls its encoding; it is
    believed where the bytes are not UTF-8 and can be read so. With `markup` the text is that of a
    page: whether it reads like a language is judged without its tags.

    A text whose bytes are UTF-8 but for a few has U+FFFD in their place, and one that was encoded
    twice is repaired, as is one of the letters of an old Vietnamese font: the name says so.

    Raises:
        FileError: it is binary, or in no encoding that is known.
    """
    text, name = _text_of(data, declared, markup)
    vietnamese = vietnamese_of_font(text)
    return (vietnamese, "TCVN 3") if vietnamese else (text, name)


def _text_of(data: bytes, declared: str | None, markup: bool) -> tuple[str, str | None]:
    text = _decoded(data, "utf-8")
    if text is not None and "\0" not in text:
        repaired = repair(text)
        return repaired or text, "UTF-8 that was encoded twice" if repaired else None
    for mark, marked, name in _MARKS:
        if data.startswith(mark):
            return _strict(data, marked), name
    if b"\0" in data:
        return _unmarked_utf16(data)
    data = data.rstrip(b"\x1a")  # With it ends a file of DOS.
    codec = _codec(declared)
    as_declared = _decoded(data, codec) if codec else None
    if as_declared is not None:
        # Any bytes can be read in most encodings of single bytes.
        damaged = None if codec in _SEVERAL_BYTES else _damaged(data)
        return damaged or (as_declared, str(declared))
    likely = _two_bytes(data, markup) or _damaged(data) or likeliest_text(data, markup=markup)
    if likely := likely or _damaged_ascii(data):
        return likely
    raise FileError(UNKNOWN, Trouble.ENCODING)


def _decoded(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _damaged(data: bytes) -> tuple[str, str] | None:
    """The text of UTF-8 with a mark for each byte that is none, and which lines have one; None if
    most bytes are of another encoding. Raises FileError where there is too much of both."""
    text = data.decode("utf-8", "surrogateescape")
    bad, written = (len(text) - len(kind.sub("", text)) for kind in (_BAD, _WRITTEN))
    if written * MOSTLY <= bad:
        return None
    if bad > FEW_DAMAGED and written <= bad * MOSTLY:
        raise FileError(MIXED, Trouble.ENCODING)
    return _marked(text)


def _damaged_ascii(data: bytes) -> tuple[str, str] | None:
    """The text of ASCII with a mark for each of a few bytes that may be anything, and which lines
    have one; None if there are more of them."""
    text = data.decode("ascii", "surrogateescape")
    bad = len(_BAD.findall(text))
    few = bad <= FEW_DAMAGED and bad * SOUND <= len(text) and not NO_TEXT.search(text)
    return _marked(text) if few else None


def _marked(text: str) -> tuple[str, str]:
    lines = [number for number, line in enumerate(text.split("\n"), 1) if _BAD.search(line)]
    named = ", ".join(map(str, lines[:SHOWN_LINES])) + (" …" if len(lines) > SHOWN_LINES else "")
    where = f"line{'s' if len(lines) > 1 else ''} {named}"
    return _BAD.sub("\ufffd", text), f"UTF-8 with damaged characters, marked � ({where})"


def _codec(declared: str | None) -> str | None:
    try:
        name = codecs.lookup((declared or "").strip()).name
    except (LookupError, ValueError):
        return None
    return _DECLARED.get(name, name if _DECLARABLE.fullmatch(name) else None)


def _strict(data: bytes, codec: str) -> str:
    text = _decoded(data, codec)
    if text is None:
        raise FileError(UNKNOWN, Trouble.ENCODING)
    if _CONTROL.search(text):
        raise FileError("it is not text", Trouble.ENCODING)
    return text


def _unmarked_utf16(data: bytes) -> tuple[str, str]:
    """UTF-16 without a mark: every other byte of Latin letters is zero."""
    half = max(len(data) // 2, 1)
    for codec, zeros in (("utf-16-le", data[1::2]), ("utf-16-be", data[::2])):
        if zeros.count(0) / half >= 0.5:
            return _strict(data, codec), "UTF-16"
    raise FileError("it is not text", Trouble.ENCODING)


def _two_bytes(data: bytes, markup: bool) -> tuple[str, str] | None:
    """The text in an encoding of Chinese, Japanese or Korean, if it reads like one of these."""
    for codec, (name, alphabet, common) in _COMMON.items():
        text = _decoded(data, codec)
        if text is None or NO_TEXT.search(text):
            continue
        words = _MARKUP.sub(" ", text) if markup else text
        letters = [char for char in words if char > "\x7f" and char.isalpha()]
        fitting = len(re.findall(f"[{alphabet}]", words))
        frequent = sum(char in common for char in letters)
        if fitting >= max(TWO_BYTE_LETTERS, 0.9 * len(letters)) and frequent >= COMMON * len(
            letters
        ):
            return text, name
    return None
