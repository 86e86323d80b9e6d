"""Hostile words become harmless markup and remain the same words."""

from __future__ import annotations

import unicodedata

import pytest

from bot.ui.text import clean, escape, quote_block, shorten

from ..markup import HOSTILE, live, shown


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_do_nothing_and_can_be_read(text: str) -> None:
    markup = escape(text)

    assert live(markup) == []
    assert shown(markup) == text


def test_the_check_itself_sees_what_is_live() -> None:
    assert all(live(text) for text in HOSTILE)


@pytest.mark.parametrize(
    "text",
    [
        "Plain words, with “quotes”, an ellipsis … and 50 % of 1,000.",
        "Đồng chí Lê Hoài Trung giữ chức Chánh Văn phòng Trung ương Đảng.",
        "¿Quién presidió la reunión? ¡Así es!",
        "日本語の文章。한국어 문장.",
        "👩‍👩‍👧 🇻🇳 ❤️",
        "نمی‌خواهم",
    ],
)
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert escape(text) == text


def test_a_number_is_escaped_only_where_it_would_begin_a_list() -> None:
    assert escape("1. The year 2025. Then 3.5") == r"1\. The year 2025. Then 3.5"


@pytest.mark.parametrize("code", [0x202E, 0x2066, 0x200F, 0x061C, 0x200B, 0xFEFF, 0xE0041, 0x00AD])
def test_what_turns_or_hides_words_is_gone(code: int) -> None:
    assert clean(f"safe{chr(code)}exe") == "safeexe"


def test_no_control_character_and_no_half_of_a_character_is_left() -> None:
    text = clean("".join(map(chr, range(0x110000))))

    assert {unicodedata.category(one) for one in text if one != "\n"} & {"Cc", "Cs", "Zl"} == set()
    text.encode()


def test_every_kind_of_line_end_is_a_line_end() -> None:
    assert clean("a\r\nb\rc\x0bd\x0ce\x85f\u2028g\u2029h\ti") == "a\nb\nc\nd\ne\nf\ng\nh i"


def test_each_line_of_a_quotation_is_quoted() -> None:
    assert quote_block("one\n\ntwo") == "> one\n> \n> two"


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("short enough", 12, "short enough"),
        ("two\nlines  and\tgaps", 18, "two lines and gaps"),
        ("cut between these words", 14, "cut between…"),
        ("unbrokenunbroken", 13, "unbrokenunbr…"),
    ],
)
def test_a_long_line_is_cut_between_words(text: str, limit: int, expected: str) -> None:
    assert shorten(text, limit) == expected
