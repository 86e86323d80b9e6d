"""Passages and meetings as Chroma keeps them: records of a text and of plain values.

A passage is a record, and so is each sentence of a passage that has several; a sentence's id is
its passage's with a dot and its place behind it. A meeting is a record of another collection.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from .days import Day, YearFrom
from .models import Kind, Meeting, Passage, Quote, Source

_SOURCE_FIELDS = tuple(field.name for field in fields(Source))


@dataclass(frozen=True, slots=True)
class Record:
    """A vector to be written. `passage` is None for a sentence of the passage before it."""

    id: str
    text: str
    passage: Passage | None


def records(passage: Passage) -> list[Record]:
    """The records of a passage: itself first, then its sentences where it has several."""
    own = [Record(passage.id, passage.text, passage)]
    if len(passage.sentences) == 1:
        return own
    spans = enumerate(passage.sentences)
    return own + [Record(f"{passage.id}.{n}", passage.sentence(span), None) for n, span in spans]


def values(record: Record) -> dict[str, str | int]:
    """A record's metadata; Chroma takes no None and no lists."""
    whole = record.passage
    if whole is None:
        return {"sentence": 1}
    known = {name: getattr(whole.source, name) for name in _SOURCE_FIELDS}
    return {name: value for name, value in known.items() if value is not None} | {
        "start": whole.start,
        "end": whole.end,
        "kind": whole.kind.value,
        "sentences": " ".join(f"{start}-{end}" for start, end in whole.sentences),
    }


def passage(known: Mapping[str, Any], text: str) -> Passage:
    """The passage of a record's metadata and text."""
    source: dict[str, Any] = {name: known.get(name) for name in _SOURCE_FIELDS}
    spans = (span.split("-") for span in known["sentences"].split())
    sentences = tuple((int(start), int(end)) for start, end in spans)
    kind = Kind(known["kind"])
    return Passage(Source(**source), known["start"], known["end"], text, kind, sentences)


def meeting_values(meeting: Meeting) -> dict[str, str]:
    """A meeting's metadata."""
    known = asdict(meeting)
    for name in ("date", "end_date"):
        known[name] = str(getattr(meeting, name)) if known[name] else None
    return {"meeting": json.dumps(known, ensure_ascii=False)}


def meeting(known: Mapping[str, Any]) -> Meeting:
    """The meeting of a record's metadata."""
    said = json.loads(known["meeting"])
    for name in ("date", "end_date"):
        said[name] = Day.parse(said[name]) if said[name] else None
    said["year_from"] = YearFrom(said["year_from"]) if said["year_from"] else None
    said["evidence"] = _quote(said["evidence"])
    said["others"] = tuple(map(_quote, said["others"]))
    return Meeting(**said)


def _quote(said: Mapping[str, Any]) -> Quote:
    start, end = said["answer"]
    return Quote(**{**said, "answer": (start, end)})
