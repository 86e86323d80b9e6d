"""Where people are sent to read: the published page of an article, and the reader's own pages.

The reader names articles by ids, never by paths.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from retrieval import Quote, Source

ID = "[0-9a-f]{12}"
"""What an id looks like, and a fingerprint."""

MARK = "quote"
"""The id of the marked words within their page."""


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of one face: those that its readers can open."""

    reader: str | None = None
    """The address under which they reach the reader, if they do."""

    def to(self, one: Quote | Source) -> str | None:
        """Where a person is sent to read on: the published page, else the reader's, else None."""
        return published(one) or self.in_reader(one)

    def in_reader(self, one: Quote | Source) -> str | None:
        """The reader's page of an article, with the words marked if it is that of a quote."""
        if self.reader is None:
            return None
        page = quote_page(one) if isinstance(one, Quote) else article_page(one.path)
        return f"{self.reader.rstrip('/')}/{page}"

    @property
    def local(self) -> bool:
        """Whether nobody but this machine can open the reader's addresses."""
        host = urlsplit(self.reader or "").hostname or ""
        return is_loopback(host) or host in ("0.0.0.0", "::")  # noqa: S104 - nothing is bound


NO_READER = Links()

LOCAL = (
    "PASSAGE_PUBLIC_URL is an address of this machine alone, so members get no links to the reader."
)
"""What the operator is told where `Links.local`."""


def published(one: Quote | Source) -> str | None:
    """The address of the published page, if it is known."""
    return one.link if isinstance(one, Quote) else one.url


def is_loopback(host: str) -> bool:
    """Whether a host's name or address stands for this machine alone (RFC 6761, 6890)."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


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


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:12]
