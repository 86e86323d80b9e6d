"""Whether a quote's words stand in its article's file, at the very place it names."""

from __future__ import annotations

import errno
import hashlib
import re
from dataclasses import replace
from pathlib import Path

from ..articles import formats
from ..articles.formats import Content
from ..articles.paragraphs import table_head
from ..errors import CorpusError
from ..files import contained
from ..models import Quote, TableHead
from .quoting import linked


def verified(folder: Path, quote: Quote) -> Quote | None:
    """The quote with what links to its words and the head of its table, if its article's file holds
    it; else None."""
    content = _verified_content(folder, quote)
    return _read_from(content, quote) if content else None


def verified_text(folder: Path, quote: Quote) -> str | None:
    """The text of the quote's article, if it holds the quote; else None."""
    content = _verified_content(folder, quote)
    return content.text if content else None


def _verified_content(folder: Path, quote: Quote) -> Content | None:
    """What the quote's file holds, if that has the quote; else None.

    It does if the file is the one that was indexed and `text[start:end]` is the quote's text. The
    file is read each time; the text of a page or a PDF, which its bytes determine, is kept.

    Raises CorpusError where no more files may be opened, which says nothing of this one.
    """
    try:
        data = formats.file_bytes(contained(folder, quote.article))
        if _sha256(data) != quote.sha256:
            return None
        content = _content(data, quote)
    except (OSError, ValueError) as error:
        _check_for_lack(error, quote)
        return None
    return content if content.text[quote.start : quote.end] == quote.text else None


def present(folder: Path, quote: Quote) -> tuple[str, Quote] | None:
    """The text of the quote's article as it is now, and the quote as it stands in it.

    If the article has changed, the quote has the new file's hash, and the place of its words that
    is nearest to where they stood. None if they stand there no longer, or the file is gone.
    Raises CorpusError as `verified_text` does.
    """
    try:
        data = formats.file_bytes(contained(folder, quote.article))
        content = _content(data, quote)
    except (OSError, ValueError) as error:
        _check_for_lack(error, quote)
        return None
    places = [found.start() for found in re.finditer(re.escape(quote.text), content.text)]
    if not places:
        return None
    start = min(places, key=lambda place: abs(place - quote.start))
    by = start - quote.start
    answer = (quote.answer[0] + by, quote.answer[1] + by)
    end = quote.end + by
    moved = replace(quote, start=start, end=end, answer=answer, sha256=_sha256(data))
    return content.text, _read_from(content, moved)


def _read_from(content: Content, quote: Quote) -> Quote:
    """The quote with its link and the head of its table, of what its file holds."""
    span = table_head(content.text, quote.start)
    head = TableHead(*span, content.text[slice(*span)]) if span else None
    return replace(linked(quote, content), head=head)


def _check_for_lack(error: Exception, quote: Quote) -> None:
    """Raise CorpusError for what is no fault of the quote's file."""
    if isinstance(error, OSError) and error.errno in {errno.EMFILE, errno.ENFILE}:
        raise CorpusError(f"{quote.article} cannot be read ({error.strerror}).") from error


def _content(data: bytes, quote: Quote) -> Content:
    return formats.read(data, Path(quote.article).suffix)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
