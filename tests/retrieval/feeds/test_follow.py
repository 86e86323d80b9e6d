"""Sources that are followed: what is fetched, written, withdrawn, and left alone."""

from __future__ import annotations

import gzip
import json

import pytest

from retrieval import FetchError
from retrieval.articles.scan import scan
from retrieval.embedding.embedder import Embedder
from retrieval.feeds import follow
from retrieval.feeds.entries import add_entry, read_entries
from retrieval.feeds.follow import follow_feeds
from retrieval.index.store import Store
from retrieval.library import Library
from tests.retrieval.website import page

from .sources import Followed, article, rss, sitemap, with_etag

RSS = "application/rss+xml"


def serve(followed: Followed, *names: str) -> None:
    for name in names:
        followed.site.pages[f"/{name}"] = page(article(name))


def of(followed: Followed, path: str, more: str = "") -> None:
    followed.follow(f'[news]\nurl = "{followed.site.root}/{path}"\n{more}')


def test_a_new_item_is_quotable_after_one_interval(followed: Followed, embedder: Embedder) -> None:
    serve(followed, "aden", "bonn")
    of(followed, "feed")
    followed.site.pages["/feed"] = page(rss(followed.site, ["aden"]), RSS)
    assert followed.look()
    followed.site.pages["/feed"] = page(rss(followed.site, ["bonn", "aden"]), RSS)
    assert not followed.look(1_800)
    assert followed.look(1_800)
    assert followed.files == ["news-of-aden", "news-of-bonn"]
    assert (followed.report.new, followed.report.articles) == (1, 2)
    with Library(followed.seeds, Store.open(followed.data / "chroma"), lambda: embedder) as library:
        library.reload()
        quotes = library.ask("Where did the council of Bonn meet on Tuesday?").quotes
    assert any("Bonn" in quote.text or "bonn" in quote.text for quote in quotes)
    assert all(quote.url and quote.url.startswith(followed.site.root) for quote in quotes)


LISTS = {
    "rss": lambda site: page(rss(site, ["aden", "bonn"]), RSS),
    "atom": lambda site: page(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>'
        + "".join(f'<entry><title>{n}</title><link href="/{n}"/></entry>' for n in ("aden", "bonn"))
        + "</feed>",
        "application/atom+xml",
    ),
    "json": lambda site: page(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "items": [{"url": f"{site.root}/{name}"} for name in ("aden", "bonn")],
            }
        ),
        "application/feed+json",
    ),
    "sitemap": lambda site: page(sitemap(site, ["aden", "bonn"]), "application/xml"),
    "zipped": lambda site: page(
        gzip.compress(sitemap(site, ["aden", "bonn"]).encode()), "application/gzip"
    ),
    "links": lambda site: page(
        '<html><body><a href="/aden">A</a> <a href="/bonn">B</a></body></html>'
    ),
    "lines": lambda site: page(f"{site.root}/aden\n{site.root}/bonn\n", "text/plain"),
}


@pytest.mark.parametrize("kind", LISTS)
def test_every_kind_of_list(followed: Followed, kind: str) -> None:
    serve(followed, "aden", "bonn")
    followed.site.pages["/list"] = LISTS[kind](followed.site)
    of(followed, "list")
    assert followed.look()
    assert followed.files == ["news-of-aden", "news-of-bonn"]
    sources = [each.source for each in scan(followed.seeds).articles]
    assert {source.url for source in sources} == {
        f"{followed.site.root}/{n}" for n in ("aden", "bonn")
    }


def test_addresses_and_a_sitemap_of_sitemaps(followed: Followed) -> None:
    serve(followed, "aden", "bonn", "cork")
    root = followed.site.root
    parts = "".join(f"<sitemap><loc>{root}/{name}</loc></sitemap>" for name in "ab")
    index = f"<sitemapindex>{parts}</sitemapindex>"
    followed.site.pages["/index"] = page(index, "text/xml")
    followed.site.pages["/a"] = page(sitemap(followed.site, ["aden"]), "text/xml")
    followed.site.pages["/b"] = page(sitemap(followed.site, ["bonn"]), "text/xml")
    followed.follow(f'[a]\nurl = "{root}/index"\n[b]\naddresses = ["{root}/cork"]\n')
    assert followed.look()
    assert followed.files == ["news-of-aden", "news-of-bonn", "news-of-cork"]


def test_what_has_not_changed_is_not_fetched(followed: Followed) -> None:
    names = ["aden", "bonn"]
    for name in names:
        followed.site.pages[f"/{name}"] = with_etag(article(name))
    followed.site.pages["/feed"] = with_etag(rss(followed.site, names), RSS)
    of(followed, "feed")
    assert followed.look()
    assert not followed.look()
    assert followed.site.asked == ["/robots.txt", "/feed"]
    assert not followed.look(86_400)
    assert sorted(followed.site.asked) == ["/aden", "/bonn", "/feed", "/robots.txt"]
    assert followed.report.articles == 2


@pytest.mark.parametrize("policy", ["remove", "keep", "archive"])
@pytest.mark.parametrize("how", ["410", "404", "sitemap"])
def test_what_is_withdrawn(followed: Followed, policy: str, how: str) -> None:
    serve(followed, "aden", "bonn")
    followed.site.pages["/map"] = page(sitemap(followed.site, ["aden", "bonn"]), "text/xml")
    of(followed, "map", f'withdrawn = "{policy}"')
    followed.look()
    if how == "sitemap":
        followed.site.pages["/map"] = page(sitemap(followed.site, ["bonn"]), "text/xml")
    else:
        followed.site.pages["/aden"] = page("", status=int(how))
    changed = followed.look(86_400)
    if how == "404":
        assert not changed  # It may come back.
        changed = followed.look()
    assert changed == (policy != "keep")
    assert followed.report.withdrawn == (f"{followed.site.root}/aden",)
    assert followed.report.articles == 1
    kept = ["news-of-aden"] if policy == "keep" else []
    assert followed.files == [*kept, "news-of-bonn"]
    archived = list((followed.seeds / "feeds" / ".archive").rglob("*.md"))
    assert len(archived) == (policy == "archive")
    assert not any(".archive" in each.source.path for each in scan(followed.seeds).articles)


@pytest.mark.parametrize("status", [500, 503, 404, 403])
def test_a_source_that_dies_for_a_day_changes_nothing(followed: Followed, status: int) -> None:
    names = ["aden", "bonn"]
    serve(followed, *names)
    of(followed, "map")
    followed.site.pages["/map"] = page(sitemap(followed.site, names), "text/xml")
    followed.look()
    alive = dict(followed.site.pages)
    followed.site.pages = dict.fromkeys(alive, page("", status=status))
    looks = [followed.look() for _ in range(24)]
    assert not any(looks)
    assert followed.files == ["news-of-aden", "news-of-bonn"]
    assert str(status) in (followed.report.failure or "")
    followed.site.pages = alive | {"/map": page("<urlset></urlset>", "text/xml")}
    assert not followed.look(86_400)
    assert "lists no articles" in (followed.report.failure or "")
    followed.site.pages = alive
    assert not followed.look(86_400)
    assert (followed.report.failure, followed.report.articles) == (None, 2)


def test_the_text_of_a_feed_is_taken_where_the_page_cannot_be_had(followed: Followed) -> None:
    text = article("cork").partition("<article>")[2].partition("</article>")[0]
    more = f"<encoded xmlns='http://purl.org/rss/1.0/modules/content/'><![CDATA[{text}]]></encoded>"
    followed.site.pages["/feed"] = page(rss(followed.site, ["cork"], more), RSS)
    followed.site.pages["/cork"] = page("", status=403)
    of(followed, "feed")
    assert followed.look()
    assert followed.files == ["news-of-cork"]
    (file,) = (followed.seeds / "feeds").rglob("*.md")
    assert "The council of cork met" in file.read_text("utf-8")


def test_many_articles_at_the_allowed_rate(
    followed: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one host: a request a second, and no more in one look than there is patience for."""
    monkeypatch.setattr(follow, "MAX_VISITS", 30)
    names = [f"n{number}" for number in range(100)]
    followed.site.pages["/map"] = page(sitemap(followed.site, names), "text/xml")
    for name in names:
        followed.site.pages[f"/{name}"] = page(f"# News of {name}\n\n{article(name)}", "text/plain")
    times = list[float]()
    of(followed, "map")
    while len(followed.files) < 100:
        followed.waited, before = 0.0, len(followed.files)
        followed.look()
        times.append(followed.waited)
        requests = len(followed.site.asked)
        assert followed.waited >= requests - 1 - 1e-6
        assert len(followed.files) - before <= 30
    assert len(times) == 4
    assert sum(times) == pytest.approx(100 + 4 * 2 - 4, abs=8)


def test_this_machine_is_closed_but_for_the_tests(followed: Followed) -> None:
    followed.site.pages["/feed"] = page(rss(followed.site, ["aden"]), RSS)
    followed.follow('[here]\nurl = "https://localhost/feed"\n')
    assert not follow_feeds(followed.seeds, followed.data, sleep=followed.sleep)
    assert followed.report.failure == "localhost is not a public address, so it is not fetched."
    assert followed.site.asked == []


def test_robots_are_respected(followed: Followed) -> None:
    serve(followed, "aden", "bonn")
    followed.site.pages["/robots.txt"] = page("User-agent: *\nDisallow: /aden", "text/plain")
    followed.site.pages["/feed"] = page(rss(followed.site, ["aden", "bonn"]), RSS)
    of(followed, "feed")
    followed.look()
    assert followed.files == ["news-of-bonn"]
    assert followed.site.asked.count("/robots.txt") == 1
    ((url, reason),) = followed.report.failed
    assert url.endswith("/aden")
    assert "robots.txt" in reason


def test_entries_are_written_once_and_faults_are_named(followed: Followed) -> None:
    first = add_entry(followed.seeds, "https://news.example/feed")
    again = add_entry(followed.seeds, "https://news.example/feed")
    second = add_entry(followed.seeds, "https://news.example/other")
    third = add_entry(followed.seeds, None, ("https://a.example/1", "https://a.example/2"), "Ämter")
    long = [add_entry(followed.seeds, f"https://a.example/{n}", name="a" * 60) for n in (3, 4)]
    assert (first.name, second.name, third.name) == ("news-example", "news-example-2", "amter")
    assert first == again
    assert read_entries(followed.seeds) == ([first, second, third, *long], [])
    with pytest.raises(FetchError, match="not an https address"):
        add_entry(followed.seeds, "http://news.example/")
    with pytest.raises(FetchError, match="not an https address"):
        add_entry(followed.seeds, "")
    with pytest.raises(FetchError, match="not an https address"):
        add_entry(followed.seeds, None, ("https://a.example/3", "http://a.example/4"))
    followed.follow(
        '[a]\nurl = "https://a.example/"\nminutes = 1\n[b]\n[c]\nurl = "x"\nadresses = []\n'
        '[d]\nurl = "https://d.example/"\nwithdrawn = "burn"\n["../e"]\nurl = "https://e.example"\n'
    )
    entries, faults = read_entries(followed.seeds)
    assert entries == []
    assert len(faults) == 5
    assert all(fault.startswith("feeds.toml, ") for fault in faults)
    followed.follow('[a]\nurl = "https://a.example/"\nminutes = "often"\n')
    assert read_entries(followed.seeds)[1] == ["feeds.toml, a: minutes are a number of at least 5."]


@pytest.mark.parametrize("there", ["minutes = 1", "minutes = = 1", 'url = "broken'])
def test_a_new_entry_has_no_name_of_one_that_cannot_be_read(followed: Followed, there: str) -> None:
    followed.follow(f"[news-example]\n{there}\n")
    faults = read_entries(followed.seeds)[1]
    entry = add_entry(followed.seeds, "https://news.example/feed")
    assert entry.name == "news-example-2"
    assert read_entries(followed.seeds) == ([entry], faults)


def test_addresses_that_are_no_list_are_named(followed: Followed) -> None:
    followed.follow('[a]\naddresses = "https://a.example/1"\n')
    assert read_entries(followed.seeds) == ([], ["feeds.toml, a: addresses are a list."])
