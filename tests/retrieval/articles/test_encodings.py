"""Which encoding a text is in, and when nobody can say."""

from __future__ import annotations

import random
import unicodedata

import pytest

from retrieval.articles.encodings import decode

GERMAN = "Der Rat beschloß gestern den Haushalt für das nächste Jahr; die Gäste hörten zu."
ENGLISH = "The council’s leader said “we cannot pay” – and left the café."
SPANISH = "El alcalde recibió a los jóvenes en el salón, y la reunión terminó mañana."
EURO = "Die Bücherei kostet 3 € für jedes Kind, und die Gäste zahlen 5 €."
VIETNAMESE = "Hội đồng thành phố đã họp vào tối thứ Ba và thông qua ngân sách cho năm tới."
TONES = "\u0300\u0301\u0303\u0309\u0323"


def windows_1258(text: str) -> bytes:
    """Tones apart from their vowels, as that encoding has them."""
    found = ""
    for char in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", char)
        tones = "".join(part for part in parts if part in TONES)
        plain = unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES))
        found += plain + tones
    return found.encode("cp1258")


@pytest.mark.parametrize("text", [GERMAN, VIETNAMESE, "", "\ufeff" + GERMAN, "a\x01b"])
def test_utf_8_is_taken_to_the_character(text: str) -> None:
    assert decode(text.encode()) == (text, None)


@pytest.mark.parametrize(
    ("data", "text", "name"),
    [
        (GERMAN.encode("latin-1"), GERMAN, "Windows-1252"),
        (SPANISH.encode("cp1252"), SPANISH, "Windows-1252"),
        (ENGLISH.encode("cp1252"), ENGLISH, "Windows-1252"),
        (EURO.encode("iso8859-15"), EURO, "ISO-8859-15"),
        (windows_1258(VIETNAMESE), VIETNAMESE, "Windows-1258"),
        (VIETNAMESE.encode("utf-16"), VIETNAMESE, "UTF-16"),
        (b"\xfe\xff" + GERMAN.encode("utf-16-be"), GERMAN, "UTF-16"),
        (GERMAN.encode("utf-16-le"), GERMAN, "UTF-16"),
        (GERMAN.encode("utf-16-be"), GERMAN, "UTF-16"),
        (GERMAN.encode("utf-32"), GERMAN, "UTF-32"),
    ],
)
def test_other_encodings(data: bytes, text: str, name: str) -> None:
    assert decode(data) == (text, name)


@pytest.mark.parametrize(
    "data",
    [
        "Городской совет вчера утвердил бюджет.".encode("cp1251"),
        "Το δημοτικό συμβούλιο ενέκρινε χθες.".encode("cp1253"),
        "Rada miasta przyjęła wczoraj budżet na przyszły rok.".encode("cp1250"),
        "Zastupitelstvo včera schválilo rozpočet na příští rok.".encode("cp1250"),
        "市议会昨天通过了明年的预算。".encode("gb18030"),
        GERMAN.encode("mac-roman"),
        GERMAN.encode("cp850"),
        random.Random(1).randbytes(3000).replace(b"\0", b""),
        random.Random(2).randbytes(3000),
        b"PK\x03\x04\x00\x00",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xfe\x00\xd8",
    ],
)
def test_what_would_be_a_guess_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="it is not text"):
        decode(data)


def test_what_is_declared_is_believed_where_it_can_be() -> None:
    russian = "Городской совет вчера утвердил бюджет."
    assert decode(russian.encode("cp1251"), "windows-1251") == (russian, "windows-1251")
    assert decode(GERMAN.encode(), "iso-8859-1") == (GERMAN, None)
    assert decode(ENGLISH.encode("cp1252"), "ISO-8859-1") == (ENGLISH, "ISO-8859-1")
    assert decode(GERMAN.encode("cp1252"), "no-such") == (GERMAN, "Windows-1252")
    assert decode(GERMAN.encode("cp1252"), "rot13") == (GERMAN, "Windows-1252")
