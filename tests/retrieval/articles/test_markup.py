"""Markdown and tables: members see and follow the words, the quote is the file's."""

# ruff: noqa: E501 (texts)
from __future__ import annotations

import dataclasses

import pytest

from retrieval.articles.metadata import of_bytes
from retrieval.articles.passages import passages
from retrieval.articles.plain_view import as_published, plain
from retrieval.formats.file_text import Content, read
from retrieval.index.records import text_of
from retrieval.models import MAX_QUOTE, Kind
from retrieval.quotes.quoting import linked, shown
from tests.retrieval.quote_checks import quote_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("**LINZ** &mdash; Der [Stadtrat](https://a.example/t?x=1&y=2) tagte.", "LINZ — Der Stadtrat tagte."),
        ("El *pleno* aprobó el `plan`&nbsp;de __2024__\\.", "El pleno aprobó el plan de 2024."),
        ("Ngày[^1] mai[[3]](https://a.example/x) họp.^[ghi chú]", "Ngày mai họp."),
        ("See <https://a.example/b_c_d>, [A][ref] and ~~no~~ <b>yes</b>.", "See https://a.example/b_c_d, A and no yes."),
        ("It costs 5 * 3 euros, snake_case, a*, 2*3.", "It costs 5 * 3 euros, snake_case, a*, 2*3."),
        ("![Ảnh](a.jpg)Cầu {{< x >}}mở.", "Cầu mở."),
        ("[a (b)](https://a.example/c_(d)) [x] (y)", "a (b) [x] (y)"),
        ("Siehe [die\nSatzung](https://a.example/s) und [das\nBlatt](b.md\n'Titel').", "Siehe die\nSatzung und das\nBlatt."),
        ("Véase [el acta][acta\nde mayo] y [la [vieja] sede](s.md).", "Véase el acta y la [vieja] sede."),
        ("[![Bản tin](a.png)](https://a.example/t) Tin [![x][y] mới](b.md).", " Tin  mới."),
        ("Wrap it in `<p>` or ``<b>`x`</b>``, write `&lt;` and `[a](b)`.", "Wrap it in <p> or <b>`x`</b>, write &lt; and [a](b)."),
        ("`{{ name }}` wird zu *Ida*, ` *.txt ` bleibt.", "{{ name }} wird zu Ida, *.txt bleibt."),
        ("not` open, so `this [one](a.md)`s end [counts](b.md).", "not` open, so this [one](a.md)s end counts."),
        ("The `80s and the `90s, *both*.", "The `80s and the `90s, both."),
        ("Joined by `, ` or `` ` ``: `PDF`s.", "Joined by ,  or `: PDFs."),
        ("``Der Rat'' und ``der Plan''.", "``Der Rat'' und ``der Plan''."),
        ("Auf C:\\ und D:\\ liegt *alles*.", "Auf C:\\ und D:\\ liegt alles."),
        ("Bis 31.\\ März, 5\\ € \\ mehr.", "Bis 31. März, 5 € \\ mehr."),
        ("| `a \\| b` | c |", "| a | b | c |"),
        ("Ein [Satz\r\n\r\nund `noch\r\n\r\neiner` da](b.md).", "Ein [Satz\r\n\r\nund `noch\r\n\r\neiner` da."),
    ],
)  # fmt: skip
def test_words_without_markup(text: str, words: str) -> None:
    assert plain(text, "a.md") == words
    assert plain(text, "a.txt") == text


def test_what_has_no_words_for_readers_is_no_passage() -> None:
    badges = "[![Stand](https://a.example/s.svg)](https://a.example/s) ![Bild](b.png)"
    text = f"# Titel\n\n{badges}\n\nDer Rat hat am Montag getagt.\n\n- <b>:{{{{ a.name }}}}</b>\n- {{{{ b }}}}.\n"
    made = passages(of_bytes(text.encode(), "a.md"))
    assert [passage.text for passage in made] == ["Der Rat hat am Montag getagt."]


def test_marks_of_lines_are_not_shown_but_where_an_item_begins() -> None:
    text = "> - Bread\n> - Butter\n\n| A | B |\n|:--|---|\n| 1 | 2 |"
    assert as_published(text, "a.md") == "• Bread\n• Butter\n\nA | B\n1 | 2"
    assert as_published(text, "a.txt") == text
    assert plain("> Chạy `npm\n> test` trước.", "a.md") == "> Chạy npm\ntest trước."


def test_what_begins_no_line_or_is_escaped_or_alone_is_no_mark_of_one() -> None:
    said = "¿Vienes? - Sí, dijo.\n- No."
    assert as_published(said[8:], "a.md", said[:8]) == " - Sí, dijo.\n• No."
    assert as_published("b |\n| c |", "a.md", "| a | ") == "b\nc"
    assert as_published("\\- Sí.\n\n\\# 5\n\n&gt; 5 mg", "a.md") == "- Sí.\n\n# 5\n\n> 5 mg"
    assert as_published("It ends.\n\n* * *\n\n- A\n", "a.md") == "It ends.\n\n\n• A\n"


@pytest.mark.parametrize("path", ["a.html", "a.DOCX", "a.odt", "a.epub", "a.rst"])
def test_marks_that_headings_of_pages_and_documents_were_given_are_not_shown(path: str) -> None:
    assert as_published("It ends.\n\n## Bread\n\n- Rye #1", path) == "It ends.\n\nBread\n\n- Rye #1"
    assert as_published("# 1 of all", "a.pdf") == "# 1 of all"


@pytest.mark.parametrize(
    "prose",
    [
        "**BARROW** &mdash; The [city council](https://a.example/c) *met* on Saturday&nbsp;evening.",
        "**LINZ** &ndash; Der [Rat](https://a.example/r) hat _gestern_ &uuml;ber Br\\-cken beraten.",
        "**ÁLORA** &mdash; El [pleno](https://a.example/p) *aprob&oacute;* ayer el plan de obras.",
    ],
)
def test_a_quote_is_the_files_and_its_link_the_pages(prose: str) -> None:
    text = f"---\nurl: https://a.example/news\n---\n# News\n\nBefore it, all was well.\n\n{prose}\n"
    made = of_bytes(text.encode(), "a.md")
    passage = passages(made)[1]
    assert passage.text == prose
    assert text_of(passage).text == plain(prose, "a.md")
    quote = linked(quote_of(passage), Content(made.text))
    assert shown(quote) == plain(prose, "a.md")
    assert quote.fragment is not None
    assert not set("*&[]_") & set(quote.fragment)
    assert "%2A" not in quote.fragment


def test_long_addresses_leave_room_for_words() -> None:
    link = f"[council](https://a.example/{'x' * 450})"
    prose = f"The {link} met on Monday, and the {link} will meet again on Friday, it said."
    found = passages(of_bytes(f"# A\n\n{prose}\n\nThe end came soon.".encode(), "a.md"))
    words = " ".join(plain(passage.text, "a.md") for passage in found)
    assert all(len(passage.text) <= MAX_QUOTE for passage in found)
    for word in ("council", "Monday", "again", "Friday", "said."):
        assert word in words


TABLES = {
    "en": ("| Pool | Opens | Children |", "|:--|---|--:|", "| Ashmere | 4 May | 3.00 |", "| Corran | 1 June | free |"),
    "de": ("Bad | Öffnet | Kinder", "--- | --- | ---", "Aschau | 4. Mai | 3,00", "Kor | 1. Juni | frei"),
    "vi": ("| Hồ bơi | Mở cửa | Trẻ em |", "|---|---|---|", "| Sơn | 4 tháng 5 | 3.000 |", "| Hòa | 1 tháng 6 | 0 |"),
}  # fmt: skip


@pytest.mark.parametrize("language", TABLES)
def test_a_small_table_is_one_quote_with_its_rows_as_sentences(language: str) -> None:
    table = "\n".join(TABLES[language])
    text = f"# Pools\n\nThe district runs two pools this summer.\n\n{table}\n\nOne has a slide.\n"
    found = passages(of_bytes(text.encode(), "a.md"))
    assert [passage.text for passage in found][1] == table
    assert found[1].kind is Kind.TABLE
    head, _, *rows = TABLES[language]
    assert found[1].sentence_texts == [head, *rows]


def test_parts_of_a_large_table_have_its_first_row_for_a_heading() -> None:
    rows = [f"| Pool of town number {n} | {n} May 2024 | {n}.50 |" for n in range(40)]
    text = "# Pools\n\nThere are pools.\n\n" + "\n".join(
        ["| Pool | Opens | Price |", "|-|-|-|", *rows]
    )
    _, first, *others = passages(of_bytes(text.encode(), "a.md"))
    assert first.heading == ""
    assert others
    assert {passage.heading for passage in others} == {"| Pool | Opens | Price |"}
    assert [row for passage in others for row in passage.sentence_texts][-1] == rows[-1]


CELLS = {
    "plain": "<td>Montag</td><td>8 bis 16 Uhr</td>",
    "list": "<td>Montag</td><td><ul><li>8 bis 16 Uhr</li></ul></td>",
    "paragraphs": "<td><p>Montag</p></td><td><div><p>8 bis 16 Uhr</p></div></td>",
}


@pytest.mark.parametrize("cells", CELLS)
@pytest.mark.parametrize(
    "more", ["", "<p>Die Gemeinde bittet, den Motor abzustellen, weil es sonst laut ist.</p>" * 3]
)
def test_rows_of_a_page_are_rows(cells: str, more: str) -> None:
    page = (
        "<html lang='de'><body><article><h1>Wertstoffhof</h1><p>Der Hof öffnet länger.</p>"
        f"{more}<table><tr><th>Tag</th><th>Zeit</th></tr><tr>{CELLS[cells]}</tr>"
        "<tr><td>Dienstag</td><td>zu</td></tr></table><p>Grünschnitt ist frei.</p></article>"
    )  # fmt: skip
    text = read(page.encode(), ".html").text
    assert "Tag | Zeit\nMontag | 8 bis 16 Uhr\nDienstag | zu" in text
    assert "Der Hof öffnet länger.\n" in text
    assert dataclasses.is_dataclass(read(page.encode(), ".html"))
