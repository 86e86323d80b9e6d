"""What the command line prints for programs."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from retrieval import Answer, Meeting, Quote, Reload

from ..ui.links import NO_READER, Links


def print_json(value: object) -> None:
    """Print a value as JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2))  # noqa: T201


def print_json_line(value: object) -> None:
    """Print a value as a line of JSON Lines, at once."""
    print(json.dumps(value, ensure_ascii=False), flush=True)  # noqa: T201


def answer_json(answer: Answer, links: Links = NO_READER) -> dict[str, Any]:
    """An answer; `link` is where a person is sent, `reader` the reader's page of the quote."""
    return {
        "question": answer.question,
        "language": answer.language,
        "answered": answer.answered,
        "quotes": [_quote_json(quote, links) for quote in answer.quotes],
    }


def _quote_json(quote: Quote, links: Links) -> dict[str, Any]:
    same = ("article", "start", "end", "text", "score", "language", "title", "url")
    known = {name: getattr(quote, name) for name in same}
    return known | {"link": links.to(quote), "reader": links.in_reader(quote)}


def meeting_json(meeting: Meeting) -> dict[str, Any]:
    days = (str(day) if day else None for day in (meeting.date, meeting.end_date))
    evidence = _place_json(meeting.evidence)
    return {
        "article": evidence.pop("article"),
        **dict(zip(("date", "end_date"), days, strict=True)),
        "year_from": meeting.year_from,
        "place": meeting.place,
        "title": meeting.name,
        **evidence,
        "chair": meeting.chair,
        "also": [_place_json(quote) for quote in meeting.others],
    }


def _place_json(quote: Quote) -> dict[str, Any]:
    return {name: getattr(quote, name) for name in ("article", "start", "end", "text")}


def reload_json(report: Reload) -> dict[str, Any]:
    fields = dataclasses.asdict(report)
    del fields["embedded"]
    fields["notes"] = [{"article": note.article, "note": note.text} for note in report.notes]
    return fields
