"""12,000 hostile texts in 3,000 messages: harmless, whole, and within Discord's limits."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import render
from bot.escape import clean
from bot.words import ellipses
from retrieval import MAX_QUESTION, MAX_QUOTE

from .markup import HOSTILE, live, shown
from .test_render import quote, quoted, texts

PIECES = st.one_of(
    st.sampled_from(HOSTILE),
    st.sampled_from(
        [
            "\n", "\r\n", "\n\n", "\t", " ", "\u2028", "\u202e", "\u2067", "\u200b", "\u200d",
            "\ufeff", "\x00", "\x1b[31m", "```\n", "||", "**", "> ", ">>> ", "# ", "-# ", "1. ",
            "99999. ", "- ", "\\", "\\\\", "<@", "<t:", "](", "https://", "discord.gg/", "@here",
            "日本語。", "한국어", "🇻🇳", "👩‍👩‍👧", "Đảng", "ﷺ", "e\u0301" * 9, "x" * 200,
        ]
    ),
    st.text(max_size=30),
)  # fmt: skip
TEXT = st.lists(PIECES, min_size=1, max_size=40).map("".join)


def seen(markup: str) -> str:
    """The words of a block quotation, as a person reads them."""
    lines = markup.split("\n")
    assert all(line.startswith("> ") for line in lines)
    return "\n".join(shown(line.removeprefix("> ")) for line in lines)


@settings(
    max_examples=3_000,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(
    words=st.lists(
        TEXT.map(lambda text: text[:MAX_QUOTE]).filter(str.strip), min_size=1, max_size=3
    ),
    title=TEXT.map(lambda text: text * 5),
    question=TEXT.map(lambda text: text[:MAX_QUESTION]),
)
def test_whatever_an_article_holds_is_shown_harmless(
    words: list[str], title: str, question: str
) -> None:
    quotes = [quote(text, title=title) for text in words]
    heading, *parts, footer = texts(render.message(quoted(*quotes, question=question)))
    assert live(heading.removeprefix("### ")) == []
    assert footer.startswith("-# ")
    assert parts
    for number, (part, text) in enumerate(zip(parts, words, strict=False), 1):
        source, _, block = part.partition("\n")
        assert source.startswith(f"-# {number}\\. ")
        assert live(source.removeprefix("-# ")) == []
        assert all(live(line.removeprefix("> ")) == [] for line in block.split("\n"))
        before, after = ellipses(text)
        assert seen(block) == before + clean(text) + after
