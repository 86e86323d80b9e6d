"""Files as admins have them: minutes set in columns, statutes, Word's pages.

Each is read as a reload reads it; what is asserted is what may be quoted, and below which heading.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from retrieval.articles.file_reader import ParsedFile
from retrieval.articles.paragraphs import paragraphs
from retrieval.articles.scan import scan
from retrieval.articles.tables import table_head
from retrieval.models import Kind


def parsed(text: str, path: str = "a.txt") -> ParsedFile:
    with TemporaryDirectory() as folder:
        (Path(folder) / path).write_bytes(text.encode())
        (file,) = scan(Path(folder), whole=True).files
    return file


def passages(text: str, path: str = "a.txt") -> list[tuple[str, str]]:
    """The passages, each with its heading, in plain white space."""
    file = parsed(text, path)
    return [(passage.heading, " ".join(passage.text.split())) for passage in file.passages]


@pytest.mark.parametrize("gap", ["\t", "     "])
@pytest.mark.parametrize(
    ("rows", "prose"),
    [
        (
            [["Day", "From", "To"], ["Monday", "8 am", "4 pm"], ["Sunday", "closed", "closed"]],
            "Garden waste is taken free of charge on all days.",
        ),
        (
            [["Gruppe", "Beitrag"], ["Kinder", "12 Euro"], ["Ehrenmitglieder", "nichts"]],
            "Der Beitrag ist bis Ende März zu zahlen.",
        ),
        (
            [["Año", "Socios", "Cuota"], ["2022", "120", "24 €"], ["2023", "143", "26 €"]],
            "La cuota se paga en el mes de enero.",
        ),
    ],
)
def test_rows_with_tabs_or_gaps_are_a_table(rows: list[list[str]], prose: str, gap: str) -> None:
    table = "\n".join(gap.join(row) for row in rows)
    words = " ".join(" ".join(row) for row in rows)
    assert passages(f"The title\n\n{table}\n\n{prose}\n") == [("", words), ("", prose)]


@pytest.mark.parametrize(
    "table",
    [
        "Bus      Marl   Elden\nDaily    07:10  08:10\nSundays  09:10  10:10",
        "Größte Gruppe  Beitrag\nKinder         12 Euro\nFamilien       30 Euro",
        "Hồ bơi   Trẻ em\nBắc Sơn  3.000 đồng\nHòa      miễn phí",
    ],
)
def test_the_widest_cell_of_a_column_leaves_a_narrow_gap(table: str) -> None:
    text = f"The title\n\n{table}\n\nAll of this is known to the office in the town.\n"
    assert [part.kind for part in paragraphs(text)] == [Kind.HEADING, Kind.TABLE, Kind.PROSE]
    head, second, last = (text.index(row) for row in table.splitlines())
    for row in (second, last):
        assert table_head(text, row) == (head, second - 1)
    assert table_head(text, head) is None


@pytest.mark.parametrize(
    "lines",
    [
        "Elden        4.50\nThe fare is due.  It is paid to the driver of the bus.",
        "The  council  of the town\nmet on  Monday in  the hall.",
        "1.  The board met in May.\n2.  The clerk was thanked.",
    ],
)
def test_two_spaces_alone_make_no_table(lines: str) -> None:
    text = f"The title\n\n{lines}\n"
    assert Kind.TABLE not in [part.kind for part in paragraphs(text)]
    assert table_head(text, text.index(lines.splitlines()[1])) is None


@pytest.mark.parametrize(
    "text",
    [
        "It cost 1,250,000 euros, 3,000 more than planned.\n\nIt took 1,200 days, 14,000 hours.",
        "Present:     Ann Lee, Bo Ray\nApologies:   Cy Dee\nMinutes:     Di Eve",
        "1.\tThe board approved the budget.\n2.\tThe chair thanked the clerk.",
    ],
)
def test_prose_and_forms_are_no_table(text: str) -> None:
    assert Kind.TABLE not in [part.kind for part in paragraphs(text)]


@pytest.mark.parametrize(
    ("label", "names", "more"),
    [
        ("PRESENT:", "Cllr A. Byrne (Mayor), Cllr T. Dolan,", "Cllr S. O'Hara and Cllr P. Walsh"),
        ("Anwesend:", "Frau Adler (Vorsitz), Herr Brandt,", "Frau Celik und Herr Dorn"),
        ("Asistentes:", "D.ª Inés Núñez (alcaldesa),", "D. Juan Mora y D.ª Dolores Prieto"),
    ],
)
def test_a_field_goes_on_below_its_words(label: str, names: str, more: str) -> None:
    text = f"The title of it all\n\n{label:16}{names}\n{'':16}{more}\nClerk:          Mr J. Fox Lee"
    assert [words for _, words in passages(text)] == [
        f"{label} {names} {more}",
        "Clerk: Mr J. Fox Lee",
    ]


@pytest.mark.parametrize(
    ("number", "title", "words"),
    [
        ("§ {}", "Begriffsbestimmungen", "Im Sinne dieses Gesetzes sind"),
        ("Artículo {}", "Objeto de la ley", "A los efectos de esta ley se entiende por lago"),
        ("Article {}", "Definitions", "In this act the following words are used"),
    ],
)
def test_a_number_above_a_title_is_one_heading(number: str, title: str, words: str) -> None:
    first, second = number.format(1), number.format(2)
    text = (
        f"The law of the lakes\n\n{first}\nPurpose\n\n(1) It protects the lakes of the land.\n\n"
        f"{second}\n{title}\n\n{words}\n\n1. all that is wet and deep,\n"
    )
    assert passages(text) == [
        (f"{first} Purpose", "(1) It protects the lakes of the land."),
        (f"{second} {title}", words),
        (f"{second} {title}", "1. all that is wet and deep,"),
    ]


def test_a_numbered_heading_heads_what_leads_to_a_list() -> None:
    text = (
        "Minutes of the town council\n\n2.  FINANCE\nThe accounts were approved.\n\n3.  PLANNING\n"
        "The council considered the following applications:\n(a) a dwelling at the old mill;\n"
    )
    headings = [heading for heading, _ in passages(text)]
    lead = "The council considered the following applications:"
    assert headings == ["2. FINANCE", "3. PLANNING", f"3. PLANNING\n{lead}"]


@pytest.mark.parametrize("item", ["- Adults: 4.50", "* Kinder: 2,00 €", "– Trẻ em: 20.000 đồng"])
def test_an_item_with_a_figure_is_quoted(item: str) -> None:
    text = f"# Fares\n\nThe ferry goes every hour.\n\n{item}\n- Dogs\n"
    assert [words for _, words in passages(text, "a.md")] == [
        "The ferry goes every hour.",
        item,
        "- Dogs",
    ]


@pytest.mark.parametrize("tag", ["h1", "h3"])
@pytest.mark.parametrize("wrap", ["<div class=WordSection1>{}</div>", "{}"])
def test_a_page_of_a_word_processor_keeps_its_headings(tag: str, wrap: str) -> None:
    parts = "".join(
        f"<{tag}>§ {n} Beiträge</{tag}><p>Der Beitrag der Gruppe {n} beträgt {n}4 Euro im Jahr.</p>"
        for n in range(1, 5)
    )
    page = f"<html><head><title>Satzung</title></head><body lang=DE>{wrap.format(parts)}</body>"
    file = parsed(page, "a.html")
    level = "#" * int(tag[1])
    assert file.article.text.count(f"{level} § ") == 4
    assert len(file.passages) == 4


def test_a_box_of_a_site_is_no_heading() -> None:
    text = "# Pump\n\n:::warning\nNever run the pump dry.\n:::\n"
    assert passages(text, "a.md") == [("", "Never run the pump dry.")]
