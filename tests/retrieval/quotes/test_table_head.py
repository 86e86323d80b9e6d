"""Rows of a table are quoted with the row that names their columns: two spans, both the file's."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.articles.plain_view import plain
from retrieval.articles.scan import scan
from retrieval.articles.tables import table_head
from retrieval.formats.file_text import read
from retrieval.models import Quote
from retrieval.quotes.quoting import present, quote_of, shown_head, verified

from ..documents import document

TABLES = {
    "en": (["Pool", "Opens", "Adults", "Children"], "Ashmere"),
    "de": (["Bad", "Öffnet am", "Erwachsene", "Kinder"], "Grünau"),
    "vi": (["Hồ bơi", "Mở cửa", "Người lớn", "Trẻ em"], "Bắc Sơn"),
}


def rows_of(language: str) -> list[list[str]]:
    head, name = TABLES[language]
    return [head, *([f"{name} {n}", f"{n} May 2024", f"{n}.50", f"{n}.00"] for n in range(1, 31))]


def markdown(rows: list[list[str]]) -> bytes:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    table = "\n".join([lines[0], "|---|---|---|---|", *lines[1:]])
    return (
        f"# Prices\n\nThese are the prices of this summer.\n\n{table}\n\nThe end is near.".encode()
    )


def page(rows: list[list[str]]) -> bytes:
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    text = "<p>These are the prices of this summer, as the district office said on Monday.</p>"
    return f"<html><body><main><h1>Prices</h1>{text * 3}<table>{cells}</table></main>".encode()


def word(rows: list[list[str]]) -> bytes:
    return document(".docx", ["# Prices", "These are the prices of this summer.", rows], "Prices")


def tags(rows: list[list[str]]) -> bytes:
    """Rows in tags of HTML within Markdown, as exporters write them: the first in one line."""
    first = "".join(f"<th>{cell}</th>" for cell in rows[0])
    lines = [["  <tr>", *(f"    <td>{cell}</td>" for cell in row), "  </tr>"] for row in rows[1:]]
    below = "\n".join(line for row in lines for line in row)
    table = (
        f"<table class='p'>\n<thead><tr>{first}</tr></thead>\n\n<tbody>\n{below}\n</tbody></table>"
    )
    return f"# Prices\n\n{table}\n\nThe bar opens late.\n".encode()


FILES = {".md": markdown, ".markdown": tags, ".html": page, ".docx": word}


def last_rows(folder: Path, suffix: str, language: str) -> tuple[Quote, str]:
    """The quote of a table's last passage, as an index has it, and the text of its file."""
    data = FILES[suffix](rows_of(language))
    path = f"prices{suffix}"
    (folder / path).write_bytes(data)
    (parsed,) = scan(folder, whole=True).files
    passage = next(each for each in reversed(parsed.passages) if "30 May" in each.text)
    quote = quote_of(passage.source, passage.start, passage.text, passage.sentences[-1])
    return quote, read(data, suffix).text


@pytest.mark.parametrize("language", TABLES)
@pytest.mark.parametrize("suffix", FILES)
def test_rows_have_the_head_of_their_table(tmp_path: Path, suffix: str, language: str) -> None:
    quote, text = last_rows(tmp_path, suffix, language)
    head, name = TABLES[language]
    found = verified(tmp_path, quote)
    assert found is not None
    assert plain(found.text, found.article).strip("| ").startswith(name)
    assert found.head is not None
    assert text[found.head.start : found.head.end] == found.head.text
    assert shown_head(found) == f"{' | '.join(head)}\n…\n"
    assert (found.start, found.end, found.text) == (quote.start, quote.end, quote.text)


def test_a_head_that_has_moved_is_the_head_of_now(tmp_path: Path) -> None:
    quote, _ = last_rows(tmp_path, ".md", "en")
    file = tmp_path / "prices.md"
    file.write_text("One more line.\n\n" + file.read_text().replace("Children", "Under 12"))
    assert verified(tmp_path, quote) is None
    again = present(tmp_path, quote)
    assert again is not None
    text, moved = again
    assert moved.head is not None
    assert text[moved.head.start : moved.head.end] == moved.head.text
    assert "Under 12" in moved.head.text


def test_a_quote_with_the_head_in_it_or_of_prose_has_none() -> None:
    text = "Prices of 2024 | 2025:\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\nIt | is prose."
    assert table_head(text, text.index("| 1")) == (text.index("| A"), text.index("| A") + 9)
    assert table_head(text, text.index("| A")) is None
    assert table_head(text, text.index("It")) is None
    assert table_head(text, 0) is None
    assert table_head(text, len(text)) is None


def test_a_head_that_is_too_long_to_quote_is_not_shown() -> None:
    text = f"| {'a' * 300} | {'b' * 300} |\n| 1 | 2 |"
    assert table_head(text, text.index("| 1")) is None


@pytest.mark.parametrize("sign", ["-", "="])
def test_a_drawn_rule_is_no_head(sign: str) -> None:
    rule = f"{sign * 7}  {sign * 5}"
    text = f"{rule}\nName     Place\n{rule}\nAnna     Rome\nBert     Bonn\nCharles  Cork\n"
    span = table_head(text, text.index("Bert"))
    assert span is None or text[slice(*span)] == "Name     Place"


def test_letters_that_are_longer_in_lower_case_move_no_head() -> None:
    text = "İzmir " * 40 + "\n\n<table><tr><td>Who</td></tr>\n<tr><td>All</td></tr></table>"
    head = text.index("<tr>")
    assert table_head(text, text.rindex("<tr>")) == (head, text.index("\n<tr>"))
