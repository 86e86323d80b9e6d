"""The kinds of pages and sentences that the blind set `i` showed were not read, in articles of our
own and in another language than where they were seen."""

from __future__ import annotations

import pytest

from .reading import announced, meetings, told


@pytest.mark.parametrize(
    ("other", "day"),
    [
        ("The grant is due by 28/09/2019.", "2019-09-05"),
        ("The grant is due by 05/28/2019.", "2019-05-09"),
        ("The grant of 28/11/2019 was paid on 11/28/2019.", None),
        ("The grant is due by 07/11/2019.", None),
    ],
)
def test_an_unambiguous_day_tells_the_order_of_the_others(other: str, day: str | None) -> None:
    text = f"The board held a meeting in Leeds on 05/09/2019.\n\n{other}"
    assert [date for date, _ in told(text)] == [day]


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("de", "# Unser Jahr 2016 im Rückblick\n\nDer Rat tagte am 3. Mai in Bonn.", "2016-05-03"),
        ("es", "# Nuestro año 2016 en resumen\n\nEl pleno se reunió el 3 de mayo.", "2016-05-03"),
        ("en", "# Newsletter, no. 7 (May 2016)\n\nThe club held a meeting on 3 May.", "2016-05-03"),
        (
            "de",
            "# Rundbrief des Vereins, Nr. 7 (Mai 2016)\n\nDer Rat tagte am 3. Mai in Bonn.",
            "2016-05-03",
        ),
    ],
)
def test_the_year_of_a_review_and_of_an_issue(language: str, text: str, day: str) -> None:
    assert [date for date, _ in told(text, language)] == [day]


def test_of_what_a_period_tells_in_passing_is_its_news() -> None:
    text = (
        "# Jahresbericht 2016\n\nDie Hauptversammlung fand am 3. Mai in Bonn statt.\n\n"
        "In der Sitzung am 7. Juli wurde der Haushalt beraten."
    )
    assert [date for date, _ in told(text, "de")] == ["2016-05-03", "2016-07-07"]


@pytest.mark.parametrize(
    ("language", "text", "days"),
    [
        (
            "es",  # It may be of the next year.
            "La primera reunión se celebró el 3 de diciembre de 2017 en Cuenca. La segunda reunión "
            "tuvo lugar el 9 de mayo en Soria.",
            ["2017-12-03", "--05-09"],
        ),
        (
            "de",
            "Die erste Sitzung fand am 3. März 2017 in Bonn statt. Die zweite folgte am 9. Juli in "
            "Kassel.",
            ["2017-03-03", "--07-09"],
        ),
        (
            "en",
            "The first meeting was held on 3 March 2017 in Leeds. The second meeting followed on "
            "9 July 2017 in York.",
            ["2017-03-03", "2017-07-09"],
        ),
    ],
)
def test_a_row_of_meetings(language: str, text: str, days: list[str]) -> None:
    assert [date for date, _ in told(text, language)] == days


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        ("en", "Venue: Annexe behind the old inn, Lower Tassel", "Lower Tassel"),
        ("de", "Ort: Nebenraum der alten Post, Untertassel", "Untertassel"),
        ("es", "Lugar: Anexo del antiguo molino, Tassela", "Tassela"),
    ],
)
def test_a_room_in_a_field_is_no_town(language: str, text: str, place: str) -> None:
    head = {
        "en": "Minutes of the board meeting\n\nDate: 3 May 2019\n",
        "de": "Protokoll der Vorstandssitzung\n\nDatum: 3. Mai 2019\n",
        "es": "Acta de la reunión\n\nFecha: 3 de mayo de 2019\n",
    }[language]
    assert told(head + text, language) == [("2019-05-03", place)]


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        (
            "en",
            "The board held its session in the Harbour Conference Hall, Tasselby, on 3 May 2019.",
            "Tasselby",
        ),
        ("de", "Am 3. Mai 2019 haben die Imker in Untertassel getagt.", "Untertassel"),
        (
            "es",
            "El Gobierno convocó a todos. La reunión se celebró el 3 de mayo de 2019 en el "
            "Palacio de Gobierno.",
            "Palacio de Gobierno",
        ),
        (
            "en",  # The town is that of the other meeting.
            "The first session was held in Tasselby on 3 March 2019. The second session was held "
            "on 3 May 2019 at the University of Osterby.",
            "University of Osterby",
        ),
    ],
)
def test_where_a_meeting_was(language: str, text: str, place: str) -> None:
    assert told(text, language)[-1] == ("2019-05-03", place)


def test_minutes_are_no_item_of_their_agenda() -> None:
    text = (
        "# Acta\n\n**Fecha:** 3 de mayo de 2019\n\n1. Acta de la última reunión\n2. Cuentas\n\n"
        "Todos asistieron."
    )
    assert [meeting.evidence.text for meeting in meetings(text, "es")] == ["# Acta"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("vi", "Ngày 3/5/2019, câu lạc bộ ra đời. Hội người mù thường họp vào thứ Hai."),
        ("en", "The club was founded on 3 May 2019. Its members usually met on Mondays."),
    ],
)
def test_a_habit_is_no_meeting(language: str, text: str) -> None:
    assert meetings(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "plans"),
    [
        (
            "en",  # The year stands with the new day alone, and nothing tells the article's.
            "The assembly of 17 September is put off to 8 October 2019.",
            [("postponed", "2019-09-17"), ("announced", "2019-10-08")],
        ),
        (
            "de",
            "Die Sitzung vom 20. Dezember wird auf den 8. Januar 2019 verschoben.",
            [("postponed", "2018-12-20"), ("announced", "2019-01-08")],
        ),
        (
            "en",  # That it was set for a day sets no new one.
            "The assembly is cancelled that was planned for 29 May 2019.",
            [("cancelled", "2019-05-29")],
        ),
        (
            "es",
            "Queda cancelado el taller del 20 de junio de 2019. La asamblea, fijada antes para el "
            "27 de junio de 2019, se aplaza al 22 de agosto de 2019.",
            [
                ("cancelled", "2019-06-20"),
                ("postponed", "2019-06-27"),
                ("announced", "2019-08-22"),
            ],
        ),
    ],
)
def test_what_is_put_off_has_both_its_days(
    language: str, text: str, plans: list[tuple[str, str]]
) -> None:
    assert announced(text, language) == plans
