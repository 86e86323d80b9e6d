"""What is found in articles, against gold that was written by hand."""

from __future__ import annotations

import pytest

from tests.conftest import DATA, SEEDS

from .figures import SETS, Figures, invented_years, measure

FOLDER = DATA / "meetings"

UNSEEN = "k"
"""A set that the model has not learnt from; the others are judged by the rules alone, for it takes
long to read them."""

YEARS_ONLY = "w"
"""Most of its meetings are told in words that no rule knows."""


def judged(name: str) -> Figures:
    return measure(FOLDER / name, reads=name == UNSEEN)


def test_the_meetings_of_the_seeds_are_found() -> None:
    figures = measure(SEEDS, DATA / "seed_meetings.json")
    assert figures.wrong == []
    assert figures.meetings.right == 5
    assert figures.places.right == 4


def test_dates_and_places_of_the_articles_that_it_was_made_with() -> None:
    figures = judged("a")
    for score in (figures.meetings, figures.dates, figures.places):
        assert score.precision >= 0.9
        assert score.recall >= 0.9


@pytest.mark.parametrize("name", SETS)
def test_no_year_is_invented(name: str) -> None:
    assert invented_years(FOLDER / name) == []


@pytest.mark.parametrize("name", [name for name in SETS if name != YEARS_ONLY])
def test_hardly_anything_is_listed_that_is_no_meeting(name: str) -> None:
    least = {"k": 0.85, "u": 0.85, "y": 0.85}.get(name, 0.9)
    assert judged(name).meetings.precision >= least


def test_articles_that_nobody_had_seen() -> None:
    figures = judged("e")
    assert figures.meetings.recall >= 0.85
    assert figures.dates.precision >= 0.8
    assert figures.places.precision >= 0.85


@pytest.mark.parametrize(("name", "recall"), [("f", 0.7), ("g", 0.65), ("h", 0.85)])
def test_what_is_to_come_is_found_and_never_taken_for_held(name: str, recall: float) -> None:
    figures = judged(name)
    assert figures.announced.precision >= 0.9
    assert figures.announced.recall >= recall
    assert not [each for each in figures.statuses if each.endswith("held")]


def test_articles_that_were_blind_and_read_since() -> None:
    for name in ("f", "g", "h"):
        figures = judged(name)
        assert figures.meetings.recall >= 0.85
        assert figures.dates.recall >= 0.8
        assert figures.places.recall >= 0.8


def test_articles_that_nobody_has_read_since_they_were_asked() -> None:
    figures = judged(UNSEEN)
    assert figures.meetings.recall >= 0.75
    assert figures.dates.precision >= 0.85
    assert figures.places.recall >= 0.6
    assert figures.announced.recall >= 0.7
