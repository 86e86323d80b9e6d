"""A quote among its neighbours, whatever these are made of."""

from __future__ import annotations

import discord
import pytest

from bot.ui.context_view import context_message
from bot.ui.text import utf16_length
from retrieval import MAX_QUOTE, Context

from ..ask.test_view import ADDRESS, quote
from ..markup import shown


@pytest.mark.parametrize("one", ["*", "a-b ", "/x_", "👩"])
def test_the_quote_is_whole_and_what_is_around_it_has_the_room_that_is_left(one: str) -> None:
    words = (one * MAX_QUOTE)[: MAX_QUOTE - 1] + "."
    around = one * 600
    quoted = quote(words, title=one * 300, url=ADDRESS)
    view = context_message(Context(around, around, quoted, around, around), changed=True)
    texts = [
        item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay)
    ]
    assert utf16_length("".join(texts)) <= 4_000
    assert words in shown(texts[0])
    assert "…" in texts[0]


def test_the_words_stand_as_on_their_page_and_each_paragraph_of_a_quote_is_bold() -> None:
    quoted = quote("We **need**:\n\n- a towel\n- a [lock](https://a.example)", article="a.md")
    table = "| Pool | Fee |\n| --- | --- |\n| Birk | 4.80 |"
    view = context_message(Context("## Before *it*", "Come. ", quoted, "", table))
    (text,) = (
        item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay)
    )
    assert text.partition("\n")[2].split("\n") == [
        "> Before it",
        "> ",
        "> Come. **We need\\:**",
        "> ",
        "> **• a towel",
        "> • a lock**",
        "> ",
        "> Pool \\| Fee",
        "> Birk \\| 4.80",
    ]


def test_a_dash_within_a_line_begins_no_item() -> None:
    quoted = quote("- Sí, dijo. - Ya.", article="a.md")
    view = context_message(Context("", "¿Vienes? ", quoted, " - No.\n- Tea", ""))
    (text,) = (
        item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay)
    )
    assert shown(text).split("\n")[1:] == ["> ¿Vienes? **- Sí, dijo. - Ya.** - No.", "> • Tea"]
