"""Made-up meetings for the tests, and an asker that holds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from retrieval import Context, Day, Meeting, MeetingFilter, Quote, StoreError
from retrieval.meetings.listing import list_meetings

from .server import Scripted, nothing_found


def evidence(number: int = 1, text: str = "", **facts: Any) -> Quote:
    text = text or f"The council met for the {number}th time."
    known: dict[str, Any] = {
        "article": f"{number}.txt",
        "start": 7,
        "end": 7 + len(text),
        "text": text,
        "score": 0.0,
        "language": "en",
        "title": f"Article {number}",
        "date": None,
        "url": f"https://www.example.com/{number}",
        "sha256": f"{number:064x}",
        "answer": (7, 7 + len(text)),
    }
    return Quote(**known | facts)


def meeting(number: int = 1, **facts: Any) -> Meeting:
    """A meeting of one day in January 2025, unless the facts say otherwise."""
    known: dict[str, Any] = {
        "name": f"Meeting {number}",
        "date": Day(1, number, 2025),
        "end_date": None,
        "year_from": None,
        "place": None,
        "chair": None,
        "evidence": evidence(number),
        "uid": f"{number:032x}",
    }
    return Meeting(**known | facts)


TWELVE = [meeting(number) for number in range(12, 0, -1)]


class Agenda(Scripted):
    """Holds the meetings that a test gives it; cannot read them while `torn`."""

    torn = False
    changed = False

    def __init__(self, meetings: Sequence[Meeting] = TWELVE) -> None:
        super().__init__(nothing_found().ask)
        self.held = list(meetings)

    def meetings(self, wanted: MeetingFilter | None = None) -> list[Meeting]:
        if self.torn:
            raise StoreError("The index at /somewhere cannot be used.")
        return list_meetings(self.held, wanted)

    def holds(self, quote: Quote) -> bool:
        return not self.changed

    def context(self, quote: Quote) -> Context | None:
        """A paragraph before and one after; nothing where the file has changed."""
        return None if self.changed else Context("Before.", "", quote, "", "After.")
