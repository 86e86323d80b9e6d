"""`passage follow` and `passage feeds`, with a website on this machine."""

from __future__ import annotations

import io
import json
from functools import partial
from pathlib import Path

import pytest

import retrieval
from bot.cli.app import main
from retrieval.articles import fetch
from retrieval.feeds import entries, follow
from tests.retrieval.feeds.sources import article, rss
from tests.retrieval.website import Website, page

pytestmark = pytest.mark.usefixtures("loaded_once", "own_seeds")


def test_a_feed_is_followed_fetched_and_indexed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with Website().open() as site:
        site.pages |= {
            "/feed": page(rss(site, ["aden"]), "text/xml"),
            "/aden": page(article("aden")),
        }
        looking = partial(follow.follow_feeds, way=site.way(), sleep=lambda seconds: None)
        monkeypatch.setattr(retrieval, "follow_feeds", looking)
        # An address of this machine is for the tests alone.
        monkeypatch.setattr(entries, "checked", partial(fetch.checked, way=site.way()))
        assert main(["follow", f"{site.root}/feed", "--name", "News"]) == 0
        out = capsys.readouterr().out
        assert f"news  {site.root}/feed\n" in out
        assert "1 article, 1 new, 0 failed" in out
        assert main(["feeds", "--json"]) == 0
        (report,) = json.loads(capsys.readouterr().out)
        assert list(report) == [
            "name", "url", "fetched", "failure", "note", "new", "articles", "failed", "withdrawn",
            "trouble", "troubles",
        ]  # fmt: skip
        assert main(["ask", "--json", "Where did the council of Aden meet on Tuesday?"]) == 0
        assert json.loads(capsys.readouterr().out)["answered"]
        site.pages["/feed"] = page("", status=503)
        assert main(["feeds", "--fetch"]) == 0
        assert "the server says 503" in capsys.readouterr().out
        assert main(["follow", f"{site.root}/none"]) == 0
        assert "  never fetched: 0 articles" in capsys.readouterr().out
        (tmp_path / "seeds" / "feeds.toml").unlink()
        assert main(["feeds", "--json"]) == 0
        captured = capsys.readouterr()
        assert json.loads(captured.out) == []
        assert "feeds.toml has no news any more; its articles in " in captured.err


def test_addresses_come_from_stdin(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(retrieval, "follow_feeds", lambda *args, **options: False)
    monkeypatch.setattr("sys.stdin", io.StringIO("https://a.example/1\nhttps://a.example/2\n"))
    assert main(["follow", "-"]) == 0
    assert "a-example  a list of addresses\n  not fetched yet" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main(["follow", "-"]) == 1
    assert main(["follow", "http://a.example/"]) == 1
    assert main(["follow", "https://127.0.0.1/"]) == 1
    assert capsys.readouterr().err == (
        "There is no address on stdin.\nhttp://a.example/ is not an https address.\n"
        "127.0.0.1 is not a public address, so it is not fetched.\n"
    )
    assert "127" not in (tmp_path / "seeds" / "feeds.toml").read_text("utf-8")
    (tmp_path / "seeds" / "feeds.toml").write_text("[a]\n", "utf-8")
    assert main(["feeds"]) == 1
    captured = capsys.readouterr()
    assert captured.err == "feeds.toml, a: it needs either url or addresses.\n"
    assert "No source is followed" in captured.out
