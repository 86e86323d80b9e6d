"""Pages and PDFs: their text, what they say of themselves, and those made to do harm."""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.answer.context import context
from retrieval.articles.passages import passages
from retrieval.articles.scan import scan
from retrieval.formats import file_text
from retrieval.formats.file_text import Extractor, read
from retrieval.formats.page_text import unwrapped
from retrieval.quotes.quoting import indexed_content, verified
from retrieval.reports import Note
from tests.conftest import Folder
from tests.retrieval.pdfs import pdf
from tests.retrieval.quote_checks import quote_of
from tests.waiting import PATIENCE

FIRST = "The council met on Tuesday and approved the budget for the coming year, by nine to two."
SECOND = "Mayor Anna Weber said that the new library would open in the spring of next year."
JUNK = "Buy our wonderful shoes today, the best that you can buy anywhere in town."
PAGE = f"""<!doctype html><html lang="en-GB"><head><meta charset="utf-8">
<title>Council approves the budget - The Daily</title>
<meta property="article:published_time" content="2024-05-01T10:00:00Z">
<link rel="canonical" href="https://news.example/council"></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/s">Sport of today</a></li></ul></nav>
<article><h1>Council approves the budget</h1><p>{FIRST[:30]}<b>{FIRST[30:40]}</b>
{FIRST[40:]}</p><div class="advertisement">{JUNK}</div><h2>What comes next for the town</h2>
<p>{SECOND}</p></article><div id="comments"><p>{JUNK}</p></div></body></html>"""
LINES = ["Council approves the budget", FIRST[:43], FIRST[44:], SECOND[:42], SECOND[43:]]


def test_a_page_is_its_main_text() -> None:
    found = read(PAGE.encode(), ".HTML")
    flat = " ".join(found.text.split())
    assert found.text.startswith("# Council approves the budget\n\nThe council met")
    assert "\n\n## What comes next for the town\n\n" in found.text
    assert FIRST in flat
    assert found.text.endswith(SECOND)
    assert "Sport" not in flat
    assert JUNK not in flat
    assert found.encoding is None
    assert (found.title, found.date) == ("Council approves the budget", "2024-05-01")
    assert (found.url, found.language) == ("https://news.example/council", "en-GB")


def test_a_page_in_another_encoding() -> None:
    page = PAGE.replace("utf-8", "windows-1251").replace(SECOND, "Мэр открыла библиотеку вчера.")
    found = read(page.encode("cp1251"), ".html")
    assert "Мэр открыла библиотеку вчера." in found.text
    assert found.encoding == "windows-1251"


def test_the_cells_of_a_layout_are_paragraphs() -> None:
    page = f"<html><body><table><tr><td></td><td>{FIRST}<br><br>{SECOND}</td></tr></table>"
    assert read(page.encode(), ".html").text == f"{FIRST}\n\n{SECOND}"


def test_the_same_page_gives_the_same_text() -> None:
    with Extractor() as extractor:
        first = extractor("html", PAGE.encode())
        extractor("html", PAGE.replace("Tuesday", "Monday").encode())
        assert extractor("html", PAGE.encode()) == first
    with Extractor() as extractor:
        assert extractor("html", PAGE.encode()) == first


def test_a_pdf_is_its_text_layer() -> None:
    said = "/Title (The budget) /CreationDate (D:20240501100000Z)"
    found = read(pdf([LINES], said, "/Lang (en-GB)"), ".pdf")
    assert found.text.startswith("Council approves the budget\n\nThe council met")
    assert FIRST in found.text
    assert SECOND in found.text
    assert (found.title, found.date, found.language) == ("The budget", "2024-05-01", "en-GB")
    assert read(pdf([LINES], "/Title (Microsoft Word - a.docx)"), ".pdf").title is None


def test_lines_become_paragraphs_again() -> None:
    page = ["The mayor wel-", "comed the well-", "known guests.", "", "Page 1"]
    other = ["All are well-known in the", "town and be\ufb01t it.", "", "The end."]
    third = ["• One", "• Two"]
    found, _ = unwrapped((page, other, third))
    assert found.split("\n\n") == [
        "The mayor welcomed the well-known guests.",
        "Page 1",
        "All are well-known in the town and befit it.",
        "The end.",
        "• One",
        "• Two",
    ]


@pytest.mark.parametrize(
    ("data", "suffix", "reason"),
    [
        (b"", ".pdf", "empty"),
        (b"%PDF-1.4 and nothing else", ".pdf", "broken"),
        (pdf([[]]), ".pdf", "no text layer"),
        (pdf([LINES], trailer="/Encrypt << /Filter /Standard /V 2 >>"), ".pdf", "encrypted"),
        (pdf([[]] * 1001), ".pdf", "more than 1000 pages"),
        (b"x" * 5_000_001, ".txt", "larger than 5 MB"),
        (b"<html><body></body></html>", ".html", "no main text|not HTML"),
        (b"<div>" * 200_000 + FIRST.encode(), ".html", "not HTML|no main text"),
        (b"\x00\x01\x02" * 99, ".html", "not text"),
    ],
)
def test_files_without_text(data: bytes, suffix: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read(data, suffix)


def test_a_file_that_takes_too_long_is_left_and_the_next_is_read() -> None:
    slow = b"<p>" + b"abc<br>" * 400_000
    with Extractor(seconds=1.0) as extractor:
        with pytest.raises(ValueError, match="longer than 1 s"):
            extractor("html", slow)
        assert extractor._process is None, "it is still at the file"
        extractor._seconds = PATIENCE
        assert "Council" in extractor("html", PAGE.encode())["title"]


def test_a_pdf_that_would_fill_the_memory() -> None:
    bomb = zlib.compress(b" " * 400_000_000, 1)
    made = pdf([LINES])
    stream = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (len(bomb), bomb)
    start, end = made.index(b"5 0 obj\n") + 8, made.index(b"\nendobj", made.index(b"5 0 obj"))
    with pytest.raises(ValueError, match=r"it is|it takes|it has"):
        read(made[:start] + stream + made[end:], ".pdf")


def test_a_reader_that_breaks_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_text, "EXTRACTION", "retrieval.nowhere")
    with Extractor() as extractor, pytest.raises(ValueError, match="broke down"):
        extractor("html", PAGE.encode())


def test_quotes_of_all_formats_are_verified(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    german = "Der Rat beschloß gestern den Haushalt für das nächste Jahr."
    made = folder({"a.html": PAGE, "b.pdf": pdf([LINES]), "c.txt": german.encode("latin-1")})
    found = scan(made)
    assert not found.failed
    assert found.notes == (Note("c.txt", "read as Windows-1252"),)
    quotes = [quote_of(passage) for article in found.articles for passage in passages(article)]
    assert {quote.article for quote in quotes} == {"a.html", "b.pdf", "c.txt"}
    for name in ("a.html", "b.pdf"):
        read((made / name).read_bytes(), Path(name).suffix)
    monkeypatch.setattr(Extractor, "_start", lambda self: pytest.fail("read before"))
    for quote in quotes:
        content = indexed_content(made, quote.article, quote.sha256)
        assert content is not None
        assert content.text[quote.start : quote.end] == quote.text
        assert verified(made, quote) is not None
        assert context(made, quote) is not None
        aside = replace(quote, text="x" * len(quote.text))
        assert verified(made, aside) is None
    (made / "a.html").write_text(PAGE.replace("Tuesday", "Monday"))
    assert verified(made, next(q for q in quotes if q.article == "a.html")) is None


def test_what_was_used_last_is_kept() -> None:
    kept = file_text._Kept(most=8)
    for number in (1, 2, 1, 3):
        kept.get((".html", str(number)), lambda: file_text.Content("word"))
    assert [key[1] for key in kept._contents] == ["1", "3"]


def test_what_is_kept_is_bounded() -> None:
    kept = file_text._Kept(most=10)
    for number in range(5):
        kept.get((".html", str(number)), lambda: file_text.Content("word"))
    made: list[int] = []
    kept.get((".html", "4"), lambda: made.append(4) or file_text.Content("word"))
    kept.get((".html", "0"), lambda: made.append(0) or file_text.Content("word"))
    assert made == [0]


def test_what_is_said_beside_goes_before_a_pages_own_head(folder: Folder) -> None:
    sources = '["a.html"]\ntitle = "Listed"\n'
    source = scan(folder({"a.html": PAGE, "sources.toml": sources})).articles[0].source
    assert (source.title, source.date, source.language) == ("Listed", "2024-05-01", "en")
