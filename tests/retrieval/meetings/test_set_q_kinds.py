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
        ("es", "El plazo de inscripción al congreso termina el 30 de junio de 2027.", []),
        ("vi", "Hạn đăng ký tham dự hội thảo là ngày 30/6/2027.", []),
    ],
)
def test_whether_it_is_to_come(language: str, text: str, status: list[tuple[str, str]]) -> None:
    assert announced(text, language) == status
    assert told(text, language) == []


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


@pytest.mark.parametrize(
    ("language", "text", "status"),
    [
        ("de", "In der Sitzung am 14. Mai 2024 sagte die Rätin: Wir lehnen das ab.", None),
        ("es", "En la reunión del 14 de mayo de 2024 los vecinos pidieron aplazar obras.", None),
        ("es", "La reunión será el 14 de mayo de 2027 y tratará la cancelación.", "announced"),
        ("de", "Das strategische Treffen ist am 14. Mai 2027 in Kassel.", "announced"),
        (
            "en",
            "We invite you to the annual meeting.\n\nIt will be held on 14 May 2027.",
            "announced",
        ),
        ("vi", "Hai đội sẽ gặp nhau ngày 14/5/2027 tại Huế.", ""),
    ],
)
def test_words_with_another_sense(language: str, text: str, status: str | None) -> None:
    """Nothing is called off by "sagte … ab" or put off by "aplazar", nothing past by "*trat*"."""
    found = announced(text, language, date="2024-05-20")
    assert [one for one, _ in found] == ([status] if status else [])
    days = [str(day) for day, _ in told(text, language, date="2024-05-20")]
    assert days == ["2024-05-14"] * (status is None)


@pytest.mark.parametrize("label", ["Wann: 14.5.2027\n\nWo: Kassel", "**Wann?** Am 14.5.2027"])
def test_a_concert_has_a_when_as_well(label: str) -> None:
    for sentence in (
        "Karten gibt es nach der Versammlung.",
        "Das letzte Treffen der Chöre war gut.",
    ):
        assert announced(f"# Konzert\n\n{label}\n\n{sentence}", "de") == []
    sentence = "Wir laden alle Mitglieder herzlich zur Mitgliederversammlung ein."
    assert announced(f"{sentence}\n\n{label}", "de") == [("announced", "2027-05-14")]
