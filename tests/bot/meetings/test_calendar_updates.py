"""A calendar file that is imported again after articles were edited and renamed: no event twice."""

from __future__ import annotations

import warnings
from pathlib import Path

import icalendar
import pytest

from bot.meetings.calendar import calendar
from retrieval import Library, Meeting
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from retrieval.meetings.identity import identified
from tests.retrieval.meetings.reading import meetings

BEFORE, AFTER = "2026-01-02T00:00:00+00:00", "2026-01-03T00:00:00+00:00"
COUNT = 50


def extracted(number: int, verb: str = "held a budget meeting", above: str = "") -> list[Meeting]:
    day = f"{number % 28 + 1} {'May' if number < 28 else 'June'} 2024"
    return meetings(f"{above}The council {verb} in Leeds on {day}.", "en")


def by_icalendar(content: bytes) -> dict[str, int]:
    """The number of each event by its UID, as one library reads it."""
    events = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return {str(event["uid"]): int(event["sequence"]) for event in events}


def by_ics(content: bytes) -> set[str]:
    """The UIDs that another library reads."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import ics  # noqa: PLC0415 - its import warns

        return {event.uid for event in ics.Calendar(content.decode()).events}


def test_fifty_meetings_are_imported_twice_around_an_edit_without_a_double() -> None:
    first = [identified(extracted(number), (), BEFORE) for number in range(COUNT)]
    # An edit moves the words of all and changes those of one.
    edited = [extracted(number, above="Leeds news.\n\n") for number in range(COUNT)]
    edited[0] = extracted(0, "held a long budget meeting")
    second = [identified(new, old, AFTER) for new, old in zip(edited, first, strict=True)]
    files = [calendar(each for group in groups for each in group) for groups in (first, second)]
    before, after = (by_icalendar(file.content) for file in files)
    assert len(before) == COUNT
    assert before.keys() == after.keys() == by_ics(files[0].content) == by_ics(files[1].content)
    assert sum(after[uid] > before[uid] for uid in before) == 1
    (event, *_) = icalendar.Calendar.from_ical(files[1].content).walk("VEVENT")
    assert event["status"] == "CONFIRMED"
    assert event["geo"].to_ical().startswith("53.79")
    assert event["last-modified"].dt.isoformat() == AFTER


@pytest.mark.parametrize("name", ["council.txt", "renamed.txt"])
def test_a_reload_keeps_the_uid(tmp_path: Path, embedder: Embedder, name: str) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    text = "The council held a meeting in Leeds on 4 May 2024. It was long and said to be good."
    (folder / "council.txt").write_text(text)
    library = Library(folder, Store.open(tmp_path / "data"), lambda: embedder)
    library.reload()
    (before,) = library.meetings()
    (folder / "council.txt").rename(folder / name)
    if name == "council.txt":
        (folder / name).write_text(f"News of the town.\n\n{text}")
    library.reload()
    (after,) = library.meetings()
    assert (after.uid, after.created) == (before.uid, before.created)
    assert before.uid
