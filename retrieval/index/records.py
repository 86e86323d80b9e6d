"""Articles, passages and the words of a corpus as Chroma keeps them. Pure.

A passage is a record: a text and plain values. The articles of a generation are one list, with
their meetings. All records of an article, in the state in which it was once written, have its key.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import zlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from ..articles.plain_view import plain
from ..days import Day
from ..embedding.embedder import PassageText, PassageVectors
from ..embedding.token_space import Codes
from ..languages.terms import accented_words
from ..meeting import Meeting
from ..models import Kind, Passage, Source

SOURCE_FIELDS = tuple(field.name for field in fields(Source) if field.name != "corpus")
_source_values = attrgetter(*SOURCE_FIELDS)
_RENAMED = {"metadata_sha256": "beside"}
"""The columns that have kept the name that their field had: indexes outlive a version."""

_MEETING = TypeAdapter(Meeting)

_LEVEL = 1
"""Of zlib: a higher one takes three or four times as long for a tenth of the bytes."""

Counts = NDArray[np.uint32]

_SIZE = struct.Struct("<I")
"""How many words a vocabulary has."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """An article in the index: what is known of it, how many passages it has, its meetings, and
    since which generation it is as it is."""

    source: Source
    passages: int
    meetings: tuple[Meeting, ...]
    since: int

    @property
    def key(self) -> str:
        """What its records have in common, and no other article's in no other generation."""
        path = hashlib.sha256(self.source.path.encode(errors="surrogateescape")).hexdigest()[:32]
        return f"{path}@{self.since}"


@lru_cache(maxsize=64)  # Whoever embeds, scores or reads some passages asks for it again.
def text_of(passage: Passage) -> PassageText:
    """What the model is given of a passage: its words without what only their spelling has."""
    source = passage.source
    sentences = tuple(plain(sentence, source.path) for sentence in passage.sentence_texts)
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


def articles_to_bytes(articles: Sequence[Indexed]) -> bytes:
    """Return a list of articles compressed, for `articles_from_bytes`: a row each, with the names
    of the columns once."""
    rows = [
        [*_source_values(article.source), article.passages, article.since, article.meetings]
        for article in articles
    ]
    columns = [_RENAMED.get(name, name) for name in SOURCE_FIELDS]
    text = json.dumps({"source": columns, "articles": rows}, ensure_ascii=False, default=_plain)
    return zlib.compress(text.encode(errors="surrogatepass"), _LEVEL)


def articles_from_bytes(data: bytes) -> list[Indexed]:
    """Return what `articles_to_bytes` was given."""
    values = json.loads(zlib.decompress(data))
    fields = {column: name for name, column in _RENAMED.items()}
    names = [fields.get(column, column) for column in values["source"]]
    return [
        Indexed(
            Source(**dict(zip(names, source, strict=True))),
            passages,
            tuple(map(_meeting, meetings)),
            since,
        )
        for *source, passages, since, meetings in values["articles"]
    ]


def _plain(value: Any) -> Any:
    """What JSON has of a day, or of a meeting or a quote: its fields, but for the corpus."""
    if isinstance(value, Day):
        return str(value)
    return {name: getattr(value, name) for name in value.__slots__ if name != "corpus"}


def _meeting(values: dict[str, Any]) -> Meeting:
    """The meeting of the values that are kept of it, in which the days are replaced."""
    for name in ("date", "end_date"):
        values[name] = Day.parse(values[name]) if values[name] else None
    return _MEETING.validate_python(values)


class Vocabulary:
    """In how many passages of a corpus each of its words stands. It does not change.

    A word is a run of letters and digits in lower case, with its diacritics, as `accented_words`
    gives it. The title of an article counts as a passage: what it names need not stand elsewhere.

    300,000 words take about 5 MB. They are kept in order, as bytes, and found by bisection.
    """

    def __init__(self, words: bytes = b"", counts: Counts | None = None):
        """`words` are sorted, in UTF-8, each with a line feed behind it; `counts` are the numbers
        of passages that hold them, of shape (words,)."""
        self._words = words
        self._counts = np.zeros(0, np.uint32) if counts is None else counts
        ends = np.flatnonzero(np.frombuffer(words, np.uint8) == ord("\n")) + 1
        # As a memoryview it gives Python's numbers, which a bisection compares faster than NumPy's.
        self._starts = np.concatenate([[0], ends]).astype(np.uint32).data

    def count(self, word: str) -> int:
        """Return in how many passages a word stands: 0 if there is no such word."""
        encoded = word.encode(errors="surrogatepass")
        number = self._find(encoded)
        there = number < len(self._counts) and self._word(number) == encoded
        return int(self._counts[number]) if there else 0

    def __iter__(self) -> Iterator[str]:
        """Yield all words in the order of their code points."""
        yield from self._words.decode().split("\n")[:-1]

    def beginning(self, start: str) -> Sequence[str]:
        """Return the words that begin with `start`, in order."""
        encoded = start.encode(errors="surrogatepass")
        first, end = self._find(encoded), self._find(encoded + b"\xff")
        return self._words[self._starts[first] : self._starts[end]].decode().split("\n")[:-1]

    def changed(self, removed: Iterable[str], added: Iterable[str]) -> Vocabulary:
        """Return the vocabulary of this corpus without the passages `removed`, and with those
        `added`; both are texts, and those removed must have been counted."""
        counts = Counter(dict(zip(self, self._counts.tolist(), strict=True)))
        for texts, sign in ((removed, -1), (added, 1)):
            for text in texts:
                for word in set(accented_words(text)):
                    counts[word] += sign
        words = sorted(word for word, count in counts.items() if count > 0)
        numbers = np.fromiter(map(counts.__getitem__, words), np.uint32, len(words))
        return Vocabulary("\n".join([*words, ""]).encode(), numbers)

    def to_bytes(self) -> bytes:
        """Return it compressed, for `from_bytes`."""
        size = _SIZE.pack(len(self._counts))
        return zlib.compress(size + self._counts.astype("<u4").tobytes() + self._words, _LEVEL)

    @classmethod
    def from_bytes(cls, data: bytes) -> Vocabulary:
        """Return what `to_bytes` was called on."""
        plain = zlib.decompress(data)
        (size,) = _SIZE.unpack_from(plain)
        counts = np.frombuffer(plain, "<u4", size, _SIZE.size).astype(np.uint32)
        return cls(plain[_SIZE.size + 4 * size :], counts)

    def _find(self, word: bytes) -> int:
        """The number of a word, or that at which it would have to be put in."""
        return bisect_left(range(len(self._counts)), word, key=self._word)

    def _word(self, number: int) -> bytes:
        return self._words[self._starts[number] : self._starts[number + 1] - 1]
