"""Sources that are followed: what is fetched, written, withdrawn, and left alone."""

from __future__ import annotations

import gzip
import json
from html import escape

import pytest

from retrieval.articles.scan import scan
from retrieval.feeds import follow
from retrieval.feeds.follow import follow_feeds
from tests.retrieval.website import Answer, Website, page

from .sources import (
    ETAG,
    LAST_MODIFIED,
    RSS,
    Followed,
    article,
    of,
    rss,
    serve,
    sitemap,
    unless_had,
)


def test_a_new_item_is_fetched_after_one_interval(followed: Followed) -> None:
    serve(followed, "aden", "bonn")
    of(followed, "feed")
    followed.site.pages["/feed"] = page(rss(followed.site, ["aden"]), RSS)
    assert followed.look()
    followed.site.pages["/feed"] = page(rss(followed.site, ["bonn", "aden"]), RSS)
    assert not followed.look(1_800)
    assert followed.look(1_800)
    assert followed.files == ["news-of-aden", "news-of-bonn"]
    assert (followed.report.new, followed.report.articles) == (1, 2)


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
    "http": lambda site: page(rss(site, ["aden", "bonn"]).replace("https:", "http:"), RSS),
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


@pytest.mark.parametrize("mark", [ETAG, LAST_MODIFIED])
def test_what_has_not_changed_is_not_fetched(
    followed: Followed, mark: tuple[str, str, str]
) -> None:
    names = ["aden", "bonn"]
    for name in names:
        followed.site.pages[f"/{name}"] = unless_had(mark, article(name))
    followed.site.pages["/feed"] = unless_had(mark, rss(followed.site, names), RSS)
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
    if how != "410":
        assert not changed  # It may come back.
        changed = followed.look(86_400)
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
    looks = [(followed.look(), bool(followed.site.asked)) for _ in range(24)]
    # Of 24 hours it asks in the first, and two, four and eight hours later.
    assert [hour for hour, (changed, asked) in enumerate(looks) if changed or asked] == [
        0,
        2,
        6,
        14,
    ]
    assert not any(changed for changed, _ in looks)
    assert followed.files == ["news-of-aden", "news-of-bonn"]
    assert str(status) in (followed.report.failure or "")
    followed.site.pages = alive | {"/map": page("<urlset></urlset>", "text/xml")}
    assert not followed.look(86_400)
    assert "lists no articles" in (followed.report.failure or "")
    followed.site.pages = alive
    assert not followed.look(86_400)
    assert (followed.report.failure, followed.report.articles) == (None, 2)


def whole(site: Website, kind: str, words: str) -> Answer:
    """A feed that holds all of an article."""
    text = f"{words} The council met on Tuesday & decided about the budget.\n\n" * 3
    if kind == "json":
        item = {"url": f"{site.root}/cork", "title": "News of cork", "content_text": text}
        feed = {"version": "https://jsonfeed.org/version/1.1", "items": [item]}
        return page(json.dumps(feed), "application/feed+json")
    space = "xmlns='http://purl.org/rss/1.0/modules/content/'"
    more = f"<encoded {space}><![CDATA[<p>{escape(text)}</p>]]></encoded>"
    if kind == "rss":
        return page(rss(site, ["cork"], more), RSS)
    entry = f"<title>News of cork</title><link href='/cork'/><content>{escape(text)}</content>"
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{entry}</entry></feed>'
    return page(feed, "application/atom+xml")


@pytest.mark.parametrize("kind", ["rss", "atom", "json"])
@pytest.mark.parametrize("status", [403, 404, 410])
def test_the_text_of_a_feed_is_taken_where_the_page_cannot_be_had(
    followed: Followed, kind: str, status: int
) -> None:
    followed.site.pages |= {
        "/feed": whole(followed.site, kind, "First."),
        "/cork": page("", status=status),
    }
    of(followed, "feed")
    assert followed.look()
    (file,) = (followed.seeds / "feeds").rglob("*.md")
    assert "First. The council met on Tuesday & decided" in file.read_text("utf-8")
    # It is kept up to date, and stands when the feed no longer lists it.
    followed.site.pages["/feed"] = whole(followed.site, kind, "Second.")
    assert followed.look(86_400)
    assert "Second. The council" in file.read_text("utf-8")
    serve(followed, "bonn")
    followed.site.pages["/feed"] = page(rss(followed.site, ["bonn"]), RSS)
    assert [followed.look(86_400) for _ in range(3)] == [True, False, False]
    assert followed.files == ["news-of-bonn", "news-of-cork"]
    assert followed.report.failed == followed.report.withdrawn == ()
    # What its page says goes before, as soon as that can be had.
    serve(followed, "cork")
    assert followed.look(86_400)
    assert "The council of cork met" in file.read_text("utf-8")


@pytest.mark.parametrize(("mark", "articles"), [("#", 1), ("#/", 3), ("#!", 3)])
def test_parts_of_one_page_are_one_article_and_what_a_program_makes_of_it_are_several(
    followed: Followed, mark: str, articles: int
) -> None:
    of(followed, "feed")
    serve(followed, "log")
    followed.site.pages["/feed"] = page(
        rss(followed.site, [f"log{mark}{number}" for number in range(3)]), RSS
    )
    followed.look()
    assert followed.site.asked.count("/log") == followed.report.articles == articles


def test_a_page_that_cannot_be_had_is_asked_for_less_and_less(followed: Followed) -> None:
    followed.site.pages["/feed"] = whole(followed.site, "rss", "First.")
    of(followed, "feed")
    followed.look()
    changed = rss(followed.site, ["cork"], "<pubDate>Sat, 07 Nov 2026 10:00:00 GMT</pubDate>")
    followed.site.pages["/feed"] = page(changed, RSS)
    asked = [(followed.look(), "/cork" in followed.site.asked)[1] for _ in range(24)]
    assert [hour for hour, was_asked in enumerate(asked) if was_asked] == [0, 1, 3, 7, 15]


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


def test_what_cannot_be_had_is_named_as_long_as_it_is_listed(followed: Followed) -> None:
    serve(followed, "aden")
    of(followed, "map")
    for listed in (["aden", "bonn"], ["aden"]):
        followed.site.pages["/map"] = page(sitemap(followed.site, listed), "text/xml")
        followed.look()
        failed = [url for url, _ in followed.report.failed]
        assert failed == [f"{followed.site.root}/{name}" for name in listed[1:]]
        assert followed.report.withdrawn == ()


def test_an_entry_that_is_to_be_looked_at_sooner_is(followed: Followed) -> None:
    serve(followed, "aden")
    followed.site.pages["/feed"] = page(rss(followed.site, ["aden"]), RSS)
    of(followed, "feed", "minutes = 10_000")
    followed.look()
    followed.look()
    assert followed.site.asked == []
    of(followed, "feed", "minutes = 30")
    followed.look()
    assert "/feed" in followed.site.asked
