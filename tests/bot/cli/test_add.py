"""`passage add URL`, from a website on this machine."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path

import pytest

import retrieval
from bot.cli.app import main
from bot.cli.json_output import print_json
from retrieval import Library, StoreError
from retrieval.articles import fetch
from retrieval.articles.add import add
from retrieval.errors import FetchError
from tests.retrieval.formats.test_file_text import PAGE
from tests.retrieval.website import Website, page

pytestmark = pytest.mark.usefixtures("loaded_once", "own_seeds")


def test_an_article_is_fetched_stored_and_indexed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Website().open() as site:
        site.pages["/council"] = page(PAGE)
        fetching = partial(fetch.fetch, way=site.way())
        monkeypatch.setattr(retrieval, "add", partial(add, fetch=fetching))
        url = f"{site.root}/council"
        assert main(["add", url, "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert said.pop("reload")["added"] == ["council-approves-the-budget.md"]
        assert said == {
            "article": "council-approves-the-budget.md",
            "title": "Council approves the budget",
            "language": "en",
            "date": "2024-05-01",
            "url": url,
        }
        assert main(["add", url]) == 0
        out = capsys.readouterr().out
        assert "Council approves the budget\nEnglish · 1 May 2024 · localhost" in out
        assert "Replaced council-approves-the-budget.md." in out


@pytest.mark.parametrize("as_json", [False, True])
def test_an_article_stays_where_the_index_fails_and_the_operator_is_told(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    as_json: bool,
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise StoreError("The disk is full.")

    with Website().open() as site:
        site.pages["/council"] = page(PAGE)
        fetching = partial(fetch.fetch, way=site.way())
        monkeypatch.setattr(retrieval, "add", partial(add, fetch=fetching))
        monkeypatch.setattr(Library, "reload", fail)
        assert main(["add", f"{site.root}/council", *(["--json"] if as_json else [])]) == 1
    out, err = capsys.readouterr()
    assert err == (
        "The article is stored as council-approves-the-budget.md, but not in the index yet; "
        "once this is put right, run `passage reload`: The disk is full.\n"
    )
    assert ("Stored as council-approves-the-budget.md." in out) != as_json
    assert [file.name for file in (tmp_path / "seeds").iterdir()] == [
        "council-approves-the-budget.md"
    ]


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("https://127.0.0.1/", "127.0.0.1 is not a public address, so it is not fetched."),
        ("http://news.example/", "http://news.example/ is not an https address."),
    ],
)
def test_errors_are_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, url: str, sentence: str
) -> None:
    assert main(["add", url]) == 1
    out, err = capsys.readouterr()
    assert (out, err) == ("", sentence + "\n")
    assert list((tmp_path / "seeds").iterdir()) == []


def test_escape_codes_of_a_server_do_not_reach_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(url: str) -> None:
        raise FetchError(f"{url} is \x1b]0;owned\x07\x1b[2Jtext/evil, not a page.")

    monkeypatch.setattr(retrieval, "add", partial(add, fetch=refuse))
    assert main(["add", "https://articles.example/"]) == 1
    said = capsys.readouterr().err
    assert "text/evil, not a page." in said
    assert not {"\x1b", "\x07"} & set(said)
    hostile = {"title": "a \x1b[2J \x9b2J \x7f \u202e \ud83c ä"}
    print_json(hostile)
    printed = capsys.readouterr().out
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", printed)
    assert json.loads(printed) == hostile
