"""The text of an article's file, divided into the pieces that a page shows."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from retrieval import Article, Quote, Source, as_published, file_bytes, of_bytes

from ..ui.links import fingerprint
from ..ui.text import clean

MAX_PAGE = 20_000
"""The most characters of an article on one page; a quote is never divided."""

MAX_CACHED = 10_000_000
"""The most characters of texts that are cached."""

WRAPPED_WIDTHS = range(40, 121)
"""The lengths, in characters, of the lines of a text that was wrapped at a fixed width."""

Offsets = tuple[int, int]

_FENCED = re.compile(r"(?ms)^[ \t]*(`{3,}+|~{3,}+)[^\n`]*\n.*?(?:^[ \t]*\1[`~]*[ \t\r]*$|\Z)")
"""A block of code, in which no mark is one of Markdown's; as there, one may go on to the end."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of words of a paragraph, quoted or not."""

    words: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph. `flows` tells whether its line ends are only wrapping, and are not shown."""

    runs: tuple[Run, ...]
    flows: bool

    @property
    def quoted(self) -> bool:
        return any(run.quoted for run in self.runs)

    @property
    def words(self) -> str:
        return "".join(run.words for run in self.runs)


class ArticlePage(NamedTuple):
    """An article as a page shows it.

    `text` is what its file holds now, `parts` its paragraphs by page, and `cited` the quote to
    mark, if the file still holds it.
    """

    source: Source
    text: Article
    parts: list[list[Offsets]]
    cited: Quote | None


class TextCache:
    """Reads the texts of articles and keeps those last read. For one thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._texts: OrderedDict[tuple[str, str], Article] = OrderedDict()
        self._size = 0

    def open(self, path: str) -> Article | None:
        """The text of an article's file now; None if the file is gone or cannot be read."""
        file = self._folder / path
        try:
            # A link that leads out of the folder is no article, and a pipe would never end.
            if not file.is_file() or not file.resolve().is_relative_to(self._folder.resolve()):
                return None
            data = file_bytes(file)
        except (OSError, ValueError):
            return None
        key = (hashlib.sha256(data).hexdigest(), file.suffix.lower())
        if key not in self._texts:
            try:
                self._texts[key] = of_bytes(data, path)
            except ValueError:
                return None
            self._size += len(self._texts[key].text)
            while self._size > MAX_CACHED:
                _, oldest = self._texts.popitem(last=False)
                self._size -= len(oldest.text)
        self._texts.move_to_end(key)
        return self._texts[key]


def parts(text: Article, keep: Offsets | None = None) -> list[list[Offsets]]:
    """The spans of an article's paragraphs, by page. No page ends within `keep`."""
    pages: list[list[Offsets]] = [[]]
    size = 0
    for start, end in _cut(text, keep):
        within = keep is not None and keep[0] < start < keep[1]
        if pages[-1] and size + end - start > MAX_PAGE and not within:
            pages.append([])
            size = 0
        pages[-1].append((start, end))
        size += end - start
    return pages


def blocks(text: Article, spans: list[Offsets], quote: Offsets | None = None) -> list[Block]:
    """The paragraphs of these spans as they are shown, with the quote marked."""
    codes = [code.span() for code in _FENCED.finditer(text.text)]
    shown = []
    for span in spans:
        before = bisect_right(codes, (span[0], len(text.text)))
        is_code = before > 0 and span[0] < codes[before - 1][1]
        runs = tuple(_runs(text, span, quote, is_code))
        shown.append(Block(runs, _is_wrapped(text.text[slice(*span)])))
    return [block for block in shown if block.words.strip()]


def _cut(text: Article, keep: Offsets | None) -> Iterator[Offsets]:
    """The spans of the paragraphs; one too long for a page is cut between words."""
    for first, end in _paragraphs(text.text, text.body):
        start = first
        while end - start > MAX_PAGE:
            cut = text.text.rfind(" ", start, start + MAX_PAGE) + 1
            cut = cut if cut > start else start + MAX_PAGE
            if keep and start < keep[0] < cut < keep[1]:
                cut = keep[0]
            yield start, cut
            start = cut
        yield start, end


def _paragraphs(text: str, start: int) -> Iterator[Offsets]:
    """The spans of lines, and of blocks of short lines such as a poem or a list of those present.

    Retrieval's paragraphs are not used: they would tear such blocks apart.
    """
    block: list[Offsets] = []
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


def _joined(block: list[Offsets]) -> list[Offsets]:
    if len(block) < 2 or any(end - start >= WRAPPED_WIDTHS.stop for start, end in block):
        return block
    return [(block[0][0], block[-1][1])]


def _is_wrapped(words: str) -> bool:
    *lines, _ = words.splitlines() or [""]
    return all(len(line.strip()) in WRAPPED_WIDTHS for line in lines)


def _runs(text: Article, span: Offsets, quote: Offsets | None, is_code: bool) -> Iterator[Run]:
    start, end = span
    first, last = (min(max(offset, start), end) for offset in quote or (start, start))
    for begin, until, quoted in ((start, first, False), (first, last, True), (last, end, False)):
        words = text.text[begin:until]
        if not is_code:
            words = as_published(words, text.source.path, text.text[start:begin])
        if words := clean(words):
            yield Run(words, quoted)


def is_present(quote: Offsets, words: str | None, text: Article, source: Source) -> bool:
    start, end = quote
    present = text.text[start:end]
    if words is None:
        same = text.source.sha256 == source.sha256 and len(present) == end - start
    else:
        same = fingerprint(present) == words
    return same and bool(present.strip()) and start >= text.body


def is_title(blocks: list[Block], source: Source) -> bool:
    """Whether the first paragraph only says the title, and nothing of it is quoted."""
    return bool(blocks) and not blocks[0].quoted and blocks[0].words.strip() == source.title
