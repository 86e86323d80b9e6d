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

from ..articles.plain_view import plain
from ..days import Day, YearFrom
from ..embedding.embedder import PassageText, PassageVectors
from ..embedding.token_space import Codes
from ..models import Kind, Meeting, Passage, Quote, Source

FOREVER = 2**53
"""Until when an article is served that is not removed: a number that JSON has exactly."""

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


def text_of(passage: Passage) -> PassageText:
    """What the model is given of a passage: its words without what only their spelling has."""
    source = passage.source
    sentences = tuple(plain(sentence, source.path) for sentence in passage.spoken)
    title = f"{source.title}\n{passage.heading}" if passage.heading else source.title
    return PassageText(title, plain(passage.text, source.path), sentences, source.language)


def stored_id(id: str, key: str) -> str:
    """The id under which Chroma has a record: another one in each state of its article."""
    return f"{id}@{key}"


def article_key(stored: str) -> str:
    """The key of the article that a record belongs to, of the record's id."""
    return stored.split("@", 1)[1]


def passage_values(passage: Passage, key: str, vectors: PassageVectors) -> dict[str, str | int]:
    """A passage's metadata; Chroma takes no None. Its vector is kept beside."""
    return {
        "article": key,
        "start": passage.start,
        "end": passage.end,
        "kind": passage.kind.value,
        "sentences": " ".join(f"{start}-{end}" for start, end in passage.sentences),
        "ends": " ".join(map(str, vectors.sentence_ends)),
        "heading": passage.heading,
        "tokens": len(vectors.codes),
        "codes": base64.b64encode(vectors.codes.tobytes()).decode(),
    }


def passage(metadata: Mapping[str, Any], text: str, source: Source) -> Passage:
    """The passage of a record's metadata and text, and of its article."""
    spans = (span.split("-") for span in metadata["sentences"].split())
    sentences = tuple((int(start), int(end)) for start, end in spans)
    return Passage(
        source,
        metadata["start"],
        metadata["end"],
        text,
        Kind(metadata["kind"]),
        sentences,
        metadata.get("heading", ""),
    )


def codes_of(metadata: Mapping[str, Any]) -> tuple[Codes, tuple[int, ...]]:
    """The codes of a passage's tokens of its record's metadata, a row each, and the token at which
    each of its sentences ends, behind that at which the first begins."""
    codes = np.frombuffer(base64.b64decode(metadata["codes"]), np.uint8)
    return codes.reshape(metadata["tokens"], -1), tuple(map(int, metadata["ends"].split()))


def article_values(article: Indexed) -> dict[str, str | int]:
    """An article's metadata: what Chroma is asked for, and all the rest as one value, for what it
    takes to read a record grows with the number of values."""
    source = {name: getattr(article.source, name) for name in _SOURCE_FIELDS}
    meetings = [_meeting_values(meeting) for meeting in article.meetings]
    rest = {**source, "passages": article.passages, "meetings": meetings}
    text = json.dumps(rest, ensure_ascii=False)
    return {"details": text, "since": article.since, "until": article.until}


def article(metadata: Mapping[str, Any]) -> Indexed:
    """The article of a record's metadata, as it is written now or was before: a value each."""
    if "details" in metadata:
        values = json.loads(metadata["details"])
    else:
        values = {**metadata, "meetings": json.loads(metadata["meetings"])}
    source = Source(**{name: values[name] for name in _SOURCE_FIELDS if name in values})
    meetings = tuple(map(_meeting, values["meetings"]))
    return Indexed(source, values["passages"], meetings, metadata["since"], metadata["until"])


def _meeting_values(meeting: Meeting) -> dict[str, Any]:
    values = asdict(meeting)
    for name in ("date", "end_date"):
        values[name] = str(getattr(meeting, name)) if values[name] else None
    return values


def _meeting(values: dict[str, Any]) -> Meeting:
    for name in ("date", "end_date"):
        values[name] = Day.parse(values[name]) if values[name] else None
    values["year_from"] = YearFrom(values["year_from"]) if values["year_from"] else None
    values["evidence"] = _quote(values["evidence"])
    values["others"] = tuple(map(_quote, values["others"]))
    return Meeting(**values)


def _quote(values: Mapping[str, Any]) -> Quote:
    start, end = values["answer"]
    return Quote(**{**values, "answer": (start, end)})
