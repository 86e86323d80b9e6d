"""What the reader makes of a file before it is in the corpus: without model and index."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import FileError, Trouble
from ..formats.file_text import MARKDOWN, PAGES, PLAIN, RST, SUFFIXES, file_bytes
from ..formats.front_matter import line_number
from ..meeting import Meeting
from ..models import Kind, Source
from ..reports import Failure
from .file_reader import FileReader, ParsedFile
from .paragraphs import is_stamp, paragraphs
from .scan import failure_of, file_to_read
from .sources import Sources

_TAGS = re.compile(r"(?:</?[a-zA-Z][^<>]*>\s*)+")

FORMATS = {
    **dict.fromkeys(PAGES, "HTML"),
    **dict.fromkeys(set(PLAIN) - set(MARKDOWN), "text"),
    RST: "reStructuredText",
    **{".pdf": "PDF", ".docx": "Word", ".odt": "OpenDocument", ".epub": "EPUB"},
}
"""What a file is by its ending; the others are Markdown."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part of a file that is not quoted: its text, its line in the text that quotes are cut from
    (from 1; none where it is not in that text), and why."""

    line: int | None
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What the reader makes of a file. `failure` says why it makes nothing of it; all else is empty
    then. `format` and `encoding` are names for people, `pages` is how many a PDF has, `paragraphs`
    counts them by kind, `passages` counts what can be quoted, and `notes` say what of it, of the
    front matter or of `sources.toml` could not be read."""

    file: str
    failure: Failure | None = None
    format: str = ""
    encoding: str = ""
    pages: int = 0
    source: Source | None = None
    paragraphs: tuple[tuple[Kind, int], ...] = ()
    passages: int = 0
    meetings: tuple[Meeting, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()


def check_files(files: Sequence[Path], folder: Path) -> Iterator[FileCheck]:
    """Read files as a reload would, and yield what is made of each, in order.

    Args:
        files: the files. What one of them holds does no harm: see `FileReader`.
        folder: the folder of articles, whose `sources.toml` counts for the files in it.
    """
    home, sources = folder.resolve(), Sources.read(folder)
    with FileReader() as reader:
        for file in files:
            resolved = file.resolve()
            if resolved.is_relative_to(home):
                yield _check(reader, file, resolved.relative_to(home).as_posix(), sources)
            else:
                yield _check(reader, file, file.name, Sources())


def _check(reader: FileReader, file: Path, path: str, sources: Sources) -> FileCheck:
    try:
        if file.suffix.lower() not in SUFFIXES:
            raise FileError(f"it is none of {', '.join(SUFFIXES)}", Trouble.OTHER_FORMAT)
        if file.exists() and not file.is_file():
            raise FileError("it is no file", Trouble.ACCESS)
        data = file_bytes(file)
    except (OSError, ValueError) as error:
        return FileCheck(str(file), failure_of(path, error))
    (parsed,) = reader.parse([file_to_read(data, path, sources)], whole=True)
    if isinstance(parsed, Failure):
        return FileCheck(str(file), parsed)
    article, suffix = parsed.article, file.suffix.lower()
    parts = paragraphs(article.text, article.body)
    name = FORMATS.get(suffix, "Markdown")
    usual_encoding = "UTF-8" if suffix in (*PLAIN, RST, *PAGES) else f"as the {name} says"
    return FileCheck(
        str(file),
        format=name,
        encoding=parsed.encoding or usual_encoding,
        pages=len(article.pages),
        source=article.source,
        paragraphs=tuple(Counter(part.kind for part in parts).most_common()),
        passages=len(parsed.spans),
        meetings=parsed.meetings,
        left_out=tuple(_left_out(parsed)),
        notes=(*parsed.notes, *article.notes),
    )


def _left_out(parsed: ParsedFile) -> Iterator[LeftOut]:
    text, body = parsed.article.text, parsed.article.body
    if text[:body].strip():
        yield LeftOut(1, text[:body], "front matter")
    line, counted = 1, 0
    for start, end, kind in paragraphs(text, body):
        line, counted = line + line_number(text[counted:start], start - counted) - 1, start
        words = text[start:end]
        # Tags alone hold nothing that could be left out.
        if kind is Kind.FURNITURE and not _TAGS.fullmatch(words):
            stamp = is_stamp(words)
            yield LeftOut(line, words, "credit, address or notice" if stamp else "no sentence")
    yield from (LeftOut(None, words, "outside the main text") for words in parsed.left_out)
