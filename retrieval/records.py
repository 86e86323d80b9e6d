"""Articles and passages as Chroma keeps them: records of a text and of plain values. Pure.

A passage is a record. An article is a record of another collection, with its meetings. All
records of an article, in the state in which it was once written, have its key.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .days import Day, YearFrom
from .embedding import Texts
from .models import Kind, Meeting, Passage, Quote, Source

FOREVER = 2**53
"""Until when an article is served that is not removed: a number that JSON has exactly."""

_HALF = np.dtype("<f2")
"""Of vectors that are compared, and not summed: half of the bytes."""

_SOURCE_FIELDS = tuple(field.name for field in fields(Source))


@dataclass(frozen=True, slots=True)
class Indexed:
    """An article in the index: what is known of it, how many passages it has, its meetings.

    It is served from the generation `since` up to but not including `until`.
    """

    source: Source
    passages: int
    meetings: tuple[Meeting, ...]
    since: int
    until: int = FOREVER

    @property
    def key(self) -> str:
        """What its records have in common, and no other article's in no other generation."""
        path = hashlib.sha256(self.source.path.encode(errors="surrogateescape")).hexdigest()[:32]
        return f"{path}@{self.since}"


def texts(passage: Passage) -> Texts:
    """What models are given of a passage."""
    return passage.worded, *passage.spoken


def stored_id(id: str, key: str) -> str:
    """The id under which Chroma has a record: another one in each state of its article."""
    return f"{id}@{key}"


def known_id(stored: str) -> str:
    """The passage's own id."""
    return stored.split("@", 1)[0]


def values(passage: Passage, key: str, vectors: NDArray[np.floating[Any]]) -> dict[str, str | int]:
    """A passage's metadata; Chroma takes no None. `vectors` are those of its sentences."""
    return {
        "article": key,
        "start": passage.start,
        "end": passage.end,
        "kind": passage.kind.value,
        "sentences": " ".join(f"{start}-{end}" for start, end in passage.sentences),
        "vectors": base64.b64encode(vectors.astype(_HALF).tobytes()).decode(),
    }


def passage(known: Mapping[str, Any], text: str, source: Source) -> Passage:
    """The passage of a record's metadata and text, and of its article."""
    spans = (span.split("-") for span in known["sentences"].split())
    sentences = tuple((int(start), int(end)) for start, end in spans)
    return Passage(source, known["start"], known["end"], text, Kind(known["kind"]), sentences)


def sentence_vectors(known: Mapping[str, Any]) -> NDArray[np.float16]:
    """The vectors of a passage's sentences of its record's metadata, a row each."""
    vectors = np.frombuffer(base64.b64decode(known["vectors"]), _HALF)
    return vectors.reshape(len(known["sentences"].split()), -1)


def article_values(article: Indexed) -> dict[str, str | int]:
    """An article's metadata."""
    known = {name: getattr(article.source, name) for name in _SOURCE_FIELDS}
    return {name: value for name, value in known.items() if value is not None} | {
        "passages": article.passages,
        "meetings": json.dumps([_said(one) for one in article.meetings], ensure_ascii=False),
        "since": article.since,
        "until": article.until,
    }


def article(known: Mapping[str, Any]) -> Indexed:
    """The article of a record's metadata."""
    source = {name: known[name] for name in _SOURCE_FIELDS if name in known}
    meetings = tuple(map(_meeting, json.loads(known["meetings"])))
    return Indexed(Source(**source), known["passages"], meetings, known["since"], known["until"])


def _said(meeting: Meeting) -> dict[str, Any]:
    known = asdict(meeting)
    for name in ("date", "end_date"):
        known[name] = str(getattr(meeting, name)) if known[name] else None
    return known


def _meeting(said: dict[str, Any]) -> Meeting:
    for name in ("date", "end_date"):
        said[name] = Day.parse(said[name]) if said[name] else None
    said["year_from"] = YearFrom(said["year_from"]) if said["year_from"] else None
    said["evidence"] = _quote(said["evidence"])
    said["others"] = tuple(map(_quote, said["others"]))
    return Meeting(**said)


def _quote(said: Mapping[str, Any]) -> Quote:
    start, end = said["answer"]
    return Quote(**{**said, "answer": (start, end)})
