"""Vietnamese that was typed for a font of TCVN 3, and texts that only have some of its signs."""

from __future__ import annotations

import pytest

from retrieval.formats.encodings import decode

FONT = "Héi ®ång häp ngµy 4 th¸ng 4 n¨m 2024 t¹i thÞ trÊn B¾c S¬n. Hå b¬i sÏ ®ãng cöa."
SHOWN = "Hội đồng họp ngày 4 tháng 4 năm 2024 tại thị trấn Bắc Sơn. Hồ bơi sẽ đóng cửa."


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_the_letters_of_an_old_vietnamese_font_are_read_as_it_shows_them(encoding: str) -> None:
    declared = "windows-1252" if encoding == "latin-1" else None
    assert decode(FONT.encode(encoding), declared) == (SHOWN, "TCVN 3")


@pytest.mark.parametrize(
    "text",
    [
        SHOWN,
        "Lego®, Velcro®, Post-it®, Teflon®, Aspirin®: a list of names that are registered marks®.",
        "Messwerte: 5µm, 7µm, 9µs, 3µg; Fläche 4m², Volumen 3m³, je ¼l oder ½l täglich für alle.",
        "«Uno» y «dos», 1ª y 2ª plantas, nº 3 y 4º; la alcaldesa habló de la piscina municipal.",
        "Station A: 21 µg, Station B: 34 µg, Station C: 17 µg.",
        "PM10: 21 µg; NO2: 34 µg; O3: 51 µg; Größe: 5 µm",
        "Mª Carmen Gil\nMª Luz Ruiz\nMª Paz Gil\nMª José Roca",
        "la 1ª y 2ª; Mª José, Mª Ángeles, Mª Carmen; " * 5,
        "word¹ other² third³ foo¹ bar¹ " * 5,
        "x¹ y¹ z¹ é",
        "tôi¹ anh¹ em¹",
        "a¨ b¨ c¨",
        "Mª Gil, 5µm, foo¹, bar¨, ®aspirin und Größe in Köln",
        f"Die Überschrift heißt {FONT[:38]}, und größer wäre schöner für die Straße nach Köln. "
        * 3,
        f"{FONT} {SHOWN}",
    ],
)
def test_other_texts_with_such_signs_stay_as_they_are(text: str) -> None:
    assert decode(text.encode()) == (text, None)
