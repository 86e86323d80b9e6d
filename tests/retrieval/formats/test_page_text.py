"""PDFs as they are laid out: gaps, indents, columns, running heads and footnotes."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import pytest

from retrieval.articles.metadata import of_bytes
from retrieval.articles.passages import passages
from retrieval.formats.file_text import read

from ..pdfs import drawn, placed

PARAGRAPHS = [
    "The council met on Tuesday in the old hall and approved the budget of the town for this year.",
    "Mayor Edith Marlowe thanked the members, who had come in spite of the flood on the river Ash.",
    "Der Rat der Gemeinde Söhnlein beschloss den Umbau der Schule am Markt und einen Spielplatz.",
    "El concejo se reunió en enero y aprobó la ampliación del muelle, que costará doce millones.",
]
Line = tuple[str, float, float, float]


def column(
    paragraphs: Sequence[str], x: float, gap: float, indent: float = 0, width: int = 38
) -> list[Line]:
    """The lines of paragraphs below one another, 14 points apart."""
    lines, y = list[Line](), 780.0
    for paragraph in paragraphs:
        for number, line in enumerate(textwrap.wrap(paragraph, width)):
            lines.append((line, x + (0 if number else indent), y, 11))
            y -= 14
        y -= gap
    return lines


def paragraphs(*pages: Sequence[Line]) -> list[str]:
    return read(placed(pages), ".pdf").text.split("\n\n")


@pytest.mark.parametrize(("gap", "indent"), [(6, 0), (0, 12)])
@pytest.mark.parametrize("width", range(36, 50))
def test_gaps_and_indents_part_paragraphs_wherever_their_lines_end(
    gap: float, indent: float, width: int
) -> None:
    assert paragraphs(column(PARAGRAPHS, 50, gap, indent, width)) == PARAGRAPHS


def test_columns_are_read_one_after_the_other() -> None:
    page = column(PARAGRAPHS[:2], 50, 6) + column(PARAGRAPHS[2:], 320, 6)
    assert paragraphs(page, page) == PARAGRAPHS * 2


@pytest.mark.parametrize("size", [8, 11])
@pytest.mark.parametrize("heads_first", [True, False])
def test_running_heads_of_two_pages_are_left_out(size: float, heads_first: bool) -> None:
    pages = []
    for number, part in enumerate((PARAGRAPHS[:2], PARAGRAPHS[2:]), 3):
        edges = [("Gazette of the Town", 50, 815, size), (f"{number}", 500, 30, size)]
        text = column(part, 50, 6)
        pages.append(edges + text if heads_first else text + edges)
    assert paragraphs(*pages) == PARAGRAPHS


@pytest.mark.parametrize("distance", [14, 17])
def test_running_heads_of_most_pages_are_left_out_however_near(distance: float) -> None:
    pages = []
    for number, part in enumerate((PARAGRAPHS[:1], PARAGRAPHS[1:2], PARAGRAPHS[2:]), 3):
        text = column(part, 50, 6)
        head = ("Gazette of the Town", 50, 780 + distance, 11)
        pages.append([head, *text, (f"{number}", 50, text[-1][2] - distance, 11)])
    assert paragraphs(*pages) == PARAGRAPHS


def test_a_footnote_does_not_part_what_goes_on_in_the_next_page() -> None:
    lines = column(PARAGRAPHS[:3], 50, 6)
    note = ("1 See the minutes of the committee for finance.", 50, 60, 8)
    last = (lines[-1][0], 50, 780, 11)
    found = read(placed([[note, *lines[:-1]], [last]]), ".pdf")
    assert found.text.split("\n\n") == [*PARAGRAPHS[:2], note[0], PARAGRAPHS[2]]
    assert found.page_at(found.text.index("See the")) == 1
    assert found.page_at(found.text.index(last[0])) == 2


def test_a_text_that_stands_twice_is_no_running_head() -> None:
    page = column(PARAGRAPHS[:1], 50, 6)
    assert paragraphs(page, page) == PARAGRAPHS[:1] * 2


@pytest.mark.parametrize(
    "rows",
    [
        ["The fees of the club", "The rights of members"],
        ["Erwachsene", "Kinder bis zwölf Jahre"],
        ["Adultos y mayores", "Niños hasta doce años"],
    ],
)
def test_dots_between_two_cells_are_none_of_their_words(rows: list[str]) -> None:
    lines: list[Line] = [
        (f"{row} ".ljust(60, ".") + f" {3 + at},50", 50, 700 - 14 * at, 11)
        for at, row in enumerate(rows)
    ]
    assert paragraphs(lines) == ["\n".join(f"{row} | {3 + at},50" for at, row in enumerate(rows))]


def test_cells_of_a_table_are_told_from_words_of_a_line() -> None:
    rows = [("Pool", "Opens"), ("Ashmere", "4 May"), ("Dell", "free of charge")]
    lines: list[Line] = [("The pools of the district open in summer.", 50, 780, 11)]
    for number, row in enumerate(rows):
        lines += [(cell, x, 750 - 14 * number, 11) for cell, x in zip(row, (50, 250), strict=True)]
    lines += [("1.", 50, 680, 11), ("Bring a towel.", 90, 680, 11)]
    table = "Pool | Opens\nAshmere | 4 May\nDell | free of charge"
    assert paragraphs(lines) == [lines[0][0], table, "1. Bring a towel."]


@pytest.mark.parametrize("mark", ["\x95", "(a)", "(iv)", "a.", "iii.", "A.", "1.", "b)"])
def test_an_item_goes_on_in_lines_that_are_indented(mark: str) -> None:
    lines: list[Line] = [
        (f"{mark} Bring a towel and a padlock when you come in", 50, 710, 11),
        ("summer.", 60, 696, 11),
        (f"{mark} Dogs stay outside.", 50, 682, 11),
    ]
    mark = mark.replace("\x95", "•")
    item = f"{mark} Bring a towel and a padlock when you come in summer."
    assert paragraphs(lines) == [item, f"{mark} Dogs stay outside."]


@pytest.mark.parametrize("start", ["z. B. Bälle", "p. 12 of it", "i. d. R. Bälle", "u. a. Bälle"])
def test_a_short_form_begins_no_item(start: str) -> None:
    lines = column([f"Der Verein leiht seinen Gästen {start} und Netze aus."], 50, 6, width=31)
    assert paragraphs(lines) == [f"Der Verein leiht seinen Gästen {start} und Netze aus."]


@pytest.mark.parametrize(
    "above", ["to Ms Ida Holm, to Dr.", "to Ms Ida Holm,", "to Ms I. Holm, i."]
)
def test_initials_begin_no_item(above: str) -> None:
    below = "e. to Bo." if above.endswith(" i.") else "B. Miller of Elden, and to Bo."
    lines = [f"The prize of the old town went {above}", below]
    placed_so = [(line, 50.0, 710.0 - 14 * at, 11.0) for at, line in enumerate(lines)]
    assert paragraphs(placed_so) == [" ".join(lines)]


def test_a_divided_word_goes_on_whatever_the_gap() -> None:
    lines: list[Line] = [
        ("Wir sind bereits richtige Reinigungs-", 50, 710, 11),
        ("profis, und der Rat dankt.", 62, 690, 11),
        ("Der Rat lud zu einem Fest.", 50, 660, 11),
    ]
    whole = "Wir sind bereits richtige Reinigungsprofis, und der Rat dankt."
    assert paragraphs(lines) == [whole, lines[2][0]]


@pytest.mark.parametrize("blanks", [True, False])
def test_words_that_are_drawn_one_by_one_are_lines(blanks: bool) -> None:
    """As Google Docs draws them: each word is moved to from another height."""
    stream = ""
    for line, left, y, size in column(PARAGRAPHS, 50, 6):
        x = left
        for word in line.split(" "):
            for part in (word, " ") if blanks else (word,):
                stream += f"BT /F1 {size} Tf 1 0 0 1 {x} {y - 20} Tm 0 20 Td ({part}) Tj ET\n"
                x += 6 * len(part)
            x += 0 if blanks else 6
    assert read(drawn([stream]), ".pdf").text.split("\n\n") == PARAGRAPHS


def test_words_are_parted_though_the_font_says_that_its_space_is_wide() -> None:
    """As TeX's do, which have a sign in that place."""
    words = ")-219(".join(PARAGRAPHS[0].split())
    widths = " ".join(str(489 + number % 7) for number in range(224))
    font = f"/FirstChar 32 /LastChar 255 /Widths [{widths}]"
    stream = f"BT /F1 11 Tf 50 700 Td [({words})] TJ ET"
    assert read(drawn([stream], font=font), ".pdf").text == PARAGRAPHS[0]


@pytest.mark.parametrize(
    ("drawn_so", "text"),
    [
        (
            ["2 Gesch \xa8aftsjahr", "Das Gesch\xa8aftsjahr f\xa8uhrt \xa8uber den \xa8Uberblick."],
            ["2 Geschäftsjahr", "Das Geschäftsjahr führt über den Überblick."],
        ),
        (
            ["El ni\x98no recibi\xb4o educaci\xb4on.", "La acci\xb4on sigue."],
            ["El niño recibió educación.", "La acción sigue."],
        ),
        (["Aufg\xb4sperrt ist, d\xb4accord.", "O`Ihara kam."], None),
    ],
)
def test_marks_that_are_drawn_before_letters(drawn_so: list[str], text: list[str] | None) -> None:
    lines = [(line, 50.0, 780.0 - 30 * at, 11.0) for at, line in enumerate(drawn_so)]
    assert " ".join(paragraphs(lines)) == " ".join(text or drawn_so)


@pytest.mark.parametrize(
    ("heading", "prose"),
    list(zip(["What it decided", "§ 2 Umbau", "Artículo 3. Muelle"], PARAGRAPHS[1:], strict=True)),
)
def test_a_line_by_itself_above_prose_is_its_heading(heading: str, prose: str) -> None:
    page = column(["News of the town", PARAGRAPHS[0], heading, prose], 50, 6)
    found = passages(of_bytes(placed([page]), "a.pdf"))
    assert [(passage.heading, passage.text) for passage in found] == [
        ("", PARAGRAPHS[0]),
        (heading, prose),
    ]


def test_pages_without_text_are_named() -> None:
    found = read(placed([column(PARAGRAPHS[:1], 50, 6), [], []]), ".pdf")
    assert found.notes == ("pages 2, 3 without text, as a picture has none",)
