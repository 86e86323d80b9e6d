"""A file's bytes → the text that quotes are cut from, and what the file says of itself.

The text is a function of the bytes, the kind of file and `version`: an index and a quote hold as
long as these do. Plain files are read here; the others by `extraction.py`, in a process of
its own.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import FileError, Trouble
from .encodings import decode
from .helper_process import SECONDS, HelperProcess, trouble_of
from .page_text import PlacedLine, laid_out, unwrapped

PLAIN = (".txt", ".text", ".md", ".markdown", ".mkd", ".mdx")
MARKDOWN = PLAIN[2:]
PAGES = (".html", ".htm", ".xhtml")
DOCUMENTS = (".docx", ".odt", ".epub")
RST = ".rst"
SUFFIXES = (*PLAIN, RST, *PAGES, ".pdf", *DOCUMENTS)

EXTRACTION = "retrieval.formats.extraction"

MAX_BYTES = 5_000_000
"""Of one file; an article has a few thousand."""

_OWN_VERSION = 26
"""Raised whenever the same bytes give another text (here, in encodings, single_byte,
mojibake, extraction, web_page, tree_text, documents, list_numbers, numerals,
restructured_text, page_text) or metadata.py sees something else in it: a reload reads no file
again that has not changed."""

_READERS = ("trafilatura", "lxml", "pypdf", "docutils")

MAX_PAGES_NAMED = 5
"""Of the pages without text so many are named."""

Extract = Callable[[str, bytes], dict[str, Any]]
"""An Extractor, or what is called like one."""

_CHARSET = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w:.-]{1,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"\s*<\?xml[^>]{1,200}?encoding\s*=\s*[\"']\s*([\w:.-]{1,40})")
# Line ends and tabs stay; what no text has, and half of a pair, go.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds.

    `encoding` is that of its text, where it is not UTF-8. `title`, `date` (ISO), `url` and
    `language` are what a page or a PDF says in its head; front matter is not read here. `pages`
    are the offsets at which the pages of a PDF begin in the text. `left_out` are the beginnings of
    the parts of a page that are none of its main text, and `notes` say what else could not be read.
    """

    text: str
    encoding: str | None = None
    title: str | None = None
    date: str | None = None
    url: str | None = None
    language: str | None = None
    pages: tuple[int, ...] = ()
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """Return the number of the page, from 1, on which an offset of the text lies; None where
        the file has no pages."""
        return bisect_right(self.pages, offset) or None


class Extractor(HelperProcess):
    """The process that reads pages, PDFs and documents; started when it is first needed.

    For one thread. Use it as a context: it ends with it.
    """

    def __init__(self, seconds: float = SECONDS):
        super().__init__(EXTRACTION, seconds)

    def __call__(self, kind: str, data: bytes) -> dict[str, Any]:
        """What a "html", "pdf" or document gives. Raises FileError, with the reason, if nothing."""
        (reply,) = self.replies([({"kind": kind}, data)])
        if reason := reply.get("refused"):
            raise FileError(reason, trouble_of(reply))
        return reply


def version() -> str:
    """Return what changes when the same bytes may give another text: an index remembers it."""
    from importlib import metadata  # noqa: PLC0415

    readers = (f"{name}{metadata.version(name)}" for name in _READERS)
    return "-".join([str(_OWN_VERSION), *readers])


class _Kept:
    """The contents of pages and PDFs that were read last, so that an answer need not read again."""

    def __init__(self, most: int = 8_000_000):
        self._most = most
        self._lock = threading.Lock()
        self._contents: OrderedDict[tuple[str, str], Content] = OrderedDict()

    def get(self, key: tuple[str, str], make: Callable[[], Content]) -> Content:
        with self._lock:
            if key in self._contents:
                self._contents.move_to_end(key)
                return self._contents[key]
        content = make()
        with self._lock:
            self._contents[key] = content
            while sum(len(kept.text) for kept in self._contents.values()) > self._most:
                self._contents.popitem(last=False)
        return content


_kept = _Kept()


def file_bytes(file: Path | str) -> bytes:
    """A file's bytes; of one that is too large no more than `read` needs to refuse it.

    Raises OSError.
    """
    with open(file, "rb", buffering=0) as opened:
        # Room for all that is asked for would be made in memory, for each file.
        large = os.fstat(opened.fileno()).st_size > MAX_BYTES
        if not large:
            return opened.read()
        with io.BufferedReader(opened) as buffered:
            return buffered.read(MAX_BYTES + 1)


def read(
    data: bytes, suffix: str, extract: Extract | None = None, charset: str | None = None
) -> Content:
    """What the bytes of a file hold. `charset` is what a server says of its encoding.

    `extract` reads pages and PDFs; without it an Extractor is started for this file alone, if the
    file needs one.

    Raises:
        FileError: nothing can be quoted from it; the message is the reason, as "it is empty".
    """
    suffix = suffix.lower()
    if len(data) > MAX_BYTES:
        raise FileError(f"it is larger than {MAX_BYTES // 1_000_000} MB", Trouble.LIMIT)
    if not data.strip():
        raise FileError("it is empty")
    if suffix in PLAIN or (suffix in PAGES and b"<" not in data):
        text, encoding = decode(data, charset)
        return Content(text, encoding)
    key = (suffix + (charset or ""), hashlib.sha256(data).hexdigest())
    if extract is not None:
        return _kept.get(key, lambda: _extracted(data, suffix, extract, charset))
    with Extractor() as extractor:
        return _kept.get(key, lambda: _extracted(data, suffix, extractor, charset))


def _extracted(data: bytes, suffix: str, extract: Extract, charset: str | None) -> Content:
    encoding: str | None = None
    pages: tuple[int, ...] = ()
    if suffix in PAGES:
        page, encoding = decode(data, charset or declared_encoding(data), markup=True)
        facts = extract("html", page.lstrip("\ufeff").encode())
    elif suffix == RST:
        page, encoding = decode(data, charset)
        facts = extract("rst", page.lstrip("\ufeff").encode())
    else:
        facts = extract(suffix[1:], data)
    if suffix == ".pdf":
        lines = [
            [PlacedLine(_UNFIT.sub("", line), *at) for line, *at in page] for page in facts["pages"]
        ]
        text, pages = unwrapped(*laid_out(lines))
    else:
        text = _UNFIT.sub("", facts["text"])
    stated = {key: facts[key] for key in ("title", "date", "url", "language") if facts.get(key)}
    left_out = tuple(_UNFIT.sub("", part) for part in facts.get("left_out", ()))
    notes = tuple(_without_text(facts.get("pages", ())))
    return Content(text, encoding, pages=pages, left_out=left_out, notes=notes, **stated)


def _without_text(pages: Sequence[Sequence[object]]) -> Iterator[str]:
    """Which pages of a PDF have no text."""
    empty = [str(number) for number, page in enumerate(pages, 1) if not page]
    if empty:
        named = ", ".join(empty[:MAX_PAGES_NAMED]) + (" …" if len(empty) > MAX_PAGES_NAMED else "")
        yield f"page{'s' if len(empty) > 1 else ''} {named} without text, as a picture has none"


def declared_encoding(page: bytes) -> str | None:
    """What a page calls its encoding: in its head, which may be long, or its XML declaration."""
    head, _, _ = page.partition(b"<body")
    # A comment declares nothing.
    first, *rest = head.split(b"<!--")
    head = first + b"".join(part.partition(b"-->")[2] for part in rest)
    declared = _CHARSET.search(head) or _XML_ENCODING.match(page)
    return declared[1].decode("ascii", "replace") if declared else None
