"""`python -m bench.file_ways`: the same articles as files of all kinds, and what is read of them.

Thirty articles are written in every way below. Of each file its passages and meetings are compared
with those of the plain original, by their words: without markup, in one Unicode form. Printed is a
table of how many files of each way give the same; with `--differences` how the others differ.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import textwrap
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from retrieval.articles.file_reader import FileReader, FileToRead, ParsedFile
from retrieval.articles.paragraphs import paragraphs
from retrieval.articles.plain_view import plain
from retrieval.articles.scan import scan
from retrieval.models import Kind
from retrieval.reports import Failure
from tests.retrieval.documents import document
from tests.retrieval.pdfs import Placed, placed

ROOT = Path(__file__).parent.parent
FOLDERS = (
    ROOT / "seeds",
    *(ROOT / "bench" / "data" / name / "articles" for name in ("village", "handbook")),
    *(ROOT / "tests" / "data" / "meetings" / name for name in "abcde"),
)
ARTICLES = 30

Lines = Sequence[str]
"""An article's paragraphs; the first is its title."""

Writer = Callable[[Lines], bytes]


def _plain(lines: Lines) -> str:
    return "\n\n".join(lines)


def _front_matter(head: str) -> Writer:
    def written(lines: Lines) -> bytes:
        return (
            head.format(title=json.dumps(lines[0], ensure_ascii=False)) + _plain(lines)
        ).encode()

    return written


def _encoded(encoding: str) -> Writer:
    return lambda lines: _plain(lines).encode(encoding)


def _respelled(change: Callable[[str], str]) -> Writer:
    return lambda lines: change(_plain(lines)).encode()


def _wrapped(width: int, between: str) -> Writer:
    return lambda lines: between.join(textwrap.fill(line, width) for line in lines).encode()


def _soft_hyphens(text: str) -> str:
    """With a soft hyphen within each long word."""
    words = text.split(" ")
    return " ".join(f"{w[:5]}\xad{w[5:]}" if len(w) > 9 and w.isalpha() else w for w in words)


def _page(lines: Lines) -> bytes:
    body = "".join(f"<p>{html.escape(line)}</p>\n" for line in lines[1:])
    title = html.escape(lines[0])
    page = "<!DOCTYPE html><html><head><title>{0}</title></head><body><main><h1>{0}</h1>\n{1}"
    return (page.format(title, body) + "</main></body></html>").encode()


def _markdown(lines: Lines) -> bytes:
    def emphasised(line: str) -> str:
        first, gap, rest = line.partition(" ")
        return f"**{first}**{gap}{rest}" if first.isalpha() else line

    return "\n\n".join([f"# {lines[0]}", *map(emphasised, lines[1:])]).encode()


def _restructured(lines: Lines) -> bytes:
    title, *body = (re.sub(r"([\\*`|_]|^\W)", r"\\\1", line) for line in lines)
    return _plain([f"{title}\n{'=' * 2 * len(title)}", *body]).encode()


def _document(suffix: str) -> Writer:
    return lambda lines: document(suffix, [f"# {lines[0]}", *lines[1:]], lines[0], "", "")


def _pdf(columns: int) -> Writer:
    def written(lines: Lines) -> bytes:
        pages: list[list[Placed]] = [[]]
        column, y = 0, 760
        for line in lines:
            # The font has no other letters.
            text = line.encode("latin-1").decode("latin-1")
            for row in textwrap.wrap(text, 90 // columns):
                if y < 60:
                    column, y = (column + 1) % columns, 760
                    if not column:
                        pages.append([])
                pages[-1].append((row, 50 + 270 * column, y, 11))
                y -= 14
            y -= 7
        heads: Iterator[Placed] = (("The Gazette", 50, 810, 9) for _ in pages)
        return placed([[head, *page] for head, page in zip(heads, pages, strict=True)])

    return written


WRITERS: dict[str, tuple[str, Writer]] = {
    "UTF-8 with a mark": (".txt", _encoded("utf-8-sig")),
    "UTF-16": (".txt", _encoded("utf-16")),
    "Windows-1252": (".txt", _encoded("cp1252")),
    "encoded twice": (".txt", _respelled(lambda text: text.encode().decode("cp1252"))),
    "a damaged byte": (".txt", lambda lines: _plain(lines).encode() + b"\n\nThe \xe9nd."),
    "CR": (".txt", _respelled(lambda text: text.replace("\n", "\r"))),
    "U+2028": (".txt", _respelled(lambda text: text.replace("\n", "\u2028"))),
    "a line a paragraph": (".txt", _respelled(lambda text: text.replace("\n\n", "\n"))),
    "wrapped at 72": (".txt", _wrapped(72, "\n\n")),
    "wrapped at 72, no blank lines": (".txt", _wrapped(72, "\n")),
    "decomposed letters": (".txt", _respelled(lambda text: unicodedata.normalize("NFD", text))),
    "soft hyphens": (".txt", _respelled(_soft_hyphens)),
    "YAML": (".md", _front_matter("---\ntitle: {title}\n---\n\n")),
    "TOML": (".md", _front_matter("+++\ntitle = {title}\n+++\n\n")),
    "JSON": (".markdown", _front_matter('{{"title": {title}}}\n\n')),
    "Pelican": (".mkd", _front_matter("Title: {title}\nSlug: a\n\n")),
    "Markdown": (".md", _markdown),
    "reStructuredText": (".rst", _restructured),
    "HTML": (".html", _page),
    "XHTML": (".xhtml", _page),
    "Word": (".docx", _document(".docx")),
    "OpenDocument": (".odt", _document(".odt")),
    "EPUB": (".epub", _document(".epub")),
    "PDF": (".pdf", _pdf(1)),
    "PDF in two columns": (".pdf", _pdf(2)),
}
"""The ways to write an article: the ending of the file, and what makes it."""


def articles() -> Iterator[list[str]]:
    """The paragraphs of thirty articles, which have a title and at least three paragraphs."""
    count = 0
    for folder in FOLDERS:
        for article in scan(folder).articles if folder.is_dir() else ():
            spans = paragraphs(article.text, article.body)
            lines = [
                " ".join(plain(article.text[start:end], article.source.path).split())
                for start, end, _ in spans
            ]
            # A first line that is a sentence would be none as a heading.
            has_title = spans[0].kind is Kind.HEADING
            if has_title and len(lines) > 3 and count < ARTICLES:
                count += 1
                yield lines


def words(parsed: ParsedFile) -> tuple[set[str], set[tuple[object, ...]]]:
    """The passages and the meetings of a file, by their words."""
    path = parsed.article.source.path
    passages = {" ".join(plain(passage.text, path).split()) for passage in parsed.passages}
    meetings = {
        (meeting.date, meeting.end_date, meeting.place, meeting.chair)
        for meeting in parsed.meetings
    }
    return passages, meetings


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.file_ways")
    parser.add_argument("--differences", action="store_true", help="show how files differ")
    show = parser.parse_args().differences
    originals = list(articles())
    print(f"{len(originals)} articles\n\n| way | files | passages | same files | same meetings |")
    print("|---|---:|---:|---:|---:|")
    with FileReader() as reader:

        def read(data: bytes, suffix: str) -> ParsedFile | Failure:
            request = FileToRead(data, f"a{suffix}", {}, sha256(data).hexdigest())
            (parsed,) = reader.parse([request], whole=True)
            return parsed

        plain_ones = [read(_plain(lines).encode(), ".txt") for lines in originals]
        expected = [words(file) for file in plain_ones if isinstance(file, ParsedFile)]
        for name, (suffix, writer) in WRITERS.items():
            files = passages = same = meetings = expected_passages = 0
            for lines, (passages_of, meetings_of) in zip(originals, expected, strict=True):
                try:
                    data = writer(lines)
                except UnicodeError:
                    continue  # The encoding has not all of its letters.
                files, expected_passages = files + 1, expected_passages + len(passages_of)
                parsed = read(data, suffix)
                got_words = words(parsed) if isinstance(parsed, ParsedFile) else (set(), set())
                passages += len(passages_of & got_words[0])
                same += passages_of <= got_words[0]
                meetings += meetings_of == got_words[1]
                if show and (passages_of - got_words[0] or meetings_of != got_words[1]):
                    print(
                        name,
                        *(passages_of - got_words[0]),
                        "→",
                        *(got_words[0] - passages_of),
                        sep="\n  ",
                    )
                    print("  meetings", meetings_of, "→", got_words[1])
            print(f"| {name} | {files} | {passages}/{expected_passages} | {same} | {meetings} |")


if __name__ == "__main__":
    main()
