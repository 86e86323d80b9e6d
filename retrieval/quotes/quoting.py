"""Words of an article → a quote of them, with what opens its published page at them. Pure."""

from __future__ import annotations

from dataclasses import replace

from ..models import MAX_QUOTE, Quote, Source, Span
from .text_fragments import text_fragment


def quoted(source: Source, text: str, start: int, end: int) -> Quote:
    """The words between two offsets of an article's text, cut to what a quote may have."""
    end = min(end, start + MAX_QUOTE, len(text))
    return linked(quote_of(source, start, text[start:end], (start, end)), text)


def quote_of(source: Source, start: int, words: str, answer: Span, score: float = 1.0) -> Quote:
    """A quote of these words, which begin at an offset of the source's article; no fragment yet."""
    return Quote(
        article=source.path,
        start=start,
        end=start + len(words),
        text=words,
        score=score,
        language=source.language,
        title=source.title,
        date=source.date,
        url=source.url,
        sha256=source.sha256,
        answer=answer,
        original=source.original,
    )


def linked(quote: Quote, text: str) -> Quote:
    """The quote with its fragment, if its words are on the published page; `text` is that of its
    article."""
    published = quote.url is not None and not quote.original
    made = text_fragment(text, quote.start, quote.end) if published else None
    return replace(quote, fragment=made)
