"""Where meetings were: what the gazetteer decides, and what it gives."""

from __future__ import annotations

import pytest

from retrieval import MeetingFilter
from retrieval.meetings.gazetteer import Gazetteer

from .reading import meetings

PUBLISHED = {"date": "2018-09-07"}


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        ("en", "The council held a meeting at Leeds Civic Hall on 4 September.", "Leeds"),
        ("en", "The council held a meeting in Lower Ashcombe on 4 September.", "Lower Ashcombe"),
        ("en", "The council held a meeting in Italian on 4 September.", None),
        (
            "de",
            "Die Sitzung fand am 4. September im Kloster Maulbronn bei Pforzheim in Calw statt.",
            "Calw",
        ),
        ("vi", "Ngày 4/9, hội nghị đã diễn ra tại thành phố Hạ Long.", "Hạ Long"),
    ],
)
def test_the_town_is_named(language: str, text: str, place: str | None) -> None:
    (meeting,) = meetings(text, language, **PUBLISHED)
    assert meeting.place == place


def test_who_led_is_no_place() -> None:
    text = "En el palacio, Paula Soler preside una sesión. La sesión presidida por Paula Soler se "
    (meeting,) = meetings(f"{text}celebró el 4 de septiembre.", "es", **PUBLISHED)
    assert meeting.place is None


def test_a_town_is_found_by_its_other_names_and_its_country() -> None:
    (meeting,) = meetings("The council met in Munich on 4 September.", "en", **PUBLISHED)
    assert meeting.country == "DE"
    assert meeting.coordinates == pytest.approx((48.14, 11.58), abs=0.01)
    for name in ("München", "munich", "Alemania", "Deutschland", "Đức", "Germany"):
        assert MeetingFilter(place=name).passes(meeting), name
    for name in ("Alemanía del Sur", "España", "Leeds"):
        assert not MeetingFilter(place=name).passes(meeting), name


def test_a_name_that_several_towns_have_is_not_guessed() -> None:
    gazetteer = Gazetteer.load()
    assert gazetteer.town("Cambridge", "", "vi") is None
    british = gazetteer.town("Cambridge", "A fair in the United Kingdom.", "en")
    assert british
    assert british.country == "GB"
    assert gazetteer.town("Lower Ashcombe", "", "en") is None
