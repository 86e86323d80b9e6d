"""A text as it is read, and the way back to the file's own characters."""

from __future__ import annotations

import random
import unicodedata
from typing import Literal

import pytest

from retrieval import Meeting
from retrieval.articles.metadata import of_bytes
from retrieval.articles.passages import passages
from retrieval.articles.plain_view import PlainView, plain
from retrieval.formats.page_text import unwrapped
from retrieval.index.records import text_of
from retrieval.meetings.extract import extract_meetings

MEETINGS = {
    "vi": "Đại hội\n\nHội đồng nhân dân tỉnh Hòa Lạc đã họp phiên bất thường ngày 5 tháng 4 "
    "năm 2024 tại thành phố Hòa Lạc.",
    "de": "Kreistag tagt\n\nDer Kreistag von Königsbrück tagte am 3. März 2024 in Königsbrück "
    "unter Leitung von Landrätin Jördis Müßig.",
    "es": "Sesión\n\nEl consejo de Cádiz celebró su sesión ordinaria el 3 de enero de 2024 en "
    "Cádiz, presidida por Begoña Ibáñez.",
    "en": "Session\n\nThe council of Zoë Bay held its spring session on 12 March 2024 in Zoë Bay, "
    "chaired by Renée Oökull.",
}


def meetings(text: str) -> list[Meeting]:
    found = extract_meetings(of_bytes(text.encode(), "a.txt")).meetings
    for meeting in found:
        assert text[meeting.evidence.start : meeting.evidence.end] == meeting.evidence.text
    return found


def told(found: list[Meeting]) -> list[tuple[object, ...]]:
    return [(each.name, each.date, each.place, each.chair) for each in found]


@pytest.mark.parametrize("language", MEETINGS)
@pytest.mark.parametrize("form", ["NFD", "NFKD"])
def test_meetings_of_decomposed_text(language: str, form: Literal["NFD", "NFKD"]) -> None:
    plain_text = MEETINGS[language]
    spelt = unicodedata.normalize(form, plain_text)
    assert spelt != plain_text
    assert len(meetings(spelt)) == 1
    assert told(meetings(spelt)) == told(meetings(plain_text))
    made = of_bytes(spelt.encode(), "a.txt")
    assert made.source.title == plain_text.split("\n")[0]
    assert text_of(passages(made)[0]).text == plain_text.split("\n\n")[1]


@pytest.mark.parametrize("language", MEETINGS)
@pytest.mark.parametrize("mark", ["\xad", "\u200b", "\u2060"])
def test_meetings_of_text_with_invisible_characters(language: str, mark: str) -> None:
    words = MEETINGS[language].split(" ")
    spelt = " ".join(f"{word[:3]}{mark}{word[3:]}" if len(word) > 5 else word for word in words)
    assert told(meetings(spelt)) == told(meetings(MEETINGS[language]))
    passage = passages(of_bytes(spelt.encode(), "a.txt"))[0]
    assert mark in passage.text
    assert text_of(passage).text == MEETINGS[language].split("\n\n")[1]


def test_korean_and_japanese_from_a_mac() -> None:
    text = "시의회가 새 다리를 승인했다. がぎぐ パピプ"
    assert plain(unicodedata.normalize("NFD", text), "a.txt") == text


def test_the_way_back_of_random_texts() -> None:
    dice = random.Random(5)
    pieces = [
        "word", "u\u0308", "\xad", " ", "\n", "-\n", "**", "*", "_", "[", "]",
        "](https://a.example/b)",
        "&amp;", "&nbsp;", "[^1]", "<b>", "`", "~~", "\\*", "!", "(", ")", "\u200b", "Ä", "a",
        "\r\n",
        "<https://a.example>", "## ", "- ", "{{< x >}}", "漢",
    ]  # fmt: skip
    for _ in range(300):
        text = "".join(dice.choices(pieces, k=dice.randint(0, 40)))
        for markdown in (False, True):
            view = PlainView(text, markdown)
            last = 0
            for start in range(len(view.text)):
                exact = view.exact_span(start, start + 1)
                wide = view.stripped_span(start, start + 1)
                assert last <= exact[0] < exact[1] <= len(text)
                if view.text[start].strip():
                    assert wide[0] <= exact[0] < wide[1]
                    assert text[slice(*exact)].strip() in text[slice(*wide)]
                assert view.offset(exact[0]) == start
                if exact[1] - exact[0] == 1 and text[exact[0]] == view.text[start]:
                    last = exact[1]
            if view.text:
                assert view.exact_span(0, len(view.text))[0] == view.exact_span(0, 1)[0]


def test_a_text_that_reads_as_it_stands_is_the_same() -> None:
    for text in ("", "Größe – 5 * 3 [1] &amp; *so*", "漢字。"):
        assert PlainView(text, markdown=False).is_same


@pytest.mark.parametrize(
    "words",
    [
        "Die Hin- und Rückfahrt kostet 5 Euro.",
        "Die Zu- oder Absage kommt bald, die Vor- bzw. Nachteile auch.",
        "The pre- and post-war years of the town.",
        "El período pre- y posoperatorio del club.",
        "Both pre- or post-war houses of the town.",
        "Les murs pré- et post-révolutionnaires.",
    ],
)
def test_a_word_that_shares_its_end_with_a_later_one_keeps_its_hyphen(words: str) -> None:
    lines = words.replace("- ", "-\n")
    assert plain(lines, "a.txt") == unwrapped([lines.split("\n")])[0] == words


@pytest.mark.parametrize("word", ["vis-à-vis", "tête-à-tête", "up-to-date", "mother-in-law"])
def test_a_word_with_several_hyphens_keeps_that_at_the_end_of_a_line(word: str) -> None:
    lines = f"This is a {word} of the town.".replace("-", "-\n", 1)
    assert plain(lines, "a.txt") == unwrapped([lines.split("\n")])[0] == lines.replace("\n", "")
