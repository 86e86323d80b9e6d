"""The bytes of a feed, a sitemap or a page → the articles that it lists. Pure.

RSS and Atom are read by feedparser, JSON Feed as https://www.jsonfeed.org/version/1.1/ has it,
sitemaps as https://www.sitemaps.org/protocol.html, pages of links by courlan. It is a program of
its own, started by `web.py`: what is listed may be made to exhaust its reader. Of each list it is
told `url` and `charset`; the reply has `list`, or `refused` with a reason.
"""

from __future__ import annotations

import html
import io
import json
import re
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from ..formats.documents import xml_parser
from ..formats.helper_process import serve_files
from ..formats.tree_text import local_name

MAX_ITEMS = 5_000
"""So many articles of one list are taken."""

MAX_LIST = 5_000_000
"""The most bytes of a list that came compressed."""

MAX_FEED_CONTENT = 100_000
"""The most characters of an item's own text."""

_ROOT = re.compile(rb"<(?:[\w.-]+:)?(rss|feed|RDF|urlset|sitemapindex)[\s>]")
_PART = re.compile(r"#(?![/!]).*")
"""What leads to a part of a page, but not to one that the page makes of what is behind `#`."""

_JSON_FEED = "https://jsonfeed.org/version/"


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An article that a source lists. `updated` is what the list says of its last change, as it
    says it; `content` its text as HTML, where the list holds all of it."""

    url: str
    updated: str = ""
    title: str = ""
    date: str | None = None
    content: str = ""

    @property
    def page(self) -> bytes:
        """Return a page, in UTF-8, of what the list holds of the article."""
        title, day = html.escape(self.title), ""
        if self.date:
            day = f'<meta property="article:published_time" content="{self.date}">'
        return (
            f"<html><head><title>{title}</title>{day}</head>"
            f"<body><article><h1>{title}</h1>{self.content}</article></body></html>"
        ).encode(errors="replace")


@dataclass(frozen=True, slots=True)
class SourceList:
    """What was listed. `kind` is "feed", "sitemap" or "links"; `further` are addresses of more
    lists: of a sitemap its parts, of a page its feeds. `cut` says that there was more."""

    kind: str
    items: tuple[ListedItem, ...] = ()
    further: tuple[str, ...] = ()
    cut: bool = False

    @property
    def bare(self) -> SourceList:
        """Return it without the articles' texts."""
        return replace(self, items=tuple(replace(item, content="") for item in self.items))


def read_list(data: bytes, url: str, charset: str | None = None) -> SourceList:
    """Return what a list holds. Raises ValueError, with the reason, where it is none, or broken."""
    if data[:2] == b"\x1f\x8b":
        data = _unzipped(data)
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if not start:
        raise ValueError("it is empty")
    if start == b"{":
        return source_list("feed", _json_items(data, url))
    # UTF-16 is found by its zeros left out.
    root = _ROOT.search(data[:20_000].replace(b"\0", b""))
    kind = root[1].decode() if root else ""
    if kind in ("urlset", "sitemapindex"):
        return _sitemap(data, url)
    if kind:
        return source_list("feed", _feed_items(data, url, charset))
    if b"<" in data:
        return _links(data.decode(_codec(charset), "replace"), url)
    lines = data.decode("utf-8", "replace").split()
    if not all(line.startswith("https://") for line in lines):
        raise ValueError("it is neither a feed, a sitemap nor a page of links")
    return source_list("links", [ListedItem(line) for line in lines])


def source_list(kind: str, items: Iterable[ListedItem]) -> SourceList:
    """Return a list of the first MAX_ITEMS articles that have an address, each address once."""
    unique = {item.url: item for item in items if item.url}
    return SourceList(kind, tuple(islice(unique.values(), MAX_ITEMS)), cut=len(unique) > MAX_ITEMS)


def _unzipped(data: bytes) -> bytes:
    unzip = zlib.decompressobj(wbits=31)
    try:
        plain = unzip.decompress(data, MAX_LIST + 1)
    except zlib.error as error:
        raise ValueError("it is compressed and broken") from error
    if len(plain) > MAX_LIST:
        raise ValueError(f"it is larger than {MAX_LIST // 1_000_000} MB")
    return plain


def _codec(charset: str | None) -> str:
    try:
        return "".encode(charset or "utf-8").decode() or charset or "utf-8"
    except (LookupError, ValueError):
        return "utf-8"


def _feed_items(data: bytes, url: str, charset: str | None) -> Iterator[ListedItem]:
    import feedparser  # noqa: PLC0415 - for this kind of list alone

    headers = {"content-location": url}
    if charset:
        headers["content-type"] = f"application/xml; charset={charset}"
    feed = feedparser.parse(io.BytesIO(data), response_headers=headers)
    if not feed.version and not feed.entries:
        raise ValueError("it is a broken feed")
    for entry in feed.entries:
        contents = map(_as_html, entry.get("content", ()))
        yield ListedItem(
            _joined(url, str(entry.get("link") or entry.get("id") or "")),
            str(entry.get("updated") or entry.get("published") or ""),
            str(entry.get("title") or ""),
            _day(entry.get("published_parsed") or entry.get("updated_parsed")),
            max(contents, key=len, default="")[:MAX_FEED_CONTENT],
        )


def _as_html(content: Any) -> str:
    text = str(content.get("value") or "")
    return _paragraphs(text) if content.get("type") == "text/plain" else text


def _paragraphs(text: str) -> str:
    """Plain text as HTML."""
    parts = re.split(r"\n\s*\n", text.strip())
    return "".join(f"<p>{html.escape(part)}</p>" for part in parts if part)


def _day(parsed: Any) -> str | None:
    try:
        return time.strftime("%Y-%m-%d", parsed) if parsed and parsed[0] > 999 else None
    except (TypeError, ValueError, OverflowError):
        return None


def _json_items(data: bytes, url: str) -> Iterator[ListedItem]:
    try:
        feed = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ValueError("it is broken JSON") from error
    version, entries = str(feed.get("version", "")), feed.get("items")
    if not version.startswith(_JSON_FEED) or not isinstance(entries, list):
        raise ValueError("it is no JSON Feed")
    for entry in entries:
        if isinstance(entry, dict):
            texts = ((key, value) for key, value in entry.items() if isinstance(value, str))
            # Half a character, which JSON can name, is none that could be written.
            fields = {key: value.encode(errors="replace").decode() for key, value in texts}
            day = re.match(r"\d{4}-\d\d-\d\d", fields.get("date_published", ""))
            yield ListedItem(
                _joined(url, fields.get("url", "")),
                fields.get("date_modified", fields.get("date_published", "")),
                fields.get("title", ""),
                day[0] if day else None,
                (fields.get("content_html") or _paragraphs(fields.get("content_text", "")))[
                    :MAX_FEED_CONTENT
                ],
            )


def _sitemap(data: bytes, url: str) -> SourceList:
    from lxml import etree  # noqa: PLC0415 - for this kind of list alone

    parser, root = xml_parser(), None
    with suppress(etree.XMLSyntaxError, ValueError):
        root = etree.fromstring(data, parser)
    if root is None or parser.error_log.filter_from_fatals():
        raise ValueError("it is a broken sitemap")
    entries = [
        {name: (part.text or "").strip() for part in entry if (name := local_name(part))}
        for entry in root
        if local_name(entry)
    ]
    named = [entry for entry in entries if entry.get("loc")]
    if local_name(root) == "sitemapindex":
        further = tuple(dict.fromkeys(_joined(url, entry["loc"]) for entry in named))
        return SourceList("sitemap", (), further[:MAX_ITEMS], len(further) > MAX_ITEMS)
    items = (ListedItem(_joined(url, entry["loc"]), entry.get("lastmod", "")) for entry in named)
    # A sitemap speaks for its own host alone.
    host = urlsplit(url).netloc
    return source_list("sitemap", [item for item in items if urlsplit(item.url).netloc == host])


def _links(page: str, url: str) -> SourceList:
    from courlan import extract_links  # noqa: PLC0415 - for this kind of list alone
    from trafilatura.feeds import FeedParameters, determine_feed  # noqa: PLC0415

    parts = urlsplit(url)
    base, host = f"{parts.scheme}://{parts.netloc}", parts.netloc
    feeds = tuple(determine_feed(page, FeedParameters(base, host, url)))
    links = extract_links(page, base, external_bool=False, no_filter=True)
    pages = {_joined(url, link).partition("#")[0] for link in links} - {url, base, base + "/"}
    items = [ListedItem(link) for link in sorted(pages) if urlsplit(link).netloc == host]
    if not items and not feeds:
        raise ValueError("it is neither a feed, a sitemap nor a page of links")
    return replace(source_list("links", items), further=feeds)


def _joined(base: str, address: str) -> str:
    """The address of a page as a list at `base` means it; "" for none. A host that has sent its
    list by https is asked for nothing by http, as many lists would have it."""
    try:
        joined = _PART.sub("", urljoin(base, address.strip())) if address.strip() else ""
        by_http = joined.startswith("http://") and urlsplit(joined).netloc == urlsplit(base).netloc
    except ValueError:
        return ""
    return f"https{joined.removeprefix('http')}" if by_http else joined


if __name__ == "__main__":
    serve_files(lambda about, data: {"list": read_list(data, about["url"], about["charset"])})
