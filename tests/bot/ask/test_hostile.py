"""4,000 hostile texts in 1,000 messages: harmless, whole, and within Discord's limits."""

from __future__ import annotations

from random import Random

from bot.ask.view import answer_message
from bot.i18n.phrases import ellipses
from bot.ui.text import clean
from retrieval import MAX_QUESTION, MAX_QUOTE

from ..markup import HOSTILE, live, shown
from .test_view import quote, quoted, texts

PIECES = [
    *HOSTILE,
    "\n", "\r\n", "\n\n", "\t", " ", "\u2028", "\u202e", "\u2067", "\u200b", "\u200d",
    "\ufeff", "\x00", "\x1b[31m", "```\n", "||", "**", "> ", ">>> ", "# ", "-# ", "1. ",
    "99999. ", "- ", "\\", "\\\\", "<@", "<t:", "](", "https://", "discord.gg/", "@here",
    "日本語。", "한국어", "🇻🇳", "👩‍👩‍👧", "Đảng", "ﷺ", "e\u0301" * 9, "x" * 200,
]  # fmt: skip

PLANES = (range(0x80), range(0x250), range(0x3000), range(0xD800), range(0xE000, 0x110000))
"""All characters but halves of surrogates; those that are more often written more often."""


def text(dice: Random, longest: int) -> str:
    """Pieces and characters at random; not blank."""
    made = "".join(
        dice.choice(PIECES) if dice.random() < 0.7 else characters(dice)
        for _ in range(dice.randint(1, dice.choice((2, 8, 40))))
    )[:longest]
    return made if made.strip() else text(dice, longest)


def characters(dice: Random) -> str:
    return "".join(chr(dice.choice(dice.choice(PLANES))) for _ in range(dice.randrange(30)))


def seen(markup: str) -> str:
    """The words of a block quotation, as a person reads them."""
    lines = markup.split("\n")
    assert all(line.startswith("> ") for line in lines)
    return "\n".join(shown(line.removeprefix("> ")) for line in lines)


def test_whatever_an_article_holds_is_shown_harmless() -> None:
    dice = Random(7)
    for _ in range(1_000):
        words = [text(dice, MAX_QUOTE) for _ in range(dice.randint(1, 3))]
        title, question = text(dice, MAX_QUOTE) * 5, text(dice, MAX_QUESTION)
        quotes = [quote(one, title=title) for one in words]
        heading, *parts, footer = texts(answer_message(quoted(*quotes, question=question)))
        assert live(heading.removeprefix("### ")) == []
        assert footer.startswith("-# ")
        assert parts
        for number, (part, one) in enumerate(zip(parts, words, strict=False), 1):
            source, _, block = part.partition("\n")
            assert source.startswith(f"-# {number}\\.")
            assert live(source.removeprefix("-# ")) == []
            assert all(live(line.removeprefix("> ")) == [] for line in block.split("\n"))
            before, after = ellipses(one)
            assert seen(block) == before + clean(one).replace("\N{NO-BREAK SPACE}", " ") + after
