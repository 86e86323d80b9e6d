"""References to sections of laws: which number they name, in whatever language and digits."""

from __future__ import annotations

import pytest

from retrieval.languages.sections import (
    begins_alike,
    names_only_sections,
    section_at_start,
    sections_named,
)


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("Was steht in § 2 Abs. 1?", {"2"}),
        ("§12a", {"12a"}),
        ("What do Article 5 and section 3.2 say?", {"5", "3.2"}),
        ("¿Qué dice el articulo 12?", {"12"}),
        ("Dieu 5 noi gi?", {"5"}),
        ("Điều 5 nói gì?", {"5"}),
        ("根据第五十三条，水费是多少？", {"53"}),
        ("第１２３条", {"123"}),
        ("제53조는 무엇을 규정합니까?", {"53"}),
        ("มาตรา ๑๒ ว่าอย่างไร", {"12"}),
        ("ماذا تقول المادة ١٢؟", {"12"}),
        ("12. madde ne diyor?", {"12"}),
        ("О чём статья 7?", {"7"}),
        ("What did the 3 particles 5 do in 2024?", set()),
        ("Who wrote the article 12th century monks read?", set()),
    ],
)
def test_the_sections_that_a_question_names(question: str, numbers: set[str]) -> None:
    assert sections_named(question) == numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("## § 2 Radverkehr", "2"),
        ("**Artículo 12º.-** Las corridas", "12"),
        ("第一百零五条　市民は", "105"),
        ("(Article 4) applies", "4"),
        ("As § 2 says", None),
        ("", None),
    ],
)
def test_the_section_that_a_text_begins_with(text: str, number: str | None) -> None:
    assert section_at_start(text) == number


@pytest.mark.parametrize(
    ("question", "only"),
    [
        ("第五十三条", True),
        ("第53条 第2項", True),
        ("第五十三条第二項？", True),
        ("Điều 53", True),
        ("Điểm a khoản 2 Điều 5", True),
        ("§ 12", True),
        ("**Art. 5** Abs. 2 S. 1 lit. a", True),
        ("제53조 제2항", True),
        ("Art. 5 GG", False),
        ("§ 2 BGB?", False),
        ("第五十三条规定什么？", False),
        ("What does § 12 say?", True),
        ("Was steht in § 2 Abs. 1?", True),
        ("¿Qué dice el artículo 12?", True),
        ("Điều 5 nói gì?", True),
        ("What does § 12 say about dogs?", False),
        ("Was regelt § 2 der Hundeverordnung?", False),
        ("12", False),
    ],
)
def test_a_question_that_says_nothing_but_a_section(question: str, only: bool) -> None:
    assert names_only_sections(question) is only


def test_a_section_that_is_written_as_a_question_has_it() -> None:
    assert begins_alike("第五条　犬は", "第53条")
    assert begins_alike("## Art. 4 Boats", "art. 5")
    assert not begins_alike("제53조 개는", "第53条")
    assert not begins_alike("Boats, Art. 4", "Art. 4")
