"""What a line with a day says: of a review, of minutes, of a page, and in which town it was."""

from __future__ import annotations

import pytest

from .reading import announced, meetings, told

REVIEW = """# Imkerverein Oberfeld

## Tätigkeitsbericht 2018

| wann | was |
|---|---|
| 20.1. | Ausflug zum Zoo |
| 28.4. | Tagung der Kreisvorstände |
| 6.5. | Tag der offenen Tür |
| 9.11. | Herbstversammlung, 29 da |
"""


def test_the_lines_of_a_review_that_name_a_meeting_report_it() -> None:
    assert told(REVIEW, "de", date="2018-12-28") == [("2018-04-28", None), ("2018-11-09", None)]


def test_those_of_a_programme_and_of_an_unknown_day_report_none() -> None:
    programme = REVIEW.replace("Tätigkeitsbericht 2018", "Vereinsjahr 2018: Vorschau")
    assert not told(programme, "de", date="2018-01-02")
    assert not told(REVIEW, "de")


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("*People of the valley · 12 April 2024 · Photo: Ann Low*", "2024-04-09"),
        ("Photo: Ann Low · 12 April 2024 · The valley", None),
    ],
)
def test_a_day_between_bars_is_the_pages_before_a_credit(line: str, day: str | None) -> None:
    text = f"# The new bridge\n\n{line}\n\nThe council held a meeting on Tuesday and voted.\n"
    assert [each for each, _ in told(text)] == [day]


def test_minutes_whose_day_stands_below_a_sentence() -> None:
    text = (
        "# FOOTPATHS SUB-COMMITTEE\n\nDraft, subject to confirmation.\n\n"
        "Minutes, Tuesday 14 March 2023, Church Hall, Thornbury\n\n"
        "Present: Ann Low, Tom Ash; 4 of the public.\n\nThe gate was seen to.\n"
    )
    assert told(text) == [("2023-03-14", "Thornbury")]
    assert not told(text.replace("Minutes, ", "").replace("Present:", "A present:"))


@pytest.mark.parametrize(
    ("language", "head", "foot", "town"),
    [
        ("de", "**Murrhardt** | Freitag, 21. Oktober 2022 | Lokales, Seite 17", "", "Murrhardt"),
        ("de", "Von unserem Mitarbeiter", "Murrhardt, den 21. Oktober 2022", "Murrhardt"),
        ("de", "Von unserem Mitarbeiter", "Nächste Woche: Murrhardt, 21. Oktober 2022", None),
        ("de", "**Von unserem Mitarbeiter**, 21. Oktober 2022", "", None),
    ],
)
def test_the_town_beside_the_day_of_an_article(
    language: str, head: str, foot: str, town: str | None
) -> None:
    text = (
        f"{head}\n\n# Der Hof bleibt\n\nDer Gemeinderat hielt am Mittwochabend eine Sitzung ab.\n\n"
        + "Es wurde laut.\n\n" * 8
        + foot
    )
    assert told(text, language, date="2022-10-21") == [("2022-10-19", town)]


def test_which_of_two_days_it_is_says_the_weekday_or_another_date() -> None:
    assert told("Minutes\n\nThurs 9/2/23, all of us\n") == [("2023-02-09", None)]
    assert told("Minutes\n\n9/2/23, all of us\n\nThe boiler: since 31/1/23.\n") == [
        ("2023-02-09", None)
    ]
    assert not [day for day, _ in told("Minutes\n\n9/2/23, all of us\n") if day]


def test_a_short_weekday_stands_between_a_label_and_its_day() -> None:
    text = "# Protokoll Elternbeirat, 24. November 2021\n\nnächstes Mal: Di 18.1.2022, 20 h\n"
    assert announced(text, "de") == [("announced", "2022-01-18")]
    assert not announced(text.replace("Mal: Di", "Mal: Kuchen"), "de")
    assert meetings(text, "de")
