"""Running heads and numbers of pages in plain text, as programs export it page by page."""

from __future__ import annotations

import pytest

from retrieval.articles.paragraphs import paragraphs
from retrieval.articles.running_lines import running_lines
from retrieval.formats.wrapped import paragraph_spans
from retrieval.models import Kind

SENTENCES = {
    "en": "The council heard the report on the pool and the library and thanked the clerk for it.",
    "de": "Der Rat hörte den Bericht über das Bad und die Bücherei und dankte dem Amt dafür.",
    "vi": "Hội đồng nghe báo cáo về hồ bơi và thư viện rồi cảm ơn thư ký đã chuẩn bị tài liệu.",
}


def pages(head: str, prose: str, foot: str = "", between: str = "\n\n", count: int = 4) -> str:
    """Pages of three paragraphs, of which the last goes on in the next one."""
    begin = prose[:40].rsplit(" ", 1)[0]
    first, rest = f"{prose} {prose} {begin}", prose[len(begin) + 1 :]
    prose = " ".join([prose] * 4)
    parts = ["A report of the year\n\nThe year was good."]
    for number in range(1, count + 1):
        body = [prose, prose, first] if number == 1 else [rest, prose, first]
        shown = [head.format(number), *body, foot.format(number)]
        parts.append("\n\n".join(filter(None, shown)))
    return between.join([*parts, rest])


def kinds(text: str) -> dict[str, set[Kind]]:
    found: dict[str, set[Kind]] = {}
    for start, end, kind in paragraphs(text):
        found.setdefault(text[start:end], set()).add(kind)
    return found


def running(text: str) -> list[str]:
    """The lines of a text that are told to be running heads, feet or the like."""
    spans = list(paragraph_spans(text))
    found = running_lines(text, spans)
    return [text[start:end] for start, end in spans if start in found]


@pytest.mark.parametrize("prose", SENTENCES.values(), ids=SENTENCES)
@pytest.mark.parametrize(
    ("head", "foot", "between"),
    [
        ("Minutes of the council meeting - page {}", "", "\n\n"),
        ("", "Page {} of 4", "\n\n"),
        ("Gemeinde Ashmere, Sitzung vom 14.05.2024 / {}", "", "\n\n"),
        ("The Council of Ashmere", "– {} –", "\n\n"),
        ("The Council of Ashmere", "", "\n\x0c"),
    ],
)
def test_what_stands_on_every_page_is_not_quoted(
    prose: str, head: str, foot: str, between: str
) -> None:
    text = pages(head, prose, foot, between)
    found = kinds(text)
    running = [line.format(number) for line in (head, foot) if line for number in range(1, 5)]
    assert all(found[line] == {Kind.FURNITURE} for line in running if line in found)
    assert sum(line in found for line in running) >= len(set(running)) - 1
    assert found[" ".join([prose] * 4)] == {Kind.PROSE}


@pytest.mark.parametrize(
    "line",
    ["Day {}", "Article {}", "Minutes of meeting {}", "{}. Vote on the motion", "Điều {}", "§ {}"],
)
def test_headings_that_count_are_no_running_heads(line: str) -> None:
    prose = SENTENCES["en"]
    text = "\n\n".join(["A report", *(f"{line.format(n)}\n\n{prose}" for n in range(1, 6))])
    assert all(Kind.FURNITURE not in kinds(text)[line.format(n)] for n in range(1, 6))


def test_what_is_said_again_and_again_is_quoted() -> None:
    said = "The motion was carried by all members"
    text = "\n\n".join(["A report", *(f"{SENTENCES['en']}\n\n{said}" for _ in range(5))])
    assert kinds(text)[said] == {Kind.PROSE}


APPROVED = "Approved by all members present."
REFRAIN = "Sing on, good people of the valley"
CARRIED = "Carried by all members present"
LONG = " ".join([SENTENCES["en"]] * 7)
LONGER = f"{LONG} {LONG}"
OPEN = LONG.rstrip(".").lower()


@pytest.mark.parametrize(
    ("kept", "part", "between"),
    [
        (APPROVED, f"{{0}}\nBudget of the club in 202{{0}}\n{APPROVED}", "\n"),
        (APPROVED, f"{{0}}\n\n{LONG}\n\n{APPROVED}", "\n\n"),
        (APPROVED, f"{{0}}\n00:0{{0}}:01,000 --> 00:0{{0}}:04,000\n{APPROVED}", "\n\n"),
        (CARRIED, f"The budget of the club in 202{{0}}\n\n{LONG}\n\n{CARRIED}", "\n\x0c"),
        (REFRAIN, f"{{0}}\n\n{LONG}\n\n{REFRAIN}", "\n\n"),
    ],
)
def test_what_comes_again_for_other_reasons_is_quoted(kept: str, part: str, between: str) -> None:
    text = between.join(["A report", *(part.format(number) for number in range(1, 6))])
    assert not running(text)
    assert Kind.FURNITURE not in kinds(text)[kept]


@pytest.mark.parametrize(
    ("line", "below"),
    [
        ("Day {}", "we meet at the station at nine and go on to the harbour by bus"),
        ("Day {}", OPEN),
        ("Step {} of the recipe", "add the flour and stir for ten minutes."),
        ("meeting {} of the board", OPEN),
        ("Whereas, in the year 202{} the board", "resolved to raise the fee for all by ten"),
        ("Whereas, in the year 202{} the board", OPEN),
        ("Annual general meeting of members 202{}", LONGER),
        ("Minutes of the meeting of {} May 2024", LONGER),
        ("Vote of the council on motion {}", LONGER),
        ("Minutes of the meeting of the board, no. {} of 2024", LONGER),
        ("Kapitel {} Der lange Weg nach Hause", LONGER),
    ],
)
def test_what_counts_above_each_part_is_no_running_head(line: str, below: str) -> None:
    assert not running(
        "\n\n".join(["The title", *(f"{line.format(n)}\n\n{below}" for n in range(1, 6))])
    )


PARTS = {
    "Contents": ["Purpose of the club", "Members and fees", "The general meeting", "Dissolution"],
    "Inhaltsverzeichnis:": ["Zweck des Vereins", "Beiträge", "Vorstand und Wahl", "Auflösung"],
    "Mục lục": ["Mục đích của hội", "Hội viên và hội phí", "Đại hội toàn thể", "Giải thể"],
}


def with_table(head: str, entry: str, pages: str, parts: list[str]) -> tuple[str, str]:
    """A text with a heading above a table and above each of four parts; and the table."""
    numbers = pages.split()
    named = PARTS[head if head in PARTS else "Contents"]
    table = "\n".join(entry.format(*pair) for pair in zip(named, numbers, strict=True))
    body = [f"{part}\n\n{SENTENCES['en']}" for part in parts]
    return "\n\n".join(["# Rules", head, table, *body]), table


@pytest.mark.parametrize("head", PARTS)
@pytest.mark.parametrize("mark", ["", "## ", "3.1 "])
@pytest.mark.parametrize("entry", ["{} ........ {}", "{}\t{}", "1 {} | {}", "- [{}](#part-{})"])
def test_a_table_of_contents_is_not_quoted(head: str, entry: str, mark: str) -> None:
    parts = [f"{mark}{part}" for part in PARTS[head]]
    text, table = with_table(head, entry, "2 3 3 11", parts)
    listed = [kind for line, found in kinds(text).items() if line in table for kind in found]
    assert listed
    assert not {*listed} & {Kind.TABLE, Kind.PROSE}
    assert kinds(text)[SENTENCES["en"]] == {Kind.PROSE}


@pytest.mark.parametrize(
    ("head", "pages", "parts"),
    [
        ("Fees", "2 3 3 11", PARTS["Contents"]),
        ("Contents", "4 3 8 2", PARTS["Contents"]),
        ("Mục lục", "2 3 3 11", PARTS["Contents"]),
    ],
)
def test_another_table_is_quoted(head: str, pages: str, parts: list[str]) -> None:
    text, table = with_table(head, "{}\t{}", pages, parts)
    assert kinds(text)[table] == {Kind.TABLE}
