"""The kinds of pages and sentences that the blind set `f` showed were not read, in articles of our
own."""

from __future__ import annotations

import pytest

from .reading import meetings, told


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        (
            "en",
            "The board held a meeting on the ninth day of June two thousand and twelve.",
            "06-09",
        ),
        ("de", "Der Rat hielt am neunten Juni zweitausendzwölf eine Sitzung ab.", "06-09"),
        ("es", "El pleno se reunió a los nueve días del mes de junio de dos mil doce.", "06-09"),
        ("vi", "Hội nghị diễn ra ngày chín tháng sáu năm hai nghìn không trăm mười hai.", "06-09"),
    ],
)
def test_a_year_in_words(language: str, text: str, day: str) -> None:
    assert [date for date, _ in told(text, language)] == [f"2012-{day}"]


def test_two_months_are_no_day() -> None:
    assert not any(date for date, _ in told("Hội nghị diễn ra trong hai tháng năm 2020.", "vi"))


@pytest.mark.parametrize(
    ("language", "head"), [("de", "datum: 2021-10-08"), ("es", "fecha: 2021-10-08")]
)
def test_the_front_matter_has_the_day_in_the_language_of_the_article(
    language: str, head: str
) -> None:
    text = {
        "de": "Der Gemeinderat traf sich am Mittwoch zu einer Sitzung im Rathaus.",
        "es": "El consejo celebró el miércoles una reunión en el ayuntamiento.",
    }[language]
    assert [date for date, _ in told(f"---\n{head}\n---\n{text}", language)] == ["2021-10-06"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "NORTH PIER TRUST\nMEETING OF THE TRUSTEES\nMay 4, 2018 – 6:00 "
            "PM\n\nMINUTES\n\nPresent: Ann Lock.",
        ),
        (
            "es",
            "FUNDACIÓN DEL MUELLE\nREUNIÓN DEL PATRONATO\n4 de mayo de "
            "2018\n\nACTA\n\nAsisten: Ana Luz.",
        ),
    ],
)
def test_minutes_whose_day_stands_on_a_line_of_its_own(language: str, text: str) -> None:
    assert [date for date, _ in told(text, language)] == ["2018-05-04"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "Notice of Annual General Meeting\n\nAgenda\n\n1. Apologies\n2. Minutes of "
            "the Annual General Meeting of 5 May 2022",
        ),
        ("de", "Einladung zur Jahreshauptversammlung\n\nDatum: 5. Mai 2022\nOrt: Vereinsheim"),
        ("vi", "THƯ MỜI HỌP PHỤ HUYNH\n\nThời gian: ngày 24 tháng 9 năm 2022\n\nĐịa điểm: Phòng 4"),
    ],
)
def test_an_invitation_reports_nothing(language: str, text: str) -> None:
    assert meetings(text, language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "The first conference met at York on 3 May 1887. The last conference "
            "was held in Leeds on 6 June 1905.",
        ),
        (
            "de",
            "Die erste Tagung fand am 3. Mai 1887 in Ulm statt. Die letzte Tagung "
            "fand am 6. Juni 1905 in Bonn statt.",
        ),
    ],
)
def test_a_history_reports_nothing(language: str, text: str) -> None:
    assert meetings(text, language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "The council approved the new bridge on Tuesday. The plan costs a lot. "
            "Many had come to the meeting.",
        ),
        (
            "de",
            "Der Gemeinderat hat am Dienstag die neue Brücke beschlossen. Sie ist "
            "teuer. Viele kamen zu der Sitzung.",
        ),
        ("es", "El ayuntamiento aprobó el martes el nuevo puente. La sesión duró dos horas."),
    ],
)
def test_what_a_sentence_tells_and_a_later_one_names(language: str, text: str) -> None:
    assert [date for date, _ in told(text, language, date="2020-03-13")] == ["2020-03-10"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "The council met on 3 March for a meeting. The next day the delegates "
            "held a conference in Leeds.",
        ),
        (
            "de",
            "Der Rat traf sich am 3. März zu einer Sitzung. Tags darauf trafen "
            "sich die Delegierten in Leeds.",
        ),
    ],
)
def test_the_next_day(language: str, text: str) -> None:
    days = [date for date, _ in told(text, language, date="2020-03-13")]
    assert days == ["2020-03-03", "2020-03-04"]


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        ("en", "LEEDS.\n\nThe board held a meeting on Monday.", "Leeds"),
        (
            "de",
            "# Drei Räte\n\n## Wustrow\n\nDer Rat hielt am Montag im Gerätehaus eine Sitzung ab.\n",
            "Wustrow",
        ),
        (
            "es",
            "El Cuerpo de Bomberos de Villarrica realizó el lunes su "
            "asamblea.\n\nBomberos de Villarrica.",
            "Villarrica",
        ),
        (
            "en",
            "Notes\n\nTown Hall, 4 Mill Street, Hexham\n\nThe board held a meeting on Monday.",
            "Hexham",
        ),
    ],
)
def test_the_place_that_a_section_a_body_or_an_address_has(
    language: str, text: str, place: str
) -> None:
    assert [each for _, each in told(text, language, date="2020-03-13")] == [place]


def test_a_town_with_its_country_has_coordinates() -> None:
    given = [{"name": "Summit", "date": "2019-05-03", "place": "Leeds, United Kingdom"}]
    for place in ("Leeds, United Kingdom", "München, Deutschland"):
        given[0]["place"] = place
        (meeting,) = meetings("Nothing was said of it.", meetings=given)
        assert meeting.country in ("GB", "DE")
        assert meeting.coordinates is not None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The club holds a meeting on the first Monday of every month."),
        ("vi", "Câu lạc bộ họp mặt vào tối thứ Tư hằng tuần."),
    ],
)
def test_a_day_that_comes_again_is_no_news(language: str, text: str) -> None:
    assert meetings(text, language, date="2020-03-13") == []


def test_a_meeting_at_the_end_of_which_the_lead_says_what_was() -> None:
    text = (
        "Fishers agree\n\nThe fishers signed the paper on Tuesday. It came at the end of a meeting "
        "of five hours in Whitby and was read out."
    )
    assert told(text, date="2019-05-09") == [("2019-05-07", "Whitby")]
    assert told(text.replace("It came", "Last year it came"), date="2019-05-09") == []


def test_a_dateline_with_the_country_of_its_town() -> None:
    text = "Pacto\n\nCuzco (Perú), 27 oct 2016 (SN).- La reunión se celebró este jueves en Cuzco."
    assert told(text, "es") == [("2016-10-27", "Cuzco")]
    text = "Water\n\nSALEM, Ore. - The council met on Tuesday with farmers and heard them out."
    assert told(text, date="2019-05-09") == [("2019-05-07", "Salem")]


def test_a_field_that_says_held() -> None:
    text = "# Minutes of the Parish Council of Leeds\n\n**Held:** Monday 14th October 2024\n\nTea."
    assert [date for date, _ in told(text)] == ["2024-10-14"]
