"""A quote → what stands around it in its article's file: paragraphs, or all of it."""

from __future__ import annotations

from pathlib import Path

from ..articles.formats import file_bytes
from ..articles.metadata import body_of, of_bytes
from ..articles.paragraphs import paragraphs
from ..files import contained
from ..models import Context, Kind, Quote
from ..quotes.verify import present


def article(folder: Path, path: str) -> str | None:
    """The text of an article as its file holds it now, past front matter; None if there is none."""
    try:
        parsed = of_bytes(file_bytes(contained(folder, path)), path)
    except (OSError, ValueError):
        return None
    return parsed.text[parsed.body :]


def context(folder: Path, quote: Quote) -> Context | None:
    """The quote's paragraphs and their neighbours, as they are now; None if its words no longer
    stand in the file."""
    present_quote = present(folder, quote)
    if present_quote is None:
        return None
    text, quote = present_quote
    try:
        body = body_of(text, quote.article).body
    except ValueError:  # Its front matter is broken by now.
        return None
    parts = [part for part in paragraphs(text, body) if part.kind is not Kind.FURNITURE]
    indices = [
        n for n, part in enumerate(parts) if part.start < quote.end and quote.start < part.end
    ]
    if not indices or quote.start < parts[indices[0]].start:
        return None  # What is left of its words is in a button's label, or the like.
    first, last = indices[0], indices[-1]
    before = parts[first - 1] if first else None
    after = parts[last + 1] if last + 1 < len(parts) else None
    return Context(
        before=text[before.start : before.end] if before else "",
        lead=text[parts[first].start : quote.start],
        quote=quote,
        rest=text[quote.end : parts[last].end],
        after=text[after.start : after.end] if after else "",
    )
