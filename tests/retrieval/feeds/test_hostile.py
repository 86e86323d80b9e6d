"""Fifty sources that would harm whoever follows them: each is named, and none ends the look."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from functools import cache

import pytest

from retrieval.errors import FetchTrouble
from retrieval.feeds import follow
from retrieval.feeds.state import feed_reports
from tests.retrieval.website import Answer, Website, page

from .sources import Followed, article, rss

XML = "application/xml"
RSS = "<rss version='2.0'><channel>{}</channel></rss>"
ITEM = "<item><title>t</title><link>{}</link></item>"
JSON = "https://jsonfeed.org/version/1.1"
SYSTEM = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


@cache
def bomb() -> bytes:
    return gzip.compress(b"\0" * 50_000_000)


def redirect(to: str) -> Answer:
    return page("", status=302, Location=to)


def fixed(body: str | bytes, kind: str = XML, **headers: str) -> Callable[[Website], Answer]:
    return lambda site: page(body, kind, **headers)


def items(*addresses: str) -> Callable[[Website], Answer]:
    """A feed of these addresses."""
    return fixed(RSS.format("".join(ITEM.format(address) for address in addresses)))


def many(site: Website) -> Answer:
    locs = "".join(f"<url><loc>{site.root}/{n}</loc></url>" for n in range(6_000))
    return page(f"<urlset>{locs}</urlset>", XML)


def index(*paths: str) -> Callable[[Website], Answer]:
    def answer(site: Website) -> Answer:
        locs = "".join(f"<sitemap><loc>{site.root}{path}</loc></sitemap>" for path in paths)
        return page(f"<sitemapindex>{locs}</sitemapindex>", XML)

    return answer


HOSTILE: dict[str, tuple[Callable[[Website], Answer], str]] = {
    # What makes much of little.
    "gzip bomb": (lambda site: page(bomb(), "application/gzip"), "larger than 5 MB"),
    "gzip coding bomb": (lambda site: page(bomb(), XML, Content_Encoding="gzip"),
                         "larger than 5 MB"),
    "large": (lambda site: page(b"<rss>" + b" " * 6_000_000, XML), "larger than 5 MB"),
    "billion laughs": (
        fixed(f"<!DOCTYPE r [<!ENTITY l0 'ha'>{LAUGHS}]>" + RSS.format("<item>&l11;</item>")),
        "no articles",
    ),
    "laughs in a sitemap": (
        fixed(f"<!DOCTYPE r [<!ENTITY l0 'ha'>{LAUGHS}]><urlset><loc>&l11;</loc></urlset>"),
        "broken sitemap",
    ),
    "quadratic entity": (
        fixed(f"<!DOCTYPE r [<!ENTITY a '{'a' * 50_000}'>]>" + RSS.format("&a;" * 50_000)),
        "neither",
    ),
    "deep": (fixed("<rss>" + "<a>" * 30_000), ""),
    "deep sitemap": (fixed("<urlset>" + "<url>" * 200_000), "broken sitemap"),
    "deep JSON": (fixed('{"version":' + "[" * 100_000), "broken JSON"),
    "deep page": (fixed("<html>" + "<div>" * 100_000, "text/html"), "cannot be followed"),
    "a million items": (
        lambda site: page(
            gzip.compress(RSS.format(ITEM.format("https://a.example/1") * 1_000_000).encode(), 1),
            "application/gzip",
        ),
        "larger than 5 MB",
    ),
    "many attributes": (
        fixed("<rss " + " ".join(f"a{n}='1'" for n in range(3_000)) + "></rss>"), "no articles",
    ),
    "one long link": (items("https://a.example/" + "a" * 1_000_000), ""),
    # What would be read from elsewhere.
    "external entity": (
        fixed(SYSTEM + RSS.format("<item>&x;</item>")),
        "no articles",
    ),
    "external entity in a sitemap": (
        fixed(SYSTEM + "<urlset><url><loc>&x;</loc></url></urlset>"),
        "no articles",
    ),
    "external DTD": (
        fixed('<!DOCTYPE rss SYSTEM "http://169.254.169.254/x.dtd">' + RSS.format("")),
        "no articles",
    ),
    "parameter entity": (
        fixed('<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1/">%x;]>' + RSS.format("")),
        "no articles",
    ),
    "xinclude": (
        fixed('<urlset xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="file:///etc/passwd"/>'
              "</urlset>"),
        "no articles",
    ),
    # Addresses that lead inward.
    "redirect to metadata": (lambda site: redirect("https://169.254.169.254/"), "not a public"),
    "redirect to a private host": (lambda site: redirect("https://10.0.0.1/"), "not a public"),
    "redirect to http": (lambda site: redirect("http://localhost/"), "not an https"),
    "redirect to a file": (lambda site: redirect("file:///etc/passwd"), "not an https"),
    "redirect to a port": (lambda site: redirect("https://localhost:22/"), "names a port"),
    "redirect in a loop": (lambda site: redirect("/list"), "more than 5 times"),
    "redirect to IPv6": (lambda site: redirect("https://[::ffff:10.0.0.1]/"), "not a public"),
    "item on a private host": (items("https://192.168.0.1/a"), "not a public"),
    "item as a file": (items("file:///etc/passwd"), "not an https"),
    "item as a script": (items("javascript:alert(1)"), "not an https"),
    "item with a password": (items("https://me:secret@a.example/"), "a password"),
    "item with a port": (items("https://localhost:1/"), "names a port"),
    "item that is none": (items("https://[::1/"), ""),
    "item as data": (items("data:text/html,hello"), "not an https"),
    "item on metadata": (items("https://[fd00:ec2::254]/"), "not a public"),
    # Lists without end.
    "sitemap of itself": (index("/list"), "no articles"),
    "sitemaps in a circle": (index("/other", "/list"), "no articles"),
    "sitemap of many": (index(*(f"/missing{n}" for n in range(500))), "404"),
    "sitemap of another host": (
        fixed("<urlset><url><loc>https://a.example/1</loc></url></urlset>"), "no articles",
    ),
    "six thousand addresses": (many, "It lists more than 5000 articles."),
    "sitemap that leads inward": (
        fixed("<sitemapindex><sitemap><loc>https://10.0.0.1/</loc></sitemap></sitemapindex>"),
        "not a public",
    ),
    # What cannot be read.
    "wrong charset": (fixed(RSS.format("ü").encode("utf-16"), "text/xml; charset=utf-8"), ""),
    "unknown charset": (fixed(RSS.format(""), "text/xml; charset=klingon"), "no articles"),
    "charset of Python's": (fixed("<html><p>a</p></html>", "text/html; charset=zip"), "neither"),
    "broken UTF-8": (fixed(b"<rss><channel><item>\xff\xfe\xfa</item></channel></rss>"), ""),
    "null bytes": (fixed(b"\0" * 10_000), "cannot be followed"),
    "empty": (fixed(b""), "it is empty"),
    "cut off": (fixed("<urlset><url><loc>https://loc"), "broken sitemap"),
    "other JSON": (fixed('{"items": 1}', "application/json"), "no JSON Feed"),
    "JSON of odd types": (
        fixed(json.dumps({"version": JSON, "items": [1, None, [], {"url": 5}, {"url": {}}]})),
        "no articles",
    ),
    "JSON of half characters": (
        fixed(json.dumps({"version": JSON, "items": [{"url": "/\ud800", "id": "\ud800"}]})), "404",
    ),
    "image": (fixed(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100, "image/png"), "cannot be"),
    "no feed at all": (fixed("Hello, this is a text.", "text/plain"), "neither"),
    "broken gzip": (fixed(b"\x1f\x8b" + b"x" * 100, "application/gzip"), "compressed and broken"),
    "broken robots": (lambda site: page("", status=500), "500"),
}  # fmt: skip


def test_there_are_fifty() -> None:
    assert len(HOSTILE) >= 50


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_source_is_named_and_the_next_one_followed(
    followed: Followed, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "MAX_VISITS", 20)
    make, reason = HOSTILE[name]
    site = followed.site
    site.pages |= {"/good": page(rss(site, ["aden"]), XML), "/aden": page(article("aden"))}
    site.pages |= {"/list": make(site), "/other": index("/list")(site)}

    followed.follow(f'[bad]\nurl = "{site.root}/list"\n[good]\nurl = "{site.root}/good"\n')
    if name == "broken robots":
        site.pages["/robots.txt"] = page("", status=500)
    followed.look()
    (bad, good), _ = feed_reports(followed.seeds, followed.data)
    told = [bad.failure, bad.note, *(failure for _, failure in bad.failed)]
    named = " ".join(filter(None, told))
    assert named
    troubles = [bad.trouble, *bad.troubles] if bad.failure else bad.troubles
    assert all(each and (each in {*FetchTrouble} or each.isdigit()) for each in troubles)
    assert reason in named
    assert "secret@" not in " ".join(failure for _, failure in bad.failed)
    assert not any("root:" in file.read_text("utf-8") for file in followed.seeds.rglob("*.md"))
    if name != "broken robots":
        assert (good.articles, followed.files) == (1, ["news-of-aden"])
