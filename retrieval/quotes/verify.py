"""Whether a quote's words stand in its article's file, at the very place it names."""

from __future__ import annotations

import errno
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from ..articles.tables import table_head
from ..errors import CorpusError
from ..files import contained
from ..formats.file_text import Content, file_bytes, read
from ..models import Answer, Quote, TableHead
from .quoting import linked


def verified_answer(folder: Path, compose: Callable[[Sequence[str]], Answer]) -> Answer:
    """Return what `compose` makes without the articles in `folder` that no longer hold a quote as
    it was indexed; it is given their paths, and is called until all quotes are held."""
    changed: list[str] = []
    while True:
        answer = compose(changed)
        checked = [(quote.article, verified(folder, quote)) for quote in answer.quotes]
        changed += [article for article, quote in checked if quote is None]
        quotes = tuple(quote for _, quote in checked if quote)
        if len(quotes) == len(answer.quotes):
            return replace(answer, quotes=quotes)


def verified(folder: Path, quote: Quote) -> Quote | None:
    """The quote with what links to its words and the head of its table, if its article's file holds
    it; else None. Raises CorpusError as `verified_content` does."""
    content = verified_content(folder, quote)
    return _read_from(content, quote) if content else None


def verified_content(folder: Path, quote: Quote) -> Content | None:
    """What the quote's file holds, if it is the one that was indexed and its `text[start:end]` is
    the quote's text; else None. The file is read each time.

    Raises CorpusError where no more files may be opened, which says nothing of this one.
    """
    held = _held(folder, quote, quote.sha256)
    return held[0] if held and held[0].text[quote.start : quote.end] == quote.text else None


def present(folder: Path, quote: Quote) -> tuple[str, Quote] | None:
    """The text of the quote's article as it is now, and the quote as it stands in it.

    If the article has changed, the quote has the new file's hash, and the place of its words that
    is nearest to where they stood. None if they stand there no longer, or the file is gone.
    Raises CorpusError as `verified_content` does.
    """
    if (held := _held(folder, quote)) is None:
        return None
    content, sha256 = held
    places = [match.start() for match in re.finditer(re.escape(quote.text), content.text)]
    if not places:
        return None
    start = min(places, key=lambda place: abs(place - quote.start))
    by = start - quote.start
    answer = (quote.answer[0] + by, quote.answer[1] + by)
    moved = replace(quote, start=start, end=quote.end + by, answer=answer, sha256=sha256)
    return content.text, _read_from(content, moved)


def _held(folder: Path, quote: Quote, sha256: str | None = None) -> tuple[Content, str] | None:
    """What the quote's file holds, and its hash; None if there is no such file, or not of `sha256`,
    or it holds nothing."""
    try:
        data = file_bytes(contained(folder, quote.article))
        current = hashlib.sha256(data).hexdigest()
        if sha256 in (None, current):
            return read(data, Path(quote.article).suffix), current
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno in {errno.EMFILE, errno.ENFILE}:
            raise CorpusError(f"{quote.article} cannot be read ({error.strerror}).") from error
    return None


def _read_from(content: Content, quote: Quote) -> Quote:
    """The quote with its link and the head of its table, of what its file holds."""
    span = table_head(content.text, quote.start)
    head = TableHead(*span, content.text[slice(*span)]) if span else None
    return replace(linked(quote, content), head=head)
