"""How well meetings are found: precision and recall over articles with their gold.

    python -m tests.retrieval.meetings.figures

Each folder of `tests/data/meetings` was written by someone who had not seen the finder. `a` to `d`
were looked at while it was made; `e` to `i` were run blind once (docs/measurements.md has the
figures) and read since, `u` in half. The model has learnt from all of them but `k`, `n`
and `y`, which were run blind and not read. From `f` on the gold has also what is announced or off.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from retrieval import Meeting, MeetingStatus, scan
from retrieval.meetings.extract import Extracted, extract_meetings
from tests.conftest import DATA
from tests.retrieval.meetings.reading import likely

SETS = sorted(path.name for path in (DATA / "meetings").iterdir())


@dataclass
class Score:
    """Counts of what was found rightly, found wrongly, and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def count(self, found: str | None, wanted: set[str], *, missing: bool) -> None:
        if found and found in wanted:
            self.right += 1
            return
        self.wrong += bool(found)
        self.missed += missing

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    def __str__(self) -> str:
        return f"{self.precision:.2f} / {self.recall:.2f}"


@dataclass
class Figures:
    """The scores of a set. A date is right if its first day is, and its last where gold has one."""

    meetings: Score = field(default_factory=Score)
    dates: Score = field(default_factory=Score)
    places: Score = field(default_factory=Score)
    chairs: Score = field(default_factory=Score)
    announced: Score = field(default_factory=Score)
    """Meetings that are to come or off; right if the day is."""
    statuses: list[str] = field(default_factory=list)
    """Those of which the status is another, in words."""
    wrong: list[str] = field(default_factory=list)
    """What went wrong, in words."""


@cache
def extracted(
    folder: Path, gold_file: Path | None = None
) -> list[tuple[str, list[dict[str, Any]], Extracted]]:
    """The path of each article of a folder, its gold, and what the rules find in it."""
    gold = json.loads((gold_file or folder / "gold.json").read_text(encoding="utf-8"))
    return [
        (article.source.path, gold.get(article.source.path, []), extract_meetings(article))
        for article in scan(folder).articles
    ]


def invented_years(folder: Path) -> list[str]:
    """The days that may be listed, of a meeting whose year gold says cannot be known."""
    return [
        f"{path}: {meeting.date}"
        for path, gold, found in extracted(folder)
        for meeting in (*found.meetings, *(each.meeting for each in found.possible))
        for one in gold
        if meeting.date and meeting.date.year and (one["date"] or "").startswith("-")
        if str(meeting.date).endswith(one["date"][1:])
        if _plain(one["contains"]) in _plain(meeting.evidence.text)
    ]


@cache
def measure(folder: Path, gold_file: Path | None = None, *, reads: bool = True) -> Figures:
    """The figures over the articles of a folder; by the rules alone if the model reads nothing."""
    figures = Figures()
    for path, each, found in extracted(folder, gold_file):
        wanted = [one for one in each if "status" not in one]
        planned = {one["date"]: one["status"] for one in each if "status" in one}
        held = {date for one in wanted for date in _dates(one)}
        for meeting in likely(found) if reads else found.meetings:
            day = str(meeting.date) if meeting.date else None
            if meeting.status is not MeetingStatus.HELD:
                if planned.get(day or "", meeting.status) != meeting.status or day in held:
                    figures.statuses.append(f"{path}: {day} {meeting.status}")
                figures.announced.count(day, {*planned}, missing=False)
                planned.pop(day or "", None)
                continue
            if day in planned and day not in held:
                figures.statuses.append(f"{path}: {day} held")
            match = next(_matches(meeting, wanted), None)
            if match is None:
                figures.wrong.append(f"{path}: no meeting, {meeting.evidence.text}")
            else:
                wanted.remove(match)
            _compare(figures, path, meeting, match)
        optional = {one["date"] for one in each if one.get("optional")}
        figures.announced.missed += len(planned.keys() - optional)
        for missed in wanted:
            if missed.get("optional"):
                continue
            figures.meetings.missed += 1
            figures.dates.missed += bool(missed["date"])
            figures.places.missed += bool(missed["place"])
            figures.chairs.missed += bool(missed.get("chair"))
            figures.wrong.append(f"{path}: missed, {missed['contains']}")
    return figures


def _matches(meeting: Meeting, wanted: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The gold entries that it may be: by evidence, else by date, else by having no date."""
    words = _plain(meeting.evidence.text)
    yield from (one for one in wanted if _plain(one["contains"]) in words)
    yield from (one for one in wanted if meeting.date and str(meeting.date) in _dates(one))
    yield from (one for one in wanted if meeting.date is None and one["date"] is None)


def _compare(figures: Figures, path: str, meeting: Meeting, gold: dict[str, Any] | None) -> None:
    day = str(meeting.date) if meeting.date else None
    end = str(meeting.end_date) if meeting.end_date else None
    if gold is None:
        figures.meetings.wrong += 1
        figures.dates.wrong += bool(day)
        figures.places.wrong += bool(meeting.place)
        return
    figures.meetings.right += 1
    ends = [gold.get("end_date"), *gold.get("end_also", [])]
    same_end = (end or "")[-5:] in [(one or "")[-5:] for one in ends]
    dates = _dates(gold) if same_end else set()
    figures.dates.count(day, dates, missing=bool(gold["date"]))
    places = {_plain(place) for place in (gold["place"], *gold.get("place_also", [])) if place}
    place = _plain(meeting.place or "") or None
    optional = None in gold.get("place_also", [])
    figures.places.count(place, places, missing=bool(gold["place"]) and not optional)
    if "chair" in gold:  # Those from `f` on have none.
        chair, led = (
            _plain(meeting.chair or "") or None,
            (gold["chair"], *gold.get("chair_also", [])),
        )
        figures.chairs.count(chair, {_plain(one) for one in led if one}, missing=bool(led[0]))
    if day not in dates and (day or gold["date"]):
        figures.wrong.append(f"{path}: {day}–{end}, not {gold['date']}–{gold.get('end_date')}")
    if place not in places and (place or gold["place"]):
        figures.wrong.append(f"{path}: {meeting.place!r}, not {gold['place']!r}")


def _dates(gold: dict[str, Any]) -> set[str]:
    return {date for date in (gold["date"], *gold.get("also_accepted", [])) if date}


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


if __name__ == "__main__":
    print("set   meetings     dates        places       chairs       to come      years invented")  # noqa: T201
    for name in SETS:
        one, invented = measure(DATA / "meetings" / name), invented_years(DATA / "meetings" / name)
        scores = (one.meetings, one.dates, one.places, one.chairs, one.announced)
        print(f"{name:5} {'  '.join(map(str, scores))}  {len(invented)}")  # noqa: T201
