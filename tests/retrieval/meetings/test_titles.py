"""A meeting in a title or a heading, with its day: half of the titles were written before the rule
was."""

from __future__ import annotations

import json

import pytest

from tests.conftest import DATA

from .reading import meetings, told

TITLES = json.loads((DATA / "meeting_titles.json").read_text(encoding="utf-8"))
BODY = "\n\nPresent: Ann Lock, Piet Moor\n\nThe fee stays as it is. Two of us mend the fence."


def test_the_titles_of_minutes_in_four_languages() -> None:
    right = wrong = 0
    for title in TITLES:
        dates = [date for date, _ in told(title["text"], title["language"], **title["known"])]
        right += title["date"] in dates
        wrong += sum(date != title["date"] for date in dates)
    assert right >= 0.95 * sum(title["date"] is not None for title in TITLES)
    assert wrong <= 0.05 * len(TITLES)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("# Node Foundation TSC Meeting 2015-06-10", "Node Foundation TSC Meeting"),
        ("Harbour Board (HB) meeting on 10 June 2015", "Harbour Board (HB) meeting"),
        ("2015-06-10: Meeting of the Harbour Board", "Meeting of the Harbour Board"),
    ],
)
def test_its_name_is_the_title_without_the_day(title: str, name: str) -> None:
    (meeting,) = meetings(title + BODY)
    assert (meeting.name, str(meeting.date)) == (name, "2015-06-10")
    assert meeting.evidence.text == title


def test_a_title_that_is_given_has_the_first_statement_as_evidence() -> None:
    for text, known in (
        (BODY.strip(), {"title": "Board meeting, 10 June 2015"}),
        ("---\ntitle: Board meeting, 10 June 2015\n---\n" + BODY.strip(), {}),
    ):
        (meeting,) = meetings(text, **known)
        assert (meeting.name, str(meeting.date)) == ("Board meeting", "2015-06-10")
        assert meeting.evidence.text == "Present: Ann Lock, Piet Moor"


def test_each_heading_that_names_one_with_its_day() -> None:
    text = "Notes\n\n## Meeting 3 May 2019\n\nWe sang a song.\n\n## Meeting 7 June 2019\n\nWe ate."
    assert [date for date, _ in told(text)] == ["2019-05-03", "2019-06-07"]


def test_minutes_are_of_one_meeting_and_of_the_place_that_their_text_names() -> None:
    text = (
        "Board meeting 3 May 2019\n\nThe board met in York on 3 May 2019. It had been asked to.\n\n"
        "## Report on the meeting of 8 April 2019\n\nThe board held a meeting on 8 April 2019."
    )
    assert told(text) == [("2019-05-03", "York")]


@pytest.mark.parametrize(
    "text",
    [
        "Members' meeting 4 June 2022\n\nThe meeting will begin at six. Tea is served.",
        "Next meeting: 4 June 2022\n\nTea is served from six. Bring a cup.",
        "Fence mended (meeting of 4 June 2022)\n\nThe fence stands again. It took a week.",
        "A council meeting leaves people cold\n4 June 2022\n\nMany never go. It is too long.",
        "The meeting of 4 June 2022 is cancelled\n\nThe hall has no heating. We are sorry.",
    ],
)
def test_titles_that_are_no_news_of_a_meeting(text: str) -> None:
    assert meetings(text) == []
