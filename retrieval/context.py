"""A quote → the paragraphs around it, out of its article's file."""

from __future__ import annotations

from pathlib import Path

from .articles import body_of
from .models import Context, Kind, Quote
from .paragraphs import paragraphs
from .verification import verified_text


def context(folder: Path, quote: Quote) -> Context | None:
    """The quote's paragraph and its neighbours; None if the file no longer holds the quote."""
    text = verified_text(folder, quote)
    if text is None:
        return None
    _, body = body_of(text, quote.article)
    parts = [part for part in paragraphs(text, body) if part.kind is not Kind.FURNITURE]
    place = next(n for n, part in enumerate(parts) if part.start <= quote.start < part.end)
    own = parts[place]
    before = parts[place - 1] if place else None
    after = parts[place + 1] if place + 1 < len(parts) else None
    return Context(
        before=text[before.start : before.end] if before else "",
        lead=text[own.start : quote.start],
        quote=quote,
        rest=text[quote.end : own.end],
        after=text[after.start : after.end] if after else "",
    )
