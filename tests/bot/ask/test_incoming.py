"""What looks like a question that nobody put to the bot."""

from __future__ import annotations

import unicodedata

import pytest

from bot.ask.incoming import looks_like_question


@pytest.mark.parametrize(
    "text",
    [
        "Did anyone take over the office?",
        "so they met in Hanoi?",
        "Is that so?!",
        "*Was he there?*",
        "他 去 了 吗？",
        "who took over",
        "  Who's the new chief",
        "Wie heißt der neue Chef",
        "Welcher Minister war dabei",
        "¿Quién presidió la reunión",
        "Por qué se reunieron",
        "Ai là Chánh Văn phòng",
        "Khi nào diễn ra hội nghị",
        "谁主持了会议？",
        "他们什么时候开会",
        "会議はいつですか。",
        "ใครเป็นประธานการประชุม?",
        "ประชุมกันเมื่อไหร่",
        "من ترأس الاجتماع؟",
        unicodedata.normalize("NFD", "Quién presidió la reunión"),
    ],
)
def test_it_looks_like_a_question(text: str) -> None:
    assert looks_like_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "who knows",
        "really now?",
        "Hanoi is lovely today.",
        "whole nations were there",
        "Wiege und Grab sind nah",
        "quien calla otorga siempre",
        "Aire fresco para todos",
        "I wonder who that was",
        "真的吗？",
        "今天天气很好。",
        "昨日は雨でした。",
        "วันนี้อากาศดี",
    ],
)
def test_it_does_not(text: str) -> None:
    assert not looks_like_question(text)
