"""Which articles are one and the same: under several addresses, with another head or foot. Pure."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Set
from urllib.parse import parse_qsl, urlencode, urlsplit

from ..models import Article, Source
from .paragraphs import paragraphs
from .plain_view import plain

SHARED = 0.6
"""Of the paragraphs of the shorter of two articles so many stand in the other one, too, if they
are one."""

MAX_COMPARED = 50
"""Of articles that begin alike so many that are no copies are compared with each other."""

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


def paragraph_texts(article: Article) -> frozenset[str]:
    """Return the longer paragraphs of an article, in small letters and plain white space."""
    words = (
        plain(article.text[start:end], article.source.path).casefold()
        for start, end, _ in paragraphs(article.text, article.body)
    )
    return frozenset(" ".join(text.split()) for text in words if len(text) > 30)


def _are_copies(texts: frozenset[str], others: frozenset[str]) -> bool:
    return len(texts & others) >= SHARED * max(1, min(len(texts), len(others)))


def _are_of_a_series(source: Source, other: Source) -> bool:
    """Whether the titles are written after one pattern with other numbers, as those of bulletins
    are ("Release 10.4"), which say different things. One may have the name of a site behind it."""
    titles = source.title, other.title
    numbers, others = (re.findall(r"\d+", title) for title in titles)
    pattern, longer = sorted((re.sub(r"\d+", "0", title) for title in titles), key=len)
    return longer.startswith(pattern) and any(map(operator.ne, numbers, others))


def copies(
    sources: Iterable[Source],
    earlier: Iterable[Source],
    changed: Set[str],
    texts_of: Callable[[Source], frozenset[str]],
) -> Iterator[tuple[str, str]]:
    """The paths of the copies among some articles, each with that of the article that is kept.

    Args:
        sources: the articles.
        earlier: those that were compared with each other before; they are not compared again.
        changed: the paths of those that have changed since then.
        texts_of: the `paragraph_texts` of an article.
    """
    before = _alike(earlier)
    dropped = set[str]()
    for key, group in _alike(sources).items():
        compared = {source.path for source in before.get(key, ())[:MAX_COMPARED]} - changed
        kept = list[Source]()
        for source in group:
            if len(kept) == MAX_COMPARED:
                break
            if source.path in dropped:
                continue
            same = (
                other
                for other in kept
                if not {other.path, source.path} <= compared
                and not _are_of_a_series(other, source)
                and _are_copies(texts_of(other), texts_of(source))
            )
            if first := next(same, None):
                dropped.add(source.path)
                yield source.path, first.path
            else:
                kept.append(source)


def _alike(sources: Iterable[Source]) -> dict[tuple[str, str], list[Source]]:
    """The articles that have something in common, by what it is, the one to keep first."""
    groups: dict[tuple[str, str], list[Source]] = {}
    for source in sources:
        for key in keys(source):
            groups.setdefault(key, []).append(source)
    return {key: sorted(group, key=plainness) for key, group in groups.items()}
