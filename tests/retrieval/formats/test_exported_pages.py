"""Pages and documents as programs export them: what is quoted is what a reader sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.articles.check import check_files
from retrieval.articles.metadata import of_bytes
from retrieval.articles.passages import passages
from retrieval.articles.plain_view import as_published
from retrieval.formats.file_text import read
from retrieval.formats.web_page import html

from ..documents import zipped

FIRST = "The old mill of Elden will reopen in May, its owner said on Friday."
LAST = "Whoever wants to help may come to the yard on Saturday at ten."


def lines(body: str, head: str = "") -> list[str]:
    page = f"<html lang=en><head>{head}</head><body><article>{body}</article></body></html>"
    return str(html(page)["text"]).split("\n\n")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>{}<sup><a href='#f1'>1</a></sup></p><p id=f1><a href='#r1'>[1]</a> Since 1998.</p>",
         ["{}", "Since 1998."]),
        ("<p>See section <a href='#s3'>3</a> of the law on mills and wheels.</p>",
         ["See section 3 of the law on mills and wheels."]),
        ("<p>{}</p><p hidden>Not shown.</p><template><p>Nor this.</p></template>", ["{}"]),
        ("<p>The wheel turns <del>daily</del> <ins>on Sundays</ins> for all who come.</p>",
         ["The wheel turns on Sundays for all who come."]),
        ("<p>{}</p><p>Nobody may run<br>and eat<br>near the wheel.</p>",
         ["{}", "Nobody may run and eat near the wheel."]),
        ("<p>{}</p><div class=text>A ticket costs five pounds.</div>",
         ["{}", "A ticket costs five pounds."]),
        ("<p>{}</p><figure><img src=a.jpg><figcaption>The mill in 1931</figcaption></figure>"
         "<p>It burnt down later.</p>",
         ["{}", "![](picture)\nThe mill in 1931", "It burnt down later."]),
        ("<p>{}</p><dl><dt>Adults</dt><dd>Five pounds</dd><dt>Children</dt><dd>Nothing</dd></dl>",
         ["{}", "• Adults: Five pounds\n• Children: Nothing"]),
        ("<p>Der Müller sagte: <q>Wir sind <b>froh</b>.</q> Dann ging er heim.</p>",
         ["Der Müller sagte: “Wir sind froh.” Dann ging er heim."]),
        ("<p>The yard is <math><mi>a</mi> <math>=</math> <mn>20</mn></math> steps long.</p>",
         ["The yard is a=20 steps long."]),
        ("<p>Cada rueda pesa <math><semantics><mn>5</mn><annotation "
         "encoding='application/x-tex'>5</annotation></semantics></math> kilos.</p>",
         ["Cada rueda pesa \\(5\\) kilos."]),
        ("<p>{}</p><p>Write <code>mill.toml</code> first, and <code>start</code> the wheel.</p>",
         ["{}", "Write mill.toml first, and start the wheel."]),
        ("<p>{}</p><table><tr><th>Day<th>Open</tr><tr><td>May<br>June<td>daily</tr></table>",
         ["{}", "Day | Open\nMay June | daily"]),
        ("<p>{}</p><table><tr><th><h3>Day</h3><th><h3>Open</h3></tr><tr><td>May<td>daily</tr></table>",
         ["{}", "Day | Open\nMay | daily"]),
    ],
)  # fmt: skip
def test_of_a_page_its_readers_words_are_read(body: str, text: list[str]) -> None:
    found = lines(f"<h1>Mill</h1>{body.format(FIRST)}<p>{LAST}</p>")
    assert found == ["# Mill", *(part.format(FIRST) for part in text), LAST]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>On <time datetime=2024-05-03>3 May</time> the mill opens.</p>",
         ["On 3 May the mill opens."]),
        ("<p>Am <time>3. Mai</time> öffnet die Mühle wieder.</p>",
         ["Am 3. Mai öffnet die Mühle wieder."]),
        ("<p>Posted <time>3 May</time> by Ann</p>", ["Posted by Ann"]),
        ("<form><label>Your name</label><input></form>", []),
        ("<center>The yard is closed in June.</center>", ["The yard is closed in June."]),
        ("<fieldset><legend>Eintritt</legend><p>Kinder zahlen nichts.</p></fieldset>",
         ["Eintritt", "Kinder zahlen nichts."]),
        ("<details><summary>Is it shut?</summary>In June. It opens in July.</details>",
         ["## Is it shut?", "In June. It opens in July."]),
        ("<details><summary>Was kostet <b>es</b>?</summary><ul><li>Kinder zahlen nichts.</li></ul>"
         "</details>", ["## Was kostet es?", "• Kinder zahlen nichts."]),
        ("<address>Mill Lane 4, Elden</address>", ["Mill Lane 4, Elden"]),
        ("<menu><li>Bread from the oven</li></menu>", ["• Bread from the oven"]),
        ("<div>Das Rad ist aus Eiche.<p>Es wiegt eine Tonne.</p>Seit 1931 steht es <i>still</i>."
         "</div>", ["Das Rad ist aus Eiche.", "Es wiegt eine Tonne.", "Seit 1931 steht es still."]),
        ("<div><b>Nobody may run near the wheel.</b></div>", ["Nobody may run near the wheel."]),
        ("<div><script/>f({a: 'Run. Now.'})<p>It weighs a ton.</p></div>", ["It weighs a ton."]),
        ("<div>Share<p>It weighs a ton.</p></div>", ["It weighs a ton."]),
    ],
)  # fmt: skip
def test_what_a_reader_sees_outside_of_paragraphs_is_read(body: str, text: list[str]) -> None:
    page = f"<h1>Mill</h1><p>{FIRST}</p>{body}<p>{LAST}</p>"
    assert lines(page) == ["# Mill", FIRST, *text, LAST]


@pytest.mark.parametrize(
    ("first", "second"),
    [(FIRST, LAST), ("Der Rat tagte am Montag im Saal.", "Er stimmte für den Umbau der Brücke.")],
)
@pytest.mark.parametrize(
    "page", ["<div><p>{}</p><p>{}</p></div>", "<?php top(); ?><p>{}</p><p>{}</p>"]
)
def test_the_part_of_a_page_that_a_program_puts_into_another(
    page: str, first: str, second: str
) -> None:
    assert html(page.format(first, second))["text"] == f"{first}\n\n{second}"


def test_front_matter_of_a_page_is_read_and_not_quoted() -> None:
    front = "---\nlayout: post\ntitle: Die Mühle\ndate: 2024-05-03\nlang: de\n---\n"
    page = f"{front}<div class=text><p>Die Mühle öffnet im Mai.</p><p>{LAST}</p></div>"
    source = of_bytes(page.encode(), "a.html").source
    assert (source.title, str(source.date), source.language) == ("Die Mühle", "2024-05-03", "de")
    assert html(page)["text"] == f"Die Mühle öffnet im Mai.\n\n{LAST}"


@pytest.mark.parametrize("words", [FIRST, "El molino abre en mayo. La entrada es libre."])
def test_what_holds_the_article_is_no_advertisement(words: str) -> None:
    page = (
        "<html><head><title>Mill</title></head><body><div class=advert-pusher><div class=advert>"
        f"<p>Buy a wheel today!</p></div><article><h1>Mill</h1><p>{words}</p></article></div>"
        "</body></html>"
    )
    assert html(page)["text"] == f"# Mill\n\n{words}"


def test_a_short_page_keeps_its_parts() -> None:
    body = (
        "<h1>市議会だより</h1><p><ruby>市議会<rp>(</rp><rt>しぎかい</rt></ruby>は開かれた。橋の修理を"
        "決めた。市民の声を聞いた。</p><table><tr><td>日</td><td>内容</td></tr>"
        "<tr><td>1日</td><td>開会</td></tr></table>"
    )
    expected = ["# 市議会だより", "市議会は開かれた。橋の修理を決めた。市民の声を聞いた。"]
    assert lines(body) == [*expected, "日 | 内容\n1日 | 開会"]


TABLE = (
    "<table><caption>Buses in summer</caption><tr><th>Stop</th><th colspan=2>Times</th></tr>"
    "<tr><td rowspan=2>Market</td><td>6.10</td><td>22.40</td></tr>"
    "<tr><td>6.30</td><td>23.00</td></tr><tr><td colspan=3>None on 1 May</td></tr></table>"
)


def test_cells_over_several_rows_stand_in_each_and_a_caption_is_no_row() -> None:
    rows = "Stop | Times | \nMarket | 6.10 | 22.40\nMarket | 6.30 | 23.00\nNone on 1 May |  | "
    assert lines(f"<p>{FIRST}</p>{TABLE}<p>{LAST}</p>") == [FIRST, "Buses in summer", rows, LAST]


def test_a_newsletter_set_in_tables_is_read_in_its_order() -> None:
    page = (
        "<html><head><title>*|MC:SUBJECT|*</title></head><body><table><tr><td><table><tr><td>"
        f"<h1>News of May</h1><p>{FIRST}</p></td></tr></table><table><tr><td>{LAST}</td></tr>"
        "</table><table><tr><td><h2>Members</h2><p>Three altos joined the choir.</p></td></tr>"
        "</table></td></tr></table></body></html>"
    )
    found = read(page.encode(), ".html")
    parts = ["# News of May", FIRST, LAST, "## Members", "Three altos joined the choir."]
    assert found.text.split("\n\n") == parts
    assert found.title == "News of May"


def test_the_heading_of_a_part_is_no_title() -> None:
    page = (
        "<html><head><title>Minutes of the club</title></head><body><p>Minutes of the club</p>"
        f"<h1>1. Welcome</h1><p>{FIRST}</p><h1>2. Seeds</h1><p>{LAST}</p></body></html>"
    )
    assert read(page.encode(), ".html").title == "Minutes of the club"


def test_what_is_outside_the_main_text_is_named(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text(
        f"<html><body><nav>Home of the mill friends</nav><article><p>{FIRST}</p><p>{LAST}</p>"
        "<p>On <time>3 May</time> it opens.</p></article><footer>"
        "<p>Powered by a large wheel</p></footer></body></html>"
    )
    (check,) = check_files([page], tmp_path / "none")
    assert [(part.line, part.reason, part.text) for part in check.left_out] == [
        (None, "outside the main text", "Home of the mill friends"),
        (None, "outside the main text", "Powered by a large wheel"),
    ]


WORD = (
    '<w:p><w:r><w:t>no</w:t></w:r><w:r><w:noBreakHyphen/></w:r><w:r><w:t>go</w:t></w:r></w:p>'
    "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>Hidden.</w:t></w:r></w:p>"
    '<w:p><w:pPr><w:pStyle w:val="V1"/></w:pPr><w:r><w:t>Fees 3</w:t></w:r></w:p>'
    "<w:p><w:r><w:t>It rains</w:t><w:br/><w:t>and snows.</w:t></w:r></w:p>"
    "<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge w:val='restart'/></w:tcPr><w:p><w:r><w:t>Skiff</w:t>"
    "</w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc>"
    "<w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc><w:p><w:r><w:t>2</w:t></w:r></w:p></w:tc>"
    "</w:tr></w:tbl><w:p/><w:tbl><w:tr><w:tc><w:p><w:r><w:t>A</w:t></w:r></w:p></w:tc><w:tc>"
    "<w:p><w:r><w:t>B</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
)  # fmt: skip
STYLES = '<w:s xmlns:w="w"><w:style w:styleId="V1"><w:name w:val="toc 1"/></w:style></w:s>'


def test_of_word_what_it_shows_is_read() -> None:
    document = f'<w:d xmlns:w="w"><w:body>{WORD}</w:body></w:d>'
    members = {"word/document.xml": document, "word/styles.xml": STYLES}
    core = '<m xmlns:dc="d"><dc:title>Microsoft Word - draft.docx</dc:title></m>'
    found = read(zipped({**members, "docProps/core.xml": core}), ".docx")
    parts = ["no-go", "It rains and snows.", "Skiff | 1\nSkiff | 2", "A | B"]
    assert (found.text.split("\n\n"), found.title) == (parts, None)


def test_of_a_book_marks_are_dropped_and_entities_read() -> None:
    chapter = (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:e="e"><body><p>The river&nbsp;rises'
        '<a e:type="noteref" href="#n">1</a> in <span e:type="pagebreak">12</span>the hills.</p>'
        "<figure><img/><figcaption>The river in flood</figcaption></figure></body></html>"
    )
    package = (
        '<p><manifest><item id="c" href="c.xhtml"/></manifest>'
        '<spine><itemref idref="c"/></spine></p>'
    )
    container = '<c><rootfile full-path="p.opf"/></c>'
    members = {"META-INF/container.xml": container, "p.opf": package, "c.xhtml": chapter}
    text = read(zipped(members), ".epub").text
    assert text == "The river rises in the hills.\n\n![](picture)\nThe river in flood"


def test_of_opendocument_covered_cells_and_hidden_words() -> None:
    text = (
        '<o xmlns:t="t" xmlns:b="b"><body><t:p>The<t:hidden-text>No</t:hidden-text> end.</t:p>'
        "<b:table>"
        '<b:table-row><b:table-cell b:number-rows-spanned="2"><t:p>Monday</t:p></b:table-cell>'
        "<b:table-cell><t:p>Ott</t:p></b:table-cell></b:table-row><b:table-row>"
        "<b:covered-table-cell/><b:table-cell><t:p>Roth</t:p></b:table-cell></b:table-row>"
        "</b:table></body></o>"
    )
    expected = "The end.\n\nMonday | Ott\nMonday | Roth"
    assert read(zipped({"content.xml": text}), ".odt").text == expected


@pytest.mark.parametrize(
    ("heading", "items"),
    [("Participants", ["Nora Quill", "Tom Bask"]), ("Zutaten", ["Roggenmehl", "warmes Wasser"])],
)
@pytest.mark.parametrize("item", ["<li>{}</li>", "<li><p>{}</p></li>"])
def test_short_items_of_a_list_on_a_page_are_quoted_together(
    heading: str, items: list[str], item: str
) -> None:
    listed = "".join(item.format(words) for words in items)
    prose = "The board met in the harbour office on Tuesday and heard the report."
    page = (
        "<html><head><title>Notes of the board</title></head><body><main>"
        f"<h1>Notes of the board</h1><p>{prose}</p><h2>{heading}</h2><ul>{listed}</ul>"
        "<h2>Steps</h2><ol><li>Write to the yard about the bill.</li></ol></main></body></html>"
    )
    article = of_bytes(page.encode(), "a.html")
    quoted = [(passage.heading, passage.text) for passage in passages(article)]
    joined = "\n".join(f"• {words}" for words in items)
    assert quoted == [("", prose), (heading, joined), ("", "Write to the yard about the bill.")]
    assert as_published(joined, "a.html") == joined
