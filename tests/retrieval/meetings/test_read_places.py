"""What the model reads around a day: where people met on it, and what stands below."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrieval.meeting import MeetingPlace, MentionReading
from retrieval.meetings.extract import extract_meetings
from retrieval.meetings.likely import with_likely

from .reading import article, listed, meeting_reader

DAY = "2024-05-16"
"""A Thursday."""


def test_one_that_is_named_and_told_in_passing_has_its_place() -> None:
    text = (
        "La novena sesión ordinaria del Pleno del Consejo Regional de Soria, de fecha treinta de "
        "abril, ha debatido sobre el presupuesto y los caminos.\n"
    )
    (meeting,) = listed(article(text, "es", date=DAY))
    assert (str(meeting.date), meeting.place) == ("2024-04-30", "Soria")
    text = "Los vecinos de Villarroya se sentaron el martes con el alcalde y la concejala.\n"
    (meeting,) = listed(article(text, "es", date=DAY))
    assert (str(meeting.date), meeting.place) == ("2024-05-14", "Villarroya")
    text = "El acuerdo de la sesión ordinaria del 30 de abril se publica en el tablón.\n"
    assert not listed(article(text, "es", date=DAY))


@pytest.mark.parametrize(
    ("language", "sentence", "names"),
    [
        (
            "en",
            "The elders sat down with the mayor of York in Leeds on 5 May 2024.",
            ["Leeds", "York"],
        ),
        ("en", "On 5 May 2024 the board met online. Ann Low from Leeds took part.", []),
        ("vi", "Ngày 5/5/2024 chúng tôi gặp mặt tại Huế và bàn việc.", ["Huế"]),
    ],
)
def test_the_places_that_are_read_are_the_towns_that_are_named(
    language: str, sentence: str, names: list[str]
) -> None:
    possible = extract_meetings(article(f"{sentence}\n", language)).possible[0]
    assert sorted(each.place for each in possible.places) == names


@pytest.mark.parametrize(
    ("odds", "place"),
    [
        ({"Leeds": 2.0, "York": 3.0}, "York"),
        ({"Leeds": -1.0, "York": -2.0}, None),
        ({"Leeds": None, "York": -2.0}, "Leeds"),
        ({"Leeds": -1.0, "York": -2.0, "Mill Hall": 4.0}, "Mill Hall"),
        ({"Leeds": 0.6, "York": -2.0, "Mill Hall": 4.0}, "Leeds"),
    ],
)
def test_it_is_where_the_model_reads_a_town_or_else_a_building(
    odds: dict[str, float | None], place: str | None
) -> None:
    text = "The board held its meeting on 13 May 2024 in Leeds.\n"
    found = extract_meetings(article(text, date=DAY))
    (possible,) = found.possible
    town = MeetingPlace("York", "GB", (53.958, -1.083))
    places = (*possible.places, town, MeetingPlace("Mill Hall"))
    assert places[0].place == found.meetings[0].place == "Leeds"

    reading = MentionReading((5.0, -5.0), [odds.get(each.place) for each in places])
    (meeting,) = with_likely(found.meetings, [replace(possible, places=places)], [reading])

    assert meeting.place == place
    where = {each.place: each.coordinates for each in places}
    assert meeting.coordinates == (where[place] if place else None)


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        (
            "en",
            "The ministers of Kenya and Uganda met in Entebbe on 14 May. The delegation from "
            "Nairobi had come by train.",
            "Entebbe",
        ),
        (
            "de",
            "Der Vorstand aus Leipzig setzte sich am 14. Mai in Halle mit dem Oberbürgermeister "
            "von Magdeburg zusammen.",
            "Halle",
        ),
        (
            "es",
            "La alcaldesa de Burgos recibió el 14 de mayo en un hotel de Salamanca a los vecinos "
            "de Zamora para hablar del agua.",
            "Salamanca",
        ),
        (
            "vi",
            "Ngày 14/5, tại Huế, đoàn công tác tỉnh Quảng Nam họp với lãnh đạo thành phố Đà Nẵng.",
            "Huế",
        ),
    ],
)
def test_of_several_towns_it_is_the_one_where_they_met(
    language: str, text: str, place: str
) -> None:
    (meeting,) = listed(article(f"{text}\n", language, date=DAY))
    assert (str(meeting.date), meeting.place) == ("2024-05-14", place)


@pytest.mark.parametrize(
    ("language", "text", "towns"),
    [
        ("en", "They came on 14 May from St. Louis to Ashford Parish Hall.", {"St. Louis"}),
        ("de", "Am 14. Mai kamen sie in die Stadthalle Bad Harzburg.", {"Bad Harzburg"}),
        (
            "es",
            "El 14 de mayo fueron de San Lorenzo del Valle a Las Palmas de Gran Canaria.",
            {"Las Palmas de Gran Canaria"},
        ),
        ("vi", "Ngày 14/5, bà con Trà Sơn từ Hà Nội vào Huế thứ Bảy này.", {"Hà Nội", "Huế"}),
    ],
)
def test_a_town_is_no_part_of_another_name(language: str, text: str, towns: set[str]) -> None:
    (possible, *_) = extract_meetings(article(f"{text}\n", language, date=DAY)).possible
    assert {each.place for each in possible.places if each.coordinates} == towns


@pytest.mark.parametrize(
    ("language", "day", "met", "sang"),
    [
        (
            "en",
            "On 14 May the town hall of Hull was full.",
            "The council agreed on the price of water after a long debate.",
            "The choir sang until midnight.",
        ),
        (
            "de",
            "Am 14. Mai war das Rathaus von Kiel voll.",
            "Der Stadtrat einigte sich nach langer Debatte auf den Wasserpreis.",
            "Der Chor sang bis Mitternacht.",
        ),
        (
            "es",
            "El 14 de mayo el ayuntamiento de Burgos estaba lleno.",
            "El pleno acordó el precio del agua tras un largo debate.",
            "El coro cantó hasta medianoche.",
        ),
        (
            "vi",
            "Ngày 14/5, hội trường xã ở Huế chật kín người.",
            "Hội đồng thống nhất giá nước sau một hồi tranh luận.",
            "Dàn hợp xướng hát đến nửa đêm.",
        ),
    ],
)
def test_what_stands_below_a_day_says_what_was_on_it(
    language: str, day: str, met: str, sang: str
) -> None:
    odds = [
        reading.odds[0]
        for below in (met, sang)
        for found in [extract_meetings(article(f"{day} {below}\n", language, date=DAY)).possible]
        for reading in meeting_reader().read(found)
    ]
    assert odds[0] > 0 > odds[1]
