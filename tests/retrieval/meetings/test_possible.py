"""Meetings that the model finds in the words around a day."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from retrieval import MeetingStatus
from retrieval.articles.metadata import of_bytes
from retrieval.meeting import MeetingPlace, Mention, MentionReading, PossibleMeeting
from retrieval.meetings.extract import extract_meetings
from retrieval.meetings.likely import LEAST_ODDS, VETO, with_likely
from retrieval.meetings.possible import MAX_MENTIONS

from .reading import article, listed, meeting_reader

DAY = "2024-05-16"
"""A Thursday."""


def told(text: str, language: str = "en", date: str | None = DAY) -> list[tuple[str, str | None]]:
    """The day and the status of each meeting that is listed of a text."""
    found = listed(article(text, language, **({"date": date} if date else {})))
    return [(str(meeting.date), meeting.status) for meeting in found]


def readings(found: Sequence[PossibleMeeting], *odds: float) -> list[MentionReading]:
    """What a model would read that says so of each, held or to come, and of no place anything."""
    return [
        MentionReading((value, value), [None] * len(each.places))
        for each, value in zip(found, odds, strict=True)
    ]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            "Residents crowded into the school canteen on Tuesday evening to hear from the "
            "engineers why the bridge will stay closed.",
        ),
        (
            "de",
            "Der Stadtrat von Hagenried hat am Dienstagabend nach langer Debatte mit 14 zu 9 "
            "Stimmen für den neuen Radweg gestimmt.",
        ),
        (
            "es",
            "Los vecinos de Villarroya se sentaron el martes con el alcalde y la concejala para "
            "hablar del precio del agua.",
        ),
        (
            "vi",
            "Tối thứ Ba, hơn một trăm hộ dân thôn Đồng Lau ngồi kín nhà văn hóa nghe xã giải trình "
            "về tiền đền bù đất, đến gần nửa đêm mới thống nhất.",
        ),
    ],
)
def test_people_come_together_without_a_word_for_it(language: str, sentence: str) -> None:
    assert told(f"{sentence}\n", language) == [("2024-05-14", MeetingStatus.HELD)]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The ferry hit the quay on Tuesday evening and two passengers were hurt."),
        ("en", "Capital: Vienna; daylight saving time begins on the last Sunday in March."),
        ("en", "On Tuesday the crews from France and Hungary raced in the women's double scull."),
        ("de", "Am Dienstag wurde die neue Brücke für den Verkehr freigegeben."),
        ("de", "Das Ministerium teilte am Dienstag mit, dass die Gebühr steigt."),
        ("es", "El martes se publicaron los resultados del primer trimestre de la empresa."),
        ("vi", "Thứ Ba, lũ cuốn trôi cầu tạm ở bản Nà Lếch, hai xe máy bị hỏng."),
    ],
)
def test_what_else_has_a_day_is_none(language: str, sentence: str) -> None:
    assert not told(f"{sentence}\n", language)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The tenants get together at the Moor Inn on 21 May, at half past seven."),
        ("de", "Am 21. Mai setzen sich alle Vereine um 19 Uhr im Pfarrsaal zusammen."),
        ("es", "Los comuneros se sientan con la alcaldesa el 21 de mayo, a las siete."),
        ("vi", "Bà con sẽ ngồi lại với chủ đầu tư vào ngày 21/5, lúc 19 giờ."),
    ],
)
def test_what_people_will_come_together_for_is_announced(language: str, sentence: str) -> None:
    assert told(f"{sentence}\n", language) == [("2024-05-21", MeetingStatus.ANNOUNCED)]


def test_what_names_a_meeting_and_is_to_come_was_not_held() -> None:
    sentence = (
        "Novecientos delegados, en representación de los afiliados, celebrarán el martes el "
        "congreso constituyente del sindicato.\n"
    )
    assert MeetingStatus.HELD not in [status for _, status in told(sentence, "es")]
    assert not told("Am 20. Mai stimmte der Stadtrat für den Radweg.\n", "de")
    assert not told("Sat 21 September, home again with sand in everything.\n", date="2019-09-22")


def test_a_day_whose_year_is_not_known_is_not_read() -> None:
    sentence = "Der Stadtrat von Hagenried hat am 14. Mai nach langer Debatte abgestimmt.\n"
    assert not extract_meetings(article(sentence, "de")).possible
    assert extract_meetings(article(sentence, "de", date=DAY)).possible


def test_a_day_alone_dates_what_stands_below_it() -> None:
    text = (
        "## Diary\n\nTuesday, 14 May\n\nWe sat down with the mayor. The roof leaks again.\n\n"
        "Wednesday, 15 May\n\nNobody came to mend it.\n\n## Roof\n\nIt was made of slate.\n"
    )
    found = extract_meetings(article(text, date=DAY)).possible
    assert [(str(one.meeting.date), one.meeting.evidence.text) for one in found] == [
        ("2024-05-14", "We sat down with the mayor."),
        ("2024-05-14", "The roof leaks again."),
        ("2024-05-15", "Nobody came to mend it."),
    ]
    first = found[0].mention
    assert first.text[first.start : first.end] == "Tuesday, 14 May"


def test_the_days_that_minutes_tell_of_are_near_that_of_their_meeting() -> None:
    text = (
        "# Minutes of the board meeting, 6 May 2024\n\nPresent: A. Low, B. Hay\n\n"
        "Ann told what she and the mayor had agreed on 2 May. In 1970, on 4 April, it burnt down. "
        "The fence was painted on 3 December.\n"
    )
    found = extract_meetings(article(text)).possible
    days = [str(one.meeting.date) for one in found if one.mention.text.startswith("Ann")]
    assert days == ["2024-05-02"]


def test_yesterday_is_not_counted_from_a_meeting_that_is_looked_back_upon() -> None:
    text = (
        "The club met for the first time on 3 May 2019 in the Red Lion.\n\n"
        "Today it has 300 members. Yesterday we sat down with the mayor in York.\n"
    )
    days = {str(one.meeting.date) for one in extract_meetings(article(text)).possible}
    assert days == {"2019-05-03"}


def test_days_from_one_to_another_are_one_meeting() -> None:
    text = "The board met from Monday to Wednesday of last week in Leeds.\n"
    found = extract_meetings(article(text, date=DAY))
    (meeting,) = with_likely(found.meetings, found.possible, readings(found.possible, 5.0))
    assert (str(meeting.date), str(meeting.end_date)) == ("2024-05-06", "2024-05-08")


def test_of_an_article_of_days_the_first_ones_are_read() -> None:
    text = "\n\n".join(f"On {n % 28 + 1} April {1800 + n} the sky was clear." for n in range(300))
    assert len(extract_meetings(article(text)).possible) == MAX_MENTIONS


def test_of_each_day_the_likeliest_is_listed() -> None:
    text = (
        "On 2 May we cleaned the pond. On 2 May we sat down with the mayor until ten.\n\n"
        "On 6 May the elders talked it over.\n"
    )
    found = extract_meetings(article(text, date=DAY)).possible
    kept = with_likely((), found, readings(found, 2.0, 3.0, 4.0))

    assert [(str(one.date), one.evidence.text) for one in kept] == [
        ("2024-05-06", "On 6 May the elders talked it over."),
        ("2024-05-02", "On 2 May we sat down with the mayor until ten."),
    ]
    assert with_likely((), found, readings(found, *[LEAST_ODDS - 0.1] * 3)) == []


def test_what_is_announced_for_a_day_of_which_no_mention_tells_is_not_listed() -> None:
    found = extract_meetings(article("The board will hold its meeting on 21 May.\n", date=DAY))
    assert len(found.meetings) == len(found.possible) == 1
    for value, kept in ((VETO, 1), (VETO - 0.1, 0)):
        read = readings(found.possible, value)
        assert len(with_likely(found.meetings, found.possible, read)) == kept


@pytest.mark.parametrize(
    ("path", "front"),
    [
        ("minutes/2024-05-14.md", ""),
        ("a.md", '---\ntitle: "Minutes of the meeting of the board, 14 May 2024"\n---\n'),
    ],
)
def test_minutes_stay_whatever_their_text_says_of_the_day(path: str, front: str) -> None:
    text = f"{front}The bill of 14 May 2024 was paid. The roof is done.\n"
    (meeting,) = listed(of_bytes(text.encode(), path))
    assert (str(meeting.date), meeting.status) == ("2024-05-14", MeetingStatus.HELD)


def test_a_day_of_a_congress_that_is_listed_is_no_other_meeting() -> None:
    text = (
        "The congress of the guild was held in Leeds from 6 to 8 May. On 7 May the delegates sat "
        "down with the mayor until ten.\n"
    )
    assert [day for day, _ in told(text)] == ["2024-05-06"]


@pytest.mark.parametrize(
    ("day", "date", "read"),
    [
        ("14 November", "2024-05-16", []),
        ("14 April", "2024-05-16", ["2024-04-14"]),
        ("14 December", "2024-02-16", ["2023-12-14"]),
        ("14 January", "2024-12-16", ["2024-01-14"]),
        ("14 November 2023", "2024-05-16", ["2023-11-14"]),
    ],
)
def test_a_day_long_past_is_read_if_its_year_is_stated_or_the_articles(
    day: str, date: str, read: list[str]
) -> None:
    found = extract_meetings(article(f"On {day} we sat down with the mayor.\n", date=date))
    held = [one.meeting for one in found.possible if one.meeting.status is MeetingStatus.HELD]
    assert [str(meeting.date) for meeting in held] == read


@pytest.mark.parametrize(
    "mention",
    [
        Mention("", "", "", "", "", "", 0, 0, None),
        Mention(
            "t " * 900,
            "d " * 900,
            "h " * 900,
            "b " * 900,
            "x " * 4_000,
            "a " * 900,
            3_000,
            3_500,
            -9_999,
        ),
        Mention("<s>", "b", "</s>", "\u00ad\u200b", "«<pad>»", "<mask>", 1, 6, 0),
    ],
)
def test_whatever_is_read_has_odds(mention: Mention) -> None:
    (meeting,) = extract_meetings(article("On 2 May we sat down.\n", date=DAY)).possible
    places = tuple(map(MeetingPlace, ("b", "Leeds", "", "x x x", "(")))
    (reading,) = meeting_reader().read([replace(meeting, mention=mention, places=places)])

    assert len(reading.odds) == 2
    assert len(reading.places) == len(places)
    known = [odds for odds in (*reading.odds, *reading.places) if odds is not None]
    assert all(map(math.isfinite, known))
    assert meeting_reader().read([]) == []


def test_the_items_of_a_review_are_of_the_year_of_its_title() -> None:
    text = (
        "Was 2023 so los war\n\n- 14.1. Frühjahrsputz\n- 11.3. fand die Mitgliederversammlung "
        "statt, 41 Stimmen\n- 20.5. Ausflug\n- 7.10. Prämierung\n\nAnmeldung bis 15.1. im Büro.\n"
    )
    found = told(text, "de", None)
    assert ("2023-03-11", MeetingStatus.HELD) in found
    assert {day[:4] for day, _ in found} == {"2023"}


def test_it_is_read_beside_what_the_rules_find() -> None:
    board = "The board held its meeting on Monday in Leeds.\n\n"
    residents = "Residents crowded into the canteen on Tuesday evening to hear the engineers.\n"
    ferry = "On Tuesday the ferry hit the quay, and two passengers were hurt.\n"
    assert [day for day, _ in told(board + residents)] == ["2024-05-13", "2024-05-14"]
    assert [day for day, _ in told(board + ferry)] == ["2024-05-13"]
