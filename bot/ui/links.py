"""Where people are sent to read: the published page of an article, and the reader's own pages.

The reader names articles by ids, never by paths.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import quote as percent_encode
from urllib.parse import urlsplit

from retrieval import Quote, Source

ID = "[0-9a-f]{12}"
"""The pattern of an article's id and of a fingerprint."""

CORPUS_PAGE = "c/"
"""What the addresses of all corpora begin with, but for the main one."""

MARK = "quote"
"""The id of the marked words within their page."""

MAX_ADDRESS = 512
"""The most characters that a link button's address may have."""

_HTTPS = re.compile(r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]{1,5})?([/?#].*)?")


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses that the people who use one interface can open."""

    reader: str | None = None
    """The address at which they reach the reader; None if they do not."""

    keys: Mapping[str, str] = field(default_factory=dict)
    """What the address of each corpus has behind that (see `corpus_page`), but for the main one."""

    def to(self, target: Quote | Source) -> str | None:
        """Return where to read on: the published page, else the reader's page, else None."""
        return target.link or self.in_reader(target)

    def of_button(self, target: Quote | Source) -> str | None:
        """Return where an article's or a quote's button leads: as `to`, if Discord takes that."""
        return link_address(target.link) or self.in_reader(target)

    def in_reader(self, target: Quote | Source) -> str | None:
        """Return the reader's page of an article, with the quote marked if the target is one.

        It is None if people do not reach the reader.
        """
        page = quote_page(target) if isinstance(target, Quote) else article_page(target.path)
        return self.page(page, target.corpus)

    def page(self, page: str, corpus: str) -> str | None:
        """Return the reader's address of a page of a corpus; None if people do not reach it."""
        if self.reader is None:
            return None
        below = corpus_page(self.keys[corpus]) if corpus in self.keys else ""
        return f"{self.reader.rstrip('/')}/{below}{page}"

    @property
    def local(self) -> bool:
        """Return whether only this machine can open the reader's addresses."""
        host = urlsplit(self.reader or "").hostname or ""
        return is_loopback(host) or host in ("0.0.0.0", "::")  # noqa: S104 - nothing is bound


NO_READER = Links()

LOCAL = (
    "PASSAGE_PUBLIC_URL is an address of this machine alone, so members get no links to the reader."
)
"""The warning to the operator if `Links.local`."""


def is_loopback(host: str) -> bool:
    """Return whether a host's name or address is that of this machine alone (RFC 6761, 6890)."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def fingerprint(words: str) -> str:
    """Return a hash: of a quote's words, so that no other words are marked in their place; of an
    article's path, as its id, which stays the same when its text changes."""
    return hashlib.sha256(words.encode(errors="surrogatepass")).hexdigest()[:12]


def plain_address(address: str) -> str:
    """Return an address with everything percent-encoded that is no character of one."""
    return percent_encode(address, safe="%/:?#[]@!$&'()*+,;=", errors="replace")


def link_address(address: str | None) -> str | None:
    """Return the address if it is https, names its host plainly and Discord takes it; else None."""
    encoded = plain_address(address or "")
    if len(encoded) > MAX_ADDRESS:
        encoded, _, _ = encoded.partition("#:~:")
    return encoded if len(encoded) <= MAX_ADDRESS and _HTTPS.fullmatch(encoded) else None


def corpus_page(key: str) -> str:
    """Return the address of the first page of a corpus, below the reader's own."""
    return f"{CORPUS_PAGE}{key}/"


def article_page(path: str) -> str:
    """Return the address of an article's page below the reader's own."""
    return f"articles/{fingerprint(path)}"


def quote_page(quote: Quote) -> str:
    """Return the address of the page with the quote marked, below the reader's own."""
    words = fingerprint(quote.text)
    return f"{article_page(quote.article)}/q/{quote.start}-{quote.end}?words={words}#{MARK}"
