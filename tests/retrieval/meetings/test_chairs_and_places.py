"""The ways in which real pages say who led a meeting and where it was, in articles of our own."""

from __future__ import annotations

import pytest

from .reading import announced, meetings, told


def chairs(text: str, language: str = "en") -> list[str | None]:
    return [meeting.chair for meeting in meetings(text, language)]


def test_who_leads_by_office() -> None:
    text = "Unter dem neuen Vorsitzenden, Kreisrat Ida Moor, tagte der Verein am 3. Mai 2019."
    assert chairs(text, "de") == ["Ida Moor"]


@pytest.mark.parametrize(
    "text",
    [
        "The meeting of 3 May 2019 in Leeds was co-chaired by Ida Moor, Secretary of Trade, and "
        "the minister.",
        "The club met on 3 May 2019. Mayor Ida Moor welcomed Chairman Tom Ash to the town.",
    ],
)
def test_half_of_those_who_led_and_guests_are_not_named(text: str) -> None:
    assert chairs(text) == [None]


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        ("en", "The council held a meeting in Leeds Monday, May 6, 2019, on roofs.", "Leeds"),
        (  # None and Nice are towns too.
            "en",
            "Minutes of the Barton Parish Council\n\nHeld on 6 May 2019.\n\n"
            "Apologies\nNone.\n\nMatters arising\nNice.",
            "Barton",
        ),
        (  # Of words all in capitals none need be a name.
            "es",
            "AUTORIZAN EL VIAJE DEL ALCALDE, EN COMISIÓN DE SERVICIOS, A LA REUNIÓN DEL 6 DE MAYO "
            "DE 2019\n\nSe publica el acuerdo.",
            None,
        ),
        (  # A hotel may be called after any town.
            "en",
            "The club held its meeting at the White Rock Hotel on 6 May 2019. It stays at the "
            "White Rock Hotel.",
            "White Rock Hotel",
        ),
        (  # One that stands for what the sentence above names.
            "de",
            "Den Anfang machte die Jahrestagung. Diese fand am 6. Mai 2019 in Kassel statt.",
            "Kassel",
        ),
        ("de", "# Verein wählt\n\n06.05.2019 / KASSEL - Der Verein hielt am 6. Mai 2019 "
               "seine Versammlung ab, und fast alle kamen.", "Kassel"),
        (  # "Der" is a town as well.
            "de",
            "# Verein wählt\n\nDer Musikverein hielt am 6. Mai 2019 seine Versammlung ab.",
            None,
        ),
        ("de", "Protokoll der Sitzung am 6. Mai 2019\n\nVersammlungsort\n\n"
               "Vereinsheim, Grünstr. 2, 34117 Kassel\n\nDer Vorstand berichtet.", "Kassel"),
        ("vi", "Ngày 06/5/2019, các cha đã họp mặt tại Giáo xứ An Lộc Đông.", "An Lộc Đông"),
        ("vi", "# Biên bản họp\n\n**Ngày:** 06/5/2019\n\n**Địa điểm:** Online (Meet)", None),
        ("de", "# Vollversammlung\n\n06. 05. 2019\n\nDer Verein hielt am 6. Mai seine Versammlung "
               "in Kassel ab.", "Kassel"),
    ],
)  # fmt: skip
def test_where_it_was(language: str, text: str, place: str | None) -> None:
    assert told(text, language) == [("2019-05-06", place)]


def test_a_verb_within_a_name_does_not_say_that_it_was_held() -> None:
    text = "Theo Luật Tổ chức chính quyền, xã sẽ tổ chức hội nghị vào ngày 06/5/2019 tại Đà Lạt."
    assert told(text, "vi") == []
    assert announced(text, "vi") == [("announced", "2019-05-06")]


def test_a_name_before_presided_over_by_is_no_chair() -> None:
    text = (
        "El martes 5 de marzo de 2024 se reunió el Consejo en el salón San Damián, presidido por "
        "el párroco. Se revisaron las cuentas."
    )
    assert chairs(text, "es") == [None]
