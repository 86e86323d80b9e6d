"""The numbers and bullets that Word and OpenDocument give to paragraphs by themselves."""

from __future__ import annotations

from html import escape

import pytest

from retrieval.articles.metadata import of_bytes
from retrieval.articles.passages import passages
from retrieval.formats.file_text import read
from retrieval.formats.numerals import numeral

from ..documents import zipped

WORD = 'xmlns:w="w"'
OPEN = 'xmlns:text="t" xmlns:style="s" xmlns:office="o"'


def level(at: int, style: str, text: str, start: int = 1, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def one_list(number: int, *levels: str, more: str = "") -> tuple[str, str]:
    """A list of Word: what it is one of, and itself."""
    abstract = f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'
    return abstract, f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/>{more}</w:num>'


def paragraph(words: str, number: object = "", at: int = 0, style: str = "") -> str:
    about = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number != "":
        about += f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{number}"/></w:numPr>'
    return f"<w:p><w:pPr>{about}</w:pPr><w:r><w:t>{escape(words)}</w:t></w:r></w:p>"


def word(*paragraphs: str, lists: tuple[tuple[str, str], ...] = (), styles: str = "") -> bytes:
    numbering = "".join(part for parts in zip(*lists, strict=True) for part in parts)
    return zipped(
        {
            "word/document.xml": f"<w:d {WORD}><w:body>{''.join(paragraphs)}</w:body></w:d>",
            "word/numbering.xml": f"<w:numbering {WORD}>{numbering}</w:numbering>",
            "word/styles.xml": f"<w:styles {WORD}>{styles}</w:styles>",
        }
    )


def lines(data: bytes, suffix: str) -> list[str]:
    return [line for line in read(data, suffix).text.splitlines() if line]


def test_headings_of_word_have_the_numbers_of_their_styles() -> None:
    styles = "".join(
        f'<w:style w:styleId="berschrift{depth}"><w:name w:val="heading {depth}"/>{base}'
        f"<w:pPr><w:numPr>{about}</w:numPr></w:pPr></w:style>"
        for depth, base, about in (
            (1, "", '<w:numId w:val="1"/>'),
            (2, '<w:basedOn w:val="berschrift1"/>', '<w:ilvl w:val="1"/>'),
        )
    )
    headings = one_list(
        1,
        level(0, "decimal", "%1", more='<w:pStyle w:val="berschrift1"/>'),
        level(1, "decimal", "%1.%2", more='<w:pStyle w:val="berschrift2"/>'),
    )
    data = word(
        paragraph("Einleitung", style="berschrift1"),
        paragraph("Haushalt", style="berschrift1"),
        paragraph("Einnahmen", style="berschrift2"),
        paragraph("Ausgaben", style="berschrift2"),
        paragraph("", style="berschrift2"),
        paragraph("Ohne Nummer", "0", style="berschrift2"),
        paragraph("Beschlüsse", style="berschrift1"),
        paragraph("Bad", style="berschrift2"),
        lists=(headings,),
        styles=styles,
    )
    assert lines(data, ".docx") == [
        "# 1 Einleitung", "# 2 Haushalt", "## 2.1 Einnahmen", "## 2.2 Ausgaben", "## Ohne Nummer",
        "# 3 Beschlüsse", "## 3.1 Bad",
    ]  # fmt: skip


def test_lists_of_word_are_numbered_as_it_shows_them() -> None:
    deleted = paragraph("", 1).replace("</w:pPr>", "<w:rPr><w:del/></w:rPr></w:pPr>")
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    again = f'<w:num w:numId="3"><w:abstractNumId w:val="1"/>{anew}</w:num>'
    data = word(
        paragraph("The lease", 1),
        paragraph("The tenant pays.", 1, 1),
        deleted,
        paragraph("The landlord repairs.", 1, 1),
        paragraph("The term", 1),
        paragraph("It is a year.", 1, 1),
        paragraph("Bread", 2),
        paragraph("Salt", 2),
        paragraph("Rye", 2, 1),
        paragraph("The end", 3),
        paragraph("Strange", 4),
        paragraph("Broken", 4, 1),
        lists=(
            one_list(1, level(0, "upperRoman", "Article %1."), level(1, "lowerLetter", "(%2)")),
            one_list(2, level(0, "bullet", "\uf0b7"), level(1, "bullet", "–")),
            ("", again),
            one_list(4, level(0, "hindiVowels", "%1."), level(1, "decimal", "%0.")),
        ),
    )
    assert lines(data, ".docx") == [
        "Article I. The lease", "(a) The tenant pays.", "(b) The landlord repairs.",
        "Article II. The term", "(a) It is a year.", "• Bread", "• Salt", "– Rye",
        "Article I. The end", "Strange", "Broken",
    ]  # fmt: skip


def test_short_items_of_a_list_of_word_are_quoted_below_the_line_that_leads_to_them() -> None:
    data = word(
        paragraph("Minutes of the board", style="t"),
        paragraph("The board met on Tuesday and elected a new committee."),
        paragraph("Its members are:"),
        *(paragraph(name, 1) for name in ("Ida Holm", "Bo Ray", "Ann Lee")),
        lists=(one_list(1, level(0, "decimal", "%1.")),),
    )
    quoted = [passage.text for passage in passages(of_bytes(data, "a.docx"))]
    assert quoted[-1] == "Its members are:\n\n1. Ida Holm\n2. Bo Ray\n3. Ann Lee"


def test_lists_and_headings_of_opendocument_are_numbered() -> None:
    outline = "".join(
        f'<text:outline-level-style text:level="{at}" style:num-format="1"'
        f' text:display-levels="{at}"/>'
        for at in (1, 2)
    )
    styles = f"<office:s {OPEN}><text:outline-style>{outline}</text:outline-style></office:s>"
    of_list = (
        '<text:list-style style:name="L1"><text:list-level-style-number text:level="1"'
        ' style:num-format="a" style:num-suffix=")"/><text:list-level-style-bullet text:level="2"'
        ' text:bullet-char="\uf0b7"/></text:list-style>'
    )

    def item(words: str, more: str = "") -> str:
        return f"<text:list-item><text:p>{words}</text:p>{more}</text:list-item>"

    def listed(*items: str, about: str = ' text:style-name="L1"') -> str:
        return f"<text:list{about}>{''.join(items)}</text:list>"

    goes_on = ' text:style-name="L1" text:continue-numbering="true"'
    body = (
        '<text:h text:outline-level="1">Plan</text:h><text:h text:outline-level="2">Aim</text:h>'
        '<text:h text:outline-level="2">Budget</text:h>'
        + listed(
            item("Bread", "<text:p>Of rye.</text:p>" + listed(item("dark"), about="")), item("Salt")
        )
        + "<text:p>Between.</text:p>"
        + listed(item("Butter"), about=goes_on)
        + listed(item("Milk"))
    )
    content = f"<office:d {OPEN}>{of_list}<office:body>{body}</office:body></office:d>"
    assert lines(zipped({"content.xml": content, "styles.xml": styles}), ".odt") == [
        "# 1 Plan", "## 1.1 Aim", "## 1.2 Budget", "a) Bread", "Of rye.", "• dark", "b) Salt",
        "Between.", "c) Butter", "a) Milk",
    ]  # fmt: skip


def test_a_list_of_opendocument_is_counted_right_around_what_is_no_item() -> None:
    decimal = (
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1"'
        ' style:num-format="1" style:num-suffix="."/></text:list-style>'
    )

    def listed(name: str, *items: str, goes_on: str = "") -> str:
        about = f' text:continue-list="{goes_on}"' if goes_on else ""
        inner = "".join(f"<text:list-item>{item}</text:list-item>" for item in items)
        return f'<text:list xml:id="{name}" text:style-name="L"{about}>{inner}</text:list>'

    body = (
        listed(
            "l1",
            "<text:number>1.</text:number><text:p>one</text:p>",
            "<text:soft-page-break/><text:p>two</text:p>",
            "<!-- c --><text:p>three</text:p><text:p>More of it.</text:p>",
        )
        + listed("l2", "<text:p>other</text:p>")
        + listed("l3", "<text:p>four</text:p>", goes_on="l1")
        + listed("l4", "<text:p>five</text:p>", goes_on="l3")
        + '<text:h text:outline-level="1"><text:number>1.</text:number>Plan</text:h>'
    )
    content = f"<office:d {OPEN}>{decimal}<office:body>{body}</office:body></office:d>"
    assert lines(zipped({"content.xml": content}), ".odt") == [
        "1. one", "2. two", "3. three", "More of it.", "1. other", "4. four", "5. five", "# Plan",
    ]  # fmt: skip


def test_the_number_of_a_paragraph_of_word_that_holds_a_text_box() -> None:
    box = f"<w:r><w:pict><w:txbxContent>{paragraph('In a box')}</w:txbxContent></w:pict></w:r>"
    boxed = paragraph("The lease", 1).replace("</w:pPr>", f"</w:pPr>{box}")
    data = word(boxed, paragraph("The term", 1), lists=(one_list(1, level(0, "decimal", "%1.")),))
    assert lines(data, ".docx") == ["In a box", "1. The lease", "2. The term"]


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ("lowerRoman", {4: "iv", 1999: "mcmxcix", 0: None}),
        ("upperLetter", {1: "A", 26: "Z", 27: "AA", 79: None}),
        ("a", {1: "a", 26: "z", 27: None}),
        ("ordinal", {1: None}),
        ("numberInDash", {1: None}),
        ("chineseCountingThousand", {1: None}),
        ("decimalZero", {7: "07", 12: "12"}),
        ("no such", {1: None}),
    ],
)  # fmt: skip
def test_numerals(style: str, shown: dict[int, str | None]) -> None:
    assert {number: numeral(number, style) for number in shown} == shown
