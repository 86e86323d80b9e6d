"""What is a heading, a caption or a notice by its shape, and what that does for passages."""

from __future__ import annotations

import pytest

from retrieval.articles.metadata import of_bytes
from retrieval.articles.passages import passages
from retrieval.index.records import text_of
from retrieval.models import Passage


def quotable(text: str, path: str = "a.txt") -> list[Passage]:
    return passages(of_bytes(text.encode(), path))


def headed(text: str, path: str = "a.txt") -> list[tuple[str, str]]:
    return [(passage.heading, passage.text) for passage in quotable(text, path)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("§ 1 Geltungsbereich", "§ 2 Radverkehr"),
        ("§ 12a", "§ 12b Hunde"),
        ("Artículo 4. Objeto", "Artículo 5. Horario de las piscinas"),
        ("Điều 3. Phạm vi điều chỉnh", "Điều 4. Thu phí"),
        ("Article 7", "Article 8"),
        ("1. Apologies", "2. Declarations of interest"),
        ("3.1 Scope of the contract", "3.2 Term"),
        ("Opening hours", "How to get there"),
        ("Lịch sử hình thành", "Đời sống văn hóa"),
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_headings_head_what_is_below(first: str, second: str, gap: str) -> None:
    one = "(1) The pools of the district open on the first Saturday of May. (2) Entry is free."
    two = "Whoever wants to swim at night asks the office in writing, and waits for its answer."
    text = f"Rules of the pools{gap}{first}{gap}{one}\n\n{second}{gap}{two}\n"
    assert headed(text) == [(first, one), (second, two)]
    assert text_of(quotable(text)[1]).title == f"Rules of the pools\n{second}"


def test_of_nested_headings_the_nearest_counts() -> None:
    text = (
        "Law\n\n2. General rules\n\n§ 4 Dogs\nDogs are kept on a lead in all parks of the town.\n"
    )
    assert headed(text) == [("§ 4 Dogs", "Dogs are kept on a lead in all parks of the town.")]


@pytest.mark.parametrize(
    "line",
    [
        "Held on Tuesday 14 May 2024 at 7.30 pm in the village hall",
        "Entry costs 4 euros at the gate",
        "It opened on Monday, as planned,",
        "- Bread and butter for everybody",
    ],
)
def test_lines_that_say_something_stay_prose(line: str) -> None:
    text = f"Minutes\n\nThe chair opened it.\n\n{line}\n\nPresent: A. Bee, C. Dee and E. Eff\n"
    assert line in [passage.text for passage in quotable(text)]


@pytest.mark.parametrize(
    "line", ["Entry costs 4 euros at the gate", "Present: Inés Núñez, Juan Mora"]
)
def test_facts_above_prose_stay_prose(line: str) -> None:
    text = f"Pools\n\nThe pools open.\n\n{line}\n\nThe office will answer all letters in time.\n"
    assert line in [passage.text for passage in quotable(text)]


def test_a_heading_within_is_no_title() -> None:
    text = "The council met on Tuesday.\n\nWhat it said\n\nIt said a lot, and none of it was new.\n"
    assert of_bytes(text.encode(), "a.txt").source.title == "The council met on Tuesday."


@pytest.mark.parametrize(
    "line",
    [
        "The post [Mayor wins](https://a.example/m) appeared first on [The Daily](https://a.example).",
        "Der Beitrag Neue Brücke erschien zuerst auf Tagblatt.",
        "La entrada [Piscinas](https://a.example/p) aparece primero en Diario de Álora.",
        "[Read more…](https://a.example/m#more)",
        "[Weiterlesen](https://a.example/m)",
        "[^1]: Interview with the harbour master, translated by our desk.",
        '[3]: https://a.example/x "Company statement"',
        "![](https://a.example/1.jpg)[Foto: A. Lens](https://a.example/credit)",
    ],
)
def test_what_feeds_and_footnotes_add_is_no_passage(line: str) -> None:
    prose = "The mayor opened the new bridge on Monday."
    assert [p.text for p in quotable(f"# Bridge\n\n{prose}\n\n{line}\n", "a.md")] == [prose]


def test_the_line_below_a_picture_is_its_caption() -> None:
    text = (
        "# Bridge\n\n![](a.jpg)\nThe mayor of Linz and her guests on it\n\nThe bridge was opened.\n"
    )
    kinds = {passage.text: passage.kind.value for passage in quotable(text, "a.md")}
    assert kinds["The mayor of Linz and her guests on it"] == "caption"
