"""Prose, captions, headings, and the furniture of a page."""

from __future__ import annotations

import pytest

from retrieval.articles.paragraphs import paragraphs
from retrieval.models import Kind

LEAD = "The mayor opened the new bridge on Monday."


def kinds(*lines: str) -> list[Kind]:
    text = "\n".join([LEAD, *lines])
    return [p.kind for p in paragraphs(text)][1:]


@pytest.mark.parametrize(
    "line",
    [
        "Comment (0)",
        "Kommentar (12)",
        "Comentarios",
        "Bình luận (3)",
        "[Anzeige_2]",
        "![A bridge](bridge.jpg)",
        "![A bridge](bridge.jpg) The mayor opens the bridge, on Monday in the rain.",
        "Fuente",
        "Quelle: https://news.example/a",
        "According to VNA",
        "Theo TTXVN",
        "Photo: VNA",
        "(Foto: Jane Doe/dpa)",
        "Ảnh: Nguyễn Văn A",
        "https://news.example/a",
        "Manh Cuong",
        "<br>",
    ],
)
def test_furniture(line: str) -> None:
    assert kinds(line) == [Kind.FURNITURE]


@pytest.mark.parametrize("line", ["---", "| --- | --- |", "***", "![]() |", "…"])
def test_a_line_without_a_word_is_no_paragraph(line: str) -> None:
    assert kinds(line) == []


@pytest.mark.parametrize(
    "line",
    [
        "The mayor cuts the ribbon. Photo: VNA",
        "Der Bürgermeister eröffnet die Brücke (Foto: dpa).",
        "Delegates at the opening. (Photo: Jane Doe/VNA) |",
        "Los delegados en la apertura. Foto: EFE",
        "Các đại biểu dự lễ khánh thành. Ảnh: TTXVN",
        "The mayor at the bridge (Photo: VNA)Hanoi (VNA) -",
    ],
)
def test_captions(line: str) -> None:
    assert kinds(line) == [Kind.CAPTION]


@pytest.mark.parametrize(
    "line",
    [
        "According to the report, the bridge cost four million euros.",
        "Laut dem Bericht kostete die Brücke vier Millionen Euro.",
        "He resigned.",
        "The photo shows the bridge; the print was sold for charity.",
        "“We share the joy,” she said.",
        "In the photo: a bridge, a river and a boat. The mayor spoke of the long years it took.",
    ],
)
def test_prose(line: str) -> None:
    assert kinds(line) == [Kind.PROSE]


@pytest.mark.parametrize(
    "picture", ["![](b.jpg)", '![Brücke](b.jpg "Die Brücke"){.wide} ', "![][1]"]
)
def test_a_picture_at_the_beginning_of_a_paragraph_does_not_take_it_away(picture: str) -> None:
    line = (
        "LINZ.- Die Stadt hat am Montag die Brücke über die Donau nach vier Jahren Bau eröffnet; "
    )
    line += "sie kostete vier Millionen Euro, die zur Hälfte das Land trägt, und hat einen Radweg."
    line += " Das erste Auto fuhr um 8 Uhr."
    assert kinds(picture + line) == [Kind.PROSE]


def test_headings() -> None:
    found = paragraphs(f"A bridge is opened\n{LEAD}\n## What it cost\nIt cost a lot of money.")
    assert [p.kind for p in found] == [Kind.HEADING, Kind.PROSE, Kind.HEADING, Kind.PROSE]


@pytest.mark.parametrize(
    "line",
    [
        "It is said that the bridge is old. Nobody knows how old.[citation needed]",
        "The bridge over the river is " + "very " * 40 + "old",
    ],
)
def test_a_first_line_that_is_no_heading(line: str) -> None:
    assert [p.kind for p in paragraphs(f"{line}\n{LEAD}")] == [Kind.PROSE, Kind.PROSE]


def test_wrapped_lines_are_one_paragraph_and_others_are_not() -> None:
    wrapped = (
        "The mayor opened the new bridge on Monday in the presence of many\n"
        "guests from the region, and thanked the workers who had built it\n"
        "through two winters.\n\nThe next day it rained."
    )
    found = [wrapped[p.start : p.end] for p in paragraphs(wrapped)]
    assert found == wrapped.split("\n\n")
    listed = "- Bread and butter for all\n- Water and wine for all"
    assert len(paragraphs(listed)) == 2


def test_spans_have_no_white_space_around_them() -> None:
    text = f"  \t{LEAD} \r\n\u00a0\r\n\f{LEAD}\r\n"
    found = [text[p.start : p.end] for p in paragraphs(text)]
    assert found == [LEAD, LEAD]


@pytest.mark.parametrize(
    "lines",
    [
        (
            'Read [how it began]({{ "/2015/how/" | url }}), and ask',
            "whoever was there, before we meet.",
        ),
        (
            'Đọc [bài trước]({{ "/2022/chay/" | relative_url }}) và hỏi',
            "những người đã chạy ở đó nhé.",
        ),
    ],
)
def test_a_bar_in_the_mark_of_a_template_parts_no_cells(lines: tuple[str, str]) -> None:
    text = "\n".join([LEAD, "", *lines])
    assert Kind.TABLE not in [part.kind for part in paragraphs(text)]
