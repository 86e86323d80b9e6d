"""The process that reads files for `file_reader.py`, which has started it.

Of each file it is told `path`, `known` and the hashes as in FileToRead, and `whole` as for
`FileReader.parse`; the reply has `parsed`, or `refused` with a reason and `trouble`.
"""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

from .articles.file_reader import ParsedFile
from .articles.metadata import of_content
from .articles.paragraphs import paragraphs
from .articles.passages import passages
from .formats.extraction import extract
from .formats.file_text import read
from .formats.helper_process import serve_files
from .meetings.extract import extract_meetings


def _parsed(about: dict[str, Any], data: bytes) -> ParsedFile:
    path: str = about["path"]
    # Pages and PDFs are read here: this process is confined enough.
    content = read(data, Path(path).suffix, extract)
    hashes = about["sha256"], about["metadata_sha256"]
    article = of_content(content, path, about["known"], *hashes)
    if not about["whole"]:
        return ParsedFile(article, content.encoding)
    spans = tuple(
        (passage.start, passage.end, passage.kind, passage.sentences, passage.heading)
        for passage in passages(article)
    )
    found = extract_meetings(article)
    return ParsedFile(
        article,
        content.encoding,
        spans,
        tuple(found.meetings),
        tuple(found.possible),
        content.left_out,
        content.notes,
    )


def _read(about: dict[str, Any], data: bytes) -> dict[str, Any]:
    try:
        return {"parsed": _parsed(about, data)}
    finally:
        paragraphs.cache_clear()  # Those of a large file would be in the way of the next one.


if __name__ == "__main__":
    gc.disable()  # A file of millions of lines makes as many objects, and none in a circle.
    serve_files(_read)
