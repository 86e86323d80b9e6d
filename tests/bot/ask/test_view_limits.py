"""The longest answers, as Discord takes them."""

from __future__ import annotations

import re

import discord
import pytest

from bot.ask.view import answer_message
from bot.ui.message import MAX_MESSAGE_BYTES
from retrieval import MAX_QUESTION, MAX_QUOTE

from ..markup import shown
from .test_view import ADDRESS, quote, quoted, texts


@pytest.mark.parametrize("one", ["*", "*\n", "漢", "👩‍👩‍👧", "A"])
def test_the_longest_answer_fits_and_what_is_left_out_is_said(one: str) -> None:
    text = (one * MAX_QUOTE)[: MAX_QUOTE - 1] + "."
    longest = quote(text, title=one * 300, url=ADDRESS + "a" * 460)
    answer = quoted(longest, longest, longest, question=(one * MAX_QUESTION)[:MAX_QUESTION])

    _, *parts, footer = texts(answer_message(answer))
    for part in parts:
        words = part.split("\n", 1)[1].replace("\n> ", "\n").removeprefix("> ")
        assert shown(re.sub(r"(?<!\\)\*\*", "", words)) == text
    if len(parts) < 3:
        assert f"\N{NO-BREAK SPACE}· {len(parts)} of 3 quotes\N{NO-BREAK SPACE}· " in footer
        assert footer.endswith("the rest is too long for one message")
    else:
        assert " of 3 quotes" not in footer


@pytest.mark.parametrize("length", range(700, MAX_QUOTE, 20))
def test_the_addresses_count_as_the_texts_do(length: int) -> None:
    quotes = [
        quote("漢" * length, article=f"{number}.txt", url=f"{ADDRESS}{'a' * 460}{number}")
        for number in range(3)
    ]
    view = answer_message(quoted(*quotes))
    buttons = [item for item in view.walk_children() if isinstance(item, discord.ui.Button)]
    sent = [*texts(view), *(str(button.url) for button in buttons)]
    assert len("".join(sent).encode()) <= MAX_MESSAGE_BYTES


@pytest.mark.parametrize("one", ["*", "👩"])
def test_every_length_up_to_the_longest_fits(one: str) -> None:
    for length in range(400, MAX_QUOTE + 1):
        long = quote(one * length, title=one * 200, url=ADDRESS + "a" * 460)
        _, first, *_ = texts(answer_message(quoted(long, long, long, question=one * MAX_QUESTION)))
        assert shown(first).count(one) >= length
