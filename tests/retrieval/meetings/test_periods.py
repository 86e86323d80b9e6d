"""The year or the period that a title names gives the year to the days below it."""

from __future__ import annotations

import pytest

from retrieval.days import YearFrom

from .reading import announced, meetings, told

EN = "The assembly was held in Leeds on {}. It lasted four hours."
DE = "Die Versammlung fand am {} in Bonn statt. Sie dauerte vier Stunden."
ES = "La asamblea se celebró en Cuenca el {}. Duró cuatro horas."
VI = "Hội nghị diễn ra ngày {} tại thành phố Huế. Đại biểu bàn bốn giờ."


@pytest.mark.parametrize(
    ("language", "title", "text", "date"),
    [
        ("en", "# Annual report 2023", EN.format("14 March"), "2023-03-14"),
        ("en", "# Leeds Allotments Annual Report 2023", EN.format("14 March"), "2023-03-14"),
        ("en", "# 2023 annual report", EN.format("14 March"), "2023-03-14"),
        ("en", "Bell Ringers: report for the year 2023", EN.format("14 March"), "2023-03-14"),
        ("en", "# Annual General Meeting 2023 of the Ringers", EN.format("14 March"), "2023-03-14"),
        ("en", "Newsletter, March 2023", EN.format("14 March"), "2023-03-14"),
        ("de", "Jahresbericht 2022 des Chores", DE.format("14. März"), "2022-03-14"),
        ("de", "Rückblick auf das Vereinsjahr 2022", DE.format("14. März"), "2022-03-14"),
        ("de", "Vereinsblatt Nr. 12/2022", DE.format("14. November"), "2022-11-14"),
        ("de", "Vereinsblatt Nr. 1/2022", DE.format("14. November"), "--11-14"),
        ("es", "Memoria de actividades 2023", ES.format("14 de marzo"), "2023-03-14"),
        ("vi", "Báo cáo hoạt động năm 2023 của xã", VI.format("14 tháng 3"), "2023-03-14"),
    ],
)
def test_a_title_gives_its_year(language: str, title: str, text: str, date: str) -> None:
    (meeting,) = meetings(f"{title}\n\nWe thank all who helped.\n\n{text}", language)
    assert str(meeting.date) == date
    assert meeting.year_from is (None if date.startswith("-") else YearFrom.CONTEXT)


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        ("en", "Inquiry into the 2019 fire", EN.format("14 March")),
        ("en", "Council adopts annual report 2023", EN.format("14 March")),
        ("en", "Annual report 2023 adopted", EN.format("14 March")),
        ("en", "Reports 2021 and 2023", EN.format("14 March")),
        ("en", "Report on the war of 1939–1945", EN.format("14 March")),
        ("en", "Annual report\n\n© 2023 The Ringers", EN.format("14 March")),
        ("en", "Annual report\n\n![](/2023/report.jpg)", EN.format("14 March")),
        ("en", "Annual report 2023", "In 2021 all was new. " + EN.format("14 March")),
        ("en", "Annual report 2023\n\n## The fire of 2021", EN.format("14 March")),
        ("en", "Annual report 2023", EN.format("Monday, 14 March")),
        ("de", "Haushaltssitzung 2024", DE.format("14. März")),
        ("vi", "Hội nghị tổng kết công tác năm 2023", VI.format("14/1")),
    ],
)
def test_what_it_is_only_about_or_may_be_of_another_gives_none(
    language: str, title: str, text: str
) -> None:
    assert [date[:2] for date, _ in told(f"{title}\n\n{text}", language) if date] == ["--"]


def test_it_goes_before_the_article_s_own_day_but_not_beyond_it() -> None:
    text = "# Annual report 2023\n\n" + EN.format("14 March")
    assert told(text, date="2024-03-20") == [("2023-03-14", "Leeds")]
    late = "# Annual report 2023\n\n" + EN.format("14 December")
    assert told(late, date="2023-01-20") == [("2022-12-14", "Leeds")]
    news = "# Council adopts annual report 2023\n\n" + EN.format("14 March")
    assert told(news, date="2024-03-20") == [("2024-03-14", "Leeds")]
    given = EN.format("14 March")
    assert told(given, title="Annual report 2023") == [("2023-03-14", "Leeds")]


def test_each_heading_gives_its_own() -> None:
    text = "Chronicle\n\n" + "\n\n".join(
        f"## {year}\n\n" + EN.format("14 March") for year in (2021, 2023)
    )
    assert [date for date, _ in told(text)] == ["2021-03-14", "2023-03-14"]


def test_what_is_to_come_has_no_year_of_a_title() -> None:
    text = "# Annual report 2023\n\n" + EN.format("14 March")
    text += "\n\nThe next meeting will be held in York on 20 April."
    assert told(text) == [("2023-03-14", "Leeds")]
    assert announced(text) == []
