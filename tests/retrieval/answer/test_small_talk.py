"""What asks nothing of the articles, and the language that a member writes in."""

from __future__ import annotations

import pytest

from retrieval.answer.small_talk import ABOUT, CALL, THANKS, language_told, talk_kind


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (
            CALL,
            ["hello", "Hi!", "hi there bot", "Hallo zusammen!", "¡Hola!", "Buenos días", "ok",
             "xin chào", "good morning everyone", "¿Qué tal?", "can you help?", "Hey, any idea?",
             "please", "Kannst du da helfen?", "Hilfe!", "¿me puedes ayudar?", "giúp với",
             "could you tell me?"],
        ),
        (
            THANKS,
            ["Thanks a lot :)", "DANKE", "muchas gracias", "Cảm ơn bạn", "ok, thank you",
             "Vielen Dank, Passage!", "thanks so much", "Great, thanks!", "Thank you for your help",
             "Super, danke!", "Danke für deine Hilfe", "Perfecto, gracias", "gracias por la ayuda",
             "cảm ơn nhé", "cảm ơn nha", "ty!"],
        ),
        (
            ABOUT,
            ["Who are you?", "Hi, who are you?", "what can you do", "Was kannst du?",
             "¿Quién eres?", "¿Qué puedes hacer?", "Bạn là ai?", "bạn có thể làm gì?",
             "What's your name?", "How can you help me?", "Wie heißt du?", "¿Cómo te llamas?",
             "Bạn tên là gì?", "bạn là ai vậy?"],
        ),
    ],
)  # fmt: skip
def test_small_talk_is_of_a_kind(kind: str, texts: list[str]) -> None:
    assert {text: talk_kind(text) for text in texts} == dict.fromkeys(texts, kind)


@pytest.mark.parametrize(
    "text",
    [
        "Who said hello to the delegates?",
        "Thanks to whom was the bridge built?",
        "bot",
        "Hi, who won?",
        "¿Quién dio las gracias?",
        "What can you do in Hanoi?",
        "Who are you voting for?",
        "Can you help me find the minutes?",
        "Great Britain?",
        "What is this?",
        "Who can help them?",
        "What is your name for the bridge?",
        "",
    ],
)
def test_a_question_is_no_small_talk(text: str) -> None:
    assert talk_kind(text) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wer hat die Sitzung in Hanoi geleitet?", "de"),
        ("WER HAT DIE SITZUNG IN HANOI GELEITET?", "de"),
        ("¿Quién presidió la reunión de Hanoi?", "es"),
        ("Ai chủ trì hội nghị ở Hà Nội?", "vi"),
        ("ai chu tri hoi nghi o ha noi", "vi"),
        ("Who chaired the meeting in Hanoi?", "en"),
        ("Qui a présidé la réunion à Hanoï ?", "fr"),
        ("Danke!", "de"),
        ("ok, gracias", "es"),
        ("cảm ơn bạn", "vi"),
        ("hi", None),
        ("To Lam", None),
        ("Le Hoai Trung 2025", None),
        ("Hanoi?", None),
        ("?!", None),
    ],
)
def test_the_language_of_a_member_is_told_or_not(text: str, language: str | None) -> None:
    assert language_told(text) == language
