"""What a person types as a filter, and how a button remembers it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n.phrases import ENGLISH, phrases_in
from bot.meetings import filters
from bot.meetings.cog import FileButton, MeetingsPageButton
from bot.meetings.filters import FilterError, read_days, typed_days
from bot.ui.links import Links
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
    assert typed_days(text) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "x", "24", "2024-", "2024-00", "2023-02-29", "२०२४", "x" * 99]
)
def test_what_is_no_date_is_said_in_the_readers_language(text: str) -> None:
    with pytest.raises(FilterError) as caught:
        typed_days(text)
    assert str(caught.value) == caught.value.sentence(ENGLISH)
    assert caught.value.sentence(phrases_in("de")).startswith(
        f"„{text[:40]}“ kann ich nicht als Datum"
    )


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("last month", "2026-10-01", "2026-10-31"),
        ("letzten Monat", "2026-10-01", "2026-10-31"),
        ("el mes pasado", "2026-10-01", "2026-10-31"),
        ("tháng trước", "2026-10-01", "2026-10-31"),
        ("since May", "2026-05-01", None),
        ("seit Mai", "2026-05-01", None),
        ("desde mayo", "2026-05-01", None),
        ("từ tháng 5", "2026-05-01", None),
        ("bis März 2024", None, "2024-03-31"),
        ("14.10.2024", "2024-10-14", "2024-10-14"),
        ("heute", "2026-11-27", "2026-11-27"),
        ("hôm qua", "2026-11-26", "2026-11-26"),
        ("la semana pasada", "2026-11-16", "2026-11-22"),
        ("năm nay", "2026-01-01", "2026-12-31"),
        ("this_year", "2026-01-01", "2026-12-31"),
        ("last_7_days", "2026-11-20", "2026-11-27"),
        ("upcoming", "2026-11-27", None),
        ("bevorstehend", "2026-11-27", None),
        ("Próximas", "2026-11-27", None),
        ("sắp tới", "2026-11-27", None),
        ("die letzten 7 Tage", "2026-11-20", "2026-11-27"),
    ],
)
def test_days_in_words_of_four_languages(text: str, first: str | None, last: str | None) -> None:
    days = read_days(text, date(2026, 11, 27))
    assert days == tuple(day and date.fromisoformat(day) for day in (first, last))


def test_dateparser_is_imported_where_words_are_read_and_not_before() -> None:
    """No other module of Passage imports it, which `test_architecture.py` shows."""
    source = Path(filters.__file__).read_text("utf-8")
    assert "dateparser" in source
    assert not re.search("^(from|import) dateparser", source, re.M)


@given(DAYS, DAYS, st.none() | st.text(), st.sampled_from([None, "de", "vi"]), st.text())
def test_buttons_remember_every_filter_within_a_hundred_characters(
    start: date | None, end: date | None, place: str | None, language: str | None, about: str
) -> None:
    if start and end and start > end:
        start, end = end, start
    topic = filters.first_characters(about, filters.MAX_ABOUT)
    try:
        typed = filters.typed_filter(None, None, place, about=topic)
    except FilterError:
        typed = filters.typed_filter(None, None, place)
    criteria = replace(typed, start=start, end=end, language=language)
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
    assert filters.language_code("fr", known) == "fr"
    with pytest.raises(FilterError, match=r"“Klingon” is not .* are in: Deutsch, Tiếng Việt"):
        filters.language_code("Klingon", known)
    assert filters.language_code("Klingon", []) == "klingon"


def test_what_meetings_are_about_has_words() -> None:
    for about in ("", " ", "…?!", "2024", "a"):
        with pytest.raises(FilterError, match=r"no words in what"):
            filters.typed_filter(None, None, None, about=about)
    with pytest.raises(FilterError, match="too long: 400 characters"):
        filters.typed_filter(None, None, None, about="word" * 100)
    criteria = filters.typed_filter(None, None, None, about="Umbau: die Halle")
    assert criteria == MeetingFilter(about="Umbau die Halle")
    assert filters.decoded(filters.encoded(criteria)) == criteria
    assert filters.described(criteria, phrases_in("de")) == "Filter: Thema „Umbau die Halle“"
    assert filters.none_match(criteria, 3, phrases_in("es")) == (
        "Ninguna reunión trata de «Umbau die Halle». Sin tu filtro hay 3."
    )


def test_the_feed_has_the_filters_and_is_that_of_each_corpus() -> None:
    held = [meeting(1), meeting(2, evidence=evidence(2, corpus="club"))]
    links = Links("https://a.example/", {"club": "k3y"})
    criteria = MeetingFilter(start=date(2024, 1, 1), about="swimming pool")
    assert filters.feed_addresses(held, criteria, links) == [
        "https://a.example/c/k3y/meetings.ics?from=2024-01-01&about=swimming+pool",
        "https://a.example/meetings.ics?from=2024-01-01&about=swimming+pool",
    ]
    assert filters.feed_addresses(held, MeetingFilter(), Links()) == []


def test_the_filters_are_said_in_words() -> None:
    criteria = MeetingFilter(date(2024, 1, 1), date(2024, 3, 2), "Hue", "de")
    assert filters.described(criteria, ENGLISH) == (
        "Filters: from 1 January 2024, to 2 March 2024, place “Hue”, Deutsch"
    )
    assert filters.described(MeetingFilter(), ENGLISH) == ""


def test_places_are_named_once_and_the_frequent_ones_first() -> None:
    places = ["Huế", "Hanoi", "HANOI", None, "\u200b"]
    held = [meeting(n, place=place) for n, place in enumerate(places, 1)]
    assert filters.places_of(held, "en") == ["Hanoi", "Huế"]
    abroad = [meeting(n, place=place, country="VN") for n, place in enumerate(places, 1)]
    assert filters.places_of(abroad, "es") == ["Vietnam", "Hanoi", "Huế"]
    assert filters.languages_of([meeting(1, others=(evidence(2, language="de"),))]) == ["de", "en"]


def test_a_code_is_a_pattern_of_its_own() -> None:
    assert re.fullmatch(filters.CODE, "::de:a:b\nc")
