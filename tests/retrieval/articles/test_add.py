"""An article from an address: what is stored, where, and what is never overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval import CorpusError, FetchError
from retrieval.articles.add import Added, add
from retrieval.articles.fetch import Fetched
from retrieval.articles.scan import scan
from tests.conftest import Folder
from tests.retrieval.formats.test_file_text import FIRST, LINES, PAGE, SECOND
from tests.retrieval.pdfs import pdf

URL = "https://news.example/2024/council?from=feed"


def put(folder: Path, data: str | bytes, suffix: str = ".html", url: str = URL) -> Added:
    came = data.encode() if isinstance(data, str) else data
    return add(folder, url, lambda asked: Fetched(asked, suffix, None, came))


def test_a_page_becomes_markdown_with_front_matter(folder: Folder) -> None:
    made = folder({})
    added = put(made, PAGE)
    assert not added.replaced
    assert added.source.path == "council-approves-the-budget.md"
    text = (made / added.source.path).read_text("utf-8")
    assert text.startswith(
        "---\ntitle: Council approves the budget\ndate: '2024-05-01'\n"
        "url: https://news.example/council\nlanguage: en\n---\n\n# Council approves"
    )
    assert text.endswith(f"\n\n{SECOND}\n")
    (article,) = scan(made).articles
    assert article.source == added.source
    assert FIRST in article.text


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (pdf([LINES]), ".pdf"),
        (f"Council approves the budget\r\n\r\n{FIRST}", ".txt"),
        (f"---\ntitle: Council approves the budget\n---\n{FIRST}", ".md"),
    ],
)
def test_other_kinds(folder: Folder, data: str | bytes, suffix: str) -> None:
    made = folder({})
    source = put(made, data, suffix).source
    assert (source.title, source.url) == ("Council approves the budget", URL)
    (article,) = scan(made).articles
    assert article.source == source
    assert FIRST in article.text
    assert article.text.count("---\n") == 2


def test_the_same_address_is_replaced_and_another_is_not(folder: Folder) -> None:
    made = folder({"council-approves-the-budget.md": FIRST})
    first = put(made, PAGE)
    assert (first.source.path, first.replaced) == ("council-approves-the-budget-2.md", False)
    again = put(made, PAGE.replace("Tuesday", "Monday"))
    assert (again.source.path, again.replaced) == (first.source.path, True)
    assert "Monday" in (made / again.source.path).read_text("utf-8")
    other = put(made, PAGE.replace("example/council", "example/other"), url=URL + "&b=1")
    assert (other.source.path, other.replaced) == ("council-approves-the-budget-3.md", False)
    assert (made / "council-approves-the-budget.md").read_text("utf-8") == FIRST
    assert not list(made.glob(".*"))


def test_an_article_that_is_there_as_another_file(folder: Folder) -> None:
    made = folder({"a.txt": f"{FIRST}\nSource: https://news.example/council"})
    with pytest.raises(CorpusError, match=r"already, as a\.txt"):
        put(made, PAGE)


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("../../etc/passwd", "etc-passwd.md"),
        ("Große Ämter: „Đại hội“ 2024", "grosse-amter-dai-hoi-2024.md"),
        ("word " * 40, "word-word-word-word-word-word-word-word-word-word-word-word.md"),
        ("x" * 300, "x" * 60 + ".md"),
    ],
)
def test_names_are_safe(folder: Folder, title: str, path: str) -> None:
    made = folder({})
    assert put(made, f"---\ntitle: '{title}'\n---\n{FIRST}", ".md").source.path == path
    assert [file.name for file in made.iterdir()] == [path]


def test_a_title_without_latin_letters(folder: Folder) -> None:
    path = put(folder({}), f"---\ntitle: 市议会\n---\n{FIRST}", ".md").source.path
    assert path.startswith("article-")


def test_a_page_calls_only_its_own_host_its_own(folder: Folder) -> None:
    page = PAGE.replace("https://news.example/council", "https://other.example/council")
    assert put(folder({}), page).source.url == URL


def test_what_cannot_be_added(folder: Folder) -> None:
    made = folder({})
    with pytest.raises(FetchError, match=r"cannot be added: .*\.$"):
        put(made, "<html><body></body></html>")
    with pytest.raises(CorpusError, match="PASSAGE_SEEDS_DIR"):
        put(made / "missing", PAGE)
    assert list(made.iterdir()) == []
