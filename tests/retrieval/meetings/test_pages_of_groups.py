"""Lines that the pages of councils and clubs have: lists of days and of those present, invitations
in several lines, fields. In articles of our own."""

from __future__ import annotations

import pytest

from retrieval.articles.metadata import of_bytes
from retrieval.meetings.extract import extract_meetings

from .reading import announced, article, meetings, told

HEADS = {
    "en": "# Minutes of the board meeting\n\n3 May 2019\n\n",
    "de": "# Protokoll der Vorstandssitzung\n\n3. Mai 2019\n\n",
    "es": "# Acta de la reunión de la junta\n\n3 de mayo de 2019\n\n",
    "vi": "# Biên bản họp ban quản trị\n\n3/5/2019\n\n",
}
PROSE = "\n\nTea and cake were on the table."

JANUARY, FEBRUARY = ("announced", "2024-01-10"), ("announced", "2024-02-14")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "# Meeting dates\n\n- 10 January 2024\n- 14 February 2024, 7 pm"),
        ("en", "The council will meet on these dates in 2024:\n\n- 10 January\n- 14 February"),
        ("de", "# Sitzungstermine 2024\n\n10. Januar\n14. Februar, 19 Uhr"),
        ("de", "Die Sitzungen finden an diesen Terminen statt:\n\n- 10.01.2024\n- 14.02.2024"),
        ("es", "# Calendario de reuniones 2024\n\n10 de enero\n14 de febrero"),
        ("vi", "# Lịch họp năm 2024\n\n- 10/1\n- 14/2"),
    ],
)
def test_a_list_of_days_below_a_line_that_names_meetings(language: str, text: str) -> None:
    assert announced(text + PROSE, language) == [JANUARY, FEBRUARY]
    assert announced(text + PROSE, language, date="2024-01-20") == [FEBRUARY]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "# Release dates\n\n- 10 January 2024\n- 14 February 2024"),
        ("en", "# Conference\n\n## Important dates\n\n- 10 January 2024\n- 14 February 2024"),
        ("en", "# Meeting dates\n\n- 10 January 2024: the fair\n- 14 February 2024: the dance"),
        ("en", "# Meeting dates 2024/25\n\n- 10 September\n- 14 January"),
        ("en", "The council met on these dates in 2024:\n\n- 10 January\n- 14 February"),
        ("de", "# Vereinssitzung\n\n## Spieltermine\n\n- 10.01.2024\n- 14.02.2024"),
        ("de", "# Müllabfuhrtermine 2024\n\n10. Januar\n14. Februar"),
        (
            "es",
            "# Congreso\n\n## Fechas de entrega\n\n- 10 de enero de 2024\n- 14 de febrero de 2024",
        ),
        ("vi", "# Lịch sử các kỳ họp\n\n- 10/1/2024\n- 14/2/2024"),
    ],
)
def test_days_of_something_else(language: str, text: str) -> None:
    assert announced(text + PROSE, language) == []


@pytest.mark.parametrize(
    ("language", "lines", "chair"),
    [
        ("en", "Present:\n\n- Ann Lock, Chair\n- Piet Moor", "Ann Lock"),
        ("en", "Present\n\nCllr Ann Lock - Chairman, Cllr Piet Moor.", "Ann Lock"),
        ("de", "Anwesend: Ann Lock (1. Vorsitzende), Piet Moor", "Ann Lock"),
        ("es", "Asistentes: Pío Mora, presidente, Ana Gil, secretaria", "Pío Mora"),
        ("vi", "Có mặt:\n\n- Lê Thị Na, chủ tọa\n- Phạm Văn Mô", "Lê Thị Na"),
        ("en", "Present: Ann Lock (Vice-Chair), Ida Dunne, Chair of Finance", None),
        ("en", "Present: Piet Moor\n\nApologies: Ann Lock (Chair)", None),
        ("en", "Present: Piet Moor\n\nThe board was elected.\n\nAnn Lock, Chair", None),
        ("de", "Anwesend: Piet Moor\n\nEntschuldigt: Ann Lock (Vorsitzende)", None),
        ("es", "Asistentes: Pío Mora, presidente de honor\n\nAusentes: Ana Gil (presidenta)", None),
        ("vi", "Có mặt: Phạm Văn Mô\n\nVắng mặt: Lê Thị Na (chủ trì)", None),
        ("es", "La asamblea es presidida por el C. Pío Mora Gil, director.", "Pío Mora Gil"),
    ],
)
def test_who_is_marked_as_the_chair_in_a_list(language: str, lines: str, chair: str | None) -> None:
    (meeting,) = meetings(HEADS[language] + lines + PROSE, language)
    assert meeting.chair == chair


@pytest.mark.parametrize(
    ("language", "lines", "place"),
    [
        ("de", "Ort:   Marktstr. 4\n       34117 Kassel\nZeit:  19 Uhr", "Kassel"),
        ("en", "in the Office of the Director", None),
        ("en", "Ashford Town Council", "Ashford"),
        ("en", "A letter from Ashford Town Council was read.", None),
        ("en", "National Parish Council", None),
    ],
)
def test_where_lines_say_that_it_was(language: str, lines: str, place: str | None) -> None:
    assert told(HEADS[language] + lines + PROSE, language) == [("2019-05-03", place)]


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        (
            "es",
            "La junta se reunió el 3 de mayo de 2019 en la Ciudad de México.",
            "Ciudad de México",
        ),
        ("es", "La junta se reunió el 3 de mayo de 2019 en la ciudad de Soria.", "Soria"),
    ],
)
def test_city_is_a_part_of_some_names(language: str, text: str, place: str) -> None:
    assert told(text, language) == [("2019-05-03", place)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "You are cordially invited\n\nto the AGM on 8 May 2019"),
        ("en", "You are summoned to a meeting of the council on 8 May 2019."),
        ("de", "Der Verein lädt ein\n\nzur Jahreshauptversammlung\n\nam Freitag, 8. Mai 2019"),
        ("de", "Der Verein lädt Dich ein\n\nzur 2. Generalversammlung am 08.05.2019"),
        ("es", "La asociación les invita\n\na la Asamblea General\n\nel 8 de mayo de 2019"),
        ("es", "La junta convoca a los socios\n\na la Asamblea General del 8 de mayo de 2019"),
    ],
)
def test_an_invitation_in_several_lines(language: str, text: str) -> None:
    for known in ({}, {"date": "2019-04-20"}):
        assert announced(text + PROSE, language, **known) == [("announced", "2019-05-08")]
        assert meetings(text + PROSE, language, **known) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Residents are invited\n\nto the summer fair on 8 May 2019"),
        ("de", "Der Verein lädt ein\n\nzum Sommerfest am 8. Mai 2019"),
        ("vi", "Trân trọng mời bà con\n\ndự lễ hội ngày 8/5/2019"),
    ],
)
def test_an_invitation_to_something_else(language: str, text: str) -> None:
    assert announced(text + PROSE, language) == []


def test_that_people_had_been_invited_is_no_invitation() -> None:
    text = "Eingeladen hatte der Verein\n\nDie Versammlung fand am 3. Mai 2019 statt."
    assert told(text, "de") == [("2019-05-03", None)]
    text = "# Board meeting, 3 May 2019\n\nMembers were cordially invited\n\nto dinner." + PROSE
    assert [date for date, _ in told(text)] == ["2019-05-03"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "When: 3 May 2019\nWhere: Leeds\n\nOur annual meeting."),
        ("de", "# Sitzung\n\nDatum: 3. Mai 2019\nOrt: Kassel\n\nEs geht um die Brücke."),
        ("es", "# Reunión\n\nFecha: 3 de mayo de 2019\nLugar: Soria\n\nSe trata del puente."),
    ],
)
def test_a_day_in_a_field_may_be_to_come(language: str, text: str) -> None:
    assert announced(text, language, date="2019-05-02") == [("announced", "2019-05-03")]
    assert announced(text, language, date="2019-05-04") == []


@pytest.mark.parametrize(
    ("head", "items"),
    [
        (
            "# Minutes of the Parish Council\n\nHeld on 3 May 2019 in the hall\n\nPresent: Ann Lee",
            "1. Welcome\nThe chair opened it.\n\nNext meeting: 8 June 2019",
        ),
        (
            "# Acta del consejo\n\nCelebrada el 3 de mayo de 2019\n\nAsistentes: Ana Gil",
            "1. Saludo\nSe abre a las ocho.\n\nPróxima reunión: 8 de junio de 2019",
        ),
    ],
)
def test_minutes_are_not_named_for_the_next_meeting(head: str, items: str) -> None:
    title = head.split("\n", maxsplit=1)[0]
    source = of_bytes(f"{head}\n\n{items}\n".encode(), "a.md")
    first = extract_meetings(source).meetings[0]
    assert (str(first.date), first.evidence.text) == ("2019-05-03", title)


def test_the_day_of_the_next_meeting_in_german_minutes() -> None:
    lines = "Anwesend: Ann Lock (1. Vorsitzende)\n\nTermin der nächsten Sitzung: 7.6.2019"
    held, to_come = extract_meetings(article(HEADS["de"] + lines, "de")).meetings
    assert (to_come.status, str(to_come.date)) == ("announced", "2019-06-07")
    # Who was there then chairs no other meeting.
    assert (held.chair, to_come.chair) == ("Ann Lock", None)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Am 13.05 hat der Verein sich getroffen.", "2019-05-13"),
        ("Am Mittwoch, 15.05 tagte der Vorstand.", "2019-05-15"),
        ("Am Mittwoch 12.10 Uhr tagte der Vorstand.", "2019-05-22"),
        ("Am Mittwoch 10.10 bis 12.00 Uhr tagte der Vorstand.", "2019-05-22"),
        ("Der Vorstand tagte am Mittwoch über Version 2.05 der Satzung.", "2019-05-22"),
    ],
)
def test_a_german_day_may_lack_its_last_stop(text: str, date: str) -> None:
    assert [day for day, _ in told(text, "de", date="2019-05-24")] == [date]
