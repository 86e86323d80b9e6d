"""Text of any kind takes time in proportion to its length: four times the text, not sixteen times
the time. No clock is held against a limit; only two times are compared."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest

from retrieval.articles.metadata import of_bytes
from retrieval.articles.passages import passages
from retrieval.formats import web_page
from retrieval.formats.encodings import decode
from retrieval.formats.extraction import extract
from retrieval.formats.file_text import DOCUMENTS, declared_encoding, read
from retrieval.formats.front_matter import front_matter
from retrieval.formats.lenient_toml import parse_toml
from retrieval.formats.page_text import unwrapped
from retrieval.meetings.extract import extract_meetings
from retrieval.quotes.text_fragments import text_fragment

from ..documents import document
from ..pdfs import pdf

SMALL, TIMES = 1_500, 4
MOST, SPARE = 7, 0.03
"""The larger text may take so many times as long, and so many seconds more."""

PROSE = "The town has a new hall."
REPEATED = {
    "full stops": ".",
    "a letter": "a",
    "words without a full stop": "a ",
    "lines of a hyphen": "-\n",
    "lines of a letter": "a\n",
    "list items": "- a\n",
    "items that go on": "- a b\n  c\n",
    "quoted lines": "> a b\n",
    "fields": "A: b\n",
    "rows and rules": "| a |\n+---+\n",
    "rules": "+---+\n",
    "headings": "# a\n",
    "numbers of a list": "1. ",
    "initials": "A. B. C. ",
    "brackets": "(",
    "bars": "|",
    "quotation marks": '"',
    "quotation marks that open": "« ",
    "tabs": "\t",
    "carriage returns": "\r",
    "line separators": "\u2028",
    "soft hyphens": "\xad",
    "accents": "\u0301\u0323",
    "ideographic full stops": "。",
    "addresses": "https://",
    "credits": "Photo: ",
    "numbers": "12 ",
    "dates": "January 1, ",
    "days of May": "May 5 ",
    "days of Mai": "5. Mai ",
    "días de mayo": "5 de mayo ",
    "ngày": "ngày 5 tháng 5 ",
    "years": "2020 – 2021 ",
    "cities": "in Paris, London, Berlin, ",
    "reports": "The meeting was held on May 5, 2020 in Paris. ",
}


def _seconds(work: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    work(text)
    return time.process_time() - start


def _is_linear(work: Callable[[str], object], of_size: Callable[[int], str], size: int) -> bool:
    """Whether it is in one of three tries: something else may run beside one."""
    for _ in range(3):
        many = _seconds(work, of_size(size * TIMES))
        if many <= SPARE or many <= MOST * _seconds(work, of_size(size)) + SPARE:
            return True
    return False


def _read(text: str, language: str = "en") -> None:
    article = of_bytes(text.encode(), "article.txt")
    passages(article)
    source = dataclasses.replace(article.source, language=language)
    extract_meetings(dataclasses.replace(article, source=source))


@pytest.mark.parametrize("unit", REPEATED.values(), ids=REPEATED.keys())
@pytest.mark.parametrize(
    ("before", "language"), [("", "de"), ("It opened. ", "en")], ids=["alone", "in a line"]
)
def test_an_article_of_what_is_repeated(before: str, language: str, unit: str) -> None:
    read = partial(_read, language=language)
    read(PROSE)  # What is made once is made before.

    assert _is_linear(read, lambda size: f"{before}{unit * (size // len(unit))}x\n\n{PROSE}", SMALL)


@pytest.mark.parametrize("start", ["May", "2020", "Photo", "Comment", "Date:", "Tháng"])
def test_an_article_that_begins_with_a_word_and_many_spaces(start: str) -> None:
    _read(PROSE)

    assert _is_linear(_read, lambda size: f"{start}{' ' * size}x\n\n{PROSE}", SMALL // 3)


def test_tones_in_a_row_in_windows_1258() -> None:
    def read(text: str) -> None:
        with pytest.raises(ValueError, match=r"not text in any encoding|no prose"):
            of_bytes(text.encode("cp1258"), "article.txt")

    assert _is_linear(read, lambda size: "a" + "\u0301\u0323" * size, 10_000)


@pytest.mark.parametrize(
    "unit",
    [
        "Ã¼".encode(), "Ð“".encode() + b"\n", "ü".encode() + b"\xff", b"\xe9",
        b"<!--", b"<meta ", b"<a", b"&a", b"<?xml", b"<p>\xe9</p>", "漢".encode(),
    ],
)  # fmt: skip
def test_bytes_of_what_is_repeated(unit: bytes) -> None:
    def read(data: str) -> None:
        raw = data.encode("latin-1")
        declared_encoding(raw)
        for markup in (False, True):
            with suppress(ValueError):
                decode(raw, markup=markup)

    assert _is_linear(read, lambda size: (unit * (size // len(unit))).decode("latin-1"), 20_000)


@pytest.mark.parametrize("unit", ["a = 1\n", "[", '["a"]\n', "a = [\n", '"', 'a = """\n', "\r"])
def test_toml_of_what_is_repeated(unit: str) -> None:
    assert _is_linear(parse_toml, lambda size: unit * (size // len(unit)), SMALL)


@pytest.mark.parametrize(
    "unit", ["a: b\n", "a:\t\n", "- a\n", "{", "[", "\n", '"a": 1,\n', ".. a: b\n", "a: [\n"]
)
@pytest.mark.parametrize("mark", ["---\n", "+++\n", "{", "title: a\n", "<!--\n"])
def test_front_matter_of_what_is_repeated(mark: str, unit: str) -> None:
    assert _is_linear(
        front_matter, lambda size: f"{mark}{unit * (size // len(unit))}\n---\n+++\n-->", SMALL
    )


@pytest.mark.parametrize("unit", ["\u0301\u0323", "same words ", "漢字"])
def test_a_fragment_that_opens_a_page_at_the_last_of_its_words(unit: str) -> None:
    def link(text: str) -> None:
        text_fragment(text, len(text) - 40, len(text))

    assert _is_linear(link, lambda size: f"Words: {unit * (size // len(unit))}", 10_000)


@pytest.mark.parametrize(
    "mark", ["[[a", "{{ a ", "%% a", "==a ", "{%", "[a](", "> a\n", "`a", "<p>"]
)
def test_marks_of_markdown_that_are_repeated(mark: str) -> None:
    def read(text: str) -> None:
        passages(of_bytes(text.encode(), "a.md"))

    read(PROSE)
    assert _is_linear(read, lambda size: f"{mark * (size // len(mark))}x\n\n{PROSE}", SMALL)


@pytest.mark.parametrize(
    "unit",
    ["<p>a</p>", "<p>It is. ", "<li>a", "<h2>a</h2>", "<b>", "<q>a</q> ", "<math>", "<div>",
     "<table><tr><td>a</table>", "<dl><dt>a<dd>b</dl>", "<figure><figcaption>a</figure>"],
)  # fmt: skip
def test_elements_of_a_page_that_are_repeated(unit: str) -> None:
    def page(size: int) -> str:
        return f"<body><main><h1>Hall</h1><p>{PROSE}</p>{unit * (size // len(unit))}"

    web_page.html(page(SMALL))
    assert _is_linear(web_page.html, page, SMALL)


@pytest.mark.parametrize("unit", [".", "..... 1", ".....1"])
def test_dots_in_a_line_of_a_pdf(unit: str) -> None:
    def work(line: str) -> None:
        unwrapped([[line]], [[]])

    assert _is_linear(work, lambda size: unit * (size // len(unit)) + "x", SMALL)


@pytest.mark.parametrize("line", ["a", PROSE, "# A", "| a | b |"])
@pytest.mark.parametrize("suffix", [".docx", ".odt", ".epub", ".pdf"])
def test_lines_of_a_document_that_are_repeated(suffix: str, line: str) -> None:
    def of_size(size: int) -> str:
        lines = [line] * (size // 10)
        data = (
            document(suffix, lines, "A")
            if suffix in DOCUMENTS
            else pdf([lines[:40]] * (size // 400))
        )
        return data.decode("latin-1")

    def work(data: str) -> None:
        read(data.encode("latin-1"), suffix, extract)

    assert _is_linear(work, of_size, SMALL)
