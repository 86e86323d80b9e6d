"""The list of all articles' meetings: each once, newest first, and filtered."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from typing import Any

import pytest

from retrieval import Day, Library, Meeting, MeetingFilter, QuestionError
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from retrieval.meetings.listing import list_meetings
from tests.conftest import Folder

from .reading import meetings


def one(text: str, path: str = "a.txt", language: str = "en") -> Meeting:
    (meeting,) = meetings(text, language)
    evidence = dataclasses.replace(meeting.evidence, article=path)
    return dataclasses.replace(meeting, evidence=evidence)


OLD = one("A meeting was held in Hanoi on 5 March 2018.", "old.txt")
NEW = one("A meeting was held in Leeds from 3 to 5 May 2019.", "new.txt")
YEARLESS = one("A meeting was held in Leeds on 24 December.", "yearless.txt")
UNDATED = one("A meeting was held in Leeds on Tuesday.", "undated.txt")
ALL = [UNDATED, OLD, YEARLESS, NEW]


def test_the_newest_comes_first_and_a_day_without_a_year_last() -> None:
    assert list_meetings(ALL) == [NEW, OLD, YEARLESS, UNDATED]


@pytest.mark.parametrize(
    ("only", "listed"),
    [
        (MeetingFilter(start=datetime.date(2019, 5, 5)), [NEW]),
        (MeetingFilter(start=datetime.date(2019, 5, 6)), []),
        (MeetingFilter(end=datetime.date(2018, 3, 5)), [OLD]),
        (MeetingFilter(place="hà nội"), [OLD]),
        (MeetingFilter(place="leed"), [NEW, YEARLESS, UNDATED]),
        (MeetingFilter(language="de"), []),
    ],
)
def test_filters(only: MeetingFilter, listed: list[Meeting]) -> None:
    assert list_meetings(ALL, only) == listed


def test_the_name_of_a_country_is_no_part_of_a_place() -> None:
    here = one("Hội nghị diễn ra tại Thủ Đức ngày 10 tháng 10 năm 2019.", "vi.txt", "vi")
    there = one("Das Forum wurde am 11. Oktober 2019 in Berlin eröffnet.", "de.txt", "de")
    assert list_meetings([here, there], MeetingFilter(place="Đức")) == [there]
    assert list_meetings([here, there], MeetingFilter(place="thủ đức")) == [here]
    hall = one("La asamblea se celebró el 5 de mayo de 2019 en la Universidad de Chile.", "a", "es")
    church = one("The assembly was held at the Roman Hall on 5 May 2019.")
    assert list_meetings([hall, church], MeetingFilter(place="Chile")) == [hall]
    assert list_meetings([hall, church], MeetingFilter(place="Oman")) == []


def test_the_same_meeting_in_two_articles_is_one_with_two_sources() -> None:
    english = one("The forum was held in Zurich on 10 October 2019.", "en.txt")
    german = one("Das Forum wurde am 10. Oktober 2019 in Zürich eröffnet.", "de.txt", "de")
    elsewhere = one("The forum was held in Bern on 10 October 2019.", "bern.txt")
    other, both = list_meetings([english, german, elsewhere])
    assert [quote.article for quote in (both.evidence, *both.others)] == ["en.txt", "de.txt"]
    assert other.place == "Bern"
    assert list_meetings([english, german], MeetingFilter(language="de")) != []


def test_a_day_as_text() -> None:
    for text in ("2019-05-03", "--02-29"):
        assert str(Day.parse(text)) == text
    for wrong in ("2019-02-29", "5 May", "--13-01", ""):
        with pytest.raises(ValueError, match=r"."):
            Day.parse(wrong)


def test_they_are_found_at_reload_and_listed_without_the_files(
    folder: Folder, embedder: Embedder
) -> None:
    seeds = folder({"a.txt": "A meeting was held in Leeds on 5 May 2019. It was long."})
    with Library(seeds, Store.open(seeds.parent / "chroma"), lambda: embedder) as library:
        library.reload()
        (meeting,) = library.meetings()
        assert (str(meeting.date), meeting.place) == ("2019-05-05", "Leeds")
        (seeds / "a.txt").unlink()
        assert library.meetings() == [meeting]
        folder({"b.txt": "A summit was held in York on 6 May 2019. It was short."})
        library.reload()
        assert [one.place for one in library.meetings()] == ["York"]
        folder({"sources.toml": '["b.txt"]\nmeetings = [{ name = "Summit", place = "Bath" }]\n'})
        report = library.reload()
        assert (report.changed, report.embedded) == (("b.txt",), 0)
        assert [one.place for one in library.meetings()] == ["Bath"]
        (seeds / "sources.toml").unlink()
        library.reload()
        assert [one.place for one in library.meetings()] == ["York"]


def test_the_list_is_made_once_for_an_index(
    folder: Folder, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []

    def counted(*given: Any, **more: Any) -> list[Meeting]:
        made.append(given)
        return list_meetings(*given, **more)

    monkeypatch.setattr("retrieval.meetings.listing.list_meetings", counted)
    seeds = folder({"a.txt": "A meeting was held in Leeds on 5 May 2019. It was long."})
    with Library(seeds, Store.open(seeds.parent / "chroma"), lambda: embedder) as library:
        library.reload()
        assert len(library.meetings()) == 1
        assert library.meetings(MeetingFilter(place="York")) == []
        assert len(made) == 1
        folder({"b.txt": "A summit was held in York on 6 May 2019. It was short."})
        library.reload()
        assert len(library.meetings(MeetingFilter(place="York"))) == 1
        assert len(made) == 2


def test_what_a_meeting_is_about_is_known_by_meaning_and_by_its_words(
    folder: Folder, embedder: Embedder, limits: Callable[[int, int], None]
) -> None:
    seeds = folder(
        {
            "fire.txt": "The firefighters met in Leeds on 5 May 2019. They bought a fire engine.",
            "bees.txt": "The beekeepers' assembly was held in York on 6 May 2019. Hives are dear.",
            "minutes.txt": "A meeting was held in Bath on 7 May 2019.\n\n"
            + "The treasurer thanked all who had come to it in spite of the rain. " * 9
            + "\n\nThe budget of the town was adopted: taxes rise, spending falls.",
            "other.txt": "The firefighters have a new fire engine.",
        }
    )
    with Library(seeds, Store.open(seeds.parent / "chroma"), lambda: embedder) as library:
        library.reload()

        def about(words: str, **more: Any) -> list[str]:
            listed = library.meetings(MeetingFilter(about=words, **more))
            return [one.evidence.article for one in listed]

        assert about("Feuerwehr") == ["fire.txt"]
        assert about("Feuerwehr", place="York") == []
        assert about("assembly") == ["bees.txt"]
        assert about("town budget") == ["minutes.txt"]
        limits(1, 3)  # As of a large corpus, whose vectors Chroma keeps.
        library._searcher = None
        assert about("Feuerwehr") == ["fire.txt"]
        with pytest.raises(QuestionError):
            about("?!")


@pytest.mark.parametrize(
    "question",
    [
        "When was the teleconference?",
        "¿Cuándo fue la teleconferencia?",
        "Where was the national conference on office work held?",
        "Wann fand die Konferenz zur Überprüfung der Arbeit 2024 statt?",
        "When did the handover conference take place?",
    ],
)
def test_a_question_for_a_meeting_s_day_or_place_finds_its_evidence(
    library: Library, question: str
) -> None:
    evidence = {(one.evidence.article, one.evidence.start) for one in library.meetings()}
    # Two articles report the handover in nearly the same words: rounding decides which is first.
    passages = [hit.passage for hit in library.search(question)[:2]]
    assert any(
        (passage.source.path, at) in evidence
        for passage in passages
        for at in range(passage.start, passage.end)
    )
