"""A quote from a PDF names its page, and its link opens it there."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from retrieval.formats.file_text import read
from retrieval.formats.page_text import unwrapped
from retrieval.models import Quote, Source
from retrieval.quotes.quoting import present, quote_of, verified

from ..pdfs import pdf

PAGES = (
    ["The council met on Tuesday and approved the budget for the year."],
    ["The mayor opened the new bridge across the river on Friday."],
    ["Der Rat der Gemeinde beschloss den Umbau des Rathauses am Markt."],
)


def quoted_from(folder: Path, words: str, url: str | None, original: bool = False) -> Quote:
    data = pdf(PAGES)
    (folder / "a.pdf").write_bytes(data)
    text = read(data, ".pdf").text
    sha256 = hashlib.sha256(data).hexdigest()
    source = Source("a.pdf", sha256, "A", "en", url=url, original=original)
    start = text.index(words)
    return quote_of(source, start, words, (start, start + len(words)))


@pytest.mark.parametrize(("words", "page"), [(lines[0], n) for n, lines in enumerate(PAGES, 1)])
def test_a_quote_has_the_page_that_its_words_stand_on(
    tmp_path: Path, words: str, page: int
) -> None:
    quote = verified(tmp_path, quoted_from(tmp_path, words, "https://a.example/minutes.PDF?v=2"))
    assert quote
    assert quote.page == page
    assert quote.link == f"https://a.example/minutes.PDF?v=2#page={page}"
    again = present(tmp_path, quote)
    assert again
    assert again[1].page == page


def test_an_address_that_may_be_a_page_about_the_file_opens_at_the_words_too(
    tmp_path: Path,
) -> None:
    (words,) = PAGES[1]
    quote = verified(tmp_path, quoted_from(tmp_path, words, "https://a.example/minutes/7"))
    assert quote
    assert (quote.link or "").startswith("https://a.example/minutes/7#page=2:~:text=")
    translated = verified(
        tmp_path, quoted_from(tmp_path, words, "https://a.example/a.pdf", original=True)
    )
    assert translated
    assert (translated.page, translated.link) == (2, "https://a.example/a.pdf")
    unpublished = verified(tmp_path, quoted_from(tmp_path, words, None))
    assert unpublished
    assert (unpublished.page, unpublished.link) == (2, None)


def test_a_page_may_begin_within_a_paragraph_a_divided_word_or_nowhere() -> None:
    text, starts = unwrapped(
        [
            ["The council of the town met on Tuesday eve-"],
            ["ning and approved the budget for the year."],
            [],
            ["Bürgermeisterin Söhnlein sprach über die Hoch\xad"],
            ["wasserhilfe und den Umbau der Schule."],
        ]
    )
    assert "Tuesday evening and" in text
    assert "Hochwasserhilfe" in text
    marks = ("The", "ning", "Bürger", "wasser")
    assert [starts[number] for number in (0, 1, 3, 4)] == [text.index(mark) for mark in marks]
