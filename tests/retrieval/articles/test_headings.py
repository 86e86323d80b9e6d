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


@pytest.mark.parametrize(
    "caption",
    [
        "The mayor of Linz and her guests on it",
        "Die Bürgermeisterin mit ihren Gästen auf der Brücke",
        "La alcaldesa y sus invitados en el puente nuevo",
        "Chủ tịch và các vị khách trên cây cầu mới",
    ],
)
def test_the_line_below_a_picture_is_its_caption(caption: str) -> None:
    text = f"# Bridge\n\n![](a.jpg)\n{caption}\n\nThe bridge was opened.\n"
    kinds = {passage.text: passage.kind.value for passage in quotable(text, "a.md")}
    assert kinds == {caption: "caption", "The bridge was opened.": "prose"}


@pytest.mark.parametrize(
    "items",
    [
        ("- **Sunday 26 October**: 10 pm", "- **Monday 27 October**: 6 pm", "- **Friday**: 6 pm"),
        ("- 1 tsp mild mustard (optional)", "- 2 cups of oat flour", "- 3 apples from the garden"),
        ("1. Öffne den Bereich Mitglieder", "2. Wähle die Person aus", "3. Klicke auf Speichern"),
        ("1) Abre la página del club", "2) Elige la fecha del partido", "3) Pulsa el botón verde"),
        ("1. Wahl des neuen Vorstands", "1. Bericht der Kassenprüfer", "1. Wünsche der Mitglieder"),
    ],
)
@pytest.mark.parametrize("below", ["Whoever cannot come writes to the office.", "## Directions"])
def test_items_of_a_list_head_nothing(items: tuple[str, ...], below: str) -> None:
    listed = "\n".join(items)
    text = f"# Notice\n\nThe board wrote this on Monday.\n\n{listed}\n\n{below}\n\nIt is so."
    assert [p for _, p in headed(text, "a.md") if p in items] == list(items)
    assert not any(heading in items for heading, _ in headed(text, "a.md"))


def test_an_item_that_begins_with_a_number_heads_no_items_below_it() -> None:
    days = ["- 08.12. (5 pm) Film night", "- 14.12. (4 pm) Ginger houses", "- 15.12. Skittles"]
    listed = "\n\n".join(f"{day}\n\n    - Bring a cup of your own and a friend." for day in days)
    text = f"# Calendar\n\nThe hall is open.\n\n{listed}\n\nIt is so."
    assert [p for _, p in headed(text, "a.md") if p in days] == days


@pytest.mark.parametrize("mark", ["-", "–", "•"])
def test_a_number_with_a_mark_heads_prose(mark: str) -> None:
    says = ["The chair welcomes all who came.", "The budget is agreed by all but one."]
    titles = [f"{mark} 1. Welcome", f"{mark} 2. Budget"]
    text = "\n\n".join(f"{title}\n\n{words}" for title, words in zip(titles, says, strict=True))
    assert headed(f"# Minutes\n\n{text}\n", "a.md") == [*zip(titles, says, strict=True)]


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Protokoll der Versammlung vom 01. Juni 2018", "====================="),
        ("Bericht der Wehr 2015", "================================================"),
        ("Công ty một thành viên ở Bến Tre có những đặc điểm gì?", "==="),
        ("What did we decide?", "---"),
    ],
)
def test_a_first_line_with_a_line_drawn_below_is_the_title(title: str, line: str) -> None:
    said = "The chairman opened the meeting at eight and greeted all who had come that evening."
    article = of_bytes(f"{title}\n{line}\n\n{said}\n\n## Item 1\n\n{said}\n".encode(), "a.md")
    assert article.source.title == title
    assert title not in [passage.text for passage in passages(article)]


@pytest.mark.parametrize(
    "said",
    [
        "Die Mitglieder treffen sich jeden zweiten Donnerstag im Monat um acht im Vereinsheim",
        "We met on Monday at eight.",
    ],
)
def test_a_paragraph_above_a_line_across_the_page_is_no_heading(said: str) -> None:
    text = f"# Verein\n\nWir sind viele.\n\n{said}\n---\nIm August ist das Heim geschlossen.\n"
    assert said in [p for _, p in headed(text, "a.md")]
    assert said in [p for _, p in headed(text[text.index(said) :], "a.md")] or said[-1] != "."


@pytest.mark.parametrize(
    ("heading", "below"),
    [
        ("### Sonntag, 27. Februar, 11 Uhr", "ein. Die Versammlung findet im Rathaus statt."),
        ("## parameterized query", "it is the safest of all that the council has been shown."),
    ],
)
def test_no_words_below_a_marked_heading_belong_to_it(heading: str, below: str) -> None:
    lead = "Der Vorstand lädt alle Mitglieder herzlich zur Versammlung am"
    text = f"# Einladung\n\n{lead}\n{heading}\n{below}\n"
    assert quotable(text, "a.md")[-1].text == below


def test_a_heading_in_tags_is_one() -> None:
    said = "The family came to the parish in 1790 and built the mill that stands there today."
    text = (
        f"<h1>Families</h1>\n<h2 class='a'>The mill</h2>\n<p>\n{said}</p>\n<h3>Later</h3>\n{said}"
    )
    assert [heading for heading, _ in headed(text, "a.md")] == ["The mill", "Later"]


def test_a_long_first_line_that_leads_to_a_list_is_prose() -> None:
    lead = "Estas son las fechas que el club tiene por ahora, con la sala reservada para cada una:"
    assert lead in [p for _, p in headed(f"{lead}\n\n- 3 de mayo, a las 20 horas\n", "a.md")]


def test_numbered_headings_that_are_above_one_another_head_what_is_below() -> None:
    text = (
        "Minutes of the council\n\n1. Apologies\n2. Minutes of the last meeting\n\nThey were "
        "approved by all.\n\n3. Planning\n\nNo applications had been received since March.\n"
    )
    assert headed(text)[-2:] == [
        ("2. Minutes of the last meeting", "They were approved by all."),
        ("3. Planning", "No applications had been received since March."),
    ]


@pytest.mark.parametrize("fence", ["```", "~~~~", "``` sh"])
@pytest.mark.parametrize("is_closed", [True, False])
def test_what_begins_with_a_number_sign_in_code_is_no_heading(fence: str, is_closed: bool) -> None:
    prose, command = (
        "The helper shows which of the lists may be read.",
        "# apt-get install -y tzdata",
    )
    end = fence.removesuffix(" sh") if is_closed else ""
    text = f"# Lists\n\n{prose}\n\n{fence}\n{command}\n{end}\n\n{prose}\n"
    said = [prose, *([command] if is_closed else []), prose]
    assert [passage.text for passage in quotable(text, "a.md")] == said


def test_lines_drawn_below_headings_are_no_fences() -> None:
    prose = "The helper shows which lists may be read."
    parts = [f"{name}\n~~~~~~\n\n{prose}" for name in ("Listen", "Orte", "Zeiten")]
    assert [heading for heading, _ in headed("\n\n".join(["Titel", *parts]))] == [
        "Listen", "Orte", "Zeiten",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "items", "below"),
    [
        ("Điều 2. Mục đích", ["1. Tập hợp hội viên trong phường", "2. Tổ chức giải đấu hằng năm"],
         "Điều 3. Hội viên"),
        ("§ 2 Zweck", ["1. die Förderung des Sports", "2. die Pflege des Chorgesangs"], "§ 3 Jahr"),
        ("Artículo 2. Fines", ["1) promover el deporte local", "2) cuidar el canto del barrio"],
         "Artículo 3. Socios"),
        ("§ 2 Bodies", ["The bodies of the club are:\n\n• the board\n• the assembly"], "§ 3 Board"),
    ],
)  # fmt: skip
def test_items_without_stops_stand_below_their_section(
    heading: str, items: list[str], below: str
) -> None:
    prose = "Mọi người trong phường đều có thể xin vào câu lạc bộ."
    text = "\n\n".join(["Satzung", "§ 1 Name", prose, heading, *items, below, prose])
    found = headed(text.replace("§ 1", heading.partition(" ")[0] + " 1"))
    assert [(above, said) for above, said in found if said != prose] == [
        (heading, item) for item in items
    ]
    assert found[-1] == (below, prose)
