"""Word, OpenDocument and EPUB files → their text: XML in a zip, read by lxml.

What a file declares to hold is looked at before anything is unpacked, and no more is unpacked.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any
from urllib.parse import unquote

from ..errors import FileError, Trouble

MAX_UNPACKED = 20_000_000
"""Bytes of all that is read of one file; a book of 1,000 pages has 3 million."""

MAX_CELL = 200
"""A longer text in a cell is no datum: the table is there for the layout of its page."""

ENCRYPTED = "it is encrypted; save a copy without protection"

_PARAGRAPHS = frozenset({
    "p", "h", "li", "dt", "dd", "blockquote", "div", "pre", "section", "figcaption", "caption",
})  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ROWS = frozenset({"tr", "table-row"})
_CELLS = frozenset({"tc", "td", "th", "table-cell"})
_BREAKS = frozenset({"br", "cr", "line-break"})
_ENDS = _PARAGRAPHS | _HEADINGS.keys() | _ROWS | _CELLS | _BREAKS
_SPACES = frozenset({"tab", "s"})
_LEFT_OUT = frozenset({
    "Fallback", "del", "moveFrom", "note", "annotation", "tracked-changes", "table-of-content",
    "head", "nav", "script", "style", "desc", "title",
})  # fmt: skip
"""What is not shown, shown twice, or is a note, which comes at the end."""


class Archive:
    """The members of a zip, of which no more is unpacked than `MAX_UNPACKED`.

    Raises FileError where a member is too large or encrypted, and what zipfile and lxml raise.
    """

    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._left = MAX_UNPACKED

    def xml(self, name: str, *, optional: bool = False) -> Any:
        """The root of a member that is XML; None where there is no such member and it is optional,
        else KeyError."""
        from lxml import etree  # noqa: PLC0415

        if optional and name not in self._zip.NameToInfo:
            return None
        member = self._zip.getinfo(name)
        if member.flag_bits & 1:
            raise FileError(ENCRYPTED)
        self._left -= member.file_size
        if self._left < 0:
            most = MAX_UNPACKED // 1_000_000
            raise FileError(f"it unpacks to more than {most} MB", Trouble.LIMIT)
        return etree.fromstring(self._zip.read(member), xml_parser())


def document(kind: str, data: bytes) -> dict[str, Any]:
    """The text of a "docx", an "odt" or an "epub": one paragraph a line, an empty line between;
    headings with `#`; and its title, date and language where it says them.

    Raises:
        FileError: it is too large or encrypted, or holds no text.
        Exception: what zipfile and lxml raise over a broken one.
    """
    lines, about = _READERS[kind](Archive(data))
    if not lines:
        raise FileError("it holds no text")
    facts = {name: _fact(about, *tags) for name, tags in _FACTS.items()}
    date = facts["date"] or ""
    return {**facts, "date": date[:10] if len(date) >= 10 else None, "text": "\n\n".join(lines)}


_FACTS = {
    "title": ("title",),
    "date": ("created", "creation-date", "date"),
    "language": ("language",),
}
"""What is said of a document, by the names of Dublin Core and of OpenDocument."""


def _fact(about: Any, *tags: str) -> str | None:
    for tag in tags if about is not None else ():
        for element in about.iter(f"{{*}}{tag}"):
            if text := " ".join((element.text or "").split()):
                return text
    return None


def _docx(archive: Archive) -> tuple[list[str], Any]:
    root = archive.xml("word/document.xml")
    levels = _levels(archive.xml("word/styles.xml", optional=True))

    def level(paragraph: Any) -> int:
        style = paragraph.find("{*}pPr/{*}pStyle")
        return levels.get(_attribute(style, "val"), 0) if style is not None else 0

    lines = list(_lines(root, level, texts="t"))
    for notes in ("word/footnotes.xml", "word/endnotes.xml"):
        if (part := archive.xml(notes, optional=True)) is not None:
            lines += _lines(part, level, texts="t")
    return lines, archive.xml("docProps/core.xml", optional=True)


def _levels(styles: Any) -> dict[str, int]:
    """The level of headings of each style: styles have ids in all languages, and English names."""
    levels = {}
    for style in styles.iter("{*}style") if styles is not None else ():
        name = _attribute(next(style.iter("{*}name"), style), "val").lower()
        if name == "title" or (name.startswith("heading ") and name[8:].isdecimal()):
            levels[_attribute(style, "styleId")] = 1 if name == "title" else int(name[8:])
    return levels


def _odt(archive: Archive) -> tuple[list[str], Any]:
    root = archive.xml("content.xml")

    def level(paragraph: Any) -> int:
        outline = _attribute(paragraph, "outline-level")
        return (int(outline) if outline.isdecimal() else 1) if local_name(paragraph) == "h" else 0

    lines = list(_lines(next(root.iter("{*}body"), root), level))
    for body in root.iter("{*}note-body"):
        lines += _lines(body, level)
    return lines, archive.xml("meta.xml", optional=True)


def _epub(archive: Archive) -> tuple[list[str], Any]:
    file = next(archive.xml("META-INF/container.xml").iter("{*}rootfile"))
    package = archive.xml(path := _attribute(file, "full-path"))
    hrefs = {item.get("id"): item.get("href", "") for item in package.iter("{*}item")}
    lines: list[str] = []
    for reference in package.iter("{*}itemref"):
        href = unquote(hrefs.get(reference.get("idref"), "").partition("#")[0])
        name = posixpath.normpath(posixpath.join(posixpath.dirname(path), href))
        if (chapter := archive.xml(name, optional=True)) is not None:
            lines += _lines(chapter, lambda heading: _HEADINGS.get(local_name(heading), 0))
    return lines, next(package.iter("{*}metadata"), None)


_READERS: dict[str, Callable[[Archive], tuple[list[str], Any]]] = {
    "docx": _docx,
    "odt": _odt,
    "epub": _epub,
}


def xml_parser() -> Any:
    """Return a parser, of lxml, that goes on behind a fault and resolves and fetches nothing."""
    from lxml import etree  # noqa: PLC0415

    return etree.XMLParser(resolve_entities=False, no_network=True, recover=True)


def local_name(element: Any) -> str:
    """Return the name of an element without its namespace; "" of a comment and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _attribute(element: Any, name: str) -> str:
    """An attribute by its name in whatever namespace."""
    return next((v for key, v in element.items() if key.rpartition("}")[2] == name), "")


def _lines(root: Any, level: Callable[[Any], int], texts: str = "") -> Iterator[str]:
    """The paragraphs below an element; the rows of a table as one, with a bar between two cells.

    Args:
        root: the element.
        level: what level of a heading a paragraph has, 0 if it is none.
        texts: the name of the elements whose text counts; all count without it.
    """
    return with_tables(_paragraphs(root, level, texts))


def with_tables(paragraphs: Iterable[tuple[str, bool]]) -> Iterator[str]:
    """Yield each paragraph, and the rows of a table, which are given with True, as one."""
    for is_row, group in groupby(paragraphs, itemgetter(1)):
        lines = (line for line, _ in group)
        yield from ["\n".join(lines)] if is_row else lines


def _shown(root: Any) -> Iterator[tuple[str, bool, Any]]:
    """Yield the name of each element, True where it starts and False where it ends, and itself; of
    what is left out its end alone, which has the text behind it."""
    from lxml import etree  # noqa: PLC0415

    left_out: Any = None
    # Not by recursion, which a deep file would exhaust.
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag, starts = local_name(element), event == "start"
        if left_out is None and starts and tag in _LEFT_OUT and element is not root:
            left_out = element
        elif left_out is None or (element is left_out and not starts):
            left_out = None
            yield tag, starts, element


def _paragraphs(root: Any, level: Callable[[Any], int], texts: str) -> Iterator[tuple[str, bool]]:
    """Yield each paragraph, and each row of a table with True."""
    parts, mark = list[str](), ""
    cells: list[list[str]] | None = None
    for tag, starts, element in _shown(root):
        if tag in _ENDS:
            if line := " ".join("".join(parts).split()):
                if cells:
                    cells[-1].append(line)
                elif cells is None:
                    yield mark + line, False
            heading = level(element) if starts and tag not in _CELLS | _ROWS else 0
            parts, mark = [], "#" * min(heading, 6) + " " * bool(heading)
        if tag in _ROWS:
            yield from table_row(cells or ())
            cells = [] if starts else None
        elif tag in _CELLS and starts and cells is not None:
            cells.append([])
        if starts:
            parts.append(" " if tag in _SPACES else (element.text or "") * (texts in ("", tag)))
        elif not texts:
            parts.append(element.tail or "")
    if line := " ".join("".join(parts).split()):
        yield mark + line, False


def table_row(cells: Iterable[Sequence[str]]) -> Iterator[tuple[str, bool]]:
    """Yield a row as one line, with True; what its cells hold, where the table is there for the
    layout. Of each cell its paragraphs are given."""
    texts = [" ".join(cell) for cell in cells]
    if sum(map(bool, texts)) > 1 and max(map(len, texts)) <= MAX_CELL:
        yield " | ".join(texts), True
    else:
        yield from ((line, False) for cell in cells for line in cell)
