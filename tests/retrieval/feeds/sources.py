"""A website with articles and lists of them, and a clock that waits for nobody."""

from __future__ import annotations

from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from retrieval.feeds.follow import follow_feeds
from retrieval.feeds.state import FeedReport, feed_reports, mark_indexed
from tests.retrieval.website import Answer, Website, page

WORDS = "The council of {name} met on Tuesday and decided about the budget of the schools there. "


def article(name: str) -> str:
    """The page of an article."""
    text = "".join(f"<p>{WORDS.format(name=name) * 3}</p>" for _ in range(2))
    return (
        f"<html><head><title>News of {name}</title></head>"
        f"<body><article><h1>News of {name}</h1>{text}</article></body></html>"
    )


def rss(site: Website, names: Iterable[str], more: str = "") -> str:
    items = "".join(
        f"<item><title>News of {name}</title><link>{site.root}/{name}</link>{more}</item>"
        for name in names
    )
    return f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'


def sitemap(site: Website, names: Iterable[str]) -> str:
    urls = "".join(f"<url><loc>{site.root}/{name}</loc></url>" for name in names)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


RSS = "application/rss+xml"

ETAG = ("ETag", "If-None-Match", '"1"')
LAST_MODIFIED = ("Last-Modified", "If-Modified-Since", "Sat, 07 Nov 2026 10:00:00 GMT")


def unless_had(mark: tuple[str, str, str], body: str, kind: str = "text/html") -> Answer:
    """An answer that is 304 to whoever has its ETag, or the time of its last change."""
    sent, asked_with, value = mark

    def answer(request: BaseHTTPRequestHandler) -> None:
        if request.headers[asked_with] == value:
            request.send_response(304)
            request.end_headers()
        else:
            page(body, kind, **{sent: value})(request)

    return answer


class Followed:
    """A folder whose sources are followed from a website, by a clock of its own."""

    def __init__(self, site: Website, folder: Path) -> None:
        self.site, self.seeds, self.data = site, folder / "seeds", folder / "data"
        self.seeds.mkdir(parents=True, exist_ok=True)
        self.now = 1_700_000_000.0
        self.waited = 0.0

    def follow(self, entries: str) -> None:
        (self.seeds / "feeds.toml").write_text(entries, "utf-8")

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.waited += seconds

    def look(self, after: float = 3_600) -> bool:
        """Look so many seconds later, and take it as indexed."""
        self.now += after
        self.site.asked.clear()
        changed = follow_feeds(
            self.seeds, self.data, way=self.site.way(), now=lambda: self.now, sleep=self.sleep
        )
        mark_indexed(self.data)
        return changed

    @property
    def files(self) -> list[str]:
        return sorted(file.stem[:-9] for file in (self.seeds / "feeds").glob("[!.]*/*.md"))

    @property
    def report(self) -> FeedReport:
        (report,), faults = feed_reports(self.seeds, self.data)
        assert not faults
        return report


def serve(followed: Followed, *names: str) -> None:
    for name in names:
        followed.site.pages[f"/{name}"] = page(article(name))


def of(followed: Followed, path: str, more: str = "") -> None:
    followed.follow(f'[news]\nurl = "{followed.site.root}/{path}"\n{more}')
