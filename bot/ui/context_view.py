"""A quote among its neighbours as a Discord message."""

from __future__ import annotations

import discord

from retrieval import Context

from ..i18n.phrases import ENGLISH, Phrases
from .message import Part, layout, link_address
from .text import TITLE_LIMIT, clean, escape, quote_block, shorten

CONTEXT_LENGTH = 500
"""The most characters that are shown of the text before the quote in its paragraph, of the text
after it, and of each neighbouring paragraph."""


def context_message(
    context: Context, phrases: Phrases = ENGLISH, *, changed: bool = False
) -> discord.ui.LayoutView:
    """Return the message with the paragraphs around a quote.

    Args:
        context: the quote and its paragraphs as they are now.
        phrases: the member's language.
        changed: whether to add that the article is no longer as it was when it was quoted.
    """
    title = escape(shorten(context.quote.title, TITLE_LIMIT))
    text = f"### {title}\n{quote_block(context_markup(context))}"
    note = [Part(f"-# {phrases('quote_stands')}")] if changed else []
    return layout([Part(text, link_address(context.quote.link)), *note], phrases)


def context_markup(context: Context) -> str:
    """Return the paragraphs around a quote as markup, with the quote in bold."""
    quoted = f"**{escape(clean(context.quote.text).strip())}**"
    paragraph = escape(_end_of(context.lead)) + quoted + escape(_start_of(context.rest))
    paragraphs = [escape(_end_of(context.before)), paragraph, escape(_start_of(context.after))]
    return "\n\n".join(filter(None, paragraphs))


def _start_of(text: str) -> str:
    """Return at most CONTEXT_LENGTH characters from the start, cut between words."""
    plain = clean(text)
    if len(plain) <= CONTEXT_LENGTH:
        return plain
    cut = plain.rfind(" ", 0, CONTEXT_LENGTH)
    return plain[: cut if cut > 0 else CONTEXT_LENGTH].rstrip() + " …"


def _end_of(text: str) -> str:
    """Return at most CONTEXT_LENGTH characters from the end, cut between words."""
    plain = clean(text)
    if len(plain) <= CONTEXT_LENGTH:
        return plain
    cut = plain.find(" ", len(plain) - CONTEXT_LENGTH)
    return "… " + plain[cut if cut > 0 else -CONTEXT_LENGTH :].lstrip()
