"""Word, OpenDocument and EPUB files → their text: XML in a zip, read by lxml.

What a file declares to hold is looked at before anything is unpacked, and no more is unpacked.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable
from html.entities import html5
from typing import Any
from urllib.parse import unquote

from ..errors import FileError, Trouble
from .list_numbers import OpenNumbers, WordNumbers
from .tree_text import HEADINGS, attribute, lines_of, local_name

MAX_UNPACKED = 20_000_000
"""Bytes of all that is read of one file; a book of 1,000 pages has 3 million."""

ENCRYPTED = "it is encrypted; save a copy without protection"

NO_TITLE = re.compile(
    r"(?i)microsoft \w+ - .*|untitled.*|.*\.(docx?|odt|pdf|indd|qxd|tex|rtf|html?)|[\W_]*"
    r"|\*\|.*\|\*|\{\{.*\}\}|%%?.*%%?"
)
"""What programs write where a title should be, and marks that nobody has filled in."""

_ENTITY = re.compile(rb"&([a-zA-Z][a-zA-Z0-9]{1,30});")


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
        data = self._zip.read(member)
        return etree.fromstring(_ENTITY.sub(_character, data), xml_parser())


def _character(entity: re.Match[bytes]) -> bytes:
    """An entity of HTML as XML knows it."""
    characters = html5.get(entity[1].decode() + ";")
    own = entity[1] in (b"amp", b"lt", b"gt", b"quot", b"apos")
    if own or characters is None:
        return entity[0]
    return "".join(f"&#{ord(character)};" for character in characters).encode()


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
    if facts["title"] and NO_TITLE.fullmatch(facts["title"]):
        facts["title"] = None
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
    styles = archive.xml("word/styles.xml", optional=True)
    levels = _levels(styles)
    number = WordNumbers(archive.xml("word/numbering.xml", optional=True), styles)

    def level(paragraph: Any) -> int:
        style = paragraph.find("{*}pPr/{*}pStyle")
        return levels.get(attribute(style, "val"), 0) if style is not None else 0

    lines = list(lines_of(root, level, "t", number))
    for notes in ("word/footnotes.xml", "word/endnotes.xml"):
        if (part := archive.xml(notes, optional=True)) is not None:
            lines += lines_of(part, level, texts="t")
    return lines, archive.xml("docProps/core.xml", optional=True)


def _levels(styles: Any) -> dict[str, int]:
    """The level of headings of each style, -1 of one of a table of contents: styles have ids in all
    languages, and English names."""
    levels = {}
    for style in styles.iter("{*}style") if styles is not None else ():
        name = attribute(next(style.iter("{*}name"), style), "val").lower()
        kind, _, number = name.partition(" ")
        if name == "title" or (kind in ("heading", "toc") and number.isdecimal()):
            depth = {"title": 1, "toc": -1}.get(kind) or int(number)
            levels[attribute(style, "styleId")] = depth
    return levels


def _odt(archive: Archive) -> tuple[list[str], Any]:
    root = archive.xml("content.xml")

    def level(paragraph: Any) -> int:
        outline = attribute(paragraph, "outline-level")
        return (int(outline) if outline.isdecimal() else 1) if local_name(paragraph) == "h" else 0

    number = OpenNumbers(archive.xml("styles.xml", optional=True), root)
    lines = list(lines_of(next(root.iter("{*}body"), root), level, number=number))
    for body in root.iter("{*}note-body"):
        lines += lines_of(body, level)
    return lines, archive.xml("meta.xml", optional=True)


def _epub(archive: Archive) -> tuple[list[str], Any]:
    file = next(archive.xml("META-INF/container.xml").iter("{*}rootfile"))
    package = archive.xml(path := attribute(file, "full-path"))
    hrefs = {item.get("id"): item.get("href", "") for item in package.iter("{*}item")}
    lines: list[str] = []
    for reference in package.iter("{*}itemref"):
        href = unquote(hrefs.get(reference.get("idref"), "").partition("#")[0])
        name = posixpath.normpath(posixpath.join(posixpath.dirname(path), href))
        if (chapter := archive.xml(name, optional=True)) is not None:
            lines += lines_of(chapter, lambda heading: HEADINGS.get(local_name(heading), 0))
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
