"""The fragments of addresses: each finds the words that are quoted, and no others."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from urllib.parse import unquote

import pytest

from retrieval.articles.metadata import of_bytes, of_content
from retrieval.articles.passages import passages
from retrieval.formats.file_text import Content
from retrieval.models import MAX_LINK
from retrieval.quotes.quoting import linked
from retrieval.quotes.text_fragments import text_fragment
from tests.conftest import SEEDS

from ..quote_checks import quote_of

DIRECTIVE = re.compile(
    r":~:text=(?:(?P<prefix>[^-,&]+)-,)?(?P<start>[^-,&]+)(?:,(?P<end>[^-,&]+))?", re.ASCII
)
"""The syntax of the specification, without a suffix; a hyphen stands for itself nowhere."""


def found(text: str, fragment: str) -> str | None:
    """What a browser marks in a page that has each line of the text in a block of its own.

    After "find a range from a text directive" of the specification. It has no dictionary of
    languages without spaces: within a run of their letters it sees no bounds.
    """
    said = DIRECTIVE.fullmatch(fragment)
    assert said
    page = re.sub(r"[^\S\n]+", " ", plain(text))
    prefix, start, end = (plain(unquote(said[name] or "")) for name in ("prefix", "start", "end"))
    look = re.compile(re.escape(prefix) if prefix else bounded(start))
    at = -1
    while match := look.search(page, at + 1):
        at, last = match.span()
        first = at
        if prefix:
            after = re.compile(rf"\s*({bounded(start)})").match(page, last)
            if not bounds(page, at) or not after:
                continue
            first, last = after.span(1)
        if end:
            ends = re.compile(bounded(end)).search(page, last)
            if not ends:
                return None
            last = ends.end()
        return page[first:last]
    return None


def plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    marks = re.sub("[‘’]", "'", re.sub("[“”]", '"', letters))
    return "".join(
        letter for letter in marks if not unicodedata.combining(letter) or letter > "\u036f"
    )


def bounded(words: str) -> str:
    return rf"(?<!\w)(?<!\w['’.:]){re.escape(words)}(?!\w)(?!['’.:]\w)"


def bounds(page: str, at: int) -> bool:
    return not re.fullmatch(r"\w\w", page[max(0, at - 1) : at + 1])


def words_of(text: str) -> list[str]:
    """The words from the first to the last, without the punctuation around them."""
    return re.sub(r"^\W+|\W+$", "", plain(text)).split()


def fragment(text: str, quote: str, nth: int = 0) -> str | None:
    start = [match.start() for match in re.finditer(re.escape(quote), text)][nth]
    return text_fragment(text, start, start + len(quote))


@pytest.mark.parametrize("path", [file.name for file in sorted(SEEDS.glob("0*.txt"))])
def test_every_passage_of_the_seeds_is_found(path: str) -> None:
    article = of_bytes((SEEDS / path).read_bytes(), path)
    for one in passages(article):
        made = text_fragment(article.text, one.start, one.end)
        assert made is not None
        assert (found(article.text, made) or "").split() == words_of(one.text)
        assert len(made) < 200


TEXT = """The council met on Tuesday. It approved the budget for the coming year, and rose at noon.
“We are well-prepared,” said the mayor & her deputy. It rose.
It approved the budget for the coming year - 3.5% more. The mayor thanked all who had come."""


@pytest.mark.parametrize(
    ("quote", "made"),
    [
        # As few words as tell it apart, and a short one as it stands.
        ("The council met on Tuesday.", "The%20council%20met%20on%20Tuesday"),
        ("The mayor thanked all who had come.", "The%20mayor%20thanked,who%20had%20come"),
        # A hyphen is avoided where the words before it suffice, …
        (
            "“We are well-prepared,” said the mayor & her deputy.",
            "We%20are,mayor%20%26%20her%20deputy",
        ),
        # … and encoded where they do not, as are commas and ampersands.
        ("well-prepared,” said the mayor", "well%2Dprepared%2C%E2%80%9D%20said%20the,mayor"),
        ("the mayor & her deputy.", "the%20mayor%20%26%20her%20deputy"),
        ("It rose.\nIt approved", "It%20rose,It%20approved"),
    ],
)
def test_what_is_looked_for(quote: str, made: str) -> None:
    told = fragment(TEXT, quote)
    assert told is not None
    assert (found(TEXT, told) or "").split() == words_of(quote)
    assert told == f":~:text={made}"


def test_words_that_stand_twice_are_told_apart_by_those_before() -> None:
    line = "It approved the budget."
    text = f"The council met. {line}\nThe board met as well. {line}\n{line}"
    assert [fragment(text, line, nth) for nth in range(3)] == [
        ":~:text=The%20council%20met.-,It%20approved%20the%20budget",
        ":~:text=met%20as%20well.-,It%20approved%20the%20budget",
        ":~:text=approved%20the%20budget.-,It%20approved%20the%20budget",
    ]


def test_what_nothing_tells_apart_has_none() -> None:
    assert [fragment("Yes. Yes.\nYes.", "Yes.", nth) for nth in range(3)] == [
        None,
        None,
        ":~:text=Yes.%20Yes.-,Yes",
    ]
    assert fragment("... – !", "... – !") is None
    # Of what ends as something within it does, the first words are looked for.
    assert fragment("The mill is\nold\nvery\nold", "The mill is\nold\nvery\nold") == (
        ":~:text=The%20mill%20is"
    )
    assert text_fragment("", 0, 0) is None


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("市议会于周二召开会议，批准了明年的预算。主席王明主持了会议。", "主席王明主持了会议。"),
        (
            "市議会は火曜日に会議を開き、来年の予算を承認した。議長は、会議を開き、予算を承認した。",
            "市議会は火曜日に会議を開き、来年の予算を承認した。",
        ),
        ("สภาเมืองประชุมเมื่อวันอังคาร และอนุมัติงบประมาณ นายกขอบคุณ", "และอนุมัติงบประมาณ นายกขอบคุณ"),
        ("Ngày 6/11, hội nghị đã họp. Hội nghị đã họp tại Hà Nội.", "Hội nghị đã họp tại Hà Nội."),
        ("Der Rat tagte. Straße und Maße sind groß.", "Straße und Maße sind groß."),
        ("It rose at\nnoon, as the old\ncouncil did. All left.", "It rose at\nnoon, as the old\n"),
        ("A sum of $3.14\xa0million\twas (in\u2009all) paid.", "$3.14\xa0million\twas (in\u2009"),
    ],
)  # fmt: skip
def test_other_scripts_and_other_spaces(text: str, quote: str) -> None:
    made = fragment(text, quote)
    assert made is not None
    assert (found(text, made) or "").split() == words_of(quote)


TABLES = {
    "a.md": "| Pool | Opens | Children |\n|:---|---|---:|\n| Ash Vale | 4 May | 3.00 |\n"
    "| Elm | 5 May | free |",
    "b.md": "Bad | Öffnet | Kinder\n--- | --- | ---\nAu | 4. Mai | 3,00\nKor | 1. Juni | frei",
    "c.txt": "Hồ bơi     Mở cửa       Trẻ em\nSơn Trà    4 tháng 5    3.000\n"
    "Hòa\tmỗi ngày\tmiễn phí\nLớn nhất  1 tháng 6    2.000",
    "d.html": "Day | Hours\nMonday | 8 am to 4 pm\nTuesday | closed",
}


@pytest.mark.parametrize("path", TABLES)
def test_the_cells_of_a_table_are_blocks_of_the_page(path: str) -> None:
    table = TABLES[path]
    cells = [re.split(r" *\| *|\t| {2,}", row.strip("| ")) for row in table.splitlines()]
    page = "\n".join(cell for row in cells if "--" not in row[1] for cell in row)
    before, after = "It opens on Monday, in May.", "Children and pools: see above."
    text = f"{before}\n\n{table}\n\n{after}"
    rows = [row for row in table.splitlines() if "--" not in row]
    for quote in (table, *rows):
        told = fragment(text, quote)
        assert told is not None
        opened = found(f"{before}\n{page}\n{after}", told)
        assert (opened or "").split() == re.sub(r"[-|:]+(?=\s|$)|\|", " ", plain(quote)).split()


def test_where_a_link_opens_the_page_at_the_words() -> None:
    (first, *_) = passages(
        of_content(Content(TEXT), "a.txt", {"url": "https://news.example/a"}, "0" * 64)
    )
    plain = quote_of(first)
    assert plain.link == "https://news.example/a"
    quote = linked(plain, Content(TEXT))
    assert quote.link == "https://news.example/a#:~:text=The%20council%20met,rose%20at%20noon"
    room = MAX_LINK - len(f"#{quote.fragment}")
    for url, opened in (
        ("https://a.example/".ljust(room, "a"), True),
        ("https://a.example/".ljust(room + 1, "a"), False),
        ("https://a.example/#part", False),
    ):
        found = linked(replace(quote, url=url), Content(TEXT))
        assert found.link == (f"{url}#{quote.fragment}" if opened else url)
    assert linked(replace(quote, original=True), Content(TEXT)).link == quote.url
    assert linked(replace(quote, url=None), Content(TEXT)).link is None


def test_an_anchor_is_whole_words_as_a_browser_sees_them() -> None:
    text = (
        "The council met in the year.Next it rose at 3.15 p.m. and the mayor’s deputy left early."
    )
    assert fragment(text, "council met in the year.") == ":~:text=council%20met%20in%20the"
    assert fragment(text, "s deputy left ear") == ":~:text=deputy%20left"
    assert fragment(text, "rose at 3.15 p.m.") == ":~:text=rose%20at%203.15%20p.m"
