"""Hosts in trouble that say so to nobody, and clocks that are wrong: what was had stays."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler

import pytest

from retrieval.articles.https import Way
from retrieval.feeds.web import MAX_LOOK_SECONDS, PacedWeb
from tests.retrieval.website import Answer, page

from .sources import ETAG, RSS, Followed, article, of, rss, serve, sitemap, unless_had

DOWN = page(
    "<html><head><title>Maintenance</title></head><body><h1>We will be back soon</h1>"
    "<p>Our pages are being worked on. Please have a little patience with us.</p>"
    '<a href="/imprint">Imprint</a></body></html>'
)
"""What a host shows instead of all its pages, as if nothing were wrong (200)."""

FRONT = (
    '<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head>'
    '<body><a href="/imprint">Imprint</a></body></html>'
)


@pytest.mark.parametrize(
    ("followed_at", "down", "reason"),
    [
        ("feed", "feed", "was a feed and is a page of links now"),
        ("map", "map", "was a sitemap and is a page of links now"),
        ("index", "map", "was a sitemap and is a page of links now"),
        ("front", "feed", "was a feed and is a page of links now"),
        ("front", "front", "names its feed no more"),
        ("front#news", "front", "names its feed no more"),
    ],
)
def test_a_list_that_becomes_another_page_for_a_day_changes_nothing(
    followed: Followed, followed_at: str, down: str, reason: str
) -> None:
    root, names = followed.site.root, ["aden", "bonn"]
    serve(followed, *names, "imprint")
    index = f"<sitemapindex><sitemap><loc>{root}/map</loc></sitemap></sitemapindex>"
    alive = followed.site.pages | {
        "/feed": page(rss(followed.site, names), RSS),
        "/map": page(sitemap(followed.site, names), "text/xml"),
        "/index": page(index, "text/xml"),
        "/front": page(FRONT),
    }
    followed.site.pages = alive
    of(followed, followed_at)
    assert followed.look()
    followed.site.pages = alive | {f"/{down}": DOWN}
    assert not any(followed.look() for _ in range(24))
    assert reason in (followed.report.failure or "")
    followed.site.pages = alive
    assert not followed.look(86_400)
    assert followed.report.failure is None
    assert followed.files == ["news-of-aden", "news-of-bonn"]


@pytest.mark.parametrize("down", [DOWN, page("", status=302, Location="/login")])
def test_a_page_that_stands_for_all_articles_is_not_taken_for_them_within_a_day(
    followed: Followed, down: Answer
) -> None:
    names = ["aden", "bonn"]
    serve(followed, *names)
    followed.site.pages["/feed"] = page(rss(followed.site, names), RSS)
    followed.site.pages["/login"] = DOWN
    of(followed, "feed")
    followed.look()
    alive = dict(followed.site.pages)
    followed.site.pages |= dict.fromkeys(["/aden", "/bonn"], down)
    assert not any(followed.look() for _ in range(40))
    (_, reason), _ = followed.report.failed
    assert reason.endswith("shows another article for now.")
    followed.site.pages = alive
    assert not any(followed.look() for _ in range(24))
    assert (followed.report.failed, followed.report.articles) == ((), 2)
    # One that is there for longer is what there is.
    followed.site.pages["/aden"] = down
    assert [followed.look(90_000) for _ in range(3)] == [False, True, False]
    assert "a little patience" in next(followed.seeds.rglob("*aden*.md")).read_text("utf-8")


@pytest.mark.parametrize(
    ("now", "listed"),
    [
        (article("bonn").replace("News of bonn", "News of aden"), ""),  # Its title stands.
        (article("aden").replace("News of aden", "All about it"), ""),  # Its words stand.
        (article("bonn"), "<pubDate>Sat, 07 Nov 2026 10:00:00 GMT</pubDate>"),
    ],
)
def test_an_article_that_is_rewritten_is_taken_at_once(
    followed: Followed, now: str, listed: str
) -> None:
    serve(followed, "aden")
    followed.site.pages["/feed"] = page(rss(followed.site, ["aden"]), RSS)
    of(followed, "feed")
    followed.look()
    followed.site.pages["/feed"] = page(rss(followed.site, ["aden"], listed), RSS)
    followed.site.pages["/aden"] = page(now)
    assert followed.look(86_400)
    assert followed.report.failed == ()


def test_of_an_address_that_is_named_any_page_is_taken(followed: Followed) -> None:
    serve(followed, "aden")
    followed.follow(f'[news]\naddresses = ["{followed.site.root}/aden"]\n')
    followed.look()
    followed.site.pages["/aden"] = page(article("bonn"))
    assert followed.look(86_400)


def test_a_list_of_which_its_server_always_says_the_same_is_fetched_once_a_day(
    followed: Followed,
) -> None:
    serve(followed, "aden", "bonn")
    followed.site.pages["/feed"] = unless_had(ETAG, rss(followed.site, ["aden"]), RSS)
    of(followed, "feed")
    followed.look()
    followed.site.pages["/feed"] = unless_had(ETAG, rss(followed.site, ["aden", "bonn"]), RSS)
    assert sum(followed.look() for _ in range(26)) == 1
    assert followed.files == ["news-of-aden", "news-of-bonn"]


def test_an_article_of_which_its_server_always_says_the_same_is_fetched_once_a_week(
    followed: Followed,
) -> None:
    followed.site.pages["/feed"] = page(rss(followed.site, ["aden"]), RSS)
    followed.site.pages["/aden"] = unless_had(ETAG, article("aden"))
    of(followed, "feed")
    followed.look()
    followed.site.pages["/aden"] = unless_had(ETAG, article("aden").replace("Tuesday", "Monday"))
    assert [followed.look(86_400) for _ in range(8)] == [False] * 6 + [True, False]
    # Where the list says that it has changed, a day is enough.
    followed.site.pages["/aden"] = unless_had(ETAG, article("aden"))
    changed = rss(followed.site, ["aden"], "<pubDate>Sat, 07 Nov 2026 10:00:00 GMT</pubDate>")
    followed.site.pages["/feed"] = page(changed, RSS)
    assert followed.look(86_400)


@pytest.mark.parametrize("status", [403, 404])
def test_a_page_that_stands_for_all_is_not_taken_for_what_the_feed_says_within_a_day(
    followed: Followed, status: int
) -> None:
    space = "xmlns='http://purl.org/rss/1.0/modules/content/'"
    text = f"<encoded {space}><![CDATA[{article('aden')}]]></encoded>"
    whole = page(rss(followed.site, ["aden"], text), RSS)
    followed.site.pages |= {"/feed": whole, "/aden": page("", status=status)}
    of(followed, "feed")
    assert [followed.look(86_400) for _ in range(3)] == [True, False, False]
    followed.site.pages["/aden"] = DOWN
    assert not followed.look(86_400)
    assert not any(followed.look() for _ in range(20))
    assert followed.look(90_000)


def test_a_clock_that_is_put_back_holds_up_no_look(followed: Followed) -> None:
    serve(followed, "bonn", "cork")

    def put_back(request: BaseHTTPRequestHandler) -> None:
        followed.now -= 5 * 3_600
        page(article("aden"))(request)

    followed.site.pages["/aden"] = put_back
    followed.site.pages["/feed"] = page(rss(followed.site, ["aden", "bonn", "cork"]), RSS)
    of(followed, "feed")
    assert followed.look()
    assert followed.files == ["news-of-aden", "news-of-bonn", "news-of-cork"]
    assert followed.waited <= 5


def test_what_was_fetched_in_a_future_that_never_came_is_fetched_again(followed: Followed) -> None:
    serve(followed, "aden")
    followed.site.pages["/feed"] = unless_had(ETAG, rss(followed.site, ["aden"]), RSS)
    of(followed, "feed")
    followed.now += 9e7
    followed.look()
    followed.now -= 9e7
    followed.site.pages["/aden"] = page(article("aden").replace("Tuesday", "Monday"))
    assert followed.look()


@pytest.mark.parametrize("listed", [["aden"], ["aden", "bonn"]])
def test_a_clock_that_was_ahead_withdraws_nothing(followed: Followed, listed: list[str]) -> None:
    serve(followed, "aden", "bonn")
    of(followed, "map")
    followed.site.pages["/map"] = page(sitemap(followed.site, ["aden", "bonn"]), "text/xml")
    followed.look()
    followed.site.pages["/map"] = page(sitemap(followed.site, listed), "text/xml")
    del followed.site.pages["/bonn"]
    followed.now += 9e7
    followed.look()
    followed.now -= 9e7
    assert [followed.look(after) for after in (0, 80_000, 7_000)] == [False, False, True]
    assert followed.report.withdrawn == (f"{followed.site.root}/bonn",)


def test_a_look_begins_nothing_after_its_time_at_hosts_that_it_has_not_asked_either() -> None:
    now = 2e9
    paced = PacedWeb(Way(), {}, lambda: now, lambda seconds: None)
    assert paced.ready("https://a.example/") < float("inf")
    now += MAX_LOOK_SECONDS + 1
    assert paced.ready("https://a.example/") == float("inf")
