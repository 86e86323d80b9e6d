"""Which day is meant, and where its year comes from: a wrong date is worse than none."""

from __future__ import annotations

import json

import pytest

from retrieval.articles.metadata import of_bytes
from retrieval.days import YearFrom
from retrieval.meetings.extract import extract_meetings
from tests.conftest import DATA

from .reading import meetings, told

HELD = "The council held a meeting in Leeds on {}. It lasted four hours."


@pytest.mark.parametrize(
    ("head", "when", "date"),
    [
        ("Published 7 September 2018", "Tuesday", "2018-09-04"),
        ("Published 7 September 2018", "4 September", "2018-09-04"),
        ("Published 7 January 2018", "20 December", "2017-12-20"),
        ("Posted: Wednesday, March 9, 2016", "Tuesday night", "2016-03-08"),
        ("Updated 13/11/2021 09:15", "Monday", "2021-11-08"),
        ("No. 47 – November 2017", "14 October", "2017-10-14"),
        ("No. 5 — 7 September 2018", "Tuesday", "2018-09-04"),
        ("The Roof Weekly — 7 Sept. 2018, 21:58 — T. Low", "Tuesday", "2018-09-04"),
        (
            "The Roof Weekly of Leeds – 7 September 2018 – written by T. Low",
            "Tuesday",
            "2018-09-04",
        ),
        ("Leeds. 7 September 2018. By Ann Low", "Tuesday", "2018-09-04"),
    ],
)
def test_a_year_from_the_article_s_own_date(head: str, when: str, date: str) -> None:
    (meeting,) = meetings(f"A vote on roofs\n{head}\n\n{HELD.format(when)}")
    assert str(meeting.date) == date
    assert meeting.year_from is YearFrom.HEADER
    assert meeting.place == "Leeds"


def test_days_of_this_week_and_the_last_and_of_this_month() -> None:
    for when, date in (
        ("Friday", "2018-09-07"),
        ("Friday last", "2018-08-31"),
        ("Monday last week", "2018-08-27"),
        ("Wednesday the 22nd", "2018-08-22"),
        ("Wednesday the 23rd", None),
        ("the 4th of this month", "2018-09-04"),
    ):
        assert told(HELD.format(when), date="2018-09-07") == [(date, "Leeds")], when


def test_a_weekday_and_a_day_are_of_the_month_of_a_bulletin_or_of_the_one_month_they_fit() -> None:
    assert told("# No. 47 – May 2018\n\n" + HELD.format("Monday 14")) == [("2018-05-14", "Leeds")]
    for when, date in (("Monday 14", "2018-05-14"), ("Friday 12", None)):
        text = "# Annual report 2018\n\n" + HELD.format(when)
        assert told(text, date="2019-02-01") == [(date, "Leeds")], when


@pytest.mark.parametrize(
    ("foot", "when"),
    [
        ("Leeds, 7 September 2018. The secretary, Ann Low", "Tuesday"),
        ("Text and photos by hand.\n\nText: Ann Low, 7 September 2018", "Tuesday"),
        ("For the board of the old housing trust: Ann May Low, 7 September 2018", "Tuesday"),
        ("Leeds, in September 2018", "4 September"),
    ],
)
def test_a_letter_is_of_the_day_with_which_it_is_signed(foot: str, when: str) -> None:
    assert told(f"{HELD.format(when)}\n\nTea was free.\n\n{foot}") == [("2018-09-04", "Leeds")]


def test_the_head_of_a_mail_is_in_english_whatever_its_text() -> None:
    head = "Von: Anna <anna@example.org>\nDate: Tue, 5 Mar 2019 21:14:33 +0100\n\n"
    assert told(f"{head}Der Gemeinderat tagte am Montag in Bonn.", "de") == [("2019-03-04", "Bonn")]


def test_front_matter_an_address_and_a_sentence_give_a_year() -> None:
    for known, when, origin in (
        ({"date": "2018-09-07"}, "4 September", YearFrom.HEADER),
        ({"url": "https://example.org/2018/09/07/roofs"}, "4 September", YearFrom.URL),
        ({"url": "https://example.org/2018/10/roofs"}, "4 September", YearFrom.URL),
        ({}, "4 September 2018", YearFrom.STATED),
    ):
        (meeting,) = meetings(HELD.format(when), **known)
        assert (str(meeting.date), meeting.year_from) == ("2018-09-04", origin)


def test_a_file_s_name_gives_a_year_where_the_text_gives_none() -> None:
    said = f"{HELD.format('4 September')}\n\nThe roofs were paid for.\n"
    for head, year in (("", "2018"), ("Published 7 September 2016\n\n", "2016")):
        found = extract_meetings(
            of_bytes(f"# Roofs\n\n{head}{said}".encode(), "2018-09-07-roofs.md")
        ).meetings
        assert [str(meeting.date) for meeting in found] == [f"{year}-09-04"]


def test_a_file_s_name_takes_nothing_from_the_day_that_its_front_matter_gives() -> None:
    text = (
        f"---\ndate: 2018-09-07\n---\nSaturday, 8 September 2012\n\n{HELD.format('4 September')}\n"
    )
    for name in ("roofs.md", "2018-09-07-roofs.md"):
        (meeting,) = extract_meetings(of_bytes(text.encode(), name)).meetings
        assert (str(meeting.date), meeting.year_from) == ("2018-09-04", YearFrom.HEADER)


def test_a_day_in_the_address_is_no_less_sure_where_the_file_s_name_has_it_too() -> None:
    source = "https://example.org/2018/09/07/roofs"
    text = f"---\nurl: {source}\n---\n{HELD.format('Tuesday')}\n"
    (meeting,) = extract_meetings(of_bytes(text.encode(), "2018-09-07-roofs.md")).meetings
    assert (str(meeting.date), meeting.year_from) == ("2018-09-04", YearFrom.URL)


def test_no_year_where_nothing_says_one() -> None:
    (meeting,) = meetings(HELD.format("4 September") + " The statutes are of 2011.")
    assert (str(meeting.date), meeting.year_from) == ("--09-04", None)


def test_a_weekday_without_a_day_to_count_from_is_no_date() -> None:
    (meeting,) = meetings(HELD.format("Tuesday"))
    assert meeting.date is None


def test_figures_are_read_as_the_article_writes_its_other_dates() -> None:
    head = "A vote\nUpdated 03/11/2021 09:15\n\n" + HELD.format("Monday")
    assert told(head) == [(None, "Leeds")]
    assert told(head + " Bids are due by 1 December.") == [("2021-11-01", "Leeds")]
    assert told(head + " Bids are due by December 1.") == [("2021-03-08", "Leeds")]


def test_a_review_and_a_plan_leave_one_year() -> None:
    review = "On {} the union held a conference to review its work in 2024 and set tasks for 2025."
    for day, year in (("19 December", 2024), ("7 February", 2025)):
        (meeting,) = meetings(review.format(day))
        assert meeting.date
        assert (meeting.date.year, meeting.year_from) == (year, YearFrom.CONTEXT)
    (meeting,) = meetings(review.format("19 June"))
    assert meeting.date
    assert meeting.date.year is None


def test_a_budget_is_adopted_at_the_end_of_the_year_before() -> None:
    text = "In seiner Sitzung am 21. November hat der Rat den Haushalt für 2024 beschlossen."
    (meeting,) = meetings(text, "de")
    assert (str(meeting.date), meeting.year_from) == ("2023-11-21", YearFrom.CONTEXT)


def test_a_day_close_to_one_with_a_year_is_of_that_year() -> None:
    text = (
        "The board held a meeting in Porto on 8 April 2019. Fees stay as they are.\n"
        "A workshop was held in Ghent on 3 May."
    )
    assert told(text) == [("2019-04-08", "Porto"), ("2019-05-03", "Ghent")]


def test_a_range_over_the_turn_of_the_year() -> None:
    text = "The assembly was held in Tartu from 30 December to 2 January."
    (meeting,) = meetings(text, date="2020-01-10")
    assert (str(meeting.date), str(meeting.end_date)) == ("2019-12-30", "2020-01-02")


def test_a_weekday_that_does_not_fit_takes_the_year_away() -> None:
    (meeting,) = meetings(HELD.format("Monday 4 September"), date="2018-09-07")
    assert str(meeting.date) == "--09-04"


def test_no_year_is_invented_from_what_is_no_date_of_the_article() -> None:
    articles = json.loads((DATA / "invented_years.json").read_text(encoding="utf-8"))
    for each in articles:
        dates = [date for date, _ in told(each["text"], each["language"], **each["known"])]
        assert dates == [each["date"]], each["text"]


def test_a_day_is_of_the_year_of_another_meeting_near_it_but_of_no_other_date() -> None:
    again = "The council met on 3 May 2023 in Leeds. It met again on 20 May."
    assert [date for date, _ in told(again)] == ["2023-05-03", "2023-05-20"]
    pier = "The pier was opened on 14 June 1898 by the mayor.\n\nOn 3 May its friends met in Leeds."
    assert told(pier) == [("--05-03", "Leeds")]


@pytest.mark.parametrize("address", ["https://example.org/2031-01-02/a", "/minutes/2031-01-02.pdf"])
def test_an_address_that_holds_a_date_makes_no_meeting_vanish(address: str) -> None:
    text = f"The council held a meeting in Leeds on 4 September ({address} has the plans)."
    assert told(text, date="2018-09-07") == [("2018-09-04", "Leeds")]


def test_an_update_gives_the_year_only_of_days_shortly_before_it() -> None:
    head = "A vote on roofs\nUpdated 7 September 2018\n\n"
    assert told(head + HELD.format("4 September")) == [("2018-09-04", "Leeds")]
    assert told(head + HELD.format("4 May")) == [("--05-04", "Leeds")]


def test_what_is_stated_to_be_after_the_last_update_is_to_come() -> None:
    foot = "\n\nThis page was last updated on 7 September 2018"
    assert told(HELD.format("4 May 2018") + foot) == [("2018-05-04", "Leeds")]
    assert told(HELD.format("4 May 2019") + foot) == []


def test_the_day_of_the_next_meeting_is_not_that_of_the_minutes() -> None:
    foot = "\n\n## Next Meeting\n\n2019-01-11"
    assert told(HELD.format("4 May") + foot) == [("--05-04", "Leeds")]
