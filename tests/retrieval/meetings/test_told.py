"""Days of which a part stands above them, or that count from another one."""

from __future__ import annotations

import pytest

from retrieval import MeetingStatus
from retrieval.meetings.extract import extract_meetings

from .reading import article


def told(text: str, language: str = "en", **known: object) -> list[tuple[str, str | None]]:
    """The first and the last day of each mention that may be of a meeting that was held."""
    every = (each.meeting for each in extract_meetings(article(text, language, **known)).possible)
    held = (one for one in every if one.status is MeetingStatus.HELD and one.date)
    return [(str(one.date), str(one.end_date) if one.end_date else None) for one in held]


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
    assert told(text, language, date="2023-12-30") == []


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
