"""The process that reads files for `file_reader.py`, which has started it.

Of each file it is told `path`, `known`, `sha256` and `beside` as in FileToRead, and `whole` as for
`FileReader.parse`; the reply has `parsed`, or `refused` with a reason and `trouble`.
"""

from __future__ import annotations

import gc
import traceback
from pathlib import Path
from typing import Any

from .articles import extraction
from .articles.file_reader import ParsedFile
from .articles.formats import accepted, read
from .articles.helper_process import BROKEN
from .articles.metadata import of_content
from .articles.paragraphs import paragraphs
from .articles.passages import passages
from .errors import Trouble
from .meetings.extract import extract_meetings


def main() -> None:
    """Answer the files on stdin until there are no more."""
    gc.disable()  # A file of millions of lines makes as many objects, and none in a circle.
    extraction.serve(_reply)


def _reply(about: dict[str, Any], data: bytes) -> dict[str, Any]:
    try:
        return {"parsed": _parsed(about, data)}
    except ValueError as error:
        trouble = getattr(error, "trouble", Trouble.NOTHING_TO_QUOTE)
        return {"refused": str(error), "trouble": trouble}
    except MemoryError:
        return {"refused": extraction.TOO_MUCH_MEMORY, "trouble": Trouble.LIMIT}
    except Exception:
        return {"refused": BROKEN, "trouble": Trouble.BROKEN, "trace": traceback.format_exc()}
    finally:
        paragraphs.cache_clear()  # Those of a large file would be in the way of the next one.


def _parsed(about: dict[str, Any], data: bytes) -> ParsedFile:
    path: str = about["path"]
    content = read(data, Path(path).suffix, _extract)
    article = of_content(content, path, about["known"], about["sha256"], about["beside"])
    if not about["whole"]:
        return ParsedFile(article, content.encoding)
    spans = tuple(
        (passage.start, passage.end, passage.kind, passage.sentences, passage.heading)
        for passage in passages(article)
    )
    meetings = tuple(extract_meetings(article))
    return ParsedFile(article, content.encoding, spans, meetings, len(content.pages))


def _extract(kind: str, data: bytes) -> dict[str, Any]:
    """What a "html" or "pdf" gives. It is read here: this process is confined enough."""
    reply = extraction.extract(kind, data)
    return accepted(reply)


if __name__ == "__main__":
    main()
