"""An article's text as it stands in its file now, in pieces that a page can show."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from retrieval import file_bytes, of_bytes

from ..ui.text import clean

PART = 20_000
"""The most characters of an article that one page shows, but for what a quote needs."""

MAX_KEPT = 10_000_000
"""The most characters of texts that are kept, so that a page need not extract them again."""

WRAPPED = range(40, 121)
"""How long the lines of a text are that was wrapped at a fixed width."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Text:
    """What a file holds: the text that quotes are cut from, where it begins after front matter,
    and the file's hash."""

    text: str
    body: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a paragraph; whether they are those that are quoted."""

    words: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph in its pieces. One that was wrapped flows anew; the lines of others are kept."""

    pieces: tuple[Piece, ...]
    flows: bool

    @property
    def quoted(self) -> bool:
        return any(piece.quoted for piece in self.pieces)

    @property
    def words(self) -> str:
        return "".join(piece.words for piece in self.pieces)


class Shelf:
    """Reads articles out of their folder. For one thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: OrderedDict[tuple[str, str], Text] = OrderedDict()
        self._size = 0

    def open(self, path: str) -> Text | None:
        """An article as its file is now; None if that is gone or can no longer be read."""
        file = self._folder / path
        try:
            # A link that leads out of the folder is no article, and a pipe would never end.
            if not file.is_file() or not file.resolve().is_relative_to(self._folder.resolve()):
                return None
            data = file_bytes(file)
        except (OSError, ValueError):
            return None
        key = (hashlib.sha256(data).hexdigest(), file.suffix.lower())
        if key not in self._kept:
            try:
                article = of_bytes(data, path)
            except ValueError:
                return None
            self._kept[key] = Text(article.text, article.body, key[0])
            self._size += len(article.text)
            while self._size > MAX_KEPT:
                _, oldest = self._kept.popitem(last=False)
                self._size -= len(oldest.text)
        self._kept.move_to_end(key)
        return self._kept[key]


def parts(text: Text, keep: Span | None = None) -> list[list[Span]]:
    """The paragraphs of an article, by the pages that show them. No page ends within `keep`."""
    made: list[list[Span]] = [[]]
    size = 0
    for start, end in _cut(text, keep):
        within = keep is not None and keep[0] < start < keep[1]
        if made[-1] and size + end - start > PART and not within:
            made.append([])
            size = 0
        made[-1].append((start, end))
        size += end - start
    return made


def blocks(text: Text, spans: list[Span], quote: Span | None = None) -> list[Block]:
    """The paragraphs as they are shown, with the quote's words apart."""
    return [
        Block(tuple(_pieces(text.text, span, quote)), _is_wrapped(text.text[slice(*span)]))
        for span in spans
    ]


def _cut(text: Text, keep: Span | None) -> Iterator[Span]:
    """The paragraphs; one that no page can hold is cut between words."""
    for first, end in _paragraphs(text.text, text.body):
        start = first
        while end - start > PART:
            cut = text.text.rfind(" ", start, start + PART) + 1
            cut = cut if cut > start else start + PART
            if keep and start < keep[0] < cut < keep[1]:
                cut = keep[0]
            yield start, cut
            start = cut
        yield start, end


def _paragraphs(text: str, start: int) -> Iterator[Span]:
    """Lines, and blocks of short lines between empty ones: those present at a meeting, a poem.

    Retrieval's paragraphs are what may be quoted: they would tear such blocks apart.
    """
    block: list[Span] = []
    for line in text[start:].splitlines(keepends=True):
        end = start + len(line)
        if words := line.strip():
            first = start + line.index(words)
            block.append((first, first + len(words)))
        else:
            yield from _joined(block)
            block = []
        start = end
    yield from _joined(block)


def _joined(block: list[Span]) -> list[Span]:
    if len(block) < 2 or any(end - start >= WRAPPED.stop for start, end in block):
        return block
    return [(block[0][0], block[-1][1])]


def _is_wrapped(words: str) -> bool:
    *lines, _ = words.splitlines() or [""]
    return all(len(line.strip()) in WRAPPED for line in lines)


def _pieces(text: str, span: Span, quote: Span | None) -> Iterator[Piece]:
    start, end = span
    first, last = (min(max(offset, start), end) for offset in quote or (start, start))
    for begin, until, quoted in ((start, first, False), (first, last, True), (last, end, False)):
        if words := clean(text[begin:until]):
            yield Piece(words, quoted)
