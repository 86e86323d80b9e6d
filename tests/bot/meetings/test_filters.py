"""What a person types as a filter, and how a button remembers it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n.phrases import ENGLISH, phrases_in
from bot.meetings import filters
from bot.meetings.cog import FileButton, MeetingsPageButton
from bot.meetings.filters import FilterError, first_day, last_day
from retrieval import MeetingFilter

from ..agenda import evidence, meeting

DAYS = st.none() | st.dates()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        (" 2024-2-9 ", date(2024, 2, 9), date(2024, 2, 9)),
        ("9999-12", date(9999, 12, 1), date(9999, 12, 31)),
    ],
)
def test_a_year_or_a_month_stands_for_its_days(text: str, first: date, last: date) -> None:
    assert (first_day(text), last_day(text)) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "x", "24", "2024-", "2024-00", "2023-02-29", "२०२४", "x" * 99]
)
def test_what_is_no_date_is_said_in_the_readers_language(text: str) -> None:
    with pytest.raises(FilterError) as caught:
        first_day(text)
    assert str(caught.value) == caught.value.sentence(ENGLISH)
    assert caught.value.sentence(phrases_in("de")).startswith(
        f"„{text[:40]}“ kann ich nicht als Datum"
    )


@given(DAYS, DAYS, st.none() | st.text(), st.sampled_from([None, "de", "vi"]))
def test_buttons_remember_every_filter_within_a_hundred_characters(
    start: date | None, end: date | None, place: str | None, language: str | None
) -> None:
    if start and end and start > end:
        start, end = end, start
    criteria = filters.checked_filter(start, end, place, language)
    code = filters.encoded(criteria)
    for button in (MeetingsPageButton("previous", 999_999, code), FileButton(code)):
        custom_id = button.item.custom_id
        assert custom_id is not None
        assert len(custom_id.encode("utf-16-le")) <= 200
        match = type(button).__discord_ui_compiled_template__.fullmatch(custom_id)
        assert match is not None
        assert filters.decoded(match.groups()[-1]) == criteria


def test_a_language_is_known_by_code_or_name() -> None:
    known = ["de", "vi"]
    for given_name in ("vi", "VI", "Tiếng Việt", " tieng viet "):
        assert filters.language_code(given_name, known) == "vi"
    assert filters.language_code("Klingon", known) == "klingon"


def test_the_filters_are_said_in_words() -> None:
    criteria = MeetingFilter(date(2024, 1, 1), date(2024, 3, 2), "Hue", "de")
    assert filters.described(criteria, ENGLISH) == (
        "Filters: from 1 January 2024, to 2 March 2024, place “Hue”, Deutsch"
    )
    assert filters.described(MeetingFilter(), ENGLISH) == ""


def test_places_are_named_once_and_the_frequent_ones_first() -> None:
    places = ["Huế", "Hanoi", "HANOI", None, "\u200b"]
    held = [meeting(n, place=place) for n, place in enumerate(places, 1)]
    assert filters.places_of(held) == ["Hanoi", "Huế"]
    assert filters.languages_of([meeting(1, others=(evidence(2, language="de"),))]) == ["de", "en"]


def test_a_code_is_a_pattern_of_its_own() -> None:
    assert re.fullmatch(filters.CODE, "::de:a:b\nc")
