"""Which articles are one and the same: under several addresses, with another head or foot. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

from ..models import Article, Source
from .paragraphs import paragraphs
from .plain_view import plain

SHARED = 0.6
"""Of the paragraphs of the shorter of two articles so many stand in the other one, too, if they
are one."""

_TRACKING = re.compile(
    r"(?i)utm_.*|fbclid|gclid|gbraid|wbraid|msclkid|yclid|igshid|mc_[ce]id|_ga|_gl|cmpid|ref|"
    r"ref_src|share|amp|outputtype|source|at_.*|xtor"
)
_AMP = re.compile(r"(?i)/amp(?=/|$)|\.amp(?=\.html?$|$)|(?<=[/-])amp-")


def address_key(url: str) -> str:
    """An address without what only says how a reader came to it."""
    parts = urlsplit(url)
    host = re.sub(r"^(?:www|m|mobile|amp)\.", "", parts.netloc.lower())
    path = _AMP.sub("", parts.path).rstrip("/")
    query = [pair for pair in parse_qsl(parts.query) if not _TRACKING.fullmatch(pair[0])]
    return f"{host}{path}?{urlencode(sorted(query))}"


def keys(source: Source) -> Iterator[tuple[str, str]]:
    """What articles may have in common that are one: only those of a language."""
    if source.opening:
        yield source.language, source.opening
    if source.url and not source.original:
        yield source.language, address_key(source.url)


def plainness(source: Source) -> tuple[bool, bool, int, str]:
    """Of several sources of an article the least one is kept: that with the plainest address."""
    url = source.url or ""
    return not url, bool(_AMP.search(urlsplit(url).path)), len(url), source.path


def is_copy(article: Article, other: Article) -> bool:
    """Whether two articles have most paragraphs of the shorter one in common."""
    texts, others = (set(_paragraphs(each)) for each in (article, other))
    return len(texts & others) >= SHARED * max(1, min(len(texts), len(others)))


def _paragraphs(article: Article) -> Iterable[str]:
    for start, end, _ in paragraphs(article.text, article.body):
        words = plain(article.text[start:end], article.source.path).casefold()
        if len(words) > 30:
            yield " ".join(words.split())
