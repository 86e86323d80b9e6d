"""Passages are spans of whole sentences, within a paragraph, as long as a quote may be."""

# ruff: noqa: E501 (texts)
from __future__ import annotations

import random
import unicodedata
from itertools import pairwise

import pytest

from retrieval.articles.metadata import of_content
from retrieval.articles.passages import passages
from retrieval.articles.scan import scan
from retrieval.formats.file_text import Content
from retrieval.models import MAX_QUOTE, Article, Passage
from tests.conftest import SEEDS


def article(text: str, language: str = "en") -> Article:
    return of_content(Content(text), "a.txt", {"language": language}, "0" * 64)


def check(made: Article, found: list[Passage]) -> None:
    """What holds of the passages of any article."""
    assert found
    last = 0
    for passage in found:
        assert passage.text == made.text[passage.start : passage.end]
        assert 0 < len(passage.text) <= MAX_QUOTE
        assert passage.text == passage.text.strip()
        assert passage.start >= last
        last = passage.end
        assert passage.sentences[0][0] == passage.start
        assert passage.sentences[-1][1] == passage.end
        assert passage.sentence_texts == [made.text[start:end] for start, end in passage.sentences]
    assert len({passage.id for passage in found}) == len(found)


def test_the_seeds() -> None:
    for made in scan(SEEDS).articles:
        found = passages(made)
        check(made, found)
        quoted = " ".join(passage.text for passage in found)
        assert not any(label in quoted for label in ("Comment (", "Anzeige_2", "Fuente", "![]"))


def test_random_texts() -> None:
    dice = random.Random(7)
    pieces = [
        "word",
        "Größe",
        "đảng",
        "🎉",
        "Dr.",
        "3.",
        "end.",
        "so!",
        "why?",
        ";",
        "«a»",
        "…",
        "x" * 90,
    ]
    for _ in range(60):
        lines = [" ".join(dice.choices(pieces, k=dice.randint(1, 180))) for _ in range(4)]
        made = article("This is how the article begins today.\n" + "\r\n".join(lines))
        check(made, passages(made))


def test_random_texts_with_markup() -> None:
    dice = random.Random(8)
    pieces = [
        "Größe", "u\u0308ber", "\xad", "**", "*", "_", "[", "](https://a.example/b)", "end.", "。[^1]", "下",
        "&amp;", "&nbsp;", "<b>", "`", "\\*", "\u200b", "A.[^1]B", "meet-\ning", "| a | b |\n", "- ", "> ",
        f"[x](https://a.example/{'y' * 480})", "z" * 120, "\r\n", "\n\n", "1. ", "## ", "!", "§ 3 Dogs\n",
    ]  # fmt: skip
    for _ in range(80):
        text = "".join(
            f"{piece} "[: len(piece) + dice.randint(0, 1)] for piece in dice.choices(pieces, k=60)
        )
        made = of_content(Content(f"This is how it begins today.\n{text}"), "a.md", {}, "0" * 64)
        check(made, passages(made))


def test_a_paragraph_is_not_left() -> None:
    made = article("One short sentence stands here.\nAnother short sentence stands here.")
    assert [passage.text for passage in passages(made)] == made.text.split("\n")


def test_short_sentences_share_a_passage_and_long_ones_do_not() -> None:
    sentence = "The members of the council spoke at length about the new bridge over the river. "
    found = passages(article(sentence * 12))
    assert all(300 <= len(passage.text) <= MAX_QUOTE for passage in found[:-1])
    assert all(passage.text.endswith("river.") for passage in found)


def test_a_sentence_too_long_to_quote_is_cut_at_its_clauses() -> None:
    clause = "the council of the city discussed the matter of the bridge for many long hours"
    made = article("; ".join([clause] * 9) + ".")
    found = passages(made)
    check(made, found)
    assert all(passage.text.endswith((";", ".")) for passage in found)


def test_a_text_without_any_break_is_cut_all_the_same() -> None:
    made = article("x" * 1_800 + " is a very long word.")
    check(made, passages(made))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Am 13. Parteitag sprach Dr. Weber über die Lage. Danach war Pause."),
        ("en", "Mr. Le Hong Anh of the U.S. office spoke at 5 p.m. on Monday. Then he left."),
        ("es", "El Sr. García habló de la Ley núm. 5 en la sesión. Después se fue."),
        ("vi", "Ông Nguyễn Văn A. phát biểu tại hội nghị hôm qua. Sau đó ông ra về."),
    ],
)
def test_abbreviations_and_ordinals_end_no_sentence(language: str, text: str) -> None:
    (passage,) = passages(article(text, language))
    assert len(passage.sentences) == 2


def test_ids_depend_on_the_words_alone() -> None:
    text = "The council met on Tuesday. It approved the budget."
    here = of_content(Content(text), "a.txt", {}, "1" * 64)
    moved = of_content(
        Content(text), "b/c.txt", {"title": "Other", "url": "https://x.example"}, "1" * 64
    )
    assert [p.id for p in passages(here)] == [p.id for p in passages(moved)]


CLAUSES = {
    "zh": "第{n}条规定，北村的居民应当在每年{n}月缴纳{n}{n}元的水费，",
    "ja": "第{n}条の定めにより、北町の住民は毎年{n}月に{n}{n}円の水道料を納めるものとし、",
    "zh semicolons": "北村的居民应当在每年{n}月缴纳{n}{n}元；",
}


@pytest.mark.parametrize("kind", CLAUSES)
def test_long_sentences_without_spaces_are_cut_at_their_clauses(kind: str) -> None:
    text = "".join(CLAUSES[kind].format(n=number) for number in range(1, 70))
    made = article(f"公布\n\n{text[:-1]}。", kind[:2])
    found = passages(made)
    check(made, found)
    assert all(passage.text.endswith(("，", "、", "；", "。")) for passage in found)
    if kind == "zh":
        assert all(passage.text.startswith("第") for passage in found)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("th", "ประชาชนในหมู่บ้านเหนือต้องจ่ายค่าน้ำ1234บาท" * 40),
        ("zh", "北村居民缴纳水费12345元" * 120),
        ("en", "x" * 1_800 + "1234567890" * 100),
    ],
)
def test_numbers_and_letters_stay_whole_where_nothing_parts_words(language: str, text: str) -> None:
    made = article(f"Heading\n\n{text}.", language)
    found = passages(made)
    check(made, found)
    if language != "en":
        for before, after in pairwise(found):
            assert not (before.text[-1].isdigit() and after.text[0].isdigit())
            assert unicodedata.category(after.text[0])[0] != "M"


@pytest.mark.parametrize(
    ("text", "lead", "items"),
    [
        # An outline: what is further in is about what stands above it.
        ("- Charter of the new project #1484\n  - Approved.\n  - To be told in May.", "- Charter of the new project #1484", ["- Approved.", "- To be told in May."]),
        ("Für den Bau braucht man:\n\n* Holz aus dem Wald\n* vier Schrauben aus Stahl\n\nDas Werkzeug ist da.", "Für den Bau braucht man:", ["* Holz aus dem Wald", "* vier Schrauben aus Stahl"]),
        ("(1) Son peruanos por nacimiento:\na) Los nacidos en el país.\nb) Los adoptados.\n(2) Nadie pierde la nacionalidad.", "(1) Son peruanos por nacimiento:", ["a) Los nacidos en el país.", "b) Los adoptados."]),
        # A list within a list has its own lead; what follows it is of the outer one again.
        ("Ban quản trị gồm có:\n- Hội đồng trường gồm có:\n  - bà Hoa và ông Ba\n- ông Nam giữ sổ sách", "Ban quản trị gồm có:", ["- Hội đồng trường gồm có:", "- ông Nam giữ sổ sách"]),
    ],
)  # fmt: skip
def test_the_line_that_leads_to_a_list_is_given_with_its_items(
    text: str, lead: str, items: list[str]
) -> None:
    found = passages(article(f"We met in the hall and talked for an hour.\n\n{text}\n"))
    assert [passage.text for passage in found if passage.heading == lead] == items


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("Present:\n\n- Jane Smith\n- Bob Jones (chair)", ""),
        ("## Anwesend\n- Jan\n- Ute Meier", "Anwesend"),
        ("Se necesita:\n1. Madera\n2. Dos tornillos", ""),
        ("Có mặt:\n• ông Nam\n• bà Hoa", ""),
    ],
)
def test_a_list_of_short_items_is_a_passage(text: str, heading: str) -> None:
    opening = "# Minutes of May\n\nWe met in the hall and talked for an hour."
    found = passages(article(f"{opening}\n\n{text}\n\nThen we went home."))
    words = text.removeprefix("## Anwesend\n")
    assert [(p.heading, p.text) for p in found[1:-1]] == [(heading, words)]


def test_a_long_list_of_short_items_has_its_lead_in_each_passage() -> None:
    made = article("We met.\n\nPresent:\n" + "\n".join(f"- Ann Other{n}" for n in range(60)))
    found = passages(made)
    check(made, found)
    assert [p.heading for p in found[1:]] == ["", "Present:"]


def test_a_short_item_among_longer_ones_is_a_passage_and_leads_on() -> None:
    text = (
        "# Minutes of May\n\nWe met in the hall.\n\n- Roof\n  - It is done, for 300 euros less.\n"
        "- Money\n\nTo borrow a boat, members need:\n\n- the licence of an adult\n- a life jacket\n"
    )
    assert [(p.heading, p.text) for p in passages(article(text))[1:]] == [
        ("", "- Roof"),
        ("- Roof", "- It is done, for 300 euros less."),
        ("", "- Money"),
        ("", "To borrow a boat, members need:"),
        ("To borrow a boat, members need:", "- the licence of an adult"),
        ("To borrow a boat, members need:", "- a life jacket"),
    ]


def test_a_menu_is_no_list() -> None:
    text = "We met in the hall.\n\n## Menu\n* [Home](/a)\n* [About us](/b)\n\n- Print\n- Share"
    assert [p.text for p in passages(article(text))] == ["We met in the hall."]


@pytest.mark.parametrize(
    "text",
    [
        "The hall is open again.\n- Mon: 9 to 12",  # A sentence that ends leads nowhere.
        "- Charter\n\n## Other\n\n- Approved.",  # Another section.
        f"It takes {'much ' * 30}more:\n- Approved.",  # It says something itself.
        "We need:\n\nWood and screws are there.",  # No list.
    ],
)
def test_what_leads_to_no_list(text: str) -> None:
    assert {passage.heading for passage in passages(article(f"{text}\n"))} == {""}


@pytest.mark.parametrize(
    ("language", "question", "answer"),
    [
        ("en", "## How do I renew my permit?", "Bring the old card to desk 4."),
        ("de", "## Wann wird der Müll abgeholt?", "Alle zwei Wochen am Dienstag."),
        ("en", "When does the pool open on Sundays?", "At nine, in summer at eight."),
        ("es", "¿Se puede alquilar una taquilla?", "Sí, por un euro al día."),
        ("vi", "Bể bơi mở cửa lúc mấy giờ?", "Lúc chín giờ sáng."),
        ("zh", "泳池几点开门？", "早上九点。"),
    ],
)
def test_a_question_above_an_answer_is_its_heading(
    language: str, question: str, answer: str
) -> None:
    (passage,) = passages(article(f"Questions\n\n{question}\n\n{answer}\n", language))
    assert (passage.heading, passage.text) == (question.strip("# "), answer)


@pytest.mark.parametrize(
    "text",
    [
        "It rained all day. What now?\n\nThe council met at noon.",  # Not a question alone.
        "The council met at noon.\n\nWhat will it decide?",  # Nothing answers it.
    ],
)
def test_any_other_question_is_quoted(text: str) -> None:
    assert [passage.text for passage in passages(article(text))] == text.split("\n\n")
