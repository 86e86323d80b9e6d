"""A quote among its neighbours as a Discord message."""

from __future__ import annotations

import discord

from retrieval import Context

from ..i18n.phrases import ENGLISH, Phrases
from .message import MAX_TITLE, Part, layout, link_address
from .text import clean, escape, quote_block, shorten

NEIGHBOUR = 500
"""The most characters that are shown of a paragraph beside the quote, and of its rest."""


def in_context(
    context: Context, phrases: Phrases = ENGLISH, *, changed: bool = False
) -> discord.ui.LayoutView:
    """The paragraphs around a quote, with the quote in bold, and whether they have changed."""
    title = escape(shorten(context.quote.title, MAX_TITLE))
    text = f"### {title}\n{quote_block(around(context))}"
    note = [Part(f"-# {phrases('quote_stands')}")] if changed else []
    return layout([Part(text, link_address(context.quote.link)), *note], phrases)


def around(context: Context) -> str:
    """The paragraphs around a quote as markup, with an empty line between them."""
    words = clean(context.quote.text).strip()
    own = escape(_end_of(context.lead)) + f"**{escape(words)}**" + escape(_start_of(context.rest))
    paragraphs = [escape(_end_of(context.before)), own, escape(_start_of(context.after))]
    return "\n\n".join(filter(None, paragraphs))


def _start_of(text: str) -> str:
    """At most NEIGHBOUR characters from the start, cut between words."""
    plain = clean(text)
    if len(plain) <= NEIGHBOUR:
        return plain
    cut = plain.rfind(" ", 0, NEIGHBOUR)
    return plain[: cut if cut > 0 else NEIGHBOUR].rstrip() + " …"


def _end_of(text: str) -> str:
    """At most NEIGHBOUR characters from the end, cut between words."""
    plain = clean(text)
    if len(plain) <= NEIGHBOUR:
        return plain
    cut = plain.find(" ", len(plain) - NEIGHBOUR)
    return "… " + plain[cut if cut > 0 else -NEIGHBOUR :].lstrip()
