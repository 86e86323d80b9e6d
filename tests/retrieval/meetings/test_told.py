"""Days of which a part stands above them, or that count from another one."""

from __future__ import annotations

import pytest

from retrieval import MeetingStatus
from retrieval.meetings.extract import extract_meetings

from .reading import article


def told(
    text: str, language: str = "en", status: MeetingStatus = MeetingStatus.HELD, **known: object
) -> list[tuple[str, str | None]]:
    """The first and the last day of each mention that may be of a meeting, one held if nothing else
    is said."""
    every = (each.meeting for each in extract_meetings(article(text, language, **known)).possible)
    days = (one for one in every if one.status is status and one.date)
    return [(str(one.date), str(one.end_date) if one.end_date else None) for one in days]


@pytest.mark.parametrize(
    ("language", "text", "day", "last"),
    [
        ("en", "March\n\nWe sat down with the vicar on the 16th.\n", "2023-03-16", None),
        ("de", "März. Wir saßen am 16. und 17. beisammen.\n", "2023-03-16", "2023-03-17"),
        ("es", "MARZO\n\nEl 16 nos juntamos en la sede.\n", "2023-03-16", None),
        ("vi", "Tháng Ba. Ngày 16, chúng tôi ngồi lại ở nhà văn hóa.\n", "2023-03-16", None),
    ],
)
def test_a_day_is_of_the_month_above_it(
    language: str, text: str, day: str, last: str | None
) -> None:
    assert told(text, language, date="2023-12-30") == [(day, last)]


def test_the_months_of_a_year_are_of_that_in_the_title() -> None:
    months = (f"{month}. We met on the {n}th." for n, month in enumerate(MONTHS, 4))
    days = told("Our friends in 2023\n\n" + "\n\n".join(months) + "\n")
    assert days == [(f"2023-{n:02}-{n + 3:02}", None) for n in range(1, 5)]


@pytest.mark.parametrize("title", ["Vision 2030 for Leeds", "The 2019 fire in Leeds"])
def test_the_months_below_a_title_about_a_year_have_none(title: str) -> None:
    months = (f"{month}. We met on the {n}th." for n, month in enumerate(MONTHS, 4))
    assert told(f"{title}\n\n" + "\n\n".join(months) + "\n") == []


def test_the_year_of_months_ends_at_another_heading() -> None:
    months = (f"{month}. We met on the {n}th." for n, month in enumerate(MONTHS, 4))
    text = "Our friends in 2023\n\n" + "\n\n".join(months)
    assert len(told(f"{text}\n\n## Founding\n\nAnn met the mayor on 3 May.\n")) == len(MONTHS)


MONTHS = ("January", "February", "March", "April")


def test_what_is_written_below_a_day_is_of_it() -> None:
    text = (
        "## Monday, 3 June\n\nSeven of us and a calculator.\n\n## Tuesday\n\nAt the county hall.\n"
    )
    assert told(text, date="2024-06-20") == [("2024-06-03", None), ("2024-06-04", None)]


def test_an_item_that_stands_alone_has_only_its_own_day() -> None:
    assert told("20 June 2024\n\nSeven of us and a calculator.\n") == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The owners met on 3 June. Three days later the tenants did.\n"),
        ("de", "Am 3. Juni tagten die Besitzer. Drei Tage später kamen die Mieter.\n"),
        ("es", "El 3 de junio se juntaron los dueños. Tres días después, los vecinos.\n"),
        ("vi", "Ngày 3/6 các chủ nhà ngồi lại. Ba ngày sau đến lượt người thuê.\n"),
    ],
)
def test_days_are_counted_from_the_one_above(language: str, text: str) -> None:
    assert told(text, language, date="2024-06-20")[-1] == ("2024-06-06", None)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "They sat in Leeds from Monday to Wednesday of last week.\n"),
        ("de", "Sie saßen von Montag bis Mittwoch der vergangenen Woche in Ulm.\n"),
        ("es", "Se juntaron de lunes a miércoles de la semana pasada en Jaca.\n"),
        ("vi", "Họ ngồi lại từ thứ Hai đến thứ Tư tuần trước ở Huế.\n"),
    ],
)
def test_weekdays_from_one_to_another(language: str, text: str) -> None:
    assert told(text, language, date="2024-06-20") == [("2024-06-10", "2024-06-12")]


def test_following_an_event_is_no_step() -> None:
    text = "The owners met on 3 June. Following Monday's meeting on 10 June the mayor left.\n"
    assert told(text, date="2024-06-20") == [("2024-06-03", None), ("2024-06-10", None)]


def test_an_article_of_no_day_has_that_of_a_line_at_its_head() -> None:
    text = "Board meeting of 21 November 2023, Villa Marina\n\nAnn saw the mayor on 2 November.\n"
    assert told(text)[1:] == [("2023-11-02", None)]
    assert told(text.replace("2 November", "2 May"))[1:] == []


@pytest.mark.parametrize(
    "head",
    [
        "The club was founded on 3 June 1904 in the Red Lion.\n\n## News",
        "Ann Low (5 May 1904 – 3 June 1990)",
    ],
)
def test_a_day_that_a_sentence_or_a_life_has_gives_no_year(head: str) -> None:
    days = told(f"{head}\n\nThe committee met on 9 June.\n")
    assert not any(day.endswith("-06-09") for day, _ in days)


def test_a_date_line_at_the_top_goes_before_a_dateline() -> None:
    text = "Leeds, 12 March 1998 – It was raining when the miners came home.\n\n"
    text += "On 3 May their children met in the Welfare Hall.\n"
    assert told(f"Published: 5 May 2024\n\n{text}")[-1] == ("2024-05-03", None)


def test_a_year_is_looked_back_upon_in_january() -> None:
    text = "Tổng kết năm 2023\n\nNgày 12/1, câu lạc bộ họp mặt tại Huế.\n"
    assert not any(day.startswith("2023") for day, _ in told(text, "vi"))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("May was quiet. In June we met the mayor on the 4th.\n", "2024-06-04"),
        ("## March\n\nOn 5 April we sat down. We met him on the 12th.\n", "2024-04-12"),
    ],
)
def test_the_month_named_last_goes_before_the_one_above(text: str, day: str) -> None:
    assert told(text, date="2024-06-20")[-1] == (day, None)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "En mayo perdimos. El 4 a 1 nos dolió.\n"),
        ("en", "In May we moved. The board met on the 5th floor.\n"),
        ("de", "Im Mai galt es. Nach dem 2. und 3. Absatz des Paragrafen trafen sich alle.\n"),
        ("es", "En mayo hubo obras. Los vecinos del 3 se juntaron en el portal.\n"),
        ("vi", "Tháng Năm. Chúng tôi ngồi lại ở khách sạn ngày 5 sao.\n"),
        ("en", "Theresa May was there. We sat down with her on the 12th.\n"),
        ("es", "En la Plaza de Mayo nos juntamos el 12 con el alcalde.\n"),
        ("vi", "Trong tháng năm nay, ngày 12 chúng tôi họp ở Huế.\n"),
        ("en", "## February\n\nIn York we sat down on the 30th.\n"),
        ("en", "## February\n\nIn York we sat down on the 29th.\n"),
        ("en", "## March\n\nIn York we sat down on Sunday the 16th.\n"),
        ("de", "Am Wochenende sitzen wir oft in Ulm.\n"),
    ],
)
def test_what_is_no_day(language: str, text: str) -> None:
    assert told(text, language, date="2023-12-10") == []


def test_an_ordinal_is_no_day_of_the_month() -> None:
    assert told("On 14 March he chaired the 8th session.\n", date="2022-03-15") == [
        ("2022-03-14", None)
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The owners met on 7 June. The tenants did the following Monday.\n"),
        ("de", "Am 7. Juni tagten die Besitzer. Am Montag darauf kamen die Mieter.\n"),
        ("es", "El 7 de junio se juntaron los dueños. El lunes siguiente, los vecinos.\n"),
        ("vi", "Ngày 7/6 các chủ nhà ngồi lại. Thứ Hai sau đó đến lượt người thuê.\n"),
    ],
)
def test_a_weekday_that_follows_the_day_above(language: str, text: str) -> None:
    assert told(text, language, date="2024-06-20")[-1] == ("2024-06-10", None)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Forty of us sat in Leeds last weekend.\n"),
        ("de", "Wir saßen am vergangenen Wochenende zu vierzigst in Ulm.\n"),
        ("es", "Cuarenta nos juntamos en Jaca el pasado fin de semana.\n"),
        ("vi", "Bốn mươi người ngồi lại ở Huế cuối tuần qua.\n"),
    ],
)
def test_a_weekend_is_two_days(language: str, text: str) -> None:
    assert told(text, language, date="2024-06-20") == [("2024-06-15", "2024-06-16")]
    assert told(text, language, date="2024-06-16") == [("2024-06-08", "2024-06-09")]


def test_a_report_of_months_of_two_years_has_both() -> None:
    text = "We met on 14 August in the Bush Inn.\n\nWe met again in Hobart on 5 March.\n"
    days = told(f"Report, July 2024 to June 2025\n\n{text}")
    assert days == [("2024-08-14", None), ("2025-03-05", None)]
    assert told(f"Bulletin, December 2024 to February 2025\n\n{text}")[0] == ("2024-08-14", None)


@pytest.mark.parametrize(
    ("language", "text", "days"),
    [
        ("en", "In March the board met on the 5th, 12th and 19th.\n", "5 12 19"),
        ("en", "The board met on 5, 12 and 19 March in Hull.\n", "5 12 19"),
        ("de", "## März\n\nDie Gruppe beriet in drei Gesprächen (5., 12. und 19.).\n", "5 12 19"),
        ("de", "Im März beriet der Vorstand am 5., am 12. und am 19. in Ulm.\n", "5 12 19"),
        ("es", "La junta deliberó los días 5, 12 y 19 de marzo.\n", "5 12 19"),
        ("es", "La junta deliberó los días 5, 12 y 19 de este mes.\n", "5 12 19"),
        ("vi", "Ban quản trị ngồi lại các ngày 5, 12 và 19/3 tại Huế.\n", "5 12 19"),
    ],
)
def test_each_day_of_a_list_is_told(language: str, text: str, days: str) -> None:
    expected = [(f"2024-03-{int(day):02}", None) for day in days.split()]
    assert told(text, language, date="2024-03-30") == expected


def test_days_that_follow_one_another_are_one_meeting() -> None:
    assert told("The council met on 5, 6 and 7 March in Hull.\n", date="2024-03-30") == [
        ("2024-03-05", "2024-03-07")
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "He had heard them out in York on the 5th.\n"),
        ("de", "Der Bürgermeister saß am 5. mit ihnen beisammen.\n"),
        ("es", "El día 5 el alcalde se sentó con ellos.\n"),
        ("vi", "Ngày 5, ông chủ tịch ngồi lại với họ.\n"),
    ],
)
def test_a_day_alone_is_of_the_month_of_the_article(language: str, text: str) -> None:
    assert told(text, language, date="2024-03-30") == [("2024-03-05", None)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "## March\n\n- Sat 9: hedge laying\n- Tue 12: committee, Quaker House\n"),
        (
            "de",
            "## März\n\n**Samstag, 9.** Konzert.\n\n**Dienstag, 12.** Ortsbeirat.\n",
        ),
        ("es", "## Marzo\n\n- Sábado 9: procesión\n- Martes 12: consejo parroquial\n"),
        ("vi", "## Tháng Ba\n\n- 9: dọn rác ở hồ\n- 12: họp ban điều hành\n"),
    ],
)
def test_days_below_a_month_may_be_to_come(language: str, text: str) -> None:
    days = told(text, language, MeetingStatus.ANNOUNCED, date="2024-03-01")
    assert days == [("2024-03-09", None), ("2024-03-12", None)]


def test_the_year_that_has_ended_is_told_of_in_january() -> None:
    text = "Looking back.\n\nOn 20 March we all sat down in the hall.\n"
    assert told(text, date="2023-01-15") == [("2022-03-20", None)]
    assert told(text, date="2023-12-15") == [("2023-03-20", None)]
