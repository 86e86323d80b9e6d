"""Words of an article → a quote of them, with what opens its published page at them. Pure."""

from __future__ import annotations

from dataclasses import replace

from .fragments import text_fragment
from .models import MAX_QUOTE, Quote, Source


def quoted(source: Source, text: str, start: int, end: int) -> Quote:
    """The words between two offsets of an article's text, cut to what a quote may have."""
    end = min(end, start + MAX_QUOTE, len(text))
    quote = Quote(
        article=source.path,
        start=start,
        end=end,
        text=text[start:end],
        score=1.0,
        language=source.language,
        title=source.title,
        date=source.date,
        url=source.url,
        sha256=source.sha256,
        answer=(start, end),
        original=source.original,
    )
    return linked(quote, text)


def linked(quote: Quote, text: str) -> Quote:
    """The quote with its fragment, if its words are on the published page; `text` is that of its
    article."""
    published = quote.url is not None and not quote.original
    made = text_fragment(text, quote.start, quote.end) if published else None
    return replace(quote, fragment=made)
