"""Meetings that are to come, and what later articles make of them."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from retrieval import Day, Meeting, MeetingStatus
from retrieval.meetings.extract import extract_meetings
from retrieval.meetings.listing import list_meetings

from .reading import announced, article, meetings

PUBLISHED = {"date": "2018-09-07"}
TODAY = datetime.date(2018, 9, 8)


@pytest.mark.parametrize(
    ("language", "text", "status", "day"),
    [
        ("en", "The council will hold a meeting in Leeds on 9 September.", "announced", "09-09"),
        (
            "en",
            "The meeting set for 14 September is called off.",
            "cancelled",
            "09-14",
        ),
        ("en", "The meeting of 14 September has been postponed.", "postponed", "09-14"),
        ("de", "Die Sitzung am 11. September wird in Bonn stattfinden.", "announced", "09-11"),
        ("de", "Die Versammlung am 11. September ist abgesagt.", "cancelled", "09-11"),
        ("es", "La asamblea se celebrará el 11 de septiembre en Cuenca.", "announced", "09-11"),
        ("es", "La asamblea del 11 de septiembre ha sido aplazada.", "postponed", "09-11"),
        ("vi", "Hội nghị sẽ diễn ra ngày 11/9 tại thành phố Huế.", "announced", "09-11"),
        ("vi", "Hội nghị ngày 11/9 đã bị hoãn.", "postponed", "09-11"),
        ("en", "The meeting planned for 4 September in Leeds was cancelled.", "cancelled", "09-04"),
        ("en", "The finance committee is due to look at it on 2 October.", "announced", "10-02"),
        ("en", "Date of next meeting\n\nTuesday 11 September 2018 at 7 pm.", "announced", "09-11"),
        (
            "en",
            "All are warmly invited to our assembly.\n\n11 September, 7 pm",
            "announced",
            "09-11",
        ),
        ("de", "Das letzte Wort hat der Rat. Er tagt am 11. September.", "announced", "09-11"),
        ("de", "Die Sitzung fällt aus. Neuer Termin ist der 11. September.", "announced", "09-11"),
        ("es", "La mancomunidad se reunirá el próximo 11 de septiembre.", "announced", "09-11"),
        ("vi", "Cuộc họp tới: 11-09-2018.", "announced", "09-11"),
        ("de", "Der Bauausschuss entscheidet am 11. September.", "announced", "09-11"),
        ("en", "Our assembly is in Leeds on Wed 12th at 7.30.", "announced", "09-12"),
        ("en", "Our meetings go on.\n\nThe next is on 11 September.", "announced", "09-11"),
        (
            "es",
            "Nada de la reunión.\n\nSerá el 11 de septiembre, misma hora.",
            "announced",
            "09-11",
        ),
        (
            "de",
            "Termine stehen fest:\n\n11.9. Versammlung, 19 Uhr (bitte pünktlich)",
            "announced",
            "09-11",
        ),
        ("en", "The assembly will take place on 7 September 2018.", "announced", "09-07"),
    ],
)
def test_what_is_to_come(language: str, text: str, status: str, day: str) -> None:
    assert announced(text, language, **PUBLISHED) == [(status, f"2018-{day}")]
    assert meetings(text, language, **PUBLISHED) == []


@pytest.mark.parametrize(
    "text",
    [
        "The meeting planned for 4 May in Leeds was cancelled.",  # Looked back upon.
        "The choir sings on 16 September at 7.30 pm and on the 23rd, same place, same time.",
        "The council sells cakes on 20 September. The next fair is on 23 September.",
        "The meeting room is open this Friday, 7 pm.",
        "The sale raised 400. The next is on 8 October, same place. The assembly asked for it.",
        "The association decides the winner of the old cup by lot on 20 September.",
        "The committee considers entries until 30 September at noon.",
        "The council held a meeting in Leeds on 4 September.",
        "The league match, a meeting of old foes, will be on 9 September; Ali scored last time.",
    ],
)
def test_what_is_not(text: str) -> None:
    assert announced(text, **PUBLISHED) == []


def test_one_that_is_put_off_has_its_old_day_and_its_new_one() -> None:
    text = "Die Sitzung des Rates am 11. September wird auf den 25. September verschoben."
    assert announced(text, "de", **PUBLISHED) == [
        ("postponed", "2018-09-11"),
        ("announced", "2018-09-25"),
    ]
    text = "The assembly of 11 September is cancelled. It will now be held on 25 September."
    assert announced(text, **PUBLISHED) == [
        ("postponed", "2018-09-11"),
        ("announced", "2018-09-25"),
    ]


def test_minutes_tell_of_the_next_one_from_their_own_day() -> None:
    text = "Minutes of the board meeting, 7 September 2018\n\nAll came.\n\nNext call: 21 September."
    assert announced(text) == [("announced", "2018-09-21")]
    assert [meeting.date for meeting in meetings(text)] == [Day(9, 7, 2018)]


def test_a_sentence_on_the_next_one_takes_none_from_the_heading() -> None:
    text = "Board meeting, 3 May 2019\n\nThe roof was discussed.\n\nThe next meeting is on 7 June."
    assert [meeting.date for meeting in meetings(text)] == [Day(5, 3, 2019)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "Invitation to our meeting\n\nDate: 14 September 2018\nPlace: Town Hall, Leeds",
        ),
        ("de", "Gartenverein\n\nEinladung zur Sitzung\n\nDatum: 14.09.2018\nOrt: Rathaus, Leeds"),
        ("vi", "Giấy mời\n\nKính mời dự hội nghị\n\nThời gian: 14-09-2018\nĐịa điểm: Leeds"),
    ],
)
def test_the_fields_of_an_invitation(language: str, text: str) -> None:
    (meeting,) = extract_meetings(article(text, language)).meetings
    assert (meeting.status, meeting.date) == (MeetingStatus.ANNOUNCED, Day(9, 14, 2018))
    assert meeting.place == "Leeds"


@pytest.mark.parametrize(
    "text",
    [
        "Meeting called off\n\nIt was to open in Leeds this morning. The meeting began badly.",
        "The presbytery adjourned its meeting to meet again at Leeds on 11 September.",
        "Next meeting: after the holidays, about 11 September.",
    ],
)
def test_none_of_these_is_shown_as_held(text: str) -> None:
    assert meetings(text, **PUBLISHED) == []


def test_the_title_of_an_agenda_is_no_meeting_that_was_held() -> None:
    text = "Agenda for the board meeting, 14 September 2018\n\nTea is served from six. Bring a cup."
    assert announced(text, **PUBLISHED) == [("announced", "2018-09-14")]
    assert meetings(text, **PUBLISHED) == []


def told_of(text: str, day: str, path: str) -> list[Meeting]:
    read = article(text, "en", date=day)
    source = replace(read.source, path=path)
    return extract_meetings(replace(read, source=source)).meetings


def test_a_later_article_updates_it() -> None:
    first = told_of("The council will hold a meeting in Leeds on 14 September.", "2018-09-07", "1")
    off = told_of("The meeting in Leeds on 14 September is cancelled.", "2018-09-10", "2")
    held = told_of("The council held a meeting in Leeds on 14 September.", "2018-09-15", "3")
    for told, status in (
        (first, "announced"),
        (first + off, "cancelled"),
        (off + first, "cancelled"),
        (first + held, "held"),
        (held + off + first, "held"),
    ):
        (meeting,) = list_meetings(told, today=TODAY)
        assert meeting.status == status
        assert len(meeting.others) == len(told) - 1


def test_those_to_come_stand_first_and_the_next_one_is_the_first_of_them() -> None:
    text = "The {} will hold a meeting in Leeds on {} September."
    far, near = (
        told_of(text.format(*each), "2018-09-01", each[0])
        for each in (("council", 20), ("board", 10))
    )
    over = told_of("The club held a meeting in Leeds on 4 September.", "2018-09-05", "over")
    listed = list_meetings(over + far + near, today=TODAY)
    assert [meeting.date for meeting in listed] == [Day(9, day, 2018) for day in (10, 20, 4)]
    late = list_meetings(over + far + near, today=datetime.date(2018, 10, 1))
    assert [meeting.date for meeting in late] == [Day(9, day, 2018) for day in (20, 10, 4)]
    assert late[0].status is MeetingStatus.ANNOUNCED
