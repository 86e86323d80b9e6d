"""Dates as four languages word them."""

from __future__ import annotations

import pytest

from retrieval.languages import language_of
from retrieval.languages.meeting_words import MeetingWords, meeting_words
from retrieval.meetings.dates import find_dates

WORDED = [
    ("en", "on 8 April 2019", "2019-04-08"),
    ("en", "on April 8th, 2019", "2019-04-08"),
    ("en", "Sept. 4", "--09-04"),
    ("en", "from 3 to 5 May 2019", "2019-05-03 2019-05-05"),
    ("en", "from June 28 to July 2", "--06-28 --07-02"),
    ("en", "30 December 2019 – 2 January 2020", "2019-12-30 2020-01-02"),
    ("en", "December 30 to January 2, 2020", "2019-12-30 2020-01-02"),
    ("en", "8, 9 and 10 April 2019", "2019-04-08 2019-04-10"),
    ("de", "vom 3. bis 5. Mai 2019", "2019-05-03 2019-05-05"),
    ("de", "am Mittwoch, dem 12. Juni 2019,", "2019-06-12"),
    ("de", "am 8.4. in Bonn", "--04-08"),
    ("de", "vom 3.–5.5.2019", "2019-05-03 2019-05-05"),
    ("de", "im Jänner, am 6. Jänner", "--01-06"),
    ("es", "los días 8 y 9 de abril", "--04-08 --04-09"),
    ("es", "del 28 de febrero al 2 de marzo de 2020", "2020-02-28 2020-03-02"),
    ("es", "el 1º de mayo del 2019", "2019-05-01"),
    ("vi", "ngày 8 tháng 4 năm 2019", "2019-04-08"),
    ("vi", "sáng 8/4", "--04-08"),
    ("vi", "từ ngày 8 đến 10/4", "--04-08 --04-10"),
    ("vi", "hôm Chủ nhật 27/3", "--03-27"),
]

NO_DATES = [
    ("en", "in May 2019, 3 of them"),
    ("en", "a vote of 12/15"),
    ("en", "on 31 February 2019"),
    ("de", "um 19.30 Uhr, zu 3,5 Prozent"),
    ("es", "el 45 de abril"),
    ("vi", "biểu quyết 31/31"),
]


def words_of(language: str) -> MeetingWords:
    words = meeting_words(language_of(language))
    assert words
    return words


@pytest.mark.parametrize(("language", "text", "days"), WORDED)
def test_days_are_read(language: str, text: str, days: str) -> None:
    words = words_of(language)
    (mention,) = [date for date in find_dates(text, words) if date.readings]
    assert text[mention.start : mention.end] in text
    ((first, last),) = mention.readings
    assert (str(first) if first == last else f"{first} {last}") == days


@pytest.mark.parametrize(("language", "text"), NO_DATES)
def test_what_is_no_day_is_not_read(language: str, text: str) -> None:
    words = words_of(language)
    assert [date for date in find_dates(text, words) if date.readings] == []


def test_figures_may_be_read_in_two_ways() -> None:
    words = words_of("en")
    (mention,) = find_dates("Updated 03/11/2021 09:15", words)
    assert {str(first) for first, _ in mention.readings} == {"2021-11-03", "2021-03-11"}
    (mention,) = find_dates("Updated 13/11/2021", words)
    assert [str(first) for first, _ in mention.readings] == ["2021-11-13"]


def test_days_that_count_from_another() -> None:
    for language, text, weekday, offset in (
        ("en", "on Tuesday", 1, None),
        ("de", "am Dienstagabend", 1, None),
        ("es", "el martes", 1, None),
        ("vi", "sáng thứ Ba", 1, None),
        ("en", "yesterday", None, -1),
        ("de", "vorgestern", None, -2),
        ("es", "ayer por la tarde", None, -1),
        ("vi", "hôm qua", None, -1),
    ):
        words = words_of(language)
        (mention,) = find_dates(text, words)
        assert (mention.weekday, mention.offset) == (weekday, offset), text


def test_an_ordinal_is_no_weekday() -> None:
    words = words_of("vi")
    assert find_dates("kỳ họp thứ tư Hội đồng nhân dân", words) == ()
