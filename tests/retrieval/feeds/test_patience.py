"""Hosts that are asked by turns, that want to be left alone, and a look that is cut off."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping
from email.utils import formatdate
from pathlib import Path
from time import time
from urllib.parse import urlsplit

import pytest

from retrieval import FetchError
from retrieval.articles.fetch import Fetched
from retrieval.articles.https import Way
from retrieval.feeds import web
from retrieval.feeds.entries import add_entry
from retrieval.feeds.follow import follow_feeds
from retrieval.feeds.state import mark_indexed
from tests.retrieval.website import page

from .sources import RSS, Followed, article, rss


def serve(followed: Followed, *names: str) -> None:
    """A feed of articles, and no other source."""
    for name in names:
        followed.site.pages[f"/{name}"] = page(article(name))
    followed.site.pages["/feed"] = page(rss(followed.site, names), RSS)
    followed.follow(f'[news]\nurl = "{followed.site.root}/feed"\n')


class Hosts:
    """Hosts of 125 articles each, with a list, and when each of them was asked: what a test of
    turns needs of the web, whose own tests are elsewhere."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0
        self.asked = defaultdict[str, list[float]](list)

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def fetch(
        self, url: str, way: Way, kinds: Mapping[str, str] | None, **_: str | None
    ) -> Fetched:
        parts = urlsplit(url)
        way.before(parts.netloc)
        self.asked[parts.netloc].append(self.now)
        if parts.path == "/list":
            lines = "\n".join(f"https://{parts.netloc}/{number}" for number in range(125))
            return Fetched(url, "", None, lines.encode())
        text = f"# News {url}\n\nThe council met and decided about the budget of its schools.\n"
        return Fetched(url, ".txt", None, text.encode())


@pytest.mark.parametrize("lists", [8, 1])
def test_a_thousand_articles_of_several_hosts_in_three_minutes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lists: int
) -> None:
    """By turns, whether the hosts are a source each or stand one after another in one."""
    hosts = Hosts()
    monkeypatch.setattr(web, "fetch_if_changed", hosts.fetch)
    names = [f"h{number}.example" for number in range(8)]
    if lists == 8:
        for name in names:
            add_entry(tmp_path, f"https://{name}/list")
    else:
        addresses = [f"https://{name}/{number}" for name in names[:2] for number in range(125)]
        add_entry(tmp_path, None, tuple(addresses), "all")
    began = hosts.now
    assert follow_feeds(tmp_path, tmp_path, now=lambda: hosts.now, sleep=hosts.sleep)
    files = list((tmp_path / "feeds").rglob("*.md"))
    assert len(files) == (1_000 if lists == 8 else 250)
    assert hosts.now - began < 180
    for times in hosts.asked.values():
        assert min(b - a for a, b in itertools.pairwise(times)) >= 1


class DeadHosts(Hosts):
    """Hosts of which one lists a hundred others, none of which answers within 20 seconds."""

    def fetch(
        self, url: str, way: Way, kinds: Mapping[str, str] | None, **marks: str | None
    ) -> Fetched:
        if url == "https://many.example/list":
            lines = "\n".join(f"https://dead{number}.example/" for number in range(100))
            return Fetched(url, "", None, lines.encode())
        if url.startswith("https://dead"):
            self.now += 20
            raise FetchError(f"{url} took longer than 20 s.") from TimeoutError()
        return super().fetch(url, way, kinds, **marks)


def test_a_source_of_hosts_that_are_out_of_reach_does_not_hold_up_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts = DeadHosts()
    monkeypatch.setattr(web, "fetch_if_changed", hosts.fetch)
    for name in ("many", "good"):
        add_entry(tmp_path, f"https://{name}.example/list")
    follow_feeds(tmp_path, tmp_path, now=lambda: hosts.now, sleep=hosts.sleep)
    assert len(list((tmp_path / "feeds" / "good-example").glob("*.md"))) > 40


def test_the_feed_that_a_page_names_is_followed_for_it(followed: Followed) -> None:
    serve(followed, "aden", "bonn")
    link = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    front = page(f'<html><head>{link}</head><body><a href="/imprint">Imprint</a></body></html>')
    followed.site.pages |= {"/front": front, "/imprint": page(article("imprint"))}
    followed.follow(f'[news]\nurl = "{followed.site.root}/front"\n')
    assert followed.look()
    assert followed.files == ["news-of-aden", "news-of-bonn"]
    followed.site.pages["/feed"] = page("", status=503)
    assert not followed.look()
    assert "503" in (followed.report.failure or "")
    assert "/imprint" not in followed.site.asked


def test_the_links_of_a_page_are_followed_where_its_feed_is_none(followed: Followed) -> None:
    serve(followed, "aden")
    link = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    front = page(f'<html><head>{link}</head><body><a href="/aden">Aden</a></body></html>')
    followed.site.pages |= {"/front": front, "/feed": page("", status=404)}
    followed.follow(f'[news]\nurl = "{followed.site.root}/front"\n')
    assert followed.look()
    assert followed.files == ["news-of-aden"]


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_is_asked_again_when_it_said(followed: Followed, status: int) -> None:
    serve(followed, "aden", "bonn")
    feed = followed.site.pages["/feed"]
    followed.site.pages["/feed"] = page("", status=status, Retry_After="20000")
    followed.look()
    assert not followed.look(19_000)
    assert followed.site.asked == []
    followed.site.pages |= {"/feed": feed, "/aden": page("", status=status, Retry_After="90")}
    followed.waited = 0.0
    assert followed.look(1_001)
    assert followed.files == ["news-of-bonn"]
    assert 90 <= followed.waited < 95


def test_retry_after_may_be_a_date(followed: Followed) -> None:
    serve(followed, "aden")
    followed.site.pages["/feed"] = page(
        "", status=503, Retry_After=formatdate(time() + 20_000, usegmt=True)
    )
    followed.look()
    assert not followed.look(19_900)
    assert followed.site.asked == []


def test_crawl_delay_is_kept_and_does_not_count_as_the_servers_time(followed: Followed) -> None:
    serve(followed, "aden", "bonn")
    followed.site.pages["/robots.txt"] = page("User-agent: *\nCrawl-delay: 40", "text/plain")
    assert followed.look()
    assert followed.waited == 40 * 3
    assert followed.files == ["news-of-aden", "news-of-bonn"]


def test_a_crawl_delay_longer_than_a_look_is_kept_from_look_to_look(followed: Followed) -> None:
    serve(followed, "aden")
    followed.site.pages["/robots.txt"] = page("User-agent: *\nCrawl-delay: 5000", "text/plain")
    followed.look()
    assert followed.site.asked == ["/robots.txt"]
    assert "wants to be left alone" in (followed.report.failure or "")
    followed.look(3_600)
    assert followed.site.asked == []


def test_what_a_crash_left_unindexed_is_noticed(followed: Followed) -> None:
    serve(followed, "aden", "bonn")

    def cut_off(seconds: float) -> None:
        if followed.files:
            raise KeyboardInterrupt

    def look() -> bool:
        return follow_feeds(
            followed.seeds, followed.data, way=followed.site.way(), sleep=followed.sleep
        )

    with pytest.raises(KeyboardInterrupt):
        follow_feeds(followed.seeds, followed.data, way=followed.site.way(), sleep=cut_off)
    followed.site.asked.clear()
    assert look()  # No source is due, yet there is something to index.
    assert followed.site.asked == []
    mark_indexed(followed.data)
    assert not look()


def test_what_must_wait_longer_than_a_look_is_refused() -> None:
    paced = web.PacedWeb(Way(), {"a.example": 2e9}, lambda: 2e9 - 80_000, lambda seconds: None)
    with pytest.raises(FetchError, match=r"a\.example wants to be left alone"):
        paced.fetch("https://a.example/", None, None, None)
