"""Kinds of pages in German, Spanish and Vietnamese that were not read: lists of what is to come,
events of front matter, "when" and "where", and sentences whose verb stands at their end."""

from __future__ import annotations

import pytest

from .reading import announced, told

DE, ES, VI = "Tee und Kuchen stehen bereit.", "Hay té y pastel.", "Trà và bánh dành cho bạn."


@pytest.mark.parametrize(
    ("language", "text", "days"),
    [
        ("de", "Termine der Ratssitzungen:\n12.06.2027\n10.07.2027", ["2027-06-12", "2027-07-10"]),
        ("de", "## Termine\n\n- 12.06.2027 Vorstandssitzung\n- 20.06.2027 Fest", ["2027-06-12"]),
        ("de", "## Termine\n\n- 12.06.2027 Konzert\n- 20.06.2027 Essen nach der Sitzung", []),
        ("de", "## Chronik\n\n- 12.06.1949 Gründungsversammlung\n- 20.06.1950 Treffen", []),
        ("de", "# Plan 2027\n\n## Termine\n\n- Mo., 12.6. Ratssitzung\n- 20.6. Fest", []),
        (
            "es",
            "# Fiestas\n\nCalendario:\n\n| Día | Acto |\n|---|---|\n"
            "| 12 de junio de 2027 | Asamblea |\n"
            "| 3 de julio de 2027 | Fiesta |",
            ["2027-06-12"],
        ),
        ("en", "# Dates of past meetings\n\n12 June 2027\n\n3 July 2027", []),
    ],
)
def test_days_of_a_calendar(language: str, text: str, days: list[str]) -> None:
    prose = {"de": DE, "es": ES, "en": "Tea and cake are on the table."}[language]
    assert [day for _, day in announced(f"{text}\n\n{prose}", language)] == days
    assert told(f"{text}\n\n{prose}", language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Próximas reuniones:\n\n- 12 de junio: cuentas\n- 3 de julio: fiestas"),
        ("de", "## Nächste Treffen\n\n- 12. Juni: Haushalt\n- 3. Juli: Sommerfest"),
        ("vi", "Các buổi họp sắp tới:\n\n- 12/6: Ong\n- 3/7: Cây"),
    ],
)
def test_what_the_next_ones_are_about(language: str, text: str) -> None:
    prose = {"de": DE, "es": ES, "vi": VI}[language]
    each = announced(f"# A\n\n{text}\n\n{prose}", language, date="2023-05-20")
    assert each == [("announced", "2023-06-12"), ("announced", "2023-07-03")]


@pytest.mark.parametrize(
    ("title", "field", "status"),
    [
        ("Offenes Treffen", "event: 2027-06-24 15:00", [("announced", "2027-06-24")]),
        ("Bürgerrunde Juni", "startDate: 2027-06-24", [("announced", "2027-06-24")]),
        ("Treffen Software", "event: 2027-06-24", []),
        ("Sommerkonzert", "event: 2027-06-24", []),
    ],
)
def test_an_event_of_front_matter(title: str, field: str, status: list[tuple[str, str]]) -> None:
    text = f"---\ntitle: {title}\n{field}\nlocation: Kassel\n---\n{DE}"
    assert announced(text, "de") == status


@pytest.mark.parametrize(
    ("language", "when", "where"),
    [
        ("de", "**Wann?** Am 9. Dezember 2027", "**Wo?** Im Rathaus Kassel"),
        ("de", "Wann: 9.12.2027", "Wo: Kassel"),
        ("es", "¿Cuándo? El 9 de diciembre de 2027", "¿Dónde? En Soria"),
    ],
)
def test_when_and_where_announce(language: str, when: str, where: str) -> None:
    title, prose = ("Workshop", DE) if language == "de" else ("Taller", ES)
    text = f"# {title}\n\n{when}\n\n{where}\n\n{prose}"
    assert announced(text, language) == [("announced", "2027-12-09")]


@pytest.mark.parametrize(
    ("language", "text", "status"),
    [
        (
            "de",
            "Die Jahrestagung wird vom 4. bis 7. September 2027 an der Universität Rostock "
            "ausgerichtet.",
            [("announced", "2027-09-04")],
        ),
        (
            "de",
            "Der Verein hat zur Mitgliederversammlung eingeladen. Sie soll am 30. Juni 2027 sein.",
            [("announced", "2027-06-30")],
        ),
        ("de", "Der Stammtisch trifft sich am 1. Juni 2027.", [("announced", "2027-06-01")]),
        ("de", "Wegen der Hitze sagt der Verein das Treffen am 3. Juni 2027 ab.", []),
        ("es", "El plazo de inscripción al congreso termina el 30 de junio de 2027.", []),
        ("vi", "Hạn đăng ký tham dự hội thảo là ngày 30/6/2027.", []),
    ],
)
def test_whether_it_is_to_come(language: str, text: str, status: list[tuple[str, str]]) -> None:
    if " ab." in text:
        status = [("cancelled", "2027-06-03")]
    assert announced(text, language) == status
    assert told(text, language) == []


def test_a_day_before_the_article_is_over_in_any_tense() -> None:
    text = "Hội nghị cử tri xã Hòa Bình hôm 15/5 thu hút gần 200 người."
    assert [day for day, _ in told(text, "vi", date="2023-05-20")] == ["2023-05-15"]
    text = "Beim Treffen der Ortsgruppe am 11.4.2023 ging es um die Radwege. 👌"
    assert [day for day, _ in told(text, "de")] == ["2023-04-11"]
    assert told("Heute Seite 3: die Tagung der Tiere.", "de", date="2023-05-20") == []


def test_another_meeting_that_is_off_leaves_the_planned_one() -> None:
    text = "The choir's AGM will be held on 3 May 2027.\n\nThe spring conference is cancelled."
    assert announced(text) == [("announced", "2027-05-03")]
    text = "The choir's AGM will be held on 3 May 2027.\n\nThe meeting is cancelled."
    assert announced(text) == [("cancelled", "2027-05-03")]


def test_an_invitation_to_read_announces_nothing() -> None:
    text = "We invite you to read the report of the congress.\n\nIt will be printed on 3 May 2029."
    assert announced(text) == []


def test_a_short_name_of_a_weekday_needs_a_day_and_a_verb_calls_off_in_any_form() -> None:
    text = "Hemos celebrado la reunión de Mar del Plata con éxito."
    assert told(text, "es", date="2023-05-20") == []
    text = "Hemos decidido suspender la asamblea de este martes."
    assert told(text, "es", date="2023-05-20") == []
