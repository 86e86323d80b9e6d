"""Markdown of other programs, and text as people set it: what is shown, and below which heading."""

# ruff: noqa: E501 (texts)
from __future__ import annotations

import pytest

from retrieval.articles.metadata import of_bytes
from retrieval.articles.passages import passages
from retrieval.articles.plain_view import as_published
from retrieval.models import Kind


def shown(text: str, path: str) -> list[tuple[str, str]]:
    """The passages as members see them, each with its heading."""
    found = passages(of_bytes(text.encode(), path))
    return [(p.heading, " ".join(as_published(p.text, path).split())) for p in found]


def words(text: str) -> list[str]:
    return [said for _, said in shown(f"# News\n\n{text}\n", "a.md")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('It cost {{< abbr "x" >}} ten euros, see [the list]({{< ref "l.md" >}}) of them.', "It cost ten euros, see the list of them."),
        ("Stalls open at eight. <!--more--> See [rules]({% post_url x %}) first.\n{: .lead}", "Stalls open at eight. See rules first."),
        ("The fair was planned by [[People/Jo|Jo Kerr]] in the [[hall]]. ^ab12", "The fair was planned by Jo Kerr in the hall."),
        ("The card ==must be shown==, and H~2~O or 3 m^2^ is not ++allowed++.", "The card must be shown, and H2O or 3 m2 is not allowed."),
        ('It is [some *text*]{.x k="v"} with a [link](<https://a.example/a b> \'T\') here.', "It is some text with a link here."),
        ("The flood destroyed forty houses [@bell2001, p. 3; @kerr].", "The flood destroyed forty houses."),
        ("The road was closed in June %% ask Jo %% by the council.", "The road was closed in June by the council."),
        ("- [x] The roof of the library was mended.", "• The roof of the library was mended."),
        ("<details><summary>Who pays?</summary>The county pays for it all.</details>", "Who pays? The county pays for it all."),
        ("> The road would be closed from the first day of the month of\n> June on, and nobody could say why it was so.", "The road would be closed from the first day of the month of June on, and nobody could say why it was so."),
        ("x == y and y==1 if a^b are c++ or d.", "x == y and y==1 if a^b are c++ or d."),
    ],
)  # fmt: skip
def test_of_other_dialects_the_words_are_shown(text: str, said: str) -> None:
    assert words(text) == [said]


@pytest.mark.parametrize(
    "line",
    [
        '{{< youtube "x" >}}', "{% include toc.html %}", "{:toc}", "!!! note", "%% mine %%", "[TOC]",
        '--8<-- "a.md"', "\\newpage", "*[HTML]: Hyper Text Markup Language",
        "[^1]: The note goes on\n    In a second line of it.", "![[poster.png]]",
    ],
)  # fmt: skip
def test_marks_alone_are_never_quoted(line: str) -> None:
    said = "The council met on Monday to vote."
    assert words(f"{line}\n\n{said}\n\n{line}") == [said]


@pytest.mark.parametrize(
    ("heading", "named"),
    [
        ('!!! note "Opening hours"', "Opening hours"),
        ('=== "Opening hours"', "Opening hours"),
        ("Opening hours of the whole library\n----", "Opening hours of the whole library"),
        ("Opening hours {#hours .x}", "Opening hours"),
    ],
)
def test_titles_of_boxes_and_drawn_headings_head(heading: str, named: str) -> None:
    text = f"# News\n\nAll is well here.\n\n{heading}\n\nThe hall is open on Monday, from nine in the morning to six in the evening.\n"
    assert shown(text, "a.md")[-1] == (
        named,
        "The hall is open on Monday, from nine in the morning to six in the evening.",
    )


GRID = "+-------+-------+\n| Port  | Depth |\n+=======+=======+\n| Elden | 4 m   |\n+-------+-------+\n| Marl  | 2 m   |\n+-------+-------+"
SIMPLE = "Port      Depth\n------    -----\nElden     4 m\n1 Marl    2 m"


@pytest.mark.parametrize("table", [GRID, SIMPLE, "A | B\n| 2\nC |"])
def test_rows_with_rules_between_or_one_cell_are_one_table(table: str) -> None:
    text = f"Ports\n\nThe county has some ports.\n\n{table}\n\nAll are open in summer.\n"
    (found,) = (p for p in passages(of_bytes(text.encode(), "a.txt")) if p.kind is Kind.TABLE)
    rows = [line for line in table.splitlines() if not line.startswith("+")]
    assert found.text.startswith(rows[0])
    assert found.text.endswith(rows[-1])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("II.  Matters arising\n\n     a) The bench has been mended by Mr Tarn, who was\n        thanked for it.",
         [("II. Matters arising", "a) The bench has been mended by Mr Tarn, who was thanked for it.")]),
        ("TOP 4: Verschiedenes\n- Das Sommerfest findet am 6. Juli statt",
         [("TOP 4: Verschiedenes", "- Das Sommerfest findet am 6. Juli statt")]),
        ("Điều 3.\n\n1. Phí chợ là 50.000 đồng mỗi tháng.", [("Điều 3.", "1. Phí chợ là 50.000 đồng mỗi tháng.")]),
        ("Artículo 1.º Objeto.\nEl reglamento regula el uso de las piscinas.",
         [("Artículo 1.º Objeto.", "El reglamento regula el uso de las piscinas.")]),
        ("Article 1er – Horaires\nLa piscine est ouverte du mardi au dimanche.",
         [("Article 1er – Horaires", "La piscine est ouverte du mardi au dimanche.")]),
        ("§ 9 Schule\n(1) Wer jung ist, hat frei\n1. vor dem Unterricht, der um neun beginnt,",
         [("§ 9 Schule", "(1) Wer jung ist, hat frei"), ("§ 9 Schule", "1. vor dem Unterricht, der um neun beginnt,")]),
        ("24/0031   The Old Forge, new porch. The Council had no\n          objection.",
         [("", "24/0031 The Old Forge, new porch. The Council had no objection.")]),
        ("Place: School\nChair: Ida Holm\nPresent: 12", [("", "Place: School"), ("", "Chair: Ida Holm"), ("", "Present: 12")]),
        ("第二条　有下列情形之一的，不得入馆：\n（一）未满六周岁的；\n（二）携带宠物的；",
         [("", "第二条 有下列情形之一的，不得入馆："), ("", "（一）未满六周岁的；"), ("", "（二）携带宠物的；")]),
        ("（１）開会\n（２）予算案の審議", [("", "（１）開会"), ("", "（２）予算案の審議")]),
        ("3.20\n\nThe fare is paid to the driver.", [("", "The fare is paid to the driver.")]),
    ],
)  # fmt: skip
def test_sections_lists_and_forms(text: str, expected: list[tuple[str, str]]) -> None:
    said = "The members met in the hall, and all of them came."
    assert shown(f"Minutes of the club\n\n{said}\n\n{text}\n", "a.txt") == [("", said), *expected]


@pytest.mark.parametrize("line", ["Photo: Ida Holm\nSource: Elden Post", "kind: Pod\nname: mill"])
def test_credits_and_code_are_no_form(line: str) -> None:
    said = "The members met in the hall, and all of them came."
    assert shown(f"News\n\n{said}\n\n{line}\n", "a.txt") == [("", said)]
