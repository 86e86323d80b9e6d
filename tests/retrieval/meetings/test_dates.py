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
    ("vi", "26.02. – Đủ 63 hội viên", "--02-26"),
]

COUNTED = [
    ("en", "on Sunday the 13th,", (6, None, 13, 0)),
    ("en", "tues 22nd, half seven", (1, None, 22, 0)),
    ("en", "the 25th of this month", (None, None, 25, 0)),
    ("en", "on Wednesday of last week, 14 for", (2, None, None, -1)),
    ("en", "tomorrow night", (None, 1, None, 0)),
    ("de", "am Donnerstag, dem 6., um", (3, None, 6, 0)),
    ("de", "letzten mittwoch", (2, None, None, 0)),
    ("de", "für Mittwochvormittag 24 Menschen", (2, None, None, 0)),
    ("de", "am Dienstag voriger Woche", (1, None, None, -1)),
    ("es", "mejor el 25, martes también", (1, None, 25, 0)),
    ("es", "el martes de la semana pasada", (1, None, None, -1)),
    ("es", "el 16 del corriente", (None, None, 16, 0)),
    ("vi", "thứ Bảy tuần trước, mồng 6,", (5, None, 6, -1)),
    ("vi", "vào thứ Ba tuần tới", (1, None, None, 1)),
]

NOT_COUNTED = [
    ("en", "leaders of tomorrow, and she sat 2nd"),
    ("en", "Friday, 7 pm"),
    ("de", "jeden Montag morgen um 9 Uhr, Fr. 9'000.–"),
    ("es", "de la mañana a las puertas, de 18 a 20, martes"),
    ("vi", "2/3: đa số, và kỳ họp thứ tư tuần trước"),
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


@pytest.mark.parametrize(("language", "text", "expected"), COUNTED)
def test_what_says_which_weekday_or_day_of_this_month_it_is(
    language: str, text: str, expected: tuple[int | None, ...]
) -> None:
    (mention,) = find_dates(text, words_of(language))
    assert (mention.weekday, mention.offset, mention.day_of_month, mention.weeks) == expected


@pytest.mark.parametrize(("language", "text"), NOT_COUNTED)
def test_what_is_no_day_of_the_month_and_no_morrow(language: str, text: str) -> None:
    dates = find_dates(text, words_of(language))
    assert all(date.is_weekday for date in dates)


def test_two_days_that_do_not_follow_one_another_are_two_dates() -> None:
    for language, text, count in (
        ("en", "on 3 and 17 May", 2),
        ("en", "on 3 and 4 May", 1),
        ("en", "between 3 and 17 May", 1),
        ("de", "am 19. August und 2. Dezember", 2),
        ("es", "entre el 3 y el 17 de mayo", 1),
        ("vi", "Hôm 10/2 và 12/2", 2),
        ("vi", "ba ngày 14, 15 và 16/8", 1),
    ):
        assert len(find_dates(text, words_of(language))) == count, text


def test_an_ordinal_is_no_weekday() -> None:
    words = words_of("vi")
    assert find_dates("kỳ họp thứ tư Hội đồng nhân dân", words) == ()
