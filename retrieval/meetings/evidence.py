"""The words of an article that are the evidence of a meeting. Pure."""

from __future__ import annotations

from ..models import MAX_QUOTE, Article, Quote


def quote(article: Article, start: int, end: int) -> Quote:
    """A quote of an article, cut to what a quote may have."""
    source = article.source
    end = min(end, start + MAX_QUOTE)
    return Quote(
        article=source.path,
        start=start,
        end=end,
        text=article.text[start:end],
        score=1.0,
        language=source.language,
        title=source.title,
        date=source.date,
        url=source.url,
        sha256=source.sha256,
        answer=(start, end),
    )
