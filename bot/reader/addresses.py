"""Where the reader shows an article and a quote: ids, never paths."""

from __future__ import annotations

import hashlib

from retrieval import Quote

ID = "[0-9a-f]{12}"
"""What an id looks like, and a fingerprint."""

MARK = "quote"
"""The id of the marked words within their page."""


def id_of(path: str) -> str:
    """The id of an article: it stays when the words change."""
    return _short_hash(path)


def fingerprint(words: str) -> str:
    """What stands for the words of a quote, so that no others are marked in their place."""
    return _short_hash(words)


def article_page(path: str) -> str:
    """The address of an article's page below the reader's own."""
    return f"articles/{id_of(path)}"


def quote_page(quote: Quote) -> str:
    """The address of the page with the quote marked, below the reader's own."""
    words = fingerprint(quote.text)
    return f"{article_page(quote.article)}/q/{quote.start}-{quote.end}?words={words}#{MARK}"


def reader_address(public_url: str | None, quote: Quote) -> str | None:
    """The address that members see of a quote's page; None where the reader has none."""
    return f"{public_url.rstrip('/')}/{quote_page(quote)}" if public_url else None


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:12]
