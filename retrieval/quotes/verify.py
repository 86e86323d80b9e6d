"""Whether a quote's words stand in its article's file, at the very place it names."""

from __future__ import annotations

import errno
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ..articles.tables import table_head
from ..errors import CorpusError, reason_of
from ..files import contained
from ..formats.file_text import Content, file_bytes, read
from ..models import Answer, Outcome, Quote, TableHead
from .quoting import linked

ReadArticle = Callable[[str, str], Content | None]
"""`indexed_content` of a folder."""


def verified_answer(answer: Answer, read: ReadArticle) -> Answer:
    """Return an answer without the quotes of articles that no longer hold one as it was indexed; it
    names these articles, which are read with `read`."""
    checked = [
        (quote, _verified_in(read(quote.article, quote.sha256), quote)) for quote in answer.quotes
    ]
    changed = {quote.article for quote, held in checked if held is None}
    quotes = tuple(held for _, held in checked if held and held.article not in changed)
    outcome = Outcome.OUT_OF_DATE if changed and not quotes else answer.outcome
    return replace(answer, outcome=outcome, quotes=quotes, out_of_date=tuple(sorted(changed)))


def verified(folder: Path, quote: Quote) -> Quote | None:
    """The quote with what links to its words and the head of its table, if its article's file holds
    it; else None. Raises CorpusError as `indexed_content` does."""
    return _verified_in(indexed_content(folder, quote.article, quote.sha256), quote)


def _verified_in(content: Content | None, quote: Quote) -> Quote | None:
    if content is None or not content.text.startswith(quote.text, quote.start):
        return None
    return _read_from(content, quote)


def indexed_content(folder: Path, article: str, sha256: str) -> Content | None:
    """What the file of an article in a folder holds, if it is the one of this hash, which was
    indexed; else None. The file is read each time.

    Raises CorpusError where no more files may be opened, which says nothing of this one.
    """
    held = _held(folder, article, sha256)
    return held[0] if held else None


def present(folder: Path, quote: Quote) -> tuple[str, Quote] | None:
    """The text of the quote's article as it is now, and the quote as it stands in it.

    If the article has changed, the quote has the new file's hash, and the place of its words that
    is nearest to where they stood. None if they stand there no longer, or the file is gone.
    Raises CorpusError as `indexed_content` does.
    """
    if (held := _held(folder, quote.article)) is None:
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


def _held(folder: Path, article: str, sha256: str | None = None) -> tuple[Content, str] | None:
    """What an article's file holds, and its hash; None if there is no such file, or not of
    `sha256`, or it holds nothing."""
    try:
        data = file_bytes(contained(folder, article))
        current = hashlib.sha256(data).hexdigest()
        if sha256 in (None, current):
            return read(data, Path(article).suffix), current
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno in {errno.EMFILE, errno.ENFILE}:
            raise CorpusError(f"{article} cannot be read ({reason_of(error)}).") from error
    return None


def _read_from(content: Content, quote: Quote) -> Quote:
    """The quote with its link and the head of its table, of what its file holds."""
    span = table_head(content.text, quote.start)
    head = TableHead(*span, content.text[slice(*span)]) if span else None
    return replace(linked(quote, content), head=head)
