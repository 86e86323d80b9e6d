"""Sources that are followed: which item of a feed is an article that is there already."""

from __future__ import annotations

import json
from html import escape

import pytest

from tests.retrieval.website import Answer, page

from .sources import RSS, Followed, article, of, serve


def listed(root: str, kind: str, *items: tuple[str, str, str]) -> Answer:
    """A feed of items, each of an id, a link and a title."""
    if kind == "json":
        entries = [{"id": of, "url": root + link, "title": title} for of, link, title in items]
        feed = {"version": "https://jsonfeed.org/version/1.1", "items": entries}
        return page(json.dumps(feed), "application/feed+json")
    guid, link, item = ("id", '<link href="{}"/>', "entry")
    if kind == "rss":
        guid, link, item = ("guid", "<link>{}</link>", "item")
    body = "".join(
        f"<{item}>{of and f'<{guid}>{of}</{guid}>'}<title>{title}</title>"
        f"{link.format(escape(root + address))}</{item}>"
        for of, address, title in items
    )
    if kind == "rss":
        return page(f'<rss version="2.0"><channel>{body}</channel></rss>', RSS)
    body = f'<feed xmlns="http://www.w3.org/2005/Atom">{body}</feed>'
    return page(body, "application/atom+xml")


@pytest.mark.parametrize(
    ("kind", "name", "links"),
    [
        ("rss", "tag:example.org,2026:7", ["/a?sid=1", "/a?sid=2", "/a?sid=3"]),
        ("atom", "tag:example.org,2026:7", ["/draft", "/a", "/2026/a"]),
        ("json", "", ["/a?utm_campaign=1", "/a?utm_campaign=2", "/a?utm_campaign=3"]),
        ("json", "https://example.org/a?utm_id=1", ["/a?utm_id=1", "/a?sid=2", "/a?sid=3"]),
        ("atom", "{" * 50_000, ["/a?sid=1", "/a?sid=2"]),
    ],
)
def test_an_item_with_another_link_is_the_same_article(
    followed: Followed, kind: str, name: str, links: list[str]
) -> None:
    of(followed, "feed")
    serve(followed, "bonn")
    other = ("bonn", "/bonn", "News of bonn")
    for number, link in enumerate(links):
        followed.site.pages[link] = page(article("aden"))
        item = (name.replace("id=1", f"id={number}"), link, "News of aden")
        followed.site.pages["/feed"] = listed(followed.site.root, kind, other, item)
        followed.look(86_400)
        assert (followed.report.articles, followed.report.failed) == (2, ())
        assert followed.files == ["news-of-aden", "news-of-bonn"]
    source = max((followed.seeds / "feeds").rglob("*aden*.md"))
    assert f"{followed.site.root}{links[-1]}" in source.read_text("utf-8")


@pytest.mark.parametrize(
    ("names", "titles"),
    [
        (["1", "1", "1"], ["News of aden", "News of bonn", "News of cork"]),
        (["7", "8", "9"], ["Weather", "Weather", "Weather"]),
    ],
)
def test_items_that_only_their_ids_or_their_titles_have_alike_are_several(
    followed: Followed, names: list[str], titles: list[str]
) -> None:
    of(followed, "feed")
    serve(followed, "aden", "bonn", "cork")
    for name, link, title in zip(names, ["/aden", "/bonn", "/cork"], titles, strict=True):
        followed.site.pages["/feed"] = listed(followed.site.root, "rss", (name, link, title))
        followed.look()
    assert followed.report.articles == len(followed.files) == 3


def test_items_that_were_listed_beside_others_of_their_id_and_title_stay_several(
    followed: Followed,
) -> None:
    of(followed, "feed")
    serve(followed, "aden", "bonn", "cork")
    for links in ["/aden", "/bonn"], ["/cork"]:
        items = [("1", link, "Weather") for link in links]
        followed.site.pages["/feed"] = listed(followed.site.root, "rss", *items)
        followed.look()
    assert followed.files == ["news-of-aden", "news-of-bonn", "news-of-cork"]


@pytest.mark.parametrize(("mark", "articles"), [("#", 1), ("#/", 3), ("#!", 3)])
def test_parts_of_one_page_are_one_article_and_what_a_program_makes_of_it_are_several(
    followed: Followed, mark: str, articles: int
) -> None:
    of(followed, "feed")
    serve(followed, "log")
    items = [(str(number), f"/log{mark}{number}", f"Release {number}") for number in range(3)]
    followed.site.pages["/feed"] = listed(followed.site.root, "rss", *items)
    followed.look()
    assert followed.site.asked.count("/log") == followed.report.articles == articles


def test_an_address_that_two_articles_may_take_over_is_the_first_ones(followed: Followed) -> None:
    of(followed, "feed")
    now = followed.site.root.replace("localhost", "127.0.0.1")
    was = now.replace("https:", "http:")
    for names, links in (["1"], [f"{was}/a"]), (["2", "1"], [f"{now}/a", f"{now}/b"]):
        items = [(name, link, "Weekly") for name, link in zip(names, links, strict=True)]
        followed.site.pages["/feed"] = listed("", "rss", *items)
        followed.look()
    assert {url for url, _ in followed.report.failed} == set(links)
