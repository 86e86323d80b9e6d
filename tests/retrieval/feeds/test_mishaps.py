"""What happens to sources that are followed, in the world and in `feeds.toml`."""

from __future__ import annotations

import shutil
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from retrieval.articles.add import write_article
from retrieval.errors import CorpusError
from retrieval.feeds import follow
from retrieval.feeds.state import FEEDS_STATE, articles_left, read_state
from tests.retrieval.website import Answer, page

from .sources import ETAG, RSS, Followed, article, of, rss, serve, sitemap, unless_had


def lists(followed: Followed, path: str, *names: str) -> None:
    """Serve a sitemap of articles."""
    followed.site.pages[f"/{path}"] = page(sitemap(followed.site, names), "text/xml")


def to(address: str) -> Answer:
    """An answer that leads to another address."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(301)
        request.send_header("Location", address)
        request.end_headers()

    return answer


def test_a_sitemap_that_lacks_articles_for_less_than_a_day_withdraws_none(
    followed: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "MAX_REVISITS", 1)
    root, names = followed.site.root, ["bonn", "cork"]
    serve(followed, "aden", *names)
    parts = "".join(f"<sitemap><loc>{root}/{name}</loc></sitemap>" for name in "ab")
    followed.site.pages["/map"] = page(f"<sitemapindex>{parts}</sitemapindex>", "text/xml")
    lists(followed, "a", "aden")
    lists(followed, "b", *names)
    of(followed, "map")
    assert followed.look()
    lists(followed, "b")
    assert not followed.look(86_400)
    lists(followed, "b", *names)
    assert not followed.look()
    lists(followed, "b")
    # It has a day to list them again.
    assert [followed.look(after) for after in (3_600, 80_000, 6_400)] == [False, False, True]
    assert followed.files == ["news-of-aden"]
    # All that comes back is fetched at once.
    lists(followed, "b", *names)
    assert followed.look()
    assert followed.files == [f"news-of-{name}" for name in ("aden", *names)]
    assert followed.report.withdrawn == ()


def test_an_item_whose_link_has_other_tracking_is_the_same_article(followed: Followed) -> None:
    of(followed, "feed")
    for number in range(3):
        link = f"aden?utm_campaign={number}"
        followed.site.pages[f"/{link}"] = page(article("aden"))
        followed.site.pages["/feed"] = page(rss(followed.site, [link]), RSS)
        followed.look(86_400)
    assert (followed.files, followed.report.articles) == (["news-of-aden"], 1)


def test_an_address_that_is_taken_out_is_withdrawn_at_once(followed: Followed) -> None:
    serve(followed, "aden", "bonn")
    root = followed.site.root
    followed.follow(f'[news]\naddresses = ["{root}/aden", "{root}/bonn"]\n')
    followed.look()
    followed.follow(f'[news]\naddresses = ["{root}/aden"]\n')
    assert followed.look()
    assert followed.files == ["news-of-aden"]
    followed.follow("[news]\naddresses = []\n")
    assert not followed.look()


def test_a_page_that_is_missing_for_an_hour_stays_and_one_withdrawn_is_asked_for_once_a_day(
    followed: Followed,
) -> None:
    serve(followed, "aden", "bonn")
    names = ["aden", "bonn"]
    lists(followed, "map", *names)
    of(followed, "map")
    followed.look()
    pages = dict(followed.site.pages)
    followed.site.pages = {"/map": pages["/map"]}
    followed.look(86_400)
    followed.site.pages = pages
    followed.look()
    assert followed.files == [f"news-of-{name}" for name in names]
    followed.look(86_400)
    changed = sitemap(followed.site, names).replace("</url>", "<lastmod>2026-11-02</lastmod></url>")
    pages |= {"/map": page(changed, "text/xml"), "/bonn": page("", status=410)}
    del pages["/aden"]
    asked = list[str]()
    for _ in range(4 * 24):
        followed.look()
        asked += followed.site.asked
    assert (followed.files, followed.report.failed) == ([], ())
    assert len(followed.report.withdrawn) == 2
    assert max(asked.count(f"/{name}") for name in names) <= 5


def test_a_page_that_is_gone_and_comes_back(followed: Followed) -> None:
    serve(followed, "aden", "bonn")
    followed.site.pages["/feed"] = page(rss(followed.site, ["aden", "bonn"]), RSS)
    of(followed, "feed")
    followed.look()
    followed.site.pages["/aden"] = page("", status=410)
    assert followed.look(86_400)
    assert followed.files == ["news-of-bonn"]
    serve(followed, "aden")
    assert followed.look(86_400)
    assert (followed.files, followed.report.withdrawn) == (["news-of-aden", "news-of-bonn"], ())


def test_a_part_of_a_list_is_another_source(followed: Followed) -> None:
    serve(followed, "aden", "bonn")
    root = followed.site.root
    parts = "".join(f"<sitemap><loc>{root}/{name}</loc></sitemap>" for name in "ab")
    followed.site.pages["/map"] = page(f"<sitemapindex>{parts}</sitemapindex>", "text/xml")
    lists(followed, "a", "aden")
    lists(followed, "b", "bonn")
    of(followed, "map")
    followed.look()
    followed.follow(f'[part]\nurl = "{root}/a"\n')
    for _ in range(3):
        followed.look()
    # What a source that is taken out has brought stays.
    assert "news-of-bonn" in followed.files
    assert len(articles_left(followed.seeds, followed.data)) == 1


def test_a_source_that_is_taken_out_is_named_as_long_as_its_articles_are_there(
    followed: Followed,
) -> None:
    serve(followed, "aden", "bonn")
    root = followed.site.root
    one, other = (f'[{name}]\naddresses = ["{root}/{name}"]\n' for name in ("aden", "bonn"))
    followed.follow(one + other)
    followed.look()
    # An entry that cannot be read is none that was taken out.
    followed.follow(one + other.replace("addresses", "adresses"))
    assert not followed.look()
    assert articles_left(followed.seeds, followed.data) == []
    followed.follow(one)
    assert not followed.look()
    (sentence,) = articles_left(followed.seeds, followed.data)
    folder = followed.seeds / "feeds" / "bonn"
    assert f"no bonn any more; its articles in {folder} are quoted" in sentence
    assert followed.files == ["news-of-aden", "news-of-bonn"]
    # If it comes back it goes on.
    followed.follow(one + other)
    assert not followed.look()
    assert followed.site.asked == []
    followed.follow(one)
    shutil.rmtree(folder)
    assert articles_left(followed.seeds, followed.data) == []
    followed.look(86_400)
    assert read_state(followed.data).sources.keys() == {"aden"}


def test_an_article_whose_file_is_deleted_stays_away_and_a_whole_folder_does_not(
    followed: Followed,
) -> None:
    serve(followed, "aden", "bonn")
    followed.site.pages["/feed"] = page(rss(followed.site, ["aden", "bonn"]), RSS)
    of(followed, "feed")
    followed.look()
    next((followed.seeds / "feeds" / "news").glob("*aden*")).unlink()
    followed.site.pages["/aden"] = page(article("aden").replace("Tuesday", "Monday"))
    assert not followed.look(86_400)
    assert followed.files == ["news-of-bonn"]
    shutil.rmtree(followed.seeds / "feeds" / "news")
    assert followed.look(60)
    assert followed.files == ["news-of-aden", "news-of-bonn"]


def test_an_article_keeps_its_file_where_all_that_is_known_is_lost(followed: Followed) -> None:
    serve(followed, "aden")
    followed.site.pages["/feed"] = page(rss(followed.site, ["aden"]), RSS)
    of(followed, "feed")
    followed.look()
    (followed.data / FEEDS_STATE).unlink()
    followed.site.pages["/aden"] = page(article("aden").replace("News of", "All about"))
    assert followed.look()
    assert followed.files == ["news-of-aden"]


def test_what_could_not_be_written_is_fetched_again(
    followed: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(followed, "bonn")
    followed.site.pages["/aden"] = unless_had(ETAG, article("aden"))
    followed.site.pages["/feed"] = page(rss(followed.site, ["bonn", "aden"]), RSS)
    of(followed, "feed")

    def full(file: Path, text: str) -> None:
        if "aden" in file.name:
            raise CorpusError("The disk is full.")
        write_article(file, text)

    with monkeypatch.context() as patched:
        patched.setattr(follow, "write_article", full)
        with pytest.raises(CorpusError):
            followed.look()
    assert followed.files == ["news-of-bonn"]
    assert followed.look(86_400)
    assert followed.files == ["news-of-aden", "news-of-bonn"]


def test_nothing_is_fetched_that_could_not_be_remembered(followed: Followed) -> None:
    serve(followed, "aden")
    followed.site.pages["/feed"] = page(rss(followed.site, ["aden"]), RSS)
    of(followed, "feed")
    (followed.data / FEEDS_STATE).mkdir(parents=True)  # Nothing can be written there.
    with pytest.raises(CorpusError):
        followed.look()
    assert followed.site.asked == []


def test_a_page_that_leads_to_the_front_page_is_one_that_is_missing(followed: Followed) -> None:
    serve(followed, "", "aden", "bonn")
    followed.site.pages["/feed"] = page(rss(followed.site, ["aden", "bonn"]), RSS)
    of(followed, "feed")
    followed.look()
    followed.site.pages["/aden"] = to(f"{followed.site.root}/")
    assert [followed.look(86_400) for _ in range(2)] == [False, True]
    assert followed.files == ["news-of-bonn"]


def test_the_front_page_may_be_named_otherwise(followed: Followed) -> None:
    serve(followed, "")
    followed.site.pages["/home"] = to(f"{followed.site.root}/")
    followed.follow(f'[news]\naddresses = ["{followed.site.root}/home"]\n')
    assert [followed.look(86_400) for _ in range(3)] == [True, False, False]
    assert followed.files == ["news-of"]


def test_articles_that_always_say_that_they_have_changed_keep_none_of_the_others_out(
    followed: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "MAX_VISITS", 2)
    names = ["aden", "bonn", "cork", "davos"]
    serve(followed, *names)
    of(followed, "map")
    for day in range(1, 3):
        listed = sitemap(followed.site, names).replace(
            "</url>", f"<lastmod>2026-11-0{day}</lastmod></url>"
        )
        followed.site.pages["/map"] = page(listed, "text/xml")
        followed.look()
    assert followed.files == [f"news-of-{name}" for name in names]
